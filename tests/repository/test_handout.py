"""The handout: what a student receives, where it may be written, how it is compared, and the first run of its tests."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pycodestyle
import pytest

from course.handout import command, contents, leaks, rehearsal
from course.handout.command import drift, handout, write
from course.handout.contents import HandoutError, build
from course.handout.rehearsal import Result
from exercise.asking import overlay
from exercise.source import gaps, table
from exercise.source.handed_out import fingerprint
from tests.repository import toys
from tests.repository.toys import BOX

ROOT = Path(__file__).resolve().parents[2]
ABOVE = ".."  # in a link of a sheet, the folder above its own

README = """# Toys

See [the module](lib/box.py), [the picture](pictures/toy.png) and [elsewhere](https://example.org/course).

<!-- instructor -->
How to [verify](course/verify/trials.py) all this.
<!-- /instructor -->

The end.
"""
FILES = {  # besides the course
    "README.md": README, "feedback.md": "Hours:\n", "setup.cfg": "[tool:pytest]\n",
    "pictures/toy.png": b"\x89PNG\r\n\x1a\n\0", "runtests.sh": "#!/bin/sh\npytest\n", "runtests.bat": "rem\r\n",
    ".gitignore": "__pycache__/\n*.py[cod]\n# results\n/results*/\n/data/\n/.exercise/\n",
    "lib/__init__.py": "", "exercise/gaps.py": '"""The engine."""\n',
    "sheets/toys.md": "# Sheet\n", "sheets/toys_solution.md": "42\n", "sheets/solutions/toys.md": "42\n",
    "course/verify/trials.py": "WRONG = 1\n", "course/answers/box_area.toml": "[[right]]\n",
    "tests/repository/test_data.py": "DATA = 1\n", "benchmarks/speed.py": "FAST = 1\n", ".ci/run": "#!/bin/sh\n",
    ".github/workflows/classroom.yml": "name: Grade\n", ".github/workflows/repository.yml": "name: Check\n",
    "ruff.toml": "line-length = 120\n", "requirements-course.txt": "ruff\n",
}
HANDED_OUT = {"README.md", "course.toml", "feedback.md", "setup.cfg", "pictures/toy.png", "runtests.sh", "runtests.bat",
              ".gitignore", ".github/workflows/classroom.yml", "lib/__init__.py", "lib/box.py", "lib/label.py",
              "exercise/gaps.py", "exercise/handout.json", "exercise/probes/__init__.py", "exercise/probes/boxes.py",
              "tests/test_boxes.py", "sheets/toys.md"}


def save(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def stub_of(gap):
    return f'    raise NotImplementedError("TODO {gap}: sheet 1, task 1")'


def paths_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """No browser is started, which takes its time: the handout is without PDFs."""
    monkeypatch.setattr(command, "printed", lambda root, files: {})


@pytest.fixture
def root(tmp_path):
    """A solved repository in miniature, in a folder without git."""
    toys.copy(tmp_path / "solved", "course.toml", "lib", "exercise", "tests")
    for path, content in FILES.items():
        save(tmp_path / "solved" / path, content)
    (tmp_path / "solved/runtests.sh").chmod(0o755)
    return tmp_path / "solved"


@pytest.fixture
def student(root, tmp_path):
    """The handout of the miniature, and what `drift` compares it with."""
    files = build(root)
    write(files, tmp_path / "student")
    return tmp_path / "student", files


# what it holds -------------------------------------------------------------------------------------------------------

def test_the_instructors_part_is_left_out_and_the_rest_stays_as_it_is(root):
    files = build(root)
    assert set(files) == HANDED_OUT
    for path in HANDED_OUT - {"README.md", "lib/box.py", "lib/label.py", "exercise/handout.json"}:
        assert files[path].data == (root / path).read_bytes()


def test_gaps_are_emptied_and_everything_else_stays_to_the_byte(root):
    text = build(root)["lib/box.py"].data.decode()
    expected = BOX.replace("\n    product = a * b * c", stub_of("box_volume"))
    expected = expected.replace("\n    total = 2 * (a * b + b * c + c * a)", stub_of("box_area"))
    assert text == expected


def test_a_file_with_crlf_keeps_it(root):
    save(root / "lib/box.py", BOX.replace("\n", "\r\n"))
    data = build(root)["lib/box.py"].data
    assert b"a * b" not in data and b"raise NotImplementedError" in data
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")


def test_a_student_s_readme_begins_with_what_a_student_does_first():
    text = build(ROOT)["README.md"].data.decode()
    commands = re.findall(r"^(?:python|source|pip|\./).*?(?=  |$)", text, re.MULTILINE)
    assert commands == [
        "python3 -m venv .venv", "source .venv/bin/activate", "python -m pip install -r requirements.txt",
        "python -m exercise", "python -m exercise hint autoencoder_encoder",
        "python -m exercise check autoencoder_encoder", "./runtests.sh"]
    assert text.index("](pictures/") > text.index("will come out") > text.index("./runtests.sh")
    assert "<!--" not in text and "-->" not in text


def test_sections_for_the_instructor_are_cut_from_markdown(root):
    assert build(root)["README.md"].data.decode() == README[:README.index("<!--")] + "The end.\n"


def test_sections_for_students_are_a_comment_until_they_are_handed_out(root):
    save(root / "sheets/toys.md", "a\n\n<!-- student\nBegin [here](toys.md).\n/student -->\n\nb\n")
    assert build(root)["sheets/toys.md"].data.decode() == "a\n\nBegin [here](toys.md).\n\nb\n"


@pytest.mark.parametrize("text, line, complaint", [
    ("a\n<!-- student\nb\n", 2, "never closed"),
    ("a\n/student -->\n", 2, "out of turn"),
    ("<!-- student\n<!-- instructor -->\n<!-- /instructor -->\n/student -->\n", 2, "out of turn"),
    ("<!-- instructor -->\n/student -->\n", 2, "out of turn"),
    ("a\n<!-- instructor -->\nb\n", 2, "never closed"),
    ("a\n<!-- /instructor -->\n", 2, "out of turn"),
    ("<!-- instructor -->\n\n<!-- instructor -->\n<!-- /instructor -->\n", 3, "out of turn"),
])
def test_unbalanced_sections_are_refused(root, text, line, complaint):
    save(root / "sheets/toys.md", text)
    with pytest.raises(HandoutError, match=rf"^sheets/toys\.md:{line}: .*{complaint}.*$"):
        build(root)


def test_what_only_looks_like_a_link_is_none(root):
    save(root / "sheets/toys.md",
         f"Let $f[x](y)$ be\n$$\nE[x](z)\n$$\nor `a[0](b)`, see [`it`]({ABOVE}/README.md#toys).\n")
    assert "sheets/toys.md" in build(root)


def test_a_link_to_what_is_left_out_is_refused(root):
    save(root / "sheets/toys.md", f"Look at [the speed]({ABOVE}/benchmarks/speed.py), or at [all]({ABOVE}/lib).\n")
    with pytest.raises(HandoutError, match=r"^sheets/toys\.md: it links to \.\./benchmarks/speed\.py, which"):
        build(root)


def test_the_record_holds_what_is_graded_by_and_a_hash_of_each_file(root):
    files = build(root)
    record = json.loads(files["exercise/handout.json"].data)
    kept = {path for path in HANDED_OUT if path.endswith((".py", "course.toml", "setup.cfg"))}
    assert record["texts"] == {path: files[path].data.decode() for path in kept}
    assert set(record["hashes"]) == HANDED_OUT - {"exercise/handout.json"}
    for path, expected in record["hashes"].items():
        assert fingerprint(path, (root / path).read_bytes()) == expected or path == "README.md"


def test_a_fingerprint_is_blind_to_gaps_and_line_ends_alone():
    before = fingerprint("lib/box.py", BOX.encode())
    assert fingerprint("lib/box.py", BOX.replace("product = a * b * c", "pass").encode()) == before
    assert fingerprint("lib/box.py", BOX.replace("\n", "\r\n").encode()) == before
    assert fingerprint("lib/box.py", BOX.replace("return total", "return  total").encode()) != before
    assert fingerprint("lib/box.py", BOX.replace("box_area", "box_arena").encode()) != before
    assert fingerprint("tests/toy.py", BOX.replace("a * b", "a + b").encode()) != \
        fingerprint("tests/toy.py", BOX.encode())
    assert fingerprint("a.png", b"\0\r\n") != fingerprint("a.png", b"\0\n")


def test_the_same_files_give_the_same_bytes_with_git_and_without(root):
    without = build(root)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    os.utime(root / "README.md", (0, 0))
    assert build(root) == without and list(without) == sorted(without)


def test_only_files_that_git_tracks_are_handed_out(root, capsys, tmp_path):
    git(root, "init", "--quiet")
    git(root, "add", ".")
    save(root / "notes.md", "What I think of my students.\n")
    save(root / "data/images.bin", b"\0")
    assert handout(root, tmp_path / "out", rehearse=False) == 0
    assert paths_in(tmp_path / "out") == HANDED_OUT
    assert "git does not track them: notes.md\n" in capsys.readouterr().out


def test_what_git_does_not_track_is_told_in_few_words(root, capsys, tmp_path):
    git(root, "init", "--quiet")
    git(root, "add", ".")
    for number in range(12):
        save(root / f"what they sent/team {number}/lib/box.py", "")
        save(root / f"notes{number:02}.md", "")
    assert handout(root, tmp_path / "out", rehearse=False) == 0
    named = ", ".join(f"notes{number:02}.md" for number in range(10))
    assert f"git does not track them: {named} and 3 more\n" in capsys.readouterr().out
    for number in range(12):
        (root / f"notes{number:02}.md").unlink()
    handout(root, tmp_path / "again", rehearse=False)
    assert "git does not track them: what they sent/\n" in capsys.readouterr().out


def test_ignored_files_stay_behind_without_git_too(root):
    for path in ("results_kl1/model.pth", "data/x", "lib/__pycache__/a.pyc", ".exercise/state.json", "lib/toy.pyc"):
        save(root / path, b"\0")
    save(root / "lib/data/x", b"\0")  # the pattern is anchored
    assert set(build(root)) == HANDED_OUT | {"lib/data/x"}


# what cannot be handed out -------------------------------------------------------------------------------------------

def replace_by_nothing(file):
    file.unlink()


def replace_by_a_folder(file):
    file.unlink()
    file.mkdir()


def replace_by_a_link(file):
    file.rename(file.with_name("elsewhere.txt"))
    try:
        file.symlink_to("elsewhere.txt")
    except OSError:
        pytest.skip("this system makes no symbolic links")


@pytest.mark.parametrize("replace, complaint", [
    (replace_by_nothing, "there is no such file"), (replace_by_a_folder, "no ordinary file|is a folder"),
    (replace_by_a_link, "this is a link")])
@pytest.mark.parametrize("path", ["lib/__init__.py", "feedback.md", "runtests.sh"])
def test_what_is_no_file_is_refused(root, path, replace, complaint):
    git(root, "init", "--quiet")
    git(root, "add", ".")
    replace(root / path)
    with pytest.raises(ValueError, match=complaint) as refusal:
        build(root)
    assert str(refusal.value).startswith(f"{path}:") and "\n" not in str(refusal.value)


@pytest.mark.parametrize("path", ["lib/box.py", "tests/test_boxes.py", "README.md"])
def test_what_is_not_utf8_is_refused(root, path):
    save(root / path, (root / path).read_bytes() + "# café\n".encode("latin-1"))
    with pytest.raises(ValueError, match=rf"^{path}:\d+: the file is not UTF-8 here"):
        build(root)


def test_a_module_that_git_does_not_track_is_missed(root):
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "rm", "--quiet", "--cached", "lib/box.py")
    with pytest.raises(HandoutError, match=r"^lib/box\.py: this file has the gap box_volume, but git does not"):
        build(root)


def test_damaged_markers_are_refused(root):
    save(root / "lib/box.py", BOX.replace("# END TODO ########################\n    return", "return"))
    with pytest.raises(gaps.GapError, match=r"^lib/box\.py:\d+: "):
        build(root)


# where it is written -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("exists", [False, True])
def test_it_goes_into_a_new_or_an_empty_folder(root, tmp_path, exists):
    target = tmp_path / "out"
    if exists:
        target.mkdir()
    assert handout(root, target, rehearse=False) == 0
    assert paths_in(target) == HANDED_OUT
    assert {path.name for path in tmp_path.iterdir()} == {"solved", "out"}


@pytest.mark.skipif(sys.platform == "win32", reason="files have no execute permission")
def test_programs_stay_programs(student):
    folder, _ = student
    assert os.access(folder / "runtests.sh", os.X_OK) and not os.access(folder / "feedback.md", os.X_OK)


@pytest.mark.parametrize("name, complaint", [
    ("full", "is not empty"), ("file", "is no folder"), ("solved/out", "lies inside the repository"),
    ("solved", "lies inside the repository"), ("nowhere/out", "there is no folder")])
def test_nobodys_work_is_overwritten(root, tmp_path, name, complaint):
    save(tmp_path / "full/thesis.txt", "years")
    save(tmp_path / "file", "months")
    before = paths_in(tmp_path)
    with pytest.raises(HandoutError, match=complaint) as refusal:
        handout(root, tmp_path / name, rehearse=False)
    assert "\n" not in str(refusal.value)
    assert paths_in(tmp_path) == before and (tmp_path / "full/thesis.txt").read_text() == "years"


def test_nothing_is_left_where_writing_fails(root, tmp_path, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(leaks, "find", fail)
    with pytest.raises(KeyboardInterrupt):
        handout(root, tmp_path / "out", rehearse=False)
    assert {path.name for path in tmp_path.iterdir()} == {"solved"}


def test_a_full_disk_is_told_in_one_line(root, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr("course.handout.command.write", fail)
    with pytest.raises(HandoutError, match=r"out cannot be written: No space left on device$"):
        handout(root, tmp_path / "out", rehearse=False)


def test_a_handout_with_a_leak_is_not_written(root, tmp_path, capsys):
    save(root / "exercise/gaps.py", "def f(x, y, z):\n    return 2 * (x * y + y * z + z * x)\n")
    assert handout(root, tmp_path / "out", rehearse=False) == 1
    assert "exercise/gaps.py:2: gives away the gap box_area" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# how it is compared --------------------------------------------------------------------------------------------------

def test_a_fresh_handout_is_as_it_would_be_written(root, student, capsys):
    folder, files = student
    assert drift(files, folder) == []
    assert handout(root, folder, check=True) == 0
    assert f"{len(HANDED_OUT)} files" in capsys.readouterr().out


def test_what_a_student_does_is_no_drift(student):
    folder, files = student
    text = files["lib/box.py"].data.decode()
    stub = f"{stub_of('box_area')}\n"
    assert stub in text
    save(folder / "lib/box.py", text.replace(stub, "    # My own comment, right below.\n    total = (\n"))
    save(folder / "feedback.md", "Hours: many\n")
    save(folder / "results_kl1/model.pth", b"\0")
    save(folder / ".exercise/state.json", "{}")
    assert drift(files, folder) == []
    git(folder, "init", "--quiet")
    assert drift(files, folder) == []


def test_drift_is_told_in_a_line_per_file(root, student, capsys):
    folder, files = student
    text = files["lib/box.py"].data.decode()
    save(folder / "lib/box.py", text.replace("return total", "return total + 1"))
    save(folder / "tests/test_boxes.py", "")
    save(folder / "lib/extra.py", "")
    (folder / "setup.cfg").unlink()
    replace_by_a_folder(folder / "course.toml")
    assert handout(root, folder, check=True) == 1
    assert capsys.readouterr().out.splitlines() == [
        "course.toml: missing", "lib/box.py: changed outside of its gaps",
        "lib/extra.py: unexpected: a handout has no such file", "setup.cfg: missing", "tests/test_boxes.py: changed"]


@pytest.mark.parametrize("old, new, complaint", [
    ("six faces", "eight faces", "the instruction of the gap box_area has changed"),
    ("    # The sum over six faces.\n", "", "the instruction of the gap box_area has changed"),
    ("    # END TODO ########################\n    return", "    return", "line 9: gap box_area begins inside"),
    ("# START TODO box_area", "# START TODO box_arena", "changed outside of its gaps")])
def test_drift_of_markers_and_instructions(student, old, new, complaint):
    folder, files = student
    text = files["lib/box.py"].data.decode()
    assert old in text
    save(folder / "lib/box.py", text.replace(old, new))
    (line,) = drift(files, folder)
    assert line.startswith(f"lib/box.py: {complaint}")


def test_drift_of_a_link_and_of_a_file_that_is_not_utf8(student):
    folder, files = student
    save(folder / "lib/box.py", b"# caf\xe9\n")
    replace_by_a_link(folder / "setup.cfg")
    assert drift(files, folder) == [
        "elsewhere.txt: unexpected: a handout has no such file",
        "lib/box.py: line 1: the file is not UTF-8 here: save it with that encoding",
        "setup.cfg: this is no ordinary file"]


@pytest.mark.parametrize("name", ["nowhere", "solved"])
def test_what_is_no_handout_cannot_be_checked(root, tmp_path, name):
    with pytest.raises(HandoutError, match="holds no handout: there is no exercise/handout.json in it"):
        handout(root, tmp_path / name, check=True)


# the first run of its tests ------------------------------------------------------------------------------------------

CONFTEST = '''import pytest


def pytest_addoption(parser):
    parser.addoption("--isolated", action="store_true")


@pytest.fixture
def say(request):
    def note(gap, state, sentence):
        request.node.user_properties += [("gap", gap), ("state", state), ("sentence", sentence)]
        assert state == "solved", sentence
    return note
'''


def test_the_results_of_a_run_are_read(tmp_path):
    save(tmp_path / "conftest.py", CONFTEST)
    save(tmp_path / "tests/__init__.py", "")
    save(tmp_path / "tests/test_a.py", """
import pytest

@pytest.mark.parametrize("n", [1, 2], ids=["one [1]", "two"])
def test_empty(say, n):
    say("box_area", "not started", "not yet\\nmore")

def test_solved(say):
    say("box_volume", "solved", "")

def test_timeless():
    pytest.skip("no time")
""")
    save(tmp_path / "tests/test_b.py", "import nothing_of_that_name\n")
    *results, skipped, broken = sorted(rehearsal.run(tmp_path), key=lambda result: result.name)
    empty = Result("tests/test_a.py::test_empty", "box_area", "not started", False, "not yet\nmore")
    assert results == [empty, empty, Result("tests/test_a.py::test_solved", "box_volume", "solved", True)]
    assert skipped.name == "tests/test_a.py::test_timeless" and not skipped.passed and "no time" in skipped.sentence
    assert broken.name == "tests/test_b.py" and not broken.passed and "nothing_of_that_name" in broken.sentence


def test_complaints_of_a_first_run(root):
    file = "tests/test_boxes.py"
    area, *others = [Result(f"{file}::test_{gap.partition('_')[2]}", gap, "not started", False, "a")
                     for gap in ("box_area", "box_volume", "label_text")]
    others[0] = replace(others[0], state="blocked")
    assert rehearsal.complaints(root, [area, *others]) == []
    assert rehearsal.complaints(root, [area, others[1]]) == [f"{file}::test_volume: this test was not run",
                                                             "the gap box_volume has no test"]
    elsewhere = replace(area, name="tests/test_more.py::test_more")
    assert rehearsal.complaints(root, [elsewhere, *others]) == [f"{file}::test_area: this test was not run"]
    assert rehearsal.complaints(root, [area, *others, replace(area, state="wrong", sentence="it is not right")]) == [
        f"{file}::test_area: the empty gap box_area reads 'wrong' here: it is not right"]
    assert rehearsal.complaints(root, [area, *others, replace(area, state="solved", passed=True, sentence="")]) == [
        f"{file}::test_area: the empty gap box_area reads 'solved' here"]
    broken = Result("tests/test_b.py", "", "", False, "ImportError: x\n1")
    assert rehearsal.complaints(root, [area, *others, broken]) == [
        "tests/test_b.py: fails in the handout: ImportError: x"]


@pytest.mark.slow
def test_a_handout_is_written_after_the_first_run_of_its_tests(root, tmp_path, capsys):
    """The whole toy course, with the real tools."""
    for file in [*ROOT.glob("exercise/**/*.py"), *(ROOT / "tests" / name for name in
                                                   ("__init__.py", "conftest.py", "judge.py")), ROOT / "setup.cfg"]:
        if file.parent.name != "probes":
            save(root / file.relative_to(ROOT), file.read_bytes())
    assert handout(root, tmp_path / "out") == 0
    assert "3 tests: 3 not started, 0 blocked" in capsys.readouterr().err


def test_a_run_that_breaks_off_is_told(tmp_path):
    save(tmp_path / "setup.cfg", "[tool:pytest]\naddopts = --no-such-option\n")
    with pytest.raises(RuntimeError, match=r"broke off \(exit code 4\): .*error.*unrecognized arguments"):
        rehearsal.run(tmp_path)


# this repository -----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="session")
def handed_out(tmp_path_factory):
    """The handout of this repository, from a copy without git, after the first run of its own tests."""
    place = tmp_path_factory.mktemp("real")
    for path in contents.present(ROOT):
        (place / "solved" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, place / "solved" / path)
    assert handout(place / "solved", place / "student") == 0
    return place / "student"


@pytest.mark.slow
def test_every_gap_of_this_repository_is_empty_in_its_handout(handed_out):
    course = table.load(handed_out)
    for name, gap in gaps.read(handed_out).items():
        assert gap.body == gaps.stub(gap, course.where(name)) and gap.instruction
    assert list(course.gaps) == list(table.load(ROOT).gaps)


@pytest.mark.slow
def test_nothing_of_the_instructors_is_in_it(handed_out):
    assert {"course", "benchmarks", ".ci", ".git", "ruff.toml", "requirements-course.txt"}.isdisjoint(
        path.name for path in handed_out.iterdir())
    assert not (handed_out / "tests/repository").exists()
    assert [file.name for file in handed_out.glob(".github/**/*.yml")] == ["classroom.yml"]
    assert "instructor -->" not in (handed_out / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_can_be_imported_as_it_is(handed_out):
    with overlay.install(handed_out):
        for file in sorted(handed_out.glob("lib/**/*.py")):
            importlib.import_module(".".join(file.relative_to(handed_out).with_suffix("").parts))


@pytest.mark.slow
def test_it_keeps_to_the_style(handed_out, monkeypatch):
    monkeypatch.chdir(handed_out)
    report = pycodestyle.StyleGuide(config_file="setup.cfg", quiet=0).check_files(["."])
    assert report.total_errors == 0, report.messages
