"""A browser without a window, in which a page is tested, measured and photographed: Chromium or Chrome, by selenium."""

import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from exercise.problem import Problem

__all__ = ["BrowserError", "missing", "open_browser", "photograph", "resize"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars")  # also for root


class BrowserError(Problem):
    """A browser that does not start; one line that says why."""


def missing() -> str:
    """Why there is no browser, "" where there is one."""
    try:
        import selenium  # noqa: F401
    except ModuleNotFoundError:
        return "selenium is not installed: pip install -r requirements-course.txt"
    found = any(map(shutil.which, _BROWSERS)) and shutil.which("chromedriver")
    return "" if found else "there is no Chromium with its chromedriver: apt-get install chromium chromium-driver"


@contextlib.contextmanager
def open_browser(width: int = 1360, height: int = 900) -> Iterator:
    """A browser whose page has this size: selenium's driver. Its log `performance` has all requests.

    Raises: BrowserError if it does not start.
    """
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, _BROWSERS)))
    for flag in (*_FLAGS, f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    try:
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    except WebDriverException as error:
        raise BrowserError(f"the browser does not start: {str(error.msg).strip().splitlines()[0]}") from error
    try:
        resize(driver, width, height)
        yield driver
    finally:
        driver.quit()


def resize(driver, width: int, height: int) -> None:
    """Give the page of a browser another size, as on another screen."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def photograph(path: Path, width: int = 1360, height: int = 900) -> Image.Image:
    """The page in the file `path`, as it looks in this size when its pictures are there."""
    with open_browser(width, height) as driver:
        driver.get(path.resolve().as_uri())
        driver.execute_async_script("Promise.all([...document.images].map((image) => image.decode()))"
                                    ".then(() => setTimeout(arguments[0], 500))")
        return Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
