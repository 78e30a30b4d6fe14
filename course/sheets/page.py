"""A page of HTML from a Markdown text: one file that holds its formulas, fonts and pictures and loads nothing."""

import base64
import html
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from course.sheets import katex
from course.sheets.formulas import Formula, formulas
from course.sheets.texts import address, title

__all__ = ["Site", "draw", "page"]

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "smartquotes"])
_STYLE = Path(__file__).with_name("style.css")
_FACES = {"400-normal": "normal", "400-italic": "normal", "600-normal": "bold", "600-italic": "bold"}
_NUMBERED = re.compile(r"(Task|Question) ([\d.]*\d)")
_POINTS = re.compile(r" \(([\d.]+ (?:bonus )?points?)\)$")
_REMARK = re.compile(r"^((?:.*\S)?)( *)(# .*)$")  # in a line of commands: the command, the space after it, the remark
_FLAG, _LONGEST = re.compile(r"\S*-\S*"), 60  # in code: a word that a browser would break at its hyphens
_PUNCTUATION, _SHORT = re.compile(r"[.,;:?!)]+"), 40
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


@dataclass(frozen=True)
class Site:
    """What a page may lead to: the texts that have pages, in order, and the one in which each gap has its row.

    `root` is the folder of the repository, in which pictures lie.
    """
    root: Path
    paths: Collection[str]
    gaps: Mapping[str, str]


def draw(texts: Iterable[str]) -> dict[Formula, str]:
    """The HTML of every formula of the texts, wherever it stands; all at once, as Node.js takes its time to begin.

    Raises: FormulaError or KatexError for the first one that is wrong; says in which line.
    """
    wanted = {_anywhere(formula): formula for text in texts for formula in formulas(text)}
    return dict(zip(wanted, katex.render(list(wanted.values())), strict=True))


