"""What people are known by: their names, in whatever order of the words, and marks, which only one of them has."""

from course.grade.members import folded, marks_in

__all__ = ["is_called", "key", "marks"]

_FEWEST_DIGITS = 4  # of a student number: "group 3" has none


def key(name: str) -> str:
    """The same for "Ada Lovelace", "Lovelace, Ada" and Canvas's "lovelaceada": the least of all rotations."""
    letters = _letters(name)
    return min((letters[start:] + letters[:start] for start in range(len(letters))), default="")


def is_called(member: str, own: str) -> bool:
    """Whether a platform's name of a person is that of a member; Moodle may have put the name of a group before it."""
    return bool(_letters(member)) and (key(member) == key(own) or _letters(own).endswith(_letters(member)))


def marks(words: str) -> set[tuple[str, str]]:
    """The number and the address among the words of a member, as far as there are any."""
    addresses = [mark for mark in marks_in(words) if "@" in mark]
    numbers = [mark for mark in marks_in(words) if "@" not in mark and _digits(mark) >= _FEWEST_DIGITS]
    return {*(("address", address) for address in addresses[:1]),
            *(("number", number) for number in sorted(numbers, key=_digits)[-1:])}


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name)))


def _digits(word: str) -> int:
    return sum(map(str.isdecimal, word))
