"""Of a git clone the last commit on main until the deadline is read, whatever else its repository holds."""

import os
import shutil
import subprocess
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pytest

from course.grade import intake
from course.grade.intake import Entry, Limits, reading
from tests.repository.clones import Clone, needs_git

BEFORE, AT, AFTER, LATER = "2026-12-01T10:00", "2026-12-01T23:59", "2026-12-02T02:12", "2026-12-03T10:00"
WANTED = ("lib/box.py",)
LIMITS = Limits(files=2_000, file=2 ** 18, memory=400 * 2 ** 20, seconds=30.0)
OTHER = "what is not in that commit does not count: the working tree has something else in lib/box.py"
needs_links = pytest.mark.skipif(os.name != "posix", reason="Windows makes no links without asking")
pytestmark = needs_git


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "team")


def read(place, deadline=AT, commit="", limits=LIMITS):
    """What is read of a submission, which leaves it as it was."""
    seconds = datetime.fromisoformat(deadline).timestamp() if deadline else None
    before = [(path, path.lstat().st_mtime_ns) for path in sorted(place.rglob("*"))]
    found = intake.read(Entry("team", place), WANTED, limits, deadline=seconds, commit=commit)
    assert before == [(path, path.lstat().st_mtime_ns) for path in sorted(place.rglob("*"))]
    return found


def box(found):
    """The text of lib/box.py, and what is wrong with the submission."""
    return found.texts.get("lib/box.py"), found.problems


# which commit counts --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["loose", "packed", "both", "bare", "cloned", "mirrored", "deeper"])
def test_the_last_commit_before_the_deadline_counts_however_it_is_kept(clone, kind):
    first = clone.commit(BEFORE, box="".join(f"line = {number}\n" for number in range(1_000)))
    counts = clone.commit(AT, box="".join(f"line = {number}\n" for number in range(1, 1_000)))
    place = clone.place
    if kind in ("packed", "both"):
        clone.git("gc", "--quiet", "--aggressive")
        assert not list(place.glob(".git/objects/??"))
    clone.commit(AFTER, box="late = 1\n")
    clone.commit(LATER, box="late = 2\n")
    if kind == "packed":
        clone.git("gc", "--quiet")
    (place / "lib/box.py").write_text("not committed\n")
    (place / "lib/other.py").write_text("not committed\n")
    if kind in ("bare", "cloned", "mirrored"):
        flags = {"bare": ["--bare"], "mirrored": ["--mirror"], "cloned": ["--no-checkout"]}[kind]
        clone.git("clone", "--quiet", *flags, str(place), "../copy.git")
        place = place.parent / "copy.git"
    if kind == "deeper":
        (place.parent / "download").mkdir()
        place = place.rename(place.parent / "download" / "team").parent
    found = read(place)
    assert found.texts["lib/box.py"].startswith("line = 1\n") and not found.problems and not found.listed
    assert (found.clone.commit, found.clone.later, found.clone.earlier) == (counts, 2, 0) and counts != first
    assert found.clone.last - found.clone.time > 24 * 3600 and found.clone.branches == ("main",)
    assert read(place, deadline=None).texts == {"lib/box.py": "late = 2\n"}


def test_what_the_host_calls_main_counts(clone):
    """What stands at origin has been pushed; what the clone has beside that has not."""
    pushed = clone.commit(BEFORE, box="pushed\n")
    clone.git("update-ref", "refs/remotes/origin/main", pushed)
    clone.commit(BEFORE, box="not pushed\n")
    found = read(clone.place)
    assert box(found) == ("pushed\n", [])
    assert found.clone.remarks == ("main of the clone and origin/main, that of the host, differ: the host's counts",
                                   OTHER)


def test_a_commit_that_was_merged_after_the_deadline_does_not_count(clone):
    clone.commit(BEFORE, box="on main\n")
    clone.git("checkout", "--quiet", "-b", "dev")
    clone.commit("2026-12-01T20:00", box="on dev\n")
    clone.commit("2026-12-01T21:00", box="on dev again\n")
    clone.git("checkout", "--quiet", "main")
    assert box(read(clone.place)) == ("on main\n", [])
    clone.git("merge", "--quiet", "--no-ff", "--no-edit", "dev", when=AFTER)
    found = read(clone.place)
    assert box(found) == ("on main\n", []) and found.clone.branches == ("dev", "main")
    assert (found.clone.later, found.clone.earlier) == (3, 2)
    assert box(read(clone.place, LATER)) == ("on dev again\n", [])


