"""A table in CSV of which single cells are changed: all others stay as they are, to the byte."""

import re
from collections.abc import Iterator
from pathlib import Path

from course.grade.escaping import plain
from course.grade.results import write
from exercise.problem import Problem

__all__ = ["Cells"]

_DELIMITERS = ",;\t"
_BOM = "\ufeff"


class Cells:
    """The table in a file.

    Attributes:
        head: the texts of its first row.
        rows: those of the others, by number from 0.
        delimiter: what stands between two cells: a comma, a semicolon or a tab.
    Raises: Problem if it cannot be read, is no UTF-8, has no row below its head, or rows that are longer or shorter.
    """

    def __init__(self, file: Path):
        self.file = file
        text = _text(file)
        self._bom = _BOM * text.startswith(_BOM)
        first = text.removeprefix(_BOM)
        self.delimiter = max(_DELIMITERS, key=lambda sign: first.partition("\n")[0].count(sign))
        self._raw, self._ends = [], []
        for cells, end in self._split(first):
            self._raw.append(cells)
            self._ends.append(end)
        if not self._raw or self._raw[0] == [""]:
            raise Problem(f"{file}: its first row is empty: it should name the columns")
        self.head = list(map(_value, self._raw[0]))
        self.rows = {number: list(map(_value, cells)) for number, cells in enumerate(self._raw[1:]) if cells != [""]}
        for number, row in self.rows.items():
            if len(row) != len(self.head):
                raise Problem(f"{file}: row {number + 2} has {len(row)} cells, and the first row has {len(self.head)}")
        if not self.rows:
            raise Problem(f"{file}: it has no row below the names of its columns")

    def put(self, row: int, column: int, text: str) -> None:
        """Change a cell. It has quotes if it had some before, or needs them."""
        before = self._raw[row + 1][column]
        needs = before.startswith('"') or re.search(rf'[\s"{self.delimiter}]', text)
        self._raw[row + 1][column] = '"' + text.replace('"', '""') + '"' if needs else text

    def save(self, file: Path) -> None:
        """Write the table. Raises: Problem if that cannot be done."""
        write(file, self._bom + "".join(self.delimiter.join(cells) + end
                                        for cells, end in zip(self._raw, self._ends, strict=True)))

    def column(self, name: str) -> int:
        """The column of this name. Raises: Problem if there is none, or more than one."""
        places = [place for place, other in enumerate(self.head) if other.strip() == name.strip()]
        if len(places) != 1:
            what = "no column is" if not places else f"{len(places)} columns are"
            raise Problem(f"{self.file}: {what} called {name!r}; the columns are {self.names()}")
        return places[0]

    def names(self) -> str:
        """The names of the columns, in one line."""
        return plain(", ".join(self.head), 1_000)

    def _split(self, text: str) -> Iterator[tuple[list[str], str]]:
        """Each row, its cells as they are written, and its line end."""
        sign = re.escape(self.delimiter)
        cell = re.compile(rf'("(?:[^"]++|"")*+"|[^"{sign}\r\n][^{sign}\r\n]*+|)({sign}|\r\n|\r|\n|\Z)')
        cells, position = [], 0
        while position < len(text) or cells:
            match = cell.match(text, position)
            if match is None:
                line = len(re.findall(r"\r\n|\r|\n", text[:position])) + 1
                raise Problem(f"{self.file}: the quotes of a cell in line {line} do not match")
            cells.append(match[1])
            position = match.end()
            if match[2] != self.delimiter:
                yield cells, match[2]
                cells = []


def _text(file: Path) -> str:
    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Problem(f"{file} is no CSV in UTF-8: export it again, or save it as \"CSV UTF-8\"")
    return text


def _value(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw
