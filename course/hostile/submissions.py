"""Whole submissions, built from the files of a handout: folders that hold what they should not.

The first of the files is the *victim*: what is done to one file is done to it. All others have to be read as they are.
"""

import os
import socket
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ALL", "CHANGED", "FOLDERS", "KEPT", "LOST", "Hostile", "entry", "lay", "victim"]

KEPT, CHANGED, LOST, ALL = "kept", "changed", "lost", "all lost"
Build = Callable[[Path, Mapping[str, bytes]], None]
FOLDERS: list["Hostile"] = []
_POSIX = os.name == "posix"  # Windows makes no links without asking, and has no pipes and sockets in folders


@dataclass(frozen=True)
class Hostile:
    """One submission.

    Args:
        name: what it is called.
        build: makes it at a path that does not exist yet.
        fate: what becomes of the victim: KEPT as it is, CHANGED, LOST; or ALL files are lost.
        says: words that a problem has to show; "" if there should be no problem.
        suffix: of the path, ".zip" of a zip.
    """
    name: str
    build: Build
    fate: str
    says: str
    suffix: str = ""


def entry(collection: list[Hostile], fate: str, says: str = "", suffix: str = "",
          possible: bool = True) -> Callable[[Build], Build]:
    """Puts a function, under its own name, among the submissions, if it is possible on this system."""
    def put(build: Build) -> Build:
        if possible:
            collection.append(Hostile(build.__name__, build, fate, says, suffix))
        return build
    return put


def victim(files: Mapping[str, bytes]) -> str:
    """The path of the file to which things are done."""
    return next(iter(files))