def test_what_the_host_says_counts_more_than_dates(clone):
    pushed = clone.commit(BEFORE, box="pushed in time\n")
    clone.commit(BEFORE, box="pushed late, and dated back\n")
    found = read(clone.place, commit=pushed)
    assert box(found) == ("pushed in time\n", []) and (found.clone.later, found.clone.earlier) == (1, 1)
    found = read(clone.place, commit="1" * 40)
    assert box(found) == ("pushed late, and dated back\n", [])
    assert "1111111111, which main was at the deadline, is not in the clone" in found.clone.remarks[0]


def test_without_a_commit_in_time_the_last_one_counts(clone):
    clone.commit(AFTER, box="late\n")
    clone.commit(LATER, box="later\n")
    found = read(clone.place)
    assert box(found) == ("later\n", []) and found.clone.time == found.clone.last
    assert found.clone.remarks == ("no commit on main was made before the deadline: the last one counts",)


def test_the_branch_may_be_called_master(clone):
    clone.commit(BEFORE, box="x\n")
    clone.git("branch", "--move", "master")
    found = read(clone.place)
    assert box(found) == ("x\n", []) and "it should be main" in found.clone.remarks[0]


def test_a_clone_without_main_is_told_so(clone):
    clone.commit(BEFORE, box="x\n")
    clone.git("branch", "--move", "trunk")
    assert box(read(clone.place)) == (None, ["the clone has no branch main with commits named by SHA-1 (its branches: "
                                             "trunk)"])


def test_a_clone_without_a_commit_has_its_files_if_it_has_any(clone):
    assert box(read(clone.place)) == (None, ["nothing is committed in its clone"])
    (clone.place / "lib").mkdir()
    (clone.place / "lib/box.py").write_text("x\n")
    found = read(clone.place)
    assert box(found) == ("x\n", ["nothing is committed in its clone: its files count as they are"])
    assert found.clone is None


def test_a_working_tree_that_is_not_as_the_commit_is_told(clone):
    """What is to be seen does not count, and whoever looks at it should know."""
    clone.commit(BEFORE, box="one\ntwo\n")
    (clone.place / "lib/box.py").write_bytes(b"one\r\ntwo\r\n")
    assert read(clone.place).clone.remarks == ()
    (clone.place / "lib/box.py").write_text("not committed\n")
    found = read(clone.place)
    assert box(found) == ("one\ntwo\n", []) and found.clone.remarks == (OTHER,)
    clone.commit(AFTER, box="late\n")
    assert read(clone.place).clone.remarks == ()


def test_a_working_tree_whose_files_were_never_committed_is_told(clone):
    clone.commit(BEFORE)
    (clone.place / "lib").mkdir()
    (clone.place / "lib/box.py").write_text("not committed\n")
    found = read(clone.place)
    assert box(found) == (None, ["no file of the exercise is in it: the folder lib should lie at its top"])
    assert found.clone.remarks == (OTHER,)


@pytest.mark.parametrize("with_git", ["a folder", "a file"])
def test_what_a_platform_has_delivered_counts_as_it_is(clone, with_git):
    """As in a zip: the platform knows when it was handed in, and a student's `.git` is no host's."""
    clone.commit(BEFORE, box="committed\n")
    (clone.place / "lib/box.py").write_text("handed in\n")
    place = clone.place.rename(clone.place.parent / "Ada Lovelace_12_assignsubmission_file")
    if with_git == "a file":
        shutil.rmtree(place / ".git")
        (place / ".git").write_text("gitdir: /somewhere/else\n")
    entry, = intake.teams(place.parent)
    told = ["a clone is in it: its files count as they are, whenever they were committed"]
    assert box(intake.read(entry, WANTED, LIMITS, deadline=0.0)) == ("handed in\n", told)
    assert box(intake.read(entry, WANTED, LIMITS)) == ("handed in\n", [])


