"""Pictures below the cells of a notebook."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["show"]


def show(picture: np.ndarray | Figure) -> None:
    """Show an image array or a figure, as the functions beside this one return them, below the cell that runs.

    Elsewhere than in a notebook nothing is shown.
    """
    if "ipykernel" not in sys.modules:
        return
    from IPython.display import Image, display
    display(Image(data=_png(picture)))


def _png(picture: np.ndarray | Figure) -> bytes:
    buffer = io.BytesIO()
    if isinstance(picture, np.ndarray):
        from PIL import Image
        Image.fromarray(picture).save(buffer, format="png")
    else:
        picture.savefig(buffer, format="png")
    return buffer.getvalue()