def lay(place: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder; returns the place of the victim."""
    for path, data in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place / victim(files)


# what stands in place of a file ---------------------------------------------------------------------------------------

@entry(FOLDERS, ALL, "no file of the exercise")
def nothing(place: Path, files: Mapping[str, bytes]) -> None:
    """An empty folder."""
    place.mkdir()


@entry(FOLDERS, LOST, "is missing")
def missing_file(place: Path, files: Mapping[str, bytes]) -> None:
    """One file is not there."""
    lay(place, files).unlink()


@entry(FOLDERS, ALL, "lib: a link", possible=_POSIX)
def link_to_a_solved_copy(place: Path, files: Mapping[str, bytes]) -> None:
    """`lib` is a link to a copy that lies elsewhere."""
    lay(place.with_name(".solved"), files)
    place.mkdir()
    (place / "lib").symlink_to(place.with_name(".solved") / "lib", target_is_directory=True)


@entry(FOLDERS, LOST, "a link", possible=_POSIX)
def linked_file(place: Path, files: Mapping[str, bytes]) -> None:
    """A file is a link to one that every system has."""
    file = lay(place, files)
    file.unlink()
    file.symlink_to("/etc/passwd")


@entry(FOLDERS, ALL, "lib: a link", possible=_POSIX)
def folder_in_itself(place: Path, files: Mapping[str, bytes]) -> None:
    """`lib` is a link to the folder that holds it, so that lib/lib/lib never ends."""
    lay(place, {Path(path).name: data for path, data in files.items()})
    (place / "lib").symlink_to(".", target_is_directory=True)


@entry(FOLDERS, KEPT, "a link", possible=_POSIX)
def loop_of_links(place: Path, files: Mapping[str, bytes]) -> None:
    """Beside the files links lead to the folder above, to each other and to nothing."""
    folder = lay(place, files).parent
    for name, target in (("above", ".."), ("one", "other"), ("other", "one"), ("root", "/"), ("null", "/dev/null")):
        (folder / name).symlink_to(target)


@entry(FOLDERS, LOST, "a pipe", possible=_POSIX)
def pipe_in_place_of_a_file(place: Path, files: Mapping[str, bytes]) -> None:
    """Whoever opens the file waits until somebody writes to it, for ever."""
    file = lay(place, files)
    file.unlink()
    os.mkfifo(file)


@entry(FOLDERS, LOST, "a socket", possible=_POSIX)
def socket_in_place_of_a_file(place: Path, files: Mapping[str, bytes]) -> None:
    """A file is a socket that nobody listens to; its path has to be short, so it is bound nearby and moved."""
    file = lay(place, files)
    file.unlink()
    before = os.getcwd()
    os.chdir(file.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(file.name)
    finally:
        os.chdir(before)


@entry(FOLDERS, LOST, "a device", possible=sys.platform == "linux" and os.geteuid() == 0)
def device_in_place_of_a_file(place: Path, files: Mapping[str, bytes]) -> None:
    """A file is /dev/zero, which never ends."""
    file = lay(place, files)
    file.unlink()
    os.mknod(file, 0o666 | stat.S_IFCHR, os.makedev(1, 5))


@entry(FOLDERS, LOST, "is missing")
def folder_in_place_of_a_file(place: Path, files: Mapping[str, bytes]) -> None:
    """A file is a folder of the same name, with a file in it."""
    file = lay(place, files)
    file.unlink()
    file.mkdir()
    (file / "inside.py").write_bytes(b"x = 1\n")


@entry(FOLDERS, LOST, "Permission denied", possible=_POSIX and os.geteuid() != 0)
def locked_file(place: Path, files: Mapping[str, bytes]) -> None:
    """A file that nobody may read, and a folder that nobody may list."""
    lay(place, files).chmod(0)
    (place / "locked").mkdir(mode=0)


# sizes and numbers ----------------------------------------------------------------------------------------------------

@entry(FOLDERS, LOST, "too long")
def right_gap_and_half_a_gigabyte(place: Path, files: Mapping[str, bytes]) -> None:
    """A file as it should be, followed by 500 MB of which the disk has to hold nothing."""
    os.truncate(lay(place, files), 500 * 2 ** 20)


@entry(FOLDERS, KEPT, "files: not all of them")
def too_many_files(place: Path, files: Mapping[str, bytes]) -> None:
    """Three thousand files below the exercise's."""
    folder = lay(place, files).parent / "more"
    folder.mkdir()
    for number in range(3_000):
        (folder / str(number)).touch()


@entry(FOLDERS, KEPT, "too deep", possible=_POSIX)
def too_many_folders(place: Path, files: Mapping[str, bytes]) -> None:
    """Folders in one another, with a path longer than systems take at once."""
    lay(place, files)
    before = os.getcwd()
    os.chdir(place)
    try:
        for _ in range(250):
            os.mkdir("x" * 20)
            os.chdir("x" * 20)
    finally:
        os.chdir(before)


@entry(FOLDERS, KEPT)
def large_data(place: Path, files: Mapping[str, bytes]) -> None:
    """A data set of 20 GB beside the files, of which the disk has to hold nothing."""
    lay(place, files)
    (place / "data.bin").touch()
    os.truncate(place / "data.bin", 20 * 2 ** 30)


@entry(FOLDERS, CHANGED)
def deeply_nested_source(place: Path, files: Mapping[str, bytes]) -> None:
    """A line of nearly a megabyte of open brackets, at which parsers fall."""
    file = lay(place, files)
    file.write_bytes(file.read_bytes() + b"x = " + b"(" * 900_000 + b"\n")


@entry(FOLDERS, CHANGED)
def many_almost_markers(place: Path, files: Mapping[str, bytes]) -> None:
    """Lines that are nearly markers, each longer than the last: a slow expression would take for ever."""
    file = lay(place, files)
    lines = [b"# START TODO " + b"a_" * 10 ** 5, b"#" * 10 ** 5 + b" END TODO " + b" #" * 10 ** 5, b"\t " * 10 ** 5]
    file.write_bytes(file.read_bytes() + b"\n".join(lines) + b"\n")


# encodings and names --------------------------------------------------------------------------------------------------

@entry(FOLDERS, LOST, "UTF-16")
def utf_16(place: Path, files: Mapping[str, bytes]) -> None:
    """A file as old editors of Windows save it."""
    file = lay(place, files)
    file.write_bytes(file.read_bytes().decode().encode("utf-16"))


@entry(FOLDERS, LOST, "not UTF-8 in line 1")
def latin_1(place: Path, files: Mapping[str, bytes]) -> None:
    """A comment with an umlaut in one byte, under a line that declares the encoding."""
    file = lay(place, files)
    file.write_bytes("# Schrödinger -*- coding: latin-1 -*-\n".encode("latin-1") + file.read_bytes())


@entry(FOLDERS, LOST, "null byte in line 1")
def null_bytes(place: Path, files: Mapping[str, bytes]) -> None:
    """A null byte, at which programs in C stop to read."""
    file = lay(place, files)
    file.write_bytes(b"# \0\n" + file.read_bytes())


@entry(FOLDERS, LOST, "not UTF-8")
def half_characters(place: Path, files: Mapping[str, bytes]) -> None:
    """Half a character in three bytes, which no reader of UTF-8 may take."""
    file = lay(place, files)
    file.write_bytes(b"# \xed\xa0\x80\n" + file.read_bytes())


@entry(FOLDERS, KEPT)
def byte_order_mark(place: Path, files: Mapping[str, bytes]) -> None:
    """Honest: the mark that Notepad writes before a text in UTF-8."""
    file = lay(place, files)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())