def test_a_repository_inside_of_a_plain_folder_is_not_the_submission(clone):
    clone.commit(BEFORE, other="x\n")
    clone.place.rename(clone.place.parent / "vendored")
    (clone.place / "lib").mkdir(parents=True)
    (clone.place / "lib/box.py").write_text("plain\n")
    shutil.move(clone.place.parent / "vendored", clone.place / "vendored")
    found = read(clone.place)
    assert box(found) == ("plain\n", []) and found.clone is None


def test_a_clone_of_the_handout_beside_the_work_is_not_the_submission(clone):
    clone.commit(BEFORE, box="handed out\n")
    team = clone.place.parent / "all"
    (team / "lib").mkdir(parents=True)
    (team / "lib/box.py").write_text("work\n")
    clone.place.rename(team / "handout")
    found = read(team)
    assert box(found) == ("work\n", []) and found.clone is None


def test_of_two_clones_the_first_one_counts_and_both_are_named(tmp_path):
    for name in ("b", "a"):
        Clone(tmp_path / "team" / name).commit(BEFORE, box=f"of {name}\n")
    assert box(read(tmp_path / "team")) == (
        "of a\n", ["the exercise lies in a/ and in b/: only the first one counts"])
    shutil.copytree(tmp_path / "team" / "a" / "lib", tmp_path / "team" / "a" / "backup" / "lib")
    assert len(read(tmp_path / "team").problems) == 1
    for name in ("b", "a"):
        shutil.rmtree(tmp_path / "team" / name / "lib")
    shutil.rmtree(tmp_path / "team" / "a" / "backup")
    assert box(read(tmp_path / "team")) == (
        "of a\n", ["two clones are in it, a/.git and b/.git: only the first one counts"])


def test_a_clone_in_a_zip_counts_as_its_files(clone):
    clone.commit(BEFORE, box="committed\n")
    (clone.place / "lib/box.py").write_text("not committed\n")
    place = Path(shutil.make_archive(str(clone.place), "zip", clone.place))
    assert zipfile.is_zipfile(place)
    assert box(read(place)) == ("not committed\n", ["a clone is in it: its files count as they are, whenever they "
                                                    "were committed"])
    assert box(read(place, deadline=None)) == ("not committed\n", [])


# clones that are not whole --------------------------------------------------------------------------------------------

def test_a_shallow_clone_is_told_so(clone):
    clone.commit(BEFORE, box="x\n")
    clone.commit(AFTER, box="late\n")
    clone.git("clone", "--quiet", "--depth", "1", clone.place.as_uri(), "../shallow")
    found = read(clone.place.parent / "shallow")
    assert box(found) == ("late\n", [])
    assert found.clone.remarks[0] == "the clone is shallow, and its history not whole: make it without --depth"


def test_objects_of_a_neighbour_are_not_looked_at(clone):
    """Its alternates could lead to another team's repository, or to the solution."""
    clone.commit(BEFORE, box="of the neighbour\n")
    clone.git("clone", "--quiet", "--shared", str(clone.place), "../copy")
    text, (problem,) = box(read(clone.place.parent / "copy"))
    assert text is None and "is missing in the clone: clone it again, without --shared or --reference" in problem


def test_a_worktree_leads_elsewhere_and_is_refused(clone):
    clone.commit(BEFORE, box="x\n")
    clone.git("worktree", "add", "--quiet", "-b", "dev", "../tree")
    text, (problem,) = box(read(clone.place.parent / "tree"))
    assert text is None and problem == ".git is no folder but leads to one elsewhere: hand in what `git clone` makes"


def test_other_formats_have_their_lines(clone, tmp_path):
    sha256 = Clone(tmp_path / "sha256", "--object-format=sha256")
    sha256.commit(BEFORE, box="x\n")
    assert "no branch main with commits named by SHA-1" in read(sha256.place).problems[0]
    clone.commit(BEFORE, box="x\n")
    (clone.place / ".git/reftable").mkdir()
    (clone.place / ".git/reftable/tables.list").write_text("")
    assert "clone it with --ref-format=files" in read(clone.place).problems[0]


def test_a_pointer_of_git_lfs_is_not_taken_for_the_file(clone):
    clone.commit(BEFORE, box="version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    assert box(read(clone.place)) == (None, ["lib/box.py: a pointer of Git LFS, without the file that it stands for: "
                                             "keep it in git itself"])


