"""Weights at the start: units or channels that are copies of each other learn the same for ever."""

from collections.abc import Iterator

from course.verify.operators.place import Change, Place

__all__ = ["OPERATORS"]


def copy_units(place: Place) -> Iterator[Change]:
    """All units have the weights of the first; every second has those of its neighbour; the last those of the first."""
    if place.is_constructor:
        yield from place.at_the_end(*(f"for weight in self.parameters(): weight.data{part}" for part in (
            "[:] = weight.data[:1].clone()", "[1::2] = weight.data[:-1:2].clone()",
            "[-1:] = weight.data[:1].clone()")))


def scale_weights(place: Place) -> Iterator[Change]:
    """The weights are zero, or constant, or ten times too large or too small."""
    if place.is_constructor:
        yield from place.at_the_end(*(f"for weight in self.parameters(): weight.data{part}" for part in (
            ".zero_()", ".fill_(0.01)", ".mul_(10)", ".mul_(0.1)")))


OPERATORS = (copy_units, scale_weights)
