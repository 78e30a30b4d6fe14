"""What a file is that is no text: whether it is what its name says. Nothing in it is executed or shown."""

import json
from dataclasses import dataclass

__all__ = ["Document", "looked_at"]

_EDGE = 1_024  # bytes at either end of a PDF, in which readers look for its marks


@dataclass(frozen=True)
class Document:
    """What was found of a document.

    Args:
        is_whole: whether it is what its name says, and has something in it.
        words: what is wrong with it, or what it holds.
    """
    is_whole: bool
    words: str


def looked_at(path: str, data: bytes) -> Document:
    """The document in a file whose name ends in .pdf or .ipynb."""
    if not data.strip():
        return Document(False, "it is empty")
    return _pdf(data) if path.casefold().endswith(".pdf") else _notebook(data)


def _pdf(data: bytes) -> Document:
    if b"%PDF-" not in data[:_EDGE]:
        return Document(False, "it is no PDF: it does not begin as one")
    if b"%%EOF" not in data[-_EDGE:]:
        return Document(False, "it is no whole PDF: its end is missing")
    return Document(True, f"a PDF of {max(len(data) >> 10, 1):,} KB")


def _notebook(data: bytes) -> Document:
    try:
        cells = json.loads(data)["cells"]
        outputs = [len(cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, TypeError, LookupError, RecursionError, MemoryError):
        return Document(False, "it is no notebook that can be read")
    filled = len(list(filter(None, outputs)))
    return Document(filled > 0, f"{filled} of its {len(outputs)} cells of code have an output")