def test_without_dulwich_a_line_says_what_to_install(clone, monkeypatch):
    clone.commit(BEFORE, box="x\n")
    monkeypatch.setattr(reading, "_packages", lambda: "")
    assert box(read(clone.place)) == (None, ["dulwich, which reads clones, is not installed: pip install -r "
                                             "requirements-course.txt"])


@pytest.mark.parametrize("packed", [False, True])
def test_large_files_in_history_or_beside_the_exercise_do_no_harm(clone, packed):
    """Checkpoints that were committed by accident, one of them until today; each is larger than what is read."""
    clone.commit(BEFORE, box="x\n")
    for name in ("gone.pt", "there.pt"):
        (clone.place / name).write_bytes(os.urandom(LIMITS.file) * 3)
    clone.commit(BEFORE)
    (clone.place / "gone.pt").unlink()
    with (clone.place / "there.pt").open("ab") as file:  # packed as a difference
        file.write(b"more")
    clone.commit(BEFORE)
    clone.git("gc", "--quiet") if packed else None
    found = read(clone.place)
    assert box(found) == ("x\n", []) and found.listed == {"there.pt": ""}


def test_a_pointer_of_git_lfs_in_a_plain_folder_is_none_either(clone):
    shutil.rmtree(clone.place / ".git")
    (clone.place / "lib").mkdir()
    (clone.place / "lib/box.py").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    assert "a pointer of Git LFS" in read(clone.place).problems[0]


# hostile --------------------------------------------------------------------------------------------------------------

@needs_links
def test_nothing_in_a_repository_is_executed(clone, tmp_path):
    clone.commit(BEFORE, box="x\n")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "filter.x.smudge", "alias.log"):
        clone.git("config", name, f"!{trap}" if name.startswith("alias") else str(trap))
    clone.git("config", "core.hooksPath", str(tmp_path))
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        shutil.copy(trap, clone.place / ".git/hooks" / hook)
    (clone.place / ".git/info/attributes").write_text("* filter=x\n")
    assert box(read(clone.place)) == ("x\n", []) and not (tmp_path / "sprung").exists()


@needs_links
@pytest.mark.parametrize("what", [".git", ".git/objects", ".git/refs", ".git/refs/heads/main", ".git/HEAD"])
def test_links_to_another_repository_are_not_followed(clone, tmp_path, what):
    neighbour = Clone(tmp_path / "neighbour")
    neighbour.commit(BEFORE, box="of the neighbour\n")
    clone.commit(BEFORE, box="own\n")
    place = clone.place / what
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    place.symlink_to(neighbour.place / what)
    found = read(clone.place)
    assert "of the neighbour" not in str(found) and (found.problems or found.texts == {"lib/box.py": "own\n"})


def test_a_bare_repository_that_was_committed_is_not_the_clone(clone, tmp_path):
    """It could hold what was never pushed to the host."""
    clone.commit(BEFORE, box="pushed\n")
    other = Clone(tmp_path / "other")
    other.commit(BEFORE, box="never pushed\n")
    for name in ("HEAD", "objects", "refs"):
        shutil.move(other.place / ".git" / name, clone.place / name)
    assert box(read(clone.place)) == ("pushed\n", [])
    shutil.rmtree(clone.place / "lib")
    assert box(read(clone.place)) == ("pushed\n", [])


def test_an_object_that_is_not_what_its_name_says_is_refused(clone):
    clone.commit(BEFORE, box="x\n")
    blob = clone.git("rev-parse", "HEAD:lib/box.py").strip()
    clone.object("blob", b"something else\n", blob)
    assert box(read(clone.place)) == (None, [f"lib/box.py: the object {blob} of the clone is damaged "
                                             "(ChecksumMismatch)"])


@pytest.mark.parametrize("kind, what", [("tree", "HEAD"), ("commit", "HEAD:lib/box.py")])
def test_an_object_of_another_kind_is_refused(clone, kind, what):
    clone.commit(BEFORE, box="x\n")
    wrong = clone.git("rev-parse", what).strip()
    if kind == "tree":
        clone.point_main_at(wrong)
    else:
        (clone.place / ".git/refs/heads/main").write_text(wrong)
    assert box(read(clone.place)) == (None, [f"the object {wrong} of the clone is no {kind}"])


