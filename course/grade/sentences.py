"""Which sentences a team may read of a run in which all other gaps are solved.

What the code under test prints or raises there could carry the solutions that lie beside it. So a sentence is passed on
only as far as it is the judges' own; of an error of the code its class and its line are.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path

from exercise.source.gaps import Gap
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, PROCESS_SENTENCES, UNUSABLE, Verdict

__all__ = ["FIXED", "Judges", "passed_on"]

_MOST_FOREIGN = 40  # letters of a sentence that no judge has written: names of layers and types, not more
_FORMULA = 6  # characters, at least
_CODE = re.compile(r"[*/<>@{}\\]|=(?! ?-?\d)|\w\(|\+(?!\d)")
_UNSAID = "this does not hold:"
FIXED = PROCESS_SENTENCES | {
    "not plain data": "what the code returns holds something that is no tensor, number, text, list or dictionary",
    UNUSABLE: "the test could not use what the code returned",
}
_WORD = re.compile(r"[^\W\d]\w*")
_MISSING = re.compile(r"the code after gap (\w+) uses `(\w+)`, which the gap does not define")


class Judges:
    """What the files of tests say.

    Attributes:
        stems: the names of the files, without their endings.
        about: each test's docstring in one line, by node id without parameters.
    """

    def __init__(self, root: Path):
        self.stems: set[str] = set()
        self.about: dict[str, str] = {}
        self._root, pieces = root, set()
        for file in sorted(root.glob("tests/*.py")):
            tree = ast.parse(file.read_bytes())
            pieces.update(_pieces(tree))
            if file.stem.startswith("test_"):
                self.stems.add(file.stem)
                self.about |= {f"tests/{file.name}::{node.name}": " ".join((ast.get_docstring(node) or "").split())
                               for node in tree.body if isinstance(node, ast.FunctionDef)}
        self._pieces = sorted(pieces, key=len, reverse=True)

    def is_own(self, sentence: str) -> bool:
        """Whether a sentence is a judge's, but for numbers and a few names."""
        for piece in self._pieces:
            sentence = sentence.replace(piece, " ")
        return sum(map(str.isalpha, sentence)) <= _MOST_FOREIGN and not _CODE.search(sentence)

    def own_words(self, sentence: str) -> str:
        """A sentence with an ellipsis in place of what a judge has not written: numbers, shapes, words that the course
        does not know."""
        own = bytearray(len(sentence))
        for piece in (*self._pieces, *filter(None, self.about.values()), _UNSAID):
            if piece in sentence:  # few are, and an expression for each of thousands takes long to make
                for match in re.finditer(re.escape(piece), sentence):
                    own[match.start():match.end()] = b"\1" * len(piece)
        for match in _WORD.finditer(sentence):
            if match[0] in self._words:
                own[match.start():match.end()] = b"\1" * len(match[0])
        return " ".join("".join(_runs(sentence, own)).split())

    @cached_property
    def _words(self) -> set[str]:
        """All words in the course's own files: names of layers and arguments, of which sentences are made too."""
        return {word for room in ("tests", "lib", "exercise/probes") for file in self._root.glob(f"{room}/*.py")
                for word in _WORD.findall(file.read_text(encoding="utf-8"))}

    def about_test(self, test: str) -> str:
        """What a test demands, as its docstring says it."""
        return self.about.get(test.partition("[")[0], "")


def passed_on(verdict: Verdict, gap: Gap, test: str, judges: Judges) -> str:
    """What may be said of a failure in a run in which all other gaps are solved.

    Args: gap, as it lies in the file that was judged; for line numbers that count from its START marker.
    """
    if verdict.state == NOT_STARTED:
        return f"not started: the gap {gap.id} is still empty"
    if verdict.state == BLOCKED:
        return f"it ends in what looks like the empty gap {verdict.blocked_by}, which is solved here"
    if verdict.kind == "":
        about = judges.about_test(test)
        return verdict.sentence if judges.is_own(verdict.sentence) else f"{_UNSAID} {about}"
    if verdict.kind == "missing name" and (match := _MISSING.match(verdict.sentence)):
        if match[1] == gap.id and len(match[2]) <= _MOST_FOREIGN:
            return match[0]
    return FIXED.get(verdict.kind) or f"{_class(verdict.sentence)}{_place(verdict, gap)}"


def _pieces(tree: ast.Module) -> Iterator[str]:
    """The parts of sentences: all texts of a file, but for docstrings, and what stands between the braces of others.

    Names alone, of which code consists too, are none.
    """
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            for piece in re.split(r"\{.*?\}", node.value):
                if " " in piece.strip() or len(piece) >= _FORMULA and not re.fullmatch(r"[\w.]+", piece):
                    yield " ".join(piece.split())


def _runs(sentence: str, own: bytearray) -> Iterator[str]:
    """The parts of a sentence, those that are foreign, but for punctuation, replaced by an ellipsis."""
    for is_own, signs in groupby(zip(sentence, own, strict=True), lambda pair: pair[1]):
        part = "".join(sign for sign, _ in signs)
        yield part if is_own or not any(map(str.isalnum, part)) else re.sub(r"\S(.*\S)?", "…", part, flags=re.S)


def _class(sentence: str) -> str:
    """The class of an error, as far as it is one of Python's."""
    name = re.match(r"\w*", sentence)[0]
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else "an error"


def _place(verdict: Verdict, gap: Gap) -> str:
    if verdict.line is None or verdict.path is None:
        return ""
    if verdict.path == gap.path and gap.start <= verdict.line <= gap.end:
        return f" in line {verdict.line - gap.start} below the START marker of the gap"
    return " in code that the gap is used by" if verdict.path == gap.path else ""
