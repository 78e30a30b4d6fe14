"""The downloads of learning platforms: who has handed in, under which number, late or not, and which file counts."""

import os
import zipfile
from pathlib import Path

import pytest

from course.grade import intake
from course.grade.forms import members
from course.grade.intake import canvas, moodle

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")
MOODLE = "{}_assignsubmission_file"


@pytest.fixture
def entries(tmp_path):
    """What is found in a folder of these names; a name that ends in a slash is a folder, in .zip a zip."""
    def of(*names):
        for name in names:
            if name.endswith("/"):
                (tmp_path / name).mkdir()
            elif name.endswith(".zip"):
                zipfile.ZipFile(tmp_path / name, "w").close()
            else:
                (tmp_path / name).write_text("")
        return {entry.name: entry for entry in intake.teams(tmp_path)}
    return of


@pytest.mark.parametrize("name, person, number", [
    ("Ada Lovelace_12345_assignsubmission_file_", "Ada Lovelace", "12345"),
    ("Team 1-Ada Lovelace_7_assignsubmission_file", "Team 1-Ada Lovelace", "7"),
    ("Émilie du Châtelet_12_assignsubmission_file_vae.zip", "Émilie du Châtelet", "12"),
    ("Participant_12345_assignsubmission_onlinetext", "Participant", "12345")])
def test_moodle_s_names_hold_person_and_number(name, person, number):
    assert (moodle.parse(name).person, moodle.parse(name).identifier) == (person, number)
    assert canvas.parse(name) is None


@pytest.mark.parametrize("name, person, user, is_late", [
    ("lovelaceada_4321_98765_vae.zip", "lovelaceada", "4321", False),
    ("lovelaceada_LATE_4321_98765_vae-1.zip", "lovelaceada", "4321", True),
    ("team_a_17_18_vae.zip", "team_a", "17", False),
    ("duchâteletémilie_late_12_5_my work.zip", "duchâteletémilie", "12", True)])
def test_canvas_s_names_hold_person_user_and_whether_it_is_late(name, person, user, is_late):
    named = canvas.parse(name)
    assert (named.person, named.identifier, named.is_late) == (person, user, is_late)
    assert moodle.parse(name) is None


@pytest.mark.parametrize("name", ["team 1", "team_1.zip", "group_1_2", "Ada_assignsubmission_file", "_1_2_x.zip"])
def test_plain_names_are_no_platform_s(name):
    assert moodle.parse(name) is None and canvas.parse(name) is None


def test_a_moodle_download_has_an_entry_for_each_participant(entries):
    found = entries(MOODLE.format("Ada Lovelace_12") + "/", MOODLE.format("Ada Lovelace_13") + "_/",
                    "Ada Lovelace_12_assignsubmission_onlinetext/", MOODLE.format("Alan Turing_14") + "_a.zip",
                    MOODLE.format("Alan Turing_14") + "_report.pdf")
    assert {name: (entry.platform, entry.identifier, entry.problem) for name, entry in found.items()} == {
        "Ada Lovelace_12": ("Moodle", "12", ""), "Ada Lovelace_13": ("Moodle", "13", ""),
        "Alan Turing_14": ("Moodle", "14", "")}
    assert found["Alan Turing_14"].place.name.endswith("_a.zip")
    assert found["Ada Lovelace_12"].place.name.endswith("_file") and not found["Ada Lovelace_12"].remarks


def test_of_a_canvas_download_the_newest_version_counts(entries):
    found = entries("doejane_7_100_vae.zip", "doejane_LATE_7_140_vae-2.zip", "doejane_7_120_vae-1.zip",
                    "doejane_7_150_submission.pdf", "roejo_8_99_vae-10.zip", "roejo_8_101_vae-9.zip")
    assert {name: (entry.place.name, entry.is_late) for name, entry in found.items()} == {
        "doejane_7": ("doejane_LATE_7_140_vae-2.zip", True), "roejo_8": ("roejo_8_99_vae-10.zip", False)}
    assert not any(entry.problem or entry.remarks for entry in found.values())


