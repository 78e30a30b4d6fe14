"""The judges of the toy course."""

import itertools
import math

import pytest

from exercise.probes import boxes as probes
from tests.judge import require


@pytest.mark.gap("box_volume")
def test_volume(answer, draw):
    """The volume is the product of the three sides."""
    sides = [draw.integer(2, 9) for _ in range(3)]
    volume = answer(probes.volume, *sides)["volume"]
    require(volume == math.prod(sides), f"a box of {sides} holds {math.prod(sides)}, not {volume}")


@pytest.mark.gap("box_area")
def test_area(answer, draw):
    """The area is that of six faces."""
    sides = [draw.integer(2, 9) for _ in range(3)]
    expected = 2 * sum(map(math.prod, itertools.combinations(sides, 2)))
    area = answer(probes.area, *sides)["area"]
    require(area == expected, f"the faces of a box of {sides} measure {expected}, not {area}")


@pytest.mark.gap("label_text")
def test_text(answer):
    """The words are joined by spaces."""
    require(answer(probes.text, "this", "side", "up")["text"] == "this side up", "the words are not joined by spaces")
