"""A member as a team writes it, "Ada Lovelace, 1234567": the words of a name, and marks, a number or an address."""

import re
import unicodedata

__all__ = ["folded", "marks_in", "name_in"]

_MARK = re.compile(r"[\d@]")
_AROUND = "<>()[],;.:"


def marks_in(words: str) -> list[str]:
    """The words with a digit or an @ in them, which may be numbers and addresses, folded."""
    return [folded(word.strip(_AROUND)) for word in words.split() if _MARK.search(word)]


def name_in(words: str) -> str:
    """The other words."""
    return " ".join(word for word in words.split() if not _MARK.search(word)).strip(f" {_AROUND}")


def folded(text: str) -> str:
    """The same for texts that differ in upper and lower case, in how letters are encoded, or in space around."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