def test_two_zips_of_different_names_are_told(entries):
    entry, = entries("doejane_7_100_vae.zip", "doejane_7_140_all.zip").values()
    assert entry.place.name == "doejane_7_140_all.zip"
    assert entry.remarks == ("'doejane_7_140_all.zip' and 'doejane_7_100_vae.zip' are there: only the first one "
                             "counts",)


@pytest.mark.parametrize("archive, form, paper, older", [
    ("doejane_7_100_vae.zip", "doejane_7_101_declaration.md", "doejane_LATE_7_140_Submission-1.pdf",
     ["doejane_7_102_Submission.pdf"]),
    ("Jane_7_assignsubmission_file_vae.zip", "Jane_7_assignsubmission_file_declaration.md",
     "Jane_7_assignsubmission_file_submission.pdf", [])])
def test_papers_that_were_handed_in_beside_the_zip_are_found(tmp_path, archive, form, paper, older):
    with zipfile.ZipFile(tmp_path / archive, "w") as target:
        target.writestr("lib/x.py", "x = 1\n")
    for name, text in [(form, "- Name: Jane"), (paper, "%PDF-%%EOF"), *((name, "no PDF") for name in older)]:
        (tmp_path / name).write_text(text)
    entry, = intake.teams(tmp_path)
    found = intake.read(entry, ["lib/x.py"], forms=["declaration.md"], documents=["submission.pdf"])
    assert found.texts and found.documents["submission.pdf"].is_whole and not found.problems
    assert found.forms == {"declaration.md": "- Name: Jane"}


def test_who_has_handed_in_neither_folder_nor_zip_has_a_problem(entries):
    entry, = entries("doejane_7_100_submission.pdf").values()
    assert entry.problem.startswith("the submission is neither a folder nor a zip") and entry.identifier == "7"


def test_names_that_do_not_match_the_others_are_told(entries):
    found = entries(MOODLE.format("Ada_12") + "/", MOODLE.format("Bob_13") + "/", "team 3/")
    assert found["team 3"].remarks == ("its name is none of Moodle's, as most others are: nobody's number is in it",)
    assert not found["team 3"].platform and not found["Ada_12"].remarks


def test_one_name_that_looks_like_a_platform_s_is_a_plain_one(entries):
    found = entries("team 1/", "team 2/", "vae_1_2_x.zip")
    assert found["vae_1_2_x"].remarks == (
        "its name looks like one of Canvas's, and most others do not: it is taken as a plain name",)
    assert not any(entry.platform for entry in found.values())


def test_a_zip_in_a_moodle_folder_is_read_however_deep_its_files_lie(tmp_path):
    place = tmp_path / MOODLE.format("Ada_12")
    place.mkdir()
    with zipfile.ZipFile(place / "team.zip", "w") as archive:
        archive.writestr("our work/__MACOSX/._x.py", "")
        archive.writestr("our work/lib/x.py", "x = 1\n")
    entry, = intake.teams(tmp_path)
    assert intake.read(entry, ["lib/x.py"]).texts == {"lib/x.py": "x = 1\n"}


def test_of_two_zips_the_one_with_the_exercise_is_found(tmp_path):
    place = tmp_path / MOODLE.format("Ada_12")
    place.mkdir()
    for name, path in (("data", "images/1.png"), ("team", "lib/x.py"), ("team2", "lib/x.py")):
        with zipfile.ZipFile(place / f"{name}.zip", "w") as archive:
            archive.writestr(path, name)
    (place / "damaged.zip").write_text("")
    entry, = intake.teams(tmp_path)
    found = intake.read(entry, ["lib/x.py"])
    assert found.texts == {"lib/x.py": "team"}
    assert found.problems == ["it holds two zips, team.zip and damaged.zip: only the first one counts"]


@pytest.mark.parametrize("name", ["work.7z", "work.RAR", "work.tar.gz", "work.tgz"])
def test_what_is_packed_in_another_way_is_named(tmp_path, name):
    place = tmp_path / MOODLE.format("Ada_12")
    place.mkdir()
    (place / name).write_text("")
    entry, = intake.teams(tmp_path)
    assert intake.read(entry, ["lib/x.py"]).problems == [
        f"{name} is not opened, and no file of the exercise is beside it: hand in a zip or a folder"]