def test_what_a_tree_should_not_hold_is_told(clone):
    blob = clone.object("blob", b"x\n")
    lib = clone.tree(("100644", "box.py", blob), ("120000", "link", blob), ("160000", "module", blob),
                     ("100644", "twice", blob), ("100644", "twice", blob), ("100644", "..", blob), ("777", "odd", blob))
    clone.point_main_at(clone.tree(("40000", "lib", lib), ("100644", "lib/box.py", blob), ("40000", "..", lib)))
    text, problems = box(read(clone.place))
    assert text == "x\n" and sorted(problems) == [
        "..: a name that no file can have", "lib/..: a name that no file can have",
        "lib/link: a link, which is not followed: hand in what it leads to",
        "lib/module: a submodule, which is not looked at: hand in its files", "lib/odd: no file",
        "lib/twice: in the commit more than once: it is not clear which one counts"]


def test_a_tree_that_holds_another_one_again_and_again(clone):
    tree = clone.tree(("100644", "box.py", clone.object("blob", b"x\n")))
    for _ in range(14):
        tree = clone.tree(*(("40000", name, tree) for name in ("a", "b", "c", "lib")))
    clone.point_main_at(tree)
    text, problems = box(read(clone.place))
    assert text is None and any("more than 2,000 files" in problem for problem in problems)


@pytest.mark.parametrize("claimed", ["right", "small"])
def test_a_bomb_is_not_unpacked(clone, claimed):
    """8 MB in 8 KB: as a file of the exercise, and as the commit itself."""
    whole = bytes(2 ** 23)
    bomb = clone.object("blob", whole)
    if claimed == "small":
        (clone.place / ".git/objects" / bomb[:2] / bomb[2:]).write_bytes(zlib.compress(b"blob 2\0" + whole))
    clone.point_main_at(clone.tree(("40000", "lib", clone.tree(("100644", "box.py", bomb)))))
    problem = {"right": "it is too long: at most 262,144 bytes are read",
               "small": f"the object {bomb} of the clone is damaged (ChecksumMismatch)"}[claimed]
    assert box(read(clone.place)) == (None, [f"lib/box.py: {problem}"])
    (clone.place / ".git/refs/heads/main").write_text(bomb)
    assert box(read(clone.place)) == (None, [problem])


@pytest.mark.parametrize("damage", ["pack cut", "pack overwritten", "index overwritten", "index gone", "both empty"])
def test_a_damaged_pack_is_told(clone, damage):
    clone.commit(BEFORE, box="x = 1\n" * 100)
    clone.git("gc", "--quiet")
    (pack,), (index,) = clone.place.glob(".git/objects/pack/*.pack"), clone.place.glob(".git/objects/pack/*.idx")
    for file in (pack, index):
        file.chmod(0o644)
    if damage == "index gone":
        index.unlink()
    elif damage == "both empty":
        pack.write_bytes(b"")
        index.write_bytes(b"")
    else:
        file = index if damage.startswith("index") else pack
        data = file.read_bytes()
        file.write_bytes(data[:40] if damage == "pack cut" else data[:20] + bytes(len(data) - 40) + data[-20:])
    text, problems = box(read(clone.place))
    assert text is None and len(problems) == 1 and "clone" in problems[0]


def test_names_of_branches_steer_nothing(clone):
    clone.commit(BEFORE, box="x\n")
    name = clone.git("rev-parse", "HEAD").strip()
    (clone.place / ".git/packed-refs").write_text(f"{name} refs/heads/\x1b[31m\u202e\n{name} refs/heads/{'a' * 900}\n")
    branches = read(clone.place).clone.branches
    assert len(branches) == 3 and all(branch.isprintable() and len(branch) < 250 for branch in branches)


@needs_links
def test_git_is_not_started(clone, monkeypatch, tmp_path):
    """A program of this name in the path would leave a trace."""
    clone.commit(BEFORE, box="x\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\n: > {tmp_path}/started\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert box(read(clone.place)) == ("x\n", []) and not (tmp_path / "started").exists()
    subprocess.run(["git"], check=True)
    assert (tmp_path / "started").exists()
