"""The sheets as pages and on paper: links hold, formulas are drawn, nothing is loaded, students see no solution."""

import functools
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course import __main__, browser
from course.sheets import command, katex
from course.sheets.formulas import formulas
from course.sheets.texts import READERS, address, index, texts
from exercise.source import table

ROOT = Path(__file__).resolve().parents[2]
WHY = command.missing_for_pages()
needs_pages = pytest.mark.skipif(bool(WHY), reason=WHY or "all is here")
of_reader = functools.cache(functools.partial(texts, ROOT))
VOID = {"meta", "img", "br", "hr", "path", "line"}


class Read(HTMLParser):
    """What a page holds: its ids, its links, what it loads, how many formulas, and the text around them."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.links, self.loads, self.formulas, self.text = [], [], [], 0, ""
        self._open = []  # the elements around: whether each is part of a formula, code or style
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if tag == "a" else []
        self.loads += [attrs[name] for name in ("src", "srcset", "data", "poster") if name in attrs]
        self.loads += [attrs["href"]] if tag == "link" else []
        assert tag != "script"
        self.formulas += attrs.get("class") == "katex"
        if tag not in VOID:
            self._open.append(attrs.get("class") == "katex" or tag in ("code", "style"))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data):
        self.text += "" if any(self._open) else data


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """All pages, and what each one holds."""
    folder = tmp_path_factory.mktemp("sheets")
    for reader in READERS:
        command.write_pages(ROOT, folder / reader, of_reader(reader))
    return {path: Read(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}


def of(site, reader):
    return {path: page for path, page in site.items() if reader in path.parts}


@needs_pages
def test_every_text_has_a_page_that_the_index_leads_to(site):
    for reader in READERS:
        pages = of(site, reader)
        top = min(pages, key=lambda path: len(path.parts)).parent
        assert {path.relative_to(top).as_posix() for path in pages} == {"index.html", *map(address, of_reader(reader))}
        linked = set(pages[top / "index.html"].links)
        assert linked >= {path.relative_to(top).as_posix() for path in pages} - {"index.html"}
        assert linked >= {address(path, ".pdf") for path in of_reader(reader) if not path.endswith("README.md")}


@needs_pages
def test_every_link_leads_to_a_place_in_the_same_folder_or_to_the_web(site):
    for path, page in site.items():
        assert len(set(page.ids)) == len(page.ids), f"{path.name}: a name twice"
        top = next(parent for parent in path.parents if parent.name in READERS)
        for link in page.links:
            if link.startswith("https://"):
                continue
            file, _, place = link.partition("#")
            goal = (path.parent / file).resolve() if file else path
            assert goal.is_relative_to(top), f"{path.name}: {link}"
            goal = goal.with_suffix(".html")  # the PDF of a page is made from it
            assert goal in site and (not place or place in site[goal].ids), f"{path.name}: {link}"


@needs_pages
def test_gaps_tasks_and_questions_can_be_linked_to(site):
    for sheet in table.read(ROOT).sheets:
        (page,) = [page for path, page in of(site, "students").items() if path.name.startswith(f"{sheet.number}_")]
        assert {f"task-{task.number}" for task in sheet.tasks} <= set(page.ids)
        assert {gap.id for task in sheet.tasks for gap in task.gaps} <= set(page.ids)
    assert {"question-4.1", "references"} <= set(next(
        page for path, page in site.items() if path.name == "2_vae.html" and path.parent.name == "students").ids)


@needs_pages
def test_every_formula_is_drawn(site):
    """As many as the text has, and nothing in the rest of the page looks like one, or like Markdown."""
    for reader in READERS:
        for source, text in of_reader(reader).items():
            page = next(page for path, page in of(site, reader).items() if path.as_posix().endswith(
                f"{reader}/{address(source)}"))
            assert page.formulas == len(formulas(text)), source
            assert not re.search(r"[$\\`]|\*\*|\]\(|<!--|-->|\|", page.text), source


@needs_pages
def test_nothing_is_loaded(site):
    """Pictures and fonts are inside."""
    for path, page in site.items():
        text = path.read_text(encoding="utf-8")
        assert all(source.startswith("data:image/png;base64,") for source in page.loads)
        assert set(re.findall(r"url\(['\"]?([^)]{5})", text)) == {"data:"} and "@import" not in text
        assert "default-src 'none'" in text and "url(data:font/woff2" in text


@needs_pages
def test_students_get_no_solution(site):
    assert not [path for path in of(site, "students") if "solution" in path.as_posix().split("students/")[1]]
    assert [path for path in of(site, "instructors") if "solutions" in path.parts]
    for path, page in of(site, "students").items():
        assert "course.pictures" not in path.read_text(encoding="utf-8")
        assert not [link for link in page.links if "solution" in link]


def test_students_texts_are_those_of_the_handout():
    ours, theirs = of_reader("instructors"), of_reader("students")
    derivation = "sheets/derivations/forward_process.md"
    assert set(theirs) == {path for path in ours if "solutions" not in path}
    assert len(theirs[derivation].split()) < len(ours[derivation].split())
    assert "solutions/" not in index(ROOT, theirs) and "solutions/2_vae.md" in index(ROOT, ours)


@needs_pages
def test_no_line_breaks_within_a_flag():
    from course.sheets.page import Site, draw, page
    text = "# A\n\n`python a.py --data_dir X` or `a <b>`.\n\n```sh\npython a.py --dataset folder:a-b -x\n```\n"
    made = page(text, "sheets/2_a.md", Site(ROOT, ["sheets/2_a.md"], {}), draw([text]))
    for piece in ('<code>python a.py <span class="kept">--data_dir</span> X</code>', "<code>a &lt;b&gt;</code>",
                  '<span class="kept">--dataset</span> <span class="kept">folder:a-b</span> <span class="kept">-x<'):
        assert piece in made, piece


@needs_pages
def test_what_a_page_makes_of_markdown():
    from course.sheets.page import Site, draw, page
    text = ('# A "title"\n\n## Task 2: Noise (1.5 points)\n\n| gap | where |\n|---|---|\n'
            "| `g` | [lib/a.py](../lib/a.py) |\n\nSee [b](b.md#x), `g`, `h` and $`x`$, <b>.\n\n"
            "```sh\npython a.py        # so & so\n```\n")
    paths = ["sheets/2_a.md", "sheets/b.md"]
    made = page(text, paths[0], Site(ROOT, paths, {"g": paths[0], "h": paths[1]}), draw([text]))
    for piece in ("<title>A &quot;title&quot;</title>", 'content: "A \\"title\\""', '<h2 id="task-2" class="pointed">',
                  '<span>Task 2: Noise</span> <span class="points">1.5 points</span></h2>', '<tr id="g">',
                  '<a href="#g"><code>g</code></a>', "<code>lib/a.py</code>", '<a href="b.html#x">b</a>',
                  '<a href="b.html#h"><code>h</code></a>', "&lt;b&gt;", '<a href="b.html">Next</a>',
                  '<span class="line">python a.py  <span class="remark"># so &amp; so</span></span>',
                  '<a href="2_a.pdf">PDF</a>'):
        assert piece in made, piece


# Bad input -----------------------------------------------------------------------------------------------------------

def said(capsys, *words):
    """The one line that a command complains with."""
    assert __main__.main(["sheets", *map(str, words)]) == 2
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1
    return err


@pytest.mark.parametrize(("module", "why"), [
    (browser, "there is no Chromium with its chromedriver: apt-get install chromium chromium-driver"),
    (katex, f"there is no KaTeX {katex.VERSION}: python -m course.sheets.katex installs it")])
def test_what_is_missing_is_said_and_nothing_written(module, why, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: object())
    for tool in (browser, katex):
        monkeypatch.setattr(tool, "missing", lambda tool=tool: why if tool is module else "")
    assert said(capsys, tmp_path / "out") == f"python -m course sheets: {why}\n"
    assert not list(tmp_path.iterdir())


def test_without_a_package_it_is_said_what_installs_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: None)
    assert "markdown-it-py is not installed: pip install -r requirements-course.txt" in said(capsys, tmp_path / "out")


def test_a_folder_that_cannot_take_the_pages(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "missing", lambda: "")
    (tmp_path / "mine.txt").write_text("my notes")
    assert "is not empty: choose an empty folder or a new one" in said(capsys, tmp_path)
    assert "is not empty" in said(capsys, tmp_path / "mine.txt")
    assert "there is no folder" in said(capsys, tmp_path / "a/b")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@needs_pages
def test_a_wrong_formula_is_named_with_its_page_and_line_and_nothing_is_left(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(browser, "missing", lambda: "")
    monkeypatch.setattr(command, "texts", lambda root, reader: {"sheets/2_vae.md": "# VAE\n\nOf $`\\muu`$.\n"})
    assert "sheets/2_vae.md: line 3: " in said(capsys, tmp_path / "out")
    assert not list(tmp_path.iterdir())


# On paper ------------------------------------------------------------------------------------------------------------

@pytest.mark.slow
@needs_pages
@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "it is here")
def test_a_page_on_paper(site):
    """A4, numbered, with an outline; its links lead to the web, into itself, or to PDFs beside it."""
    from pypdf import PdfReader

    from course.sheets.paper import paper
    file = next(path for path in of(site, "instructors") if path.as_posix().endswith("derivations/elbo.html"))
    with browser.open_browser() as driver:
        printed = PdfReader(io.BytesIO(paper(driver, file)))
        assert not [name for name in printed.metadata if "Date" in name]
        assert not [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        paper(driver, file.parent.parent / "solutions/3_likelihoods.html")  # it has a wide formula
        assert driver.execute_script("return [...document.querySelectorAll('.katex-display')]"
                                     ".every((formula) => formula.scrollWidth <= formula.clientWidth)")
    count = len(printed.pages)
    assert 2 <= count <= 3
    for number, sheet in enumerate(printed.pages, 1):
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]
        assert f"{number} / {count}" in sheet.extract_text()
    assert printed.metadata.title in printed.pages[0].extract_text() and printed.outline
    actions = [note.get_object().get("/A", {}) for sheet in printed.pages for note in sheet.get("/Annots", ())]
    beside = re.findall(r"\]\((\w+)\.md\)", of_reader("instructors")["sheets/derivations/elbo.md"])
    assert beside and {action["/F"] for action in actions if "/F" in action} == {f"{name}.pdf" for name in beside}
    assert not [action for action in actions if str(action.get("/URI", "")).startswith("file:")]
    fonts = {str(font.get_object()["/BaseFont"]) for sheet in printed.pages
             for font in sheet["/Resources"]["/Font"].values()}
    assert any("SourceSerif" in font for font in fonts) and any("KaTeX_Math" in font for font in fonts)


@pytest.mark.slow
@needs_pages
@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "it is here")
def test_a_text_gives_the_same_bytes_whatever_was_printed_before():
    found = {path: text for path, text in of_reader("students").items() if path.count("/") == 1}
    once = command.papers(ROOT, found)
    assert set(once) == {f"{path.removesuffix('.md')}.pdf" for path in found}
    (last,) = [path for path in found if path.endswith("submission.md")]
    assert command.papers(ROOT, {last: found[last]}) == {"sheets/submission.pdf": once["sheets/submission.pdf"]}
