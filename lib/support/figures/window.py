"""A picture in a window of its own, which outlives the script that opened it: no script ever waits for one."""

import os
import subprocess
import sys
from pathlib import Path

_VIEWER = """
import sys
import matplotlib.pyplot as plt
picture = plt.imread(sys.argv[1])
height, width = picture.shape[:2]
figure = plt.figure(sys.argv[1], figsize=(width / 100, height / 100), dpi=100)
axes = figure.add_axes((0, 0, 1, 1))
axes.set_axis_off()
axes.imshow(picture)
plt.show()
"""


def has_display() -> bool:
    """Whether windows can be shown: there is a desktop, and nobody chose a matplotlib backend without one."""
    if os.environ.get("MPLBACKEND", "").lower() in ("agg", "pdf", "svg", "ps", "cairo", "template"):
        return False
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_picture(path: Path) -> bool:
    """Open a window on the picture at `path`, where there is a display, and return at once: whether one was tried."""
    if not has_display():
        return False
    subprocess.Popen([sys.executable, "-c", _VIEWER, str(path)], start_new_session=True,
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return True