def page(text: str, path: str, site: Site, drawn: Mapping[Formula, str], on_paper: bool = True) -> str:
    """The page of a text.

    Args: path, of the text in the repository. drawn, its formulas. on_paper, whether there is a PDF beside the page.
    """
    tokens = _MARKDOWN.parse(text)
    any_formula = _place_formulas(tokens, drawn)
    _mark(tokens, path, site)
    linked = _lead(tokens, path, site)
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}) + _appendix(site.root, linked)
    name = html.escape(title(text))
    running = title(text).replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<style>
{_fonts()}{_formula_style() if any_formula else ""}{_STYLE.read_text(encoding="utf-8")}
@page {{ @bottom-left {{ content: "{running}"; }} }}
</style>
</head>
<body>
{_navigation(path, site, on_paper)}<main>
{body}</main>
</body>
</html>
"""


# Formulas ------------------------------------------------------------------------------------------------------------

def _anywhere(formula: Formula) -> Formula:
    return Formula(" ".join(formula.latex.split()), formula.block, 0)


def _place_formulas(tokens: list[Token], drawn: Mapping[Formula, str]) -> bool:
    """Put KaTeX's HTML in the place of each formula. Returns: whether there is one.

    No line breaks between a short formula within a line and the punctuation after it.
    """
    found = list(_formulas(tokens))
    for token, formula in found:
        token.type = "html_block" if formula.block else "html_inline"
        token.content = drawn[formula]
        if "after" in token.meta:
            token.content = f'<span class="kept">{token.content}{token.meta["after"]}</span>'
    return bool(found)


def _formulas(tokens: list[Token]) -> Iterator[tuple[Token, Formula]]:
    """The tokens that are formulas; the dollar signs around those within a line are taken away."""
    for token in tokens:
        if token.type == "fence" and token.info.strip() == "math":
            yield token, _anywhere(Formula(token.content, True, 0))
        children = token.children or []
        for before, code, after in zip(children, children[1:], children[2:], strict=False):
            if code.type == "code_inline" and before.content.endswith("$") and after.content.startswith("$"):
                before.content, after.content = before.content[:-1], after.content[1:]
                if (follows := _PUNCTUATION.match(after.content)) and len(code.content) <= _SHORT:
                    code.meta["after"], after.content = follows[0], after.content[follows.end():]
                yield code, _anywhere(Formula(code.content, False, 0))


# Headings, questions, rows of gaps, code, pictures -------------------------------------------------------------------

def _mark(tokens: list[Token], path: str, site: Site) -> None:
    """Name what links can lead to, and set points, pictures and code as the stylesheet expects them."""
    for number, token in enumerate(tokens):
        inside = tokens[number + 1] if number + 1 < len(tokens) else None
        if token.type == "heading_open":
            token.attrSet("id", _anchor(inside.content))
            _set_points(token, inside)
        elif token.type == "paragraph_open" and inside.content.startswith("**Question "):
            token.attrSet("id", _anchor(inside.content))
            token.attrSet("class", "question")
        elif token.type == "paragraph_open" and [child.type for child in inside.children] == ["image"]:
            token.tag = tokens[number + 2].tag = "figure"
            _embed(inside, path, site.root)
        elif token.type == "tr_open":
            gap = tokens[number + 2].content.strip("`")
            if site.gaps.get(gap) == path:
                token.attrSet("id", gap)
        elif token.type == "fence":
            token.type, token.content = "html_block", _code(token)


def _anchor(heading: str) -> str:
    """What a heading is called in links: "task-2", "question-4.1", "references"."""
    if numbered := _NUMBERED.search(heading):
        return f"{numbered[1].lower()}-{numbered[2]}"
    return re.sub(r"\W+", "-", heading.lower()).strip("-")


def _set_points(heading: Token, inside: Token) -> None:
    last = inside.children[-1]
    if points := _POINTS.search(last.content):
        last.content = last.content[:points.start()]
        heading.attrSet("class", "pointed")
        inside.children = [_raw("<span>"), *inside.children, _raw(f'</span> <span class="points">{points[1]}</span>')]


def _embed(paragraph: Token, path: str, root: Path) -> None:
    """A picture that fills a paragraph, with its description below."""
    picture = paragraph.children[0]
    source, description = root / _goal(path, picture.attrs["src"]), html.escape(picture.content)
    paragraph.children = [_raw(f"{_image(source, description)}<figcaption>{description}</figcaption>")]


def _image(file: Path, description: str) -> str:
    return f'<img src="{_data("image/png", file)}" alt="{description}">'


def _code(token: Token) -> str:
    """A block of code, each line on its own, such that one that is too long goes on below, further to the right."""
    lines = token.content.splitlines()
    remarks = [remark for line in lines if token.info.strip() == "sh" and (remark := _REMARK.match(line))]
    spare = min((len(remark[2]) - 2 for remark in remarks if remark[1]), default=0)  # which every remark can do without
    for remark in remarks:
        space = remark[2][:-spare] if spare > 0 and remark[1] else remark[2]
        lines[lines.index(remark[0])] = (remark[1] + space, remark[3])
    return f"<pre><code>{''.join(map(_line, lines))}</code></pre>\n"


def _line(line: str | tuple[str, str]) -> str:
    command, remark = (line, "") if isinstance(line, str) else line
    said = f'<span class="remark">{html.escape(remark, quote=False)}</span>' if remark else ""
    return f'<span class="line">{_kept_whole(command)}{said}</span>'


def _kept_whole(code: str) -> str:
    """Code as HTML, in which no line breaks within a flag, such as --dataset, or a path with a hyphen."""
    return _FLAG.sub(lambda word: f'<span class="kept">{word[0]}</span>' if 1 < len(word[0]) <= _LONGEST else word[0],
                     html.escape(code, quote=False))


def _raw(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


# Links ---------------------------------------------------------------------------------------------------------------

def _lead(tokens: list[Token], path: str, site: Site) -> list[str]:
    """Let links lead to pages, and names of gaps to their rows; files that have no page are named, not linked.

    Returns: the pictures that the text links to, which the page holds at its end.
    """
    linked = []
    for token in tokens:
        ends = []  # of the links that are open
        for child in token.children or []:
            if child.type == "link_open":
                ends.append(_follow(child, path, site, linked))
            elif child.type == "link_close" and ends.pop():
                child.type, child.content = "html_inline", "</code>"
            elif child.type == "code_inline" and child.content in site.gaps and not ends:
                there = f"{_relative(site.gaps[child.content], path)}#{child.content}"
                child.type, child.content = "html_inline", f'<a href="{there}"><code>{child.content}</code></a>'
            elif child.type == "code_inline":
                child.type, child.content = "html_inline", f"<code>{_kept_whole(child.content)}</code>"
    return linked


def _follow(link: Token, path: str, site: Site, linked: list[str]) -> bool:
    """Mend the beginning of a link. Returns: whether it has become that of a file's name."""
    target = link.attrs["href"]
    file, mark, place = target.partition("#")
    goal = _goal(path, file)
    if goal in site.paths:
        link.attrs["href"] = f"{_relative(goal, path)}{mark}{place}"
    elif goal.endswith(".png"):
        linked += [goal] if goal not in linked else []
        link.attrs["href"] = f"#{Path(goal).stem}"
    elif not target.startswith("https://") and not target.endswith(".pdf"):
        link.type, link.content = "html_inline", "<code>"
        return True
    return False


