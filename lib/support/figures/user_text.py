"""Text of users in figures: names of classes and data sets, in any script, with any sign in them.

Left to itself, matplotlib reads what stands between two dollar signs as a formula, and draws an empty box, with a
warning, for a letter that its font lacks.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

__all__ = ["write"]

_NO_LETTERS = ("Last Resort", "cm", "STIXNon", "STIXSize")  # boxes for all there is, and signs at the places of letters


def write(artist: Text, text: str, instead: str, at_most: int = 24) -> None:
    """Let `artist` show `text` as it is, on one line: no formula, in a font that has all of its letters.

    Args:
        instead: shown where no installed font has them all, or nothing of the text can be seen.
        at_most: characters; a longer text ends in an ellipsis.
    """
    line = " ".join(text.split())
    line = line if len(line) <= at_most else line[:at_most - 1] + "…"
    font = artist.get_fontproperties()
    path = _font_with(line, font) if line and line.isprintable() else None
    artist.set_parse_math(False)
    artist.set_text(instead if path is None else line)
    if path is not None:
        font.set_file(path)
        artist.set_fontproperties(font)


def _font_with(text: str, font: FontProperties) -> Path | None:
    """The file of an installed font that has all letters of `text`: `font` itself where it has them."""
    from matplotlib.font_manager import findfont, fontManager
    others = sorted(entry.fname for entry in fontManager.ttflist if not entry.name.startswith(_NO_LETTERS))
    letters = set(map(ord, text))
    return next((Path(file) for file in (str(findfont(font)), *others) if letters <= _letters_of(file)), None)


@functools.cache
def _letters_of(file: str) -> frozenset[int]:
    """The code points that a font has; none of a file that cannot be read."""
    from matplotlib.font_manager import get_font
    try:
        return frozenset(get_font(file).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