def test_a_zip_on_the_disk_may_be_larger_than_what_is_read_of_it(tmp_path):
    place = tmp_path / MOODLE.format("Ada_12")
    place.mkdir()
    with zipfile.ZipFile(place / "team.zip", "w") as archive:
        archive.writestr("data/images.bin", bytes(2 ** 20))
        archive.writestr("lib/x.py", "x = 1\n")
    entry, = intake.teams(tmp_path)
    found = intake.read(entry, ["lib/x.py"], intake.Limits(file=2 ** 18))
    assert found.texts == {"lib/x.py": "x = 1\n"} and not found.problems


def test_a_folder_may_be_called_as_a_zip(tmp_path):
    (tmp_path / "team.zip" / "lib").mkdir(parents=True)
    (tmp_path / "team.zip" / "lib" / "x.py").write_text("x = 1\n")
    entry, = intake.teams(tmp_path)
    assert intake.read(entry, ["lib/x.py"]).texts == {"lib/x.py": "x = 1\n"}


def test_blanks_in_a_name_are_single_ones_as_in_a_table(tmp_path):
    (tmp_path / "Ada  Lovelace").mkdir()
    assert intake.teams(tmp_path)[0].name == "Ada Lovelace"


DECLARATION = """## Sheet 1: Boxes

### Members

- Name: Somebody Else

## Sheet 2: More boxes

### Sources and tools

- Name: a book
### Members

- Name: Ada Lovelace, 1234567
- Part in the work: all
- Name:
- Name: Alan \x1bTuring (7654321)
- Name: Ada Lovelace, 1234567
"""


def test_a_declaration_names_the_members_of_the_graded_sheets():
    assert members(DECLARATION, 2, 3) == ("Ada Lovelace, 1234567", "Alan ?Turing (7654321)")
    assert members(DECLARATION, 1, 1) == ("Somebody Else",) and members("", 1, 5) == ()


def test_the_form_that_students_are_given_names_nobody():
    text = (Path(__file__).resolve().parents[2] / "declaration.md").read_text(encoding="utf-8")
    assert members(text, 1, 5) == ()
    assert members(text.replace("- Name:", "- Name: Ada"), 1, 5) == ("Ada",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_form_may_be_saved_as_windows_does(tmp_path, encoding):
    (tmp_path / "team" / "lib").mkdir(parents=True)
    (tmp_path / "team" / "lib" / "x.py").write_text("")
    (tmp_path / "team" / "declaration.md").write_bytes("- Name: Jürgen Groß\r\n".encode(encoding))
    entry, = intake.teams(tmp_path)
    found = intake.read(entry, ["lib/x.py"], forms=["declaration.md", "feedback.md"])
    assert found.forms == {"declaration.md": "- Name: Jürgen Groß\r\n"} and not found.problems


@pytest.mark.parametrize("data", ["- Name: Ada".encode("utf-16-le"), b"\0" * 9, b"\xff\xfe\0\0"])
def test_a_form_of_null_bytes_is_told(tmp_path, data):
    (tmp_path / "team" / "lib").mkdir(parents=True)
    (tmp_path / "team" / "lib" / "x.py").write_text("")
    (tmp_path / "team" / "declaration.md").write_bytes(data)
    entry, = intake.teams(tmp_path)
    problem, = intake.read(entry, ["lib/x.py"], forms=["declaration.md"]).problems
    assert problem == "declaration.md: it holds a null byte in line 1: save it as UTF-8"


def test_a_form_is_read_beside_the_wanted_files_and_may_be_missing(tmp_path):
    for team in ("with", "without", "large"):
        (tmp_path / team / "lib").mkdir(parents=True)
        (tmp_path / team / "lib" / "x.py").write_text("")
    (tmp_path / "with" / "declaration.md").write_text(DECLARATION)
    (tmp_path / "large" / "declaration.md").write_text("x" * 2 ** 21)
    large, there, missing = (intake.read(entry, ["lib/x.py"], forms=["declaration.md"])
                             for entry in intake.teams(tmp_path))
    assert there.forms == {"declaration.md": DECLARATION} and "declaration.md" in there.listed
    assert not missing.forms and not missing.problems and not there.problems
    assert not large.forms and large.problems == ["declaration.md: it is too long: at most 1,048,576 bytes are read"]
