"""What the name that a learning platform gives to a file or folder says."""

from dataclasses import dataclass

__all__ = ["Named"]


@dataclass(frozen=True)
class Named:
    """A name of a platform, taken apart.

    Args:
        person: who has handed in, as the platform writes it.
        identifier: the platform's number of that person.
        file: what the person has called the file, without the number of a version; "" of a folder.
        age: the newer of two versions of a file has the larger one.
        is_late: whether the platform has marked it as late.
    """
    person: str
    identifier: str
    file: str = ""
    age: tuple[int, ...] = ()
    is_late: bool = False
