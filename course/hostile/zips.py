"""Whole submissions, built from the files of a handout: zips that do what they should not. See submissions.py."""

import io
import stat
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from course.hostile.submissions import ALL, KEPT, LOST, Hostile, entry, victim

__all__ = ["ZIPS"]

ZIPS: list[Hostile] = []
Files = Mapping[str, bytes]
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SIZE = 25 * 2 ** 20


def _with(fate: str, says: str = "") -> Callable:
    """Puts a function that gives the bytes of a zip among the submissions."""
    def put(make: Callable[[Files], bytes]) -> Callable:
        def build(place: Path, files: Files) -> None:
            place.write_bytes(make(files))
        build.__name__ = make.__name__
        entry(ZIPS, fate, says, ".zip")(build)
        return make
    return put


def _packed(files: Files, *more: tuple[str | ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip with these files, and with more members after them."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", compression) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is there twice
        for name, data in [*files.items(), *more]:
            target.writestr(name, data, compression)
    return buffer.getvalue()


def _without_victim(files: Files) -> Files:
    return {path: data for path, data in files.items() if path != victim(files)}


def _patched(data: bytes, name: str, local: Mapping[int, bytes], central: Mapping[int, bytes]) -> bytes:
    """A zip with other bytes in the two headers of a member: from the offset in a header to the bytes there."""
    found = bytearray(data)
    for signature, length, changes in ((_LOCAL, 30, local), (_CENTRAL, 46, central)):
        start = data.index(signature)
        while data[start + length:start + length + len(name)] != name.encode():
            start = data.index(signature, start + 1)
        for offset, new in changes.items():
            found[start + offset:start + offset + len(new)] = new
    return bytes(found)


# honest ones ----------------------------------------------------------------------------------------------------------

@_with(KEPT)
def plain(files: Files) -> bytes:
    """Honest: the repository at the top."""
    return _packed(files)


@_with(KEPT)
def from_a_mac(files: Files) -> bytes:
    """Honest: one folder too deep, with the files that macOS puts beside every other one."""
    doubles = {f"__MACOSX/team/{path.replace('/', '/._')}": b"\0" for path in files}
    return _packed({f"team/{path}": data for path, data in files.items()} | doubles | {"team/.DS_Store": b"\0"})


@_with(KEPT)
def from_an_old_windows(files: Files) -> bytes:
    """Honest: backslashes between the folders, as some programs for Windows write them."""
    return _packed({path.replace("/", "\\"): data for path, data in files.items()})


@_with(KEPT)
def from_a_terminal(files: Files) -> bytes:
    """Honest: ./ before all paths, nothing compressed, and folders as members of their own."""
    folders = [("./", b""), ("./lib/", b"")]
    return _packed({f"./{path}": data for path, data in files.items()}, *folders, compression=zipfile.ZIP_STORED)


@_with(KEPT)
def zip_in_a_zip(files: Files) -> bytes:
    """Honest: a zip that holds nothing but the zip, which is one folder too deep."""
    return _packed({"download/team.zip": _packed({f"team/{path}": data for path, data in files.items()})})


@_with(KEPT)
def odd_letters(files: Files) -> bytes:
    """Honest: names of other files in the letters of the first PCs, and in UTF-8 without saying so."""
    data = _packed(files, ("aaaa.txt", b"1"), ("bbbb.txt", b"2"))
    return data.replace(b"aaaa.txt", b"\x81\x8e\xfe\xff.txt").replace(b"bbbb.txt", "öß".encode() + b".txt")


# paths ----------------------------------------------------------------------------------------------------------------

@_with(KEPT, "leaves the zip")
def paths_that_leave_the_zip(files: Files) -> bytes:
    """Paths upwards, from the root, with a drive, and the same with backslashes."""
    paths = ("../up.py", "lib/../../up.py", "/tmp/hostile_absolute", "C:/up.py", "..\\a.py", "C:\\a.py", "\\\\a\\b.py")
    return _packed(files, *((path, b"x = 1\n") for path in paths))


@_with(LOST, "a link")
def linked_member(files: Files) -> bytes:
    """A member that is a link to a file of the system."""
    link = ZipInfo(victim(files))
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return _packed(_without_victim(files), (link, b"/etc/passwd"))


@_with(LOST, "no file")
def device_as_a_member(files: Files) -> bytes:
    """A member that is a device."""
    device = ZipInfo(victim(files))
    device.create_system, device.external_attr = 3, (stat.S_IFCHR | 0o666) << 16
    return _packed(_without_victim(files), (device, b"x = 1\n"))


@_with(LOST, "more than once")
def the_same_path_twice(files: Files) -> bytes:
    """A file that is there twice: programs differ in which one they take."""
    return _packed(files, (victim(files), b"x = 1\n"))


@_with(LOST, "is missing")
def name_that_ends_early(files: Files) -> bytes:
    """A name that goes on after a null byte."""
    name = "lib/" + "y" * len(victim(files)[4:])
    data = _packed(_without_victim(files), (name, b"x = 1\n"))
    return data.replace(name.encode(), b"lib/\0" + name[5:].encode())


@_with(KEPT, "too deep")
def deep_path(files: Files) -> bytes:
    """A path of a hundred folders."""
    return _packed(files, ("a/" * 100 + "x.py", b"x = 1\n"))


@_with(KEPT, "too long")
def long_path(files: Files) -> bytes:
    """A name of sixty thousand letters."""
    return _packed(files, ("x" * 60_000, b"x = 1\n"))


# sizes ----------------------------------------------------------------------------------------------------------------

@_with(LOST, "packed more than")
def bomb(files: Files) -> bytes:
    """A file of 25 MB of spaces, in a thousandth of the bytes."""
    return _packed(_without_victim(files), (victim(files), b" " * _SIZE))


@_with(LOST, "damaged")
def bomb_that_calls_itself_small(files: Files) -> bytes:
    """The same, and its headers say that it has a hundred bytes."""
    data = _packed(_without_victim(files), (victim(files), b" " * _SIZE))
    size = struct.pack("<I", 100)
    return _patched(data, victim(files), {22: size}, {24: size})


@_with(LOST, "packed more than")
def file_that_calls_itself_large(files: Files) -> bytes:
    """A file whose headers say that it has 4 GB."""
    size = struct.pack("<I", 0xFFFFFFF0)
    return _patched(_packed(files, compression=zipfile.ZIP_STORED), victim(files), {22: size, 18: size}, {24: size})


@_with(KEPT, "shares its bytes")
def overlapping_bomb(files: Files) -> bytes:
    """A thousand members which are all the same bytes, so that a small zip holds gigabytes."""
    data = _packed(files, ("kernel", b" " * _SIZE))
    start, end = data.index(_CENTRAL), data.rindex(_END)
    kernel = data[data.rindex(_CENTRAL):end]
    copies = b"".join(kernel.replace(b"kernel", f"{number:06}".encode()) for number in range(1_000))
    count, size = len(files) + 1_001, end - start + len(copies)
    return data[:end] + copies + struct.pack("<4s4H2IH", _END, 0, 0, count, count, size, start, 0)


@_with(KEPT, "files: not all of them")
def many_members(files: Files) -> bytes:
    """Three thousand files after those of the exercise."""
    return _packed(files, *((f"more/{number}", b"") for number in range(3_000)))


@_with(ALL, "too many others")
def many_zips_in_one_another(files: Files) -> bytes:
    """The repository in a zip, in a zip, five times."""
    data = _packed(files)
    for _ in range(5):
        data = _packed({"team.zip": data})
    return data


@_with(ALL, "too long")
def large_zip_in_a_zip(files: Files) -> bytes:
    """A zip of 25 MB of zeros in a zip."""
    return _packed({"team.zip": bytes(_SIZE), "other.txt": b"1"}, compression=zipfile.ZIP_STORED)


# damage ---------------------------------------------------------------------------------------------------------------

@_with(LOST, "without a password")
def encrypted(files: Files) -> bytes:
    """A file that asks for a password."""
    return _patched(_packed(files), victim(files), {6: b"\x01"}, {8: b"\x01"})


@_with(LOST, "make an ordinary zip")
def unknown_compression(files: Files) -> bytes:
    """A file packed by a method that nobody knows."""
    return _patched(_packed(files), victim(files), {8: b"\x61\0"}, {10: b"\x61\0"})


@_with(LOST, "make an ordinary zip")
def rare_compression(files: Files) -> bytes:
    """A file packed by LZMA, whose header may ask for 4 GB of memory."""
    return _patched(_packed(files), victim(files), {8: b"\x0e\0"}, {10: b"\x0e\0"})


@_with(LOST, "damaged")
def wrong_checksum(files: Files) -> bytes:
    """A file that is another one than its checksum says."""
    return _patched(_packed(files), victim(files), {14: b"abcd"}, {16: b"abcd"})


@_with(LOST, "damaged")
def damaged_content(files: Files) -> bytes:
    """A file whose packed bytes are none."""
    data = _packed(files)
    start = 30 + len(victim(files))
    return data[:start] + b"\xff" * 40 + data[start + 40:]


@_with(LOST, "damaged")
def two_names(files: Files) -> bytes:
    """A file that has another name at its place than in the list of contents."""
    return _patched(_packed(files), victim(files), {30: b"x"}, {})


@_with(ALL, "cannot be read as a zip")
def cut_off(files: Files) -> bytes:
    """Half of a zip, as an interrupted upload leaves it."""
    data = _packed(files)
    return data[:len(data) // 2]


@_with(ALL, "cannot be read as a zip")
def empty(files: Files) -> bytes:
    """No bytes at all."""
    return b""


@_with(ALL, "no file of the exercise")
def no_members(files: Files) -> bytes:
    """A zip of nothing."""
    return _packed({})


@_with(ALL, "cannot be read as a zip")
def another_archive(files: Files) -> bytes:
    """A tar that is called a zip."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as target:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


@_with(ALL, "cannot be read as a zip")
def wrong_list_of_contents(files: Files) -> bytes:
    """The end of the zip says that its list of contents has 4 GB."""
    data = bytearray(_packed(files))
    data[-10:-6] = b"\xf0\xff\xff\xff"
    return bytes(data)


@_with(ALL, "cannot be read as a zip")
def name_that_is_no_text(files: Files) -> bytes:
    """A name that should be UTF-8 and is not."""
    return _packed(files, ("ä" * 4 + ".txt", b"1")).replace("ä".encode() * 4, b"\xff" * 8)