@entry(FOLDERS, KEPT, r"\x1b[31m", possible=sys.platform == "linux")
def names_that_speak(place: Path, files: Mapping[str, bytes]) -> None:
    """Names with line ends, escapes, commands of a workflow, formulas, and bytes that are no text."""
    lay(place, files)
    for name in (b"\x1b[31m\nvae_loss  solved  2 of 2", b"::error file=x::y", b"\xff\xfe", b"=1+1", b"<script>", b"|"):
        (place / os.fsdecode(name)).symlink_to("nowhere")
        (place / os.fsdecode(b"file " + name)).touch()


# forged and planted files ---------------------------------------------------------------------------------------------

@entry(FOLDERS, CHANGED)
def forged_markers(place: Path, files: Mapping[str, bytes]) -> None:
    """Markers of gaps in a file that has others, twice, nested, and without an end."""
    file = lay(place, files)
    forged = b"# START TODO vae_loss ####\nx = 1\n# END TODO ####\n# START TODO vae_loss ####\n# START TODO a_b ####\n"
    file.write_bytes(file.read_bytes() + forged)


@entry(FOLDERS, KEPT)
def forged_results(place: Path, files: Mapping[str, bytes]) -> None:
    """Files in which a grader could keep its results, a record of what was handed out, and a table with full points."""
    lay(place, files)
    lay(place, {"grades.csv": b"team,points\nme,100\n", "results.json": b'{"state": "solved", "points": 100}',
                "exercise/handout.json": b'{"texts": {}, "hashes": {}}', "course.toml": b"points = 100\n"})


@entry(FOLDERS, KEPT)
def planted_files(place: Path, files: Mapping[str, bytes]) -> None:
    """Files that Python and pytest run unasked, and modules that stand before others; each leaves a trace if run."""
    lay(place, files)
    trace = f"open({str(place.parent / '.planted')!r}, 'a').write(__file__)\n".encode()
    modules = ("conftest", "sitecustomize", "usercustomize", "pytest", "torch", "json", "zipfile", "codecs", "course",
               "exercise/__init__", "lib/__init__", "tests/conftest", "tests/__init__", "tests/test_vae", "setup")
    lay(place, {f"{name}.py": trace for name in modules} | {
        "pytest.ini": b"[pytest]\naddopts = -p planted --collect-only\n", "tox.ini": b"[pytest]\naddopts = -x\n",
        "setup.cfg": b"[tool:pytest]\naddopts = --collect-only\n", "pyproject.toml": b"[tool.pytest.ini_options]\n",
        "planted.pth": b"import conftest\n", "planted.py": trace, "lib/planted.pyc": b"\0" * 16,
        "planted.dist-info/entry_points.txt": b"[pytest11]\nplanted = planted\n"})


# where the repository lies --------------------------------------------------------------------------------------------

@entry(FOLDERS, KEPT)
def one_folder_too_deep(place: Path, files: Mapping[str, bytes]) -> None:
    """Honest: the repository lies in a folder of its own, with the stray files of two systems around it."""
    lay(place / "exercise-main", files)
    lay(place, {".DS_Store": b"\0", "__MACOSX/exercise-main/lib/._x.py": b"\0", "Thumbs.db": b"\0"})


@entry(FOLDERS, KEPT)
def solved_copy_below(place: Path, files: Mapping[str, bytes]) -> None:
    """Another copy lies deeper, as in a virtual environment or a backup: the one at the top counts."""
    lay(place, files)
    lay(place / "backup" / "old", {path: b"raise SystemExit\n" for path in files})


@entry(FOLDERS, KEPT, "only the first one counts")
def two_copies(place: Path, files: Mapping[str, bytes]) -> None:
    """Two copies that are equally deep."""
    lay(place / "a", files)
    lay(place / "b", {path: b"x = 1\n" for path in files})
