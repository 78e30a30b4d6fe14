"""What is read of a submission: honest ones whole, however they are packed; of hostile ones what is harmless."""

import dataclasses
import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from course.grade import intake
from course.grade.intake import Entry, Limits, Submission, reading
from course.grade.intake.folders import Folder
from course.grade.intake.tree import Budget, Refused
from course.hostile.submissions import ALL, CHANGED, FOLDERS, KEPT, LOST, lay, victim
from course.hostile.zips import ZIPS
from exercise.problem import Problem
from exercise.source import handed_out
from tests.repository import clones

ROOT = Path(__file__).resolve().parents[2]
FILES = {f"lib/{name}.py": f'"""Module {name}."""\n\n{name.upper()} = "é"\n'.encode()
         for name in ("model_vae", "loss_vae", "elbo")}
TEXTS = {path: data.decode() for path, data in FILES.items()}
LIMITS = Limits(files=2_000, file=2 ** 24, total=2 ** 25, memory=400 * 2 ** 20, seconds=30.0)
HOSTILE = {hostile.name: hostile for hostile in [*FOLDERS, *ZIPS]}
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limits, or names")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """What is read of each hostile submission in a class, by name, and that reading it has written nothing."""
    folder = tmp_path_factory.mktemp("class") / "submissions"
    lay(folder / "honest", FILES)
    for hostile in HOSTILE.values():
        hostile.build(folder / f"{hostile.name}{hostile.suffix}", FILES)
    before = everything_in(folder.parent)
    entries = intake.teams(folder)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda entry: read(entry.place), entries)
    yield {entry.name: submission for entry, submission in zip(entries, found, strict=True)}
    assert everything_in(folder.parent) == before
    shutil.rmtree(folder)


def everything_in(folder):
    """The paths below a folder, with what changes when somebody writes there; too deep ones are left out."""
    found = {}
    for place, folders, files in os.walk(folder):
        for path in (os.path.join(place, name) for name in [*folders, *files] if len(place) < 2_000):
            status = os.lstat(path)
            found[path] = status.st_mode, status.st_size, status.st_mtime_ns
    return found


def read(place, wanted=TEXTS, **limits):
    return intake.read(Entry("team", Path(place)), wanted, dataclasses.replace(LIMITS, **limits))


# hostile and odd ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_are_as_they_should_be_are_read(team, name):
    fate, whole = HOSTILE[name].fate, {path: text for path, text in TEXTS.items() if path != victim(FILES)}
    texts = dict(team[name].texts)
    changed = texts.pop(victim(FILES), None)
    assert texts == ({} if fate == ALL else whole)
    assert {KEPT: changed == TEXTS[victim(FILES)], CHANGED: changed not in (None, TEXTS[victim(FILES)]),
            LOST: changed is None, ALL: changed is None}[fate]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_is_told_in_lines(team, name):
    problems, says = team[name].problems, HOSTILE[name].says
    assert any(says in line for line in problems) if says else problems == []
    assert all(line.isprintable() and len(line) < 700 for line in problems)
    assert len(problems) <= LIMITS.problems + 1


def test_the_others_of_the_class_are_unaffected(team):
    assert team["honest"] == Submission(TEXTS)


def test_no_path_leaves_the_zip(team):
    found = team["paths_that_leave_the_zip"]
    assert found.listed == {} and len(found.problems) == 7
    assert all(line.endswith(": a path that leaves the zip") for line in found.problems)


@pytest.mark.parametrize("name", ["zipped.zip", "folder"])
def test_an_entry_that_has_become_a_link_since(tmp_path, name):
    lay(tmp_path / "solved" / "folder", FILES)
    HOSTILE["plain"].build(tmp_path / "solved" / "zipped.zip", FILES)
    (tmp_path / name).symlink_to(tmp_path / "solved" / name)
    found = read(tmp_path / name)
    assert found.texts == {} and len(found.problems) == 1


def test_each_way_to_hand_in_is_there(team):
    """All of them are read, and each kind of fate is met."""
    assert team.keys() == {*HOSTILE, "honest"}
    assert {hostile.fate for hostile in HOSTILE.values()} == {ALL, CHANGED, KEPT, LOST}


# what is listed -------------------------------------------------------------------------------------------------------

def test_other_files_are_listed_with_their_fingerprints(tmp_path):
    lay(tmp_path / "team" / "deeper", FILES | {"notes/a.txt": b"one\r\ntwo\r\n", ".git/config": b"", "venv/x.py": b""})
    (tmp_path / "team" / "beside.txt").write_text("not in the repository")
    listed = read(tmp_path / "team", ["lib/elbo.py"]).listed
    assert listed.keys() == {"lib/model_vae.py", "lib/loss_vae.py", "notes/a.txt"}
    assert listed["notes/a.txt"] == handed_out.fingerprint("notes/a.txt", b"one\ntwo\n")


def test_a_file_that_is_too_large_or_damaged_is_listed_without_a_fingerprint(tmp_path):
    lay(tmp_path / "team", FILES | {"large.bin": bytes(2_000), "lib/damaged.py": b"# START TODO ????\n"})
    assert read(tmp_path / "team", file=1_000).listed == {"large.bin": "", "lib/damaged.py": ""}


def test_planted_files_are_listed(team):
    assert {"conftest.py", "pytest.ini", "sitecustomize.py", "lib/__init__.py"} <= team["planted_files"].listed.keys()


# a data set beside the work -------------------------------------------------------------------------------------------

PAPERS = {"declaration.md": b"## Sheet 1", "submission.pdf": b"%PDF-1.7\n%%EOF\n", "task_3/a.txt": b"a",
          "notebooks/2_vae.ipynb": b'{"cells": [{"cell_type": "code", "outputs": [1]}]}', "sheets/1.md": b"# One"}


def laid(tmp_path, kind, files):
    """A submission of these files, in their order, however it is packed."""
    if kind == "zip":
        with zipfile.ZipFile(tmp_path / "team.zip", "w") as archive:
            for path, data in files.items():
                archive.writestr(path, data)
        return tmp_path / "team.zip"
    lay(tmp_path / "team", files)
    if kind == "clone":
        clone = clones.Clone(tmp_path / "team")
        clone.commit("2026-12-01T10:00")
        clone.git("gc", "--quiet")
    return tmp_path / "team"


@pytest.fixture(params=["folder", "zip", pytest.param("clone", marks=clones.needs_git)])
def read_beside(request, tmp_path):
    """What is read of the work and its papers with other files before them."""
    def of(others, **limits):
        return intake.read(Entry("team", laid(tmp_path, request.param, others | FILES | PAPERS)), TEXTS,
                           dataclasses.replace(LIMITS, **limits), forms=["declaration.md"], known=["sheets/1.md"],
                           documents=["submission.pdf", "notebooks/2_vae.ipynb"])
    return of


def is_whole(found):
    """Whether nothing of the work is missing."""
    return (found.texts == TEXTS and found.forms.keys() == {"declaration.md"} and PAPERS.keys() <= found.listed.keys()
            and [paper.is_whole for paper in found.documents.values()] == [True, True])


@pytest.mark.parametrize("crowd, complaint", [
    (50, "data: a folder with more than 50 files in it: none of them is looked at"),
    (100, "63 files beside those of the exercise: 18 are listed")])
def test_many_files_hide_nothing(read_beside, crowd, complaint):
    found = read_beside({f"data/{number}.png": b"1" for number in range(60)}, listed=20, crowd=crowd)
    assert is_whole(found) and found.problems == [complaint]


def test_more_files_than_are_looked_at_below_the_others_hide_nothing(read_beside):
    found = read_beside({f"data/a/{number}.png": b"1" for number in range(90)}, files=60)
    assert is_whole(found) and found.problems == ["more than 60 files: not all of them are looked at"]


def test_large_files_hide_nothing(read_beside):
    """What was handed out comes first, too: where it is not read, it would seem to be changed."""
    found = read_beside({f"data{number}/a.bin": bytes([number]) * 5_000 for number in range(8)}, total=20_000)
    assert is_whole(found) and found.listed["sheets/1.md"] and "" in found.listed.values() and not found.problems


def test_of_two_folders_that_are_equally_deep_the_one_with_more_of_the_exercise_counts(tmp_path):
    lay(tmp_path / "team", {f"b/{path}": data for path, data in FILES.items()} | {"a/lib/elbo.py": b"old"})
    found = read(tmp_path / "team")
    assert found.texts == TEXTS
    assert found.problems == ["the exercise lies in b/ and in a/: only the first one counts"]


def test_what_lies_deeper_and_is_missing_above_is_told(tmp_path):
    lay(tmp_path / "team", {f"work/{path}": data for path, data in FILES.items()} | {"lib/elbo.py": b"old"})
    found = read(tmp_path / "team")
    assert found.texts == {"lib/elbo.py": "old"}
    assert found.problems[0] == "the exercise lies in its main folder and in work/: only the first one counts"


def test_a_folder_of_everything_is_told(tmp_path):
    lay(tmp_path / "team", FILES | {f"{number}.png": b"" for number in range(60)})
    found = read(tmp_path / "team", crowd=50)
    assert found.problems[-1] == "it is a folder with more than 50 files in it: none of them is looked at"


def test_papers_are_found_in_other_capitals(tmp_path):
    lay(tmp_path / "team", FILES | {"Declaration.MD": b"1", "Submission.PDF": b"", "submission.pdf": b"%PDF-%%EOF"})
    found = intake.read(Entry("team", tmp_path / "team"), TEXTS, LIMITS, ["declaration.md"], ["submission.pdf"])
    assert found.forms == {"declaration.md": "1"} and found.documents["submission.pdf"].is_whole


@pytest.mark.parametrize("kind", ["beside a zip", "in a zip, beside the repository"])
def test_papers_may_lie_beside_the_repository(tmp_path, kind):
    where = tmp_path / "team" if kind == "beside a zip" else tmp_path / "work"
    lay(where / "repository", FILES)
    if kind == "beside a zip":
        shutil.make_archive(str(where / "code"), "zip", where / "repository")
        shutil.rmtree(where / "repository")
    lay(where, {"submission.pdf": b"%PDF-%%EOF", "declaration.md": b"1"})
    place = where if kind == "beside a zip" else shutil.make_archive(str(tmp_path / "team"), "zip", where)
    found = intake.read(Entry("team", Path(place)), TEXTS, LIMITS, ["declaration.md"], ["submission.pdf"])
    assert found.texts == TEXTS and found.forms == {"declaration.md": "1"}
    assert found.documents["submission.pdf"].is_whole and found.listed.keys() == {"submission.pdf"}


def test_a_document_that_cannot_be_read_is_there(tmp_path):
    lay(tmp_path / "team", FILES)
    (tmp_path / "team" / "submission.pdf").symlink_to("elsewhere.pdf")
    found = intake.read(Entry("team", tmp_path / "team"), TEXTS, LIMITS, documents=["submission.pdf"])
    assert found.documents["submission.pdf"].words == "a link, which is not followed: hand in what it leads to"


# limits ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("limits, complaint", [
    ({"text": 10}, "lib/elbo.py: it is too long: at most 10 bytes are read"),
    ({"texts": 60}, "lib/model_vae.py: it is too long: at most "),
    ({"total": 60}, "lib/model_vae.py: the submission is too large"),
    ({"files": 2}, "more than 2 files: not all of them are looked at"),
    ({"depth": 1}, "lib: a folder that lies too deep"),
    ({"name": 10}, "lib/model_vae.py: a path that is too long"),
    ({"listed": 1}, "2 files beside those of the exercise: 1 are listed"),
])
def test_each_limit_has_its_line(tmp_path, limits, complaint):
    lay(tmp_path / "team", FILES | {"a.txt": b"", "b.txt": b""})
    assert any(line.startswith(complaint) for line in read(tmp_path / "team", **limits).problems)


def test_a_file_that_is_longer_than_it_was(tmp_path):
    """It may grow between the listing and the reading."""
    lay(tmp_path / "team", FILES)
    tree = Folder(str(tmp_path), "team", LIMITS, Budget(1_000))
    tree.files["lib/elbo.py"] = 0
    with pytest.raises(Refused, match="too long: at most 5 bytes"):
        tree.read("lib/elbo.py", 5)


def test_many_problems_are_counted(tmp_path):
    lay(tmp_path / "team", FILES)
    for number in range(9):
        (tmp_path / "team" / f"link{number}").symlink_to("nowhere")
    *lines, last = read(tmp_path / "team", problems=4).problems
    assert len(lines) == 4 and last == "and 5 problems more"


@pytest.mark.parametrize("code, complaint", [
    ("while True: pass", "it could not be read: no end within 1 s"),
    ("import os; os._exit(3)", "it could not be read: the process that reads it ended with exit code 3"),
    ("import sys\nwhile True: sys.stdout.write('x' * 2 ** 20)", "it could not be read: there is too much of it"),
    *((f"print({reply})", "it could not be read: the process that reads it gave no proper reply") for reply in (
        "''", "'[]'", "'[' * 100_000", """'{"texts": {}, "forms": {}, "listed": {}, "problems": [1]}'""")),
])
def test_a_child_that_gives_no_reply(tmp_path, monkeypatch, code, complaint):
    monkeypatch.setattr(reading, "_START", code)
    lay(tmp_path / "team", FILES)
    assert read(tmp_path / "team", seconds=1.0, texts=10) == Submission(problems=[complaint])


@linux_only
def test_a_child_that_computes_for_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_START", reading._START.replace(
        "from course.grade.intake.child import main; main()",
        "from course.grade.intake.limits import Limits; Limits(cpu=1).impose()\nwhile True: pass"))
    lay(tmp_path / "team", FILES)
    assert read(tmp_path / "team", cpu=1).problems == ["it could not be read: no end within 1 s of computing"]


@pytest.mark.parametrize("has_begun", [True, False])
def test_ctrl_c_leaves_nothing_that_waits(tmp_path, monkeypatch, has_begun):
    class Clock(threading.Timer):
        def start(self):
            if has_begun:
                super().start()
            raise KeyboardInterrupt
    monkeypatch.setattr(threading, "Timer", Clock)
    lay(tmp_path / "team", FILES)
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path / "team")
    assert not any(isinstance(thread, Clock) for thread in threading.enumerate())


@linux_only
def test_a_child_without_memory_says_so(tmp_path):
    os.truncate(lay(tmp_path / "team", FILES), 2 ** 28)
    assert read(tmp_path / "team", memory=2 ** 27, text=2 ** 29, texts=2 ** 29, total=2 ** 29).problems == [
        "it cannot be read within 128 MB of memory"]


@linux_only
def test_a_file_beyond_the_memory_is_listed_as_any_other(tmp_path):
    lay(tmp_path / "team", FILES | {"notes.txt": b"1"})
    os.truncate(lay(tmp_path / "team", {"large.bin": b""}), 2 ** 30)
    found = read(tmp_path / "team", memory=2 ** 28, file=2 ** 31, total=2 ** 31)
    assert found.texts == TEXTS and found.problems == []
    assert found.listed == {"large.bin": "", "notes.txt": handed_out.fingerprint("notes.txt", b"1")}


@linux_only
def test_a_child_writes_nothing(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom course.grade.intake import Limits\n" \
           "Limits().impose()\nprint('no', open(sys.argv[1], 'wb', buffering=0).write(b'x'))"
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path / "file")], capture_output=True, text=True)
    assert "File too large" in ran.stderr and (tmp_path / "file").read_bytes() == b""


def test_the_grader_s_own_memory_is_bounded(tmp_path):
    for name in ("bomb", "overlapping_bomb", "right_gap_and_half_a_gigabyte", "large_data", "deeply_nested_source"):
        HOSTILE[name].build(tmp_path / f"{name}{HOSTILE[name].suffix}", FILES)
    tracemalloc.start()
    for entry in intake.teams(tmp_path):
        intake.read(entry, TEXTS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 2 ** 20


# teams ----------------------------------------------------------------------------------------------------------------

def test_one_entry_for_each_team(tmp_path):
    for name in ("Team 2", "b", ".hidden", "__MACOSX"):
        (tmp_path / name).mkdir()
    for name in ("a.ZIP", "c.tar.gz", "Thumbs.db", "desktop.ini", ".DS_Store", "._a.zip"):
        (tmp_path / name).touch()
    (tmp_path / "d").symlink_to("b")
    found = intake.teams(tmp_path)
    assert [(entry.name, entry.place.name) for entry in found] == [
        ("Team 2", "Team 2"), ("a", "a.ZIP"), ("b", "b"), ("c.tar.gz", "c.tar.gz"), ("d", "d")]
    assert [entry.problem for entry in found] == [
        "", "", "", "the submission is neither a folder nor a zip: hand in one of these",
        "the submission is a link, which is not followed: put the folder or zip itself there"]
    assert intake.read(found[-1], TEXTS) == Submission(problems=[found[-1].problem])


@linux_only
@pytest.mark.parametrize("name, safe", [
    ("Groß & Söhne", "Groß _ Söhne"), ("=1+1", "_1+1"), ("a|b\n[c](d)<e>", "a_b__c__d__e_"), ("-rf", "rf"),
    ("CON", "CON_"), ("x" * 200, "x" * 100), ("e\u0301", "é"), ("\x1b[31m", "__31m"), ("…", "_"), ("  ", "_"),
    ("a. .", "a")])
def test_names_are_made_safe(tmp_path, name, safe):
    (tmp_path / name).mkdir()
    assert [entry.name for entry in intake.teams(tmp_path)] == [safe]


@linux_only
@pytest.mark.parametrize("names", [("a|b", "a?b"), ("team", "team.zip"), ("Team", "team")])
def test_two_entries_of_one_name_are_an_error(tmp_path, names):
    for name in names:
        (tmp_path / name).mkdir() if not name.endswith(".zip") else (tmp_path / name).touch()
    with pytest.raises(Problem, match=r"'.*' and '.*' would both be the team .*: rename one of them") as caught:
        intake.teams(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_teams_is_an_error(tmp_path):
    with pytest.raises(Problem, match="there should be a folder with one entry per team"):
        intake.teams(tmp_path / "none")
    (tmp_path / "download.zip").touch()
    with pytest.raises(Problem, match=r"\(Not a directory\): unpack it into one"):
        intake.teams(tmp_path / "download.zip")
    (tmp_path / "download.zip").unlink()
    (tmp_path / ".DS_Store").touch()
    with pytest.raises(Problem, match="no submission is in it"):
        intake.teams(tmp_path)


def test_the_way_to_the_class_may_be_a_link(tmp_path):
    """It is the instructor's, and on some systems the folder for temporary files is one."""
    lay(tmp_path / "class" / "team", FILES)
    (tmp_path / "link").symlink_to("class")
    (entry,) = intake.teams(tmp_path / "link")
    assert intake.read(entry, TEXTS).texts == TEXTS
