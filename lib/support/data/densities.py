"""Two-dimensional densities to practise on: functions of a number of points and a seed, to float64 arrays (n, 2)."""

import numpy as np

from lib.support.errors import UserError
from lib.support.matplotlib_import import import_matplotlib

__all__ = ["DENSITIES", "text_density"]

LETTERS = 100  # of a text: of more, nothing could be read


def moons(n: int, seed: int) -> np.ndarray:
    """Two half circles that reach into each other."""
    from sklearn.datasets import make_moons
    return make_moons(n, noise=0.05, random_state=seed)[0]


def swiss_roll(n: int, seed: int) -> np.ndarray:
    """A rolled-up sheet, seen from its side."""
    from sklearn.datasets import make_swiss_roll
    return make_swiss_roll(n, noise=0.5, random_state=seed)[0][:, [0, 2]]


def circles(n: int, seed: int) -> np.ndarray:
    """A small circle inside a large one."""
    from sklearn.datasets import make_circles
    return make_circles(n, noise=0.05, factor=0.5, random_state=seed)[0]


def spirals(n: int, seed: int) -> np.ndarray:
    """Two arms that wind about each other one and a half times."""
    random = np.random.default_rng(seed)
    angle = 3 * np.pi * np.sqrt(random.uniform(0.02, 1, n))
    arm = random.choice([-1.0, 1.0], n)
    points = (arm * angle)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return points + random.normal(0, 0.2, (n, 2))


def checkerboard(n: int, seed: int) -> np.ndarray:
    """The eight dark squares of a board of four by four."""
    random = np.random.default_rng(seed)
    row, half = random.integers(0, 4, n), random.integers(0, 2, n)
    corner = np.stack([2 * half + row % 2, row], 1)
    return corner + random.uniform(0, 1, (n, 2))


def eight_gaussians(n: int, seed: int) -> np.ndarray:
    """Eight narrow Gaussians on a circle."""
    random = np.random.default_rng(seed)
    angle = np.pi / 4 * random.integers(0, 8, n)
    return np.stack([np.cos(angle), np.sin(angle)], 1) + random.normal(0, 0.06, (n, 2))


def text_density(words: str, n: int, seed: int) -> np.ndarray:
    """Points spread evenly over the strokes of a line of text.

    It is set in one font, which comes with matplotlib, so that a text gives the same points on every computer.

    Raises: UserError if nothing of it can be seen, if it is too long, or if the font lacks some of its letters.
    """
    row, column = np.nonzero(_drawn(words))
    if len(row) == 0:
        raise UserError(f"nothing can be seen of the text {words!r}: it needs letters")
    random = np.random.default_rng(seed)
    pixel = random.integers(0, len(row), n)
    return np.stack([column[pixel], -row[pixel]], 1) + random.uniform(0, 1, (n, 2))


def _drawn(words: str) -> np.ndarray:
    """Where there is ink, a truth value for each pixel, shape (height, width)."""
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
    return np.asarray(mask, dtype=np.uint8).reshape(mask.size[::-1]) > 127


def _named(letter: str) -> str:
    return f"{letter!r} (U+{ord(letter):04X})" if letter.isprintable() else f"U+{ord(letter):04X}"


DENSITIES = {"moons": moons, "swiss_roll": swiss_roll, "circles": circles, "spirals": spirals,
             "checkerboard": checkerboard, "eight_gaussians": eight_gaussians}