def _goal(path: str, target: str) -> str:
    """The path in the repository of what a text links to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _relative(goal: str, path: str) -> str:
    """The link from one page to another; "" to itself."""
    if goal == path:
        return ""
    return posixpath.relpath(address(goal), posixpath.dirname(address(path)) or ".")


def _appendix(root: Path, pictures: list[str]) -> str:
    figures = [f'<figure id="{Path(name).stem}">{_image(root / name, Path(name).stem)}'
               f"<figcaption><code>{name}</code></figcaption></figure>\n" for name in pictures]
    return '<h2 id="pictures">Pictures</h2>\n' + "".join(figures) if figures else ""


def _navigation(path: str, site: Site, on_paper: bool) -> str:
    """Links to the index, to the neighbours in the same folder, and to the page on paper."""
    if address(path) == "index.html":
        return ""
    near = [other for other in site.paths if posixpath.dirname(other) == posixpath.dirname(path)]
    place = near.index(path)
    up = "../" * address(path).count("/")
    links = [f'<a href="{up}index.html">Contents</a>']
    links += [f'<a href="{_relative(other, path)}">{name}</a>' for other, name in (
        *((other, "Previous") for other in near[:place][-1:]), *((other, "Next") for other in near[place + 1:][:1]))]
    links += [f'<a href="{Path(address(path, ".pdf")).name}">PDF</a>'] if on_paper else []
    return f"<nav>{' '.join(links)}</nav>\n"


# Fonts ---------------------------------------------------------------------------------------------------------------

def _fonts() -> str:
    """Source Serif, in four faces."""
    faces = [f"@font-face {{ font-family: 'Source Serif'; font-weight: {weight}; font-style: {face.partition('-')[2]}; "
             f"src: url({_data('font/woff2', katex.FONT / f'source-serif-4-latin-{face}.woff2')}); }}\n"
             for face, weight in _FACES.items()]
    return "".join(faces)


def _formula_style() -> str:
    """KaTeX's stylesheet with its fonts inside, in the one format that every browser reads."""
    style = (katex.DIST / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r",url\([^)]+\.(?:woff|ttf)\) format\(\"\w+\"\)", "", style)
    return re.sub(r"url\((fonts/[^)]+)\)", lambda url: f"url({_data('font/woff2', katex.DIST / url[1])})", style) + "\n"


def _data(kind: str, file: Path) -> str:
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
