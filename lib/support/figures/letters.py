"""Text as a picture, the same on every computer: it is set in a font that comes with matplotlib."""

import numpy as np

from lib.support.errors import UserError
from lib.support.figures.matplotlib_import import import_matplotlib

__all__ = ["drawn"]

LETTERS = 100  # of a text: of more, nothing could be read


def drawn(words: str) -> np.ndarray:
    """Where a line of text has ink, bool, shape (height, width).

    Raises: UserError if nothing of it can be seen, if it is too long, or if the font lacks some of its letters.
    """
    import_matplotlib()
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from PIL import ImageFont
    line, path = " ".join(words.split()), findfont(FontProperties(family="DejaVu Sans", weight="bold"))
    missing = [letter for letter in dict.fromkeys(line) if ord(letter) not in get_font(path).get_charmap()]
    if missing:
        raise UserError(f"the font of text:WORDS, DejaVu Sans, lacks {', '.join(map(_named, missing))}: "
                        "it has Latin, Greek, Cyrillic, Armenian and Georgian letters, and many signs")
    if len(line) > LETTERS:
        raise UserError(f"text:WORDS takes at most {LETTERS} characters, not {len(line):,}")
    mask = ImageFont.truetype(path, size=200).getmask(line, mode="L")
    ink = np.asarray(mask, dtype=np.uint8).reshape(mask.size[::-1]) > 127
    if not ink.any():
        raise UserError(f"nothing can be seen of the text {words!r}: it needs letters")
    return ink


def _named(letter: str) -> str:
    return f"{letter!r} (U+{ord(letter):04X})" if letter.isprintable() else f"U+{ord(letter):04X}"
