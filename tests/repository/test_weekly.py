"""A handout a week: what is there of which sheet, the next one laid over the last, and a student who pulls it."""

import functools
import itertools
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from course.__main__ import main
from course.browser import BrowserError
from course.handout import command, contents, leaks, papers
from course.handout.chosen import HandoutError, choose
from course.handout.command import drift, handout, write
from course.handout.contents import File
from exercise.commands import resetting
from exercise.source import gaps, handed_out, places, table
from lib.support.scripts.command_line import script
from lib.support.scripts.empty_gaps import left_out_if_empty
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
ABOVE = ".."  # in a link of a sheet, the folder above its own
SOLVED = {"box_volume": "product = a * b * c", "label_text": 'joined = " ".join(words)',
          "box_area": "total = 2 * (a * b + b * c + c * a)"}
SHEETS = {1: ["box_volume"], 2: ["label_text"], 3: ["box_area"]}

TABLE = "# The table.\n\n" + "\n".join(f'''[[sheet]]
number = {number}
scripts = ["draw_{number}.py"]
title = "Sheet {number}"
points = 1

[[sheet.task]]
title = "Task"
points = 1
kind = "auto"

[[sheet.task.gap]]
id = "{name}"
points = 1
hints = ["A first hint for {name}.", "A second one."]
''' for number, (name,) in SHEETS.items()) + '''
# Appended to every sheet.

[[every_sheet]]
title = "Code style"
points = 1
kind = "bonus"
'''
README = """# Boxes

![A box](pictures/box.png)

<!-- sheet 2 -->
## Labels

`python draw_2.py` draws a [label](pictures/label.png).
<!-- /sheet 2 -->

| command | |
|---|---|
| `python draw_1.py` | a box |
| `python draw_3.py` | a crate<!-- sheet 3 --> |

<!-- sheet 3 -->
See [the sheet](sheets/3_crates.md).
<!-- /sheet 3 -->

The end.
"""
FILES = {
    "course.toml": TABLE, "README.md": README, "feedback.md": "Hours:\n",
    "draw_1.py": "from lib import box\nfrom lib.support import paper\n", "draw_2.py": "import lib.label\n",
    "draw_3.py": "def main():\n    from lib.extras.crate import Crate\n",
    "lib/support/__init__.py": "", "lib/support/paper.py": "A4 = 1\n", "lib/support/unused.py": "A5 = 2\n",
    "lib/extras/__init__.py": "", "lib/extras/crate.py": "from lib import box\nfrom lib.extras import planks\n",
    "lib/extras/planks.py": "OAK = 1\n",
    "pictures/box.png": b"\x89PNG", "pictures/label.png": b"\x89PNG\0", "pictures/crate.png": b"\x89PNG\0\0",
    "sheets/1_boxes.md": "# Boxes\n", "sheets/3_crates.md": f"![A crate]({ABOVE}/pictures/crate.png), `box_area`\n",
    "notebooks/2_labels.py": "# %%\nprint(2)\n", ".gitattributes": (ROOT / ".gitattributes").read_bytes(),
}
NEW = {  # what comes with the second and the third sheet
    2: {"draw_2.py", "lib/label.py", "exercise/probes/labels.py", "tests/test_label_text.py", "pictures/label.png",
        "notebooks/2_labels.ipynb"},
    3: {"draw_3.py", "lib/extras/__init__.py", "lib/extras/crate.py", "lib/extras/planks.py", "pictures/crate.png",
        "tests/test_box_area.py", "tests/squares.py", "sheets/3_crates.md"},
}


def save(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def git(folder, *words):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def paths_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(folder).parts}


def built(root, sheets=None):
    return contents.build(root, choose(table.load(root), sheets))


def text_of(files, path):
    return files[path].data.decode()


def body_of(root, gap):
    return places.find(root).gaps[gap].body


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """In place of a browser, which takes its time."""
    def pretend(root, files):
        texts = [path for path in files if path.startswith("sheets/") and path.endswith(".md")]
        return {f"{path[:-3]}.pdf": File(b"%PDF\0" + files[path].data) for path in texts}
    monkeypatch.setattr(command, "printed", pretend)


@pytest.fixture
def root(tmp_path):
    """A solved course of three sheets, of which the first and the third share a module."""
    root = toys.copy(tmp_path / "solved", "lib", "exercise")
    for path, content in FILES.items():
        save(root / path, content)
    probes = (root / "exercise/probes/boxes.py").read_text()
    boxes, _, labels = probes.partition("\n\ndef text(")
    save(root / "exercise/probes/boxes.py", boxes)
    save(root / "exercise/probes/labels.py", f'"""Labels."""\n\n\ndef text({labels}')
    head, *tests = (toys.FOLDER / "tests/test_boxes.py").read_text().split("\n\n@pytest.mark")
    for test in tests:
        name = re.search(r'gap\("(\w+)"\)', test)[1]
        imports = head.replace("boxes as probes", "labels as probes") if name == "label_text" else head
        more = "from tests import squares\n" if name == "box_area" else ""
        save(root / f"tests/test_{name}.py", f"{imports}{more}\n\n@pytest.mark{test}")
    save(root / "tests/squares.py", "FOUR = 4\n")
    return root


# what it holds -------------------------------------------------------------------------------------------------------

def test_a_file_comes_with_the_first_sheet_that_needs_it(root):
    files = [set(built(root, str(number))) for number in (1, 2, 3)]
    assert files[1] - files[0] == NEW[2] and files[2] - files[1] == NEW[3]
    assert files[0] < files[1] < files[2] == set(built(root))
    assert {"lib/support/unused.py", "feedback.md", "exercise/probes/boxes.py"} <= files[0]


@pytest.mark.parametrize("words, empty, published", [
    ("1", {1}, set()), ("2", {2}, {1}), ("3", {3}, {1, 2}), ("1-2", {1, 2}, set()), ("2-3", {2, 3}, {1}),
    ("1-3", {1, 2, 3}, set()), (None, {1, 2, 3}, set())])
def test_gaps_are_empty_solved_or_not_there(root, tmp_path, words, empty, published):
    write(built(root, words), tmp_path / "student")
    found = {name: gap.body for name, gap in gaps.read(tmp_path / "student").items()}
    assert found.keys() == {name for number in empty | published for name in SHEETS[number]}
    solved = {name: gap.body for name, gap in gaps.read(root).items()}
    for number in published:
        assert all(found[name] == solved[name] for name in SHEETS[number])
    for number in empty:
        assert all(found[name] == f'    raise NotImplementedError("TODO {name}: sheet {number}, task 1")\n'
                   for name in SHEETS[number])


def test_of_a_later_gap_no_word_is_left(root):
    files = built(root, "1")
    assert not [path for path, file in files.items() if b"box_area" in file.data or b"six faces" in file.data]
    assert text_of(files, "lib/box.py").endswith(
        'def area(a, b, c):\n    raise NotImplementedError("TODO sheet 3")\n    return total\n')


def test_the_table_ends_with_the_last_sheet_and_is_the_same_to_the_byte(root):
    first, second, third = (text_of(built(root, words), "course.toml") for words in ("1", "2", "1-3"))
    assert third == TABLE
    blocks = re.split(r"(?=\[\[sheet\]\]|# Appended)", TABLE)
    assert first == blocks[0] + blocks[1] + blocks[4] and second == "".join(blocks[:3]) + blocks[4]


@pytest.mark.parametrize("place", ["# The table.", "\n# Appended", ""])
def test_rules_stay_wherever_they_stand(root, place):
    rules = '\n# What else counts.\n\n[rules]\nchanges = "warning"\n'
    save(root / "course.toml", TABLE.replace(place, rules + place, 1) if place else TABLE + rules)
    text = text_of(built(root, "1"), "course.toml")
    assert rules in text and table.parse(text).rules == {"changes": 0} and "Sheet 2" not in text


def test_what_passing_takes_is_in_the_table_of_each_week(root):
    save(root / "course.toml", TABLE.replace("# Appended", "[passing]\nshare = 0.5\nall_sheets = true\n\n# Appended"))
    for words in ("1", "1-3"):
        assert table.parse(text_of(built(root, words), "course.toml")).passing == table.Passing(Fraction(1, 2), True)


def test_a_table_with_another_way_of_writing_is_refused(root):
    save(root / "course.toml", TABLE.replace("[[sheet]]\nnumber = 3", "[[ sheet ]]\nnumber = 3"))
    with pytest.raises(HandoutError, match=r"^course\.toml: the sheets after sheet 2 cannot be cut out"):
        built(root, "2")


def test_texts_speak_of_no_later_sheet(root):
    first, second, third = (text_of(built(root, words), "README.md") for words in ("1", "2", "3"))
    assert first == "# Boxes\n\n![A box](pictures/box.png)\n\n| command | |\n|---|---|\n" \
                    "| `python draw_1.py` | a box |\n\nThe end.\n"
    assert "## Labels" in second and "a crate" not in second and "sheets/" not in second
    assert third == re.sub(r"<!-- .*? -->\n?(?=\n| \||See|##)", "", README).replace("<!-- /sheet 2 -->\n", "")


@pytest.mark.parametrize("text, complaint", [
    ("<!-- sheet 4 -->\na\n<!-- /sheet 4 -->\n", "no sheet 4"), ("| a<!-- sheet 4 --> |\n", "no sheet 4"),
    ("<!-- sheet 2 -->\na\n", "never closed"),
    ("<!-- sheet 2 -->\na\n<!-- /sheet 3 -->\n", "out of turn"), ("<!-- /sheet 2 -->\n", "out of turn"),
    ("<!-- instructor -->\n<!-- sheet 2 -->\n<!-- /sheet 2 -->\n<!-- /instructor -->\n", "out of turn")])
def test_marks_of_sheets_have_to_be_in_order(root, text, complaint):
    save(root / "sheets/1_boxes.md", text)
    with pytest.raises(HandoutError, match=rf"^sheets/1_boxes\.md:\d+: .*{complaint}"):
        built(root)


@pytest.mark.parametrize("text, name", [
    ("Run `python draw_3.py`.", "draw_3.py"), ("python -m exercise hint box_area", "box_area"),
    ("See lib/extras/crate.py.", "lib/extras/crate.py"), ("`crate.py` has boards", "crate.py")])
def test_a_text_that_names_what_comes_later_is_refused(root, text, name):
    save(root / "sheets/1_boxes.md", f"{text}\n")
    with pytest.raises(HandoutError, match=rf"^sheets/1_boxes\.md: it names {re.escape(name)}, which comes with a l"):
        built(root, "2")
    assert "sheets/1_boxes.md" in built(root, "3")


def test_a_link_to_what_comes_later_is_refused(root):
    save(root / "sheets/1_boxes.md", "Read [on](3_crates.md).\n")
    assert "sheets/3_crates.md" in built(root, "3")
    with pytest.raises(HandoutError, match=r"^sheets/1_boxes\.md: it links to 3_crates\.md, which the handout does"):
        built(root, "1")


def test_a_picture_that_an_earlier_text_shows_too_comes_with_that(root):
    save(root / "sheets/1_boxes.md", f"![A crate]({ABOVE}/pictures/crate.png)\n")
    assert "pictures/crate.png" in built(root, "1")


def test_what_an_index_shows_of_a_later_sheet_comes_with_that(root):
    rows = "".join(f"| [{name}]({name}.md)<!-- sheet {number} --> |\n" for number, name in enumerate("abc", 1))
    save(root / "sheets/more/README.md", f"| |\n|---|\n{rows}")
    for name in "abc":
        save(root / f"sheets/more/{name}.md", f"# {name}\n")
    assert {path for path in built(root, "2") if "more/" in path} == {
        "sheets/more/README.md", "sheets/more/a.md", "sheets/more/b.md"}


def test_tests_of_two_sheets_in_a_file_are_refused(root):
    file = root / "tests/test_box_area.py"
    save(file, file.read_text() + '\n\n@pytest.mark.gap("label_text")\ndef test_more(answer):\n    pass\n')
    with pytest.raises(HandoutError, match=r"^tests/test_box_area\.py: it judges gaps of the sheets 2, 3: give those"):
        built(root)


def test_gaps_that_a_table_of_cases_names_count_too(root):
    """A mark that is computed belongs to every gap that the file, or a helper of it, names."""
    file, marked = root / "tests/test_box_area.py", '@pytest.mark.gap("box_area")'
    save(root / "tests/squares.py", 'GAPS = ["box_area", "label_text"]\n')
    assert "tests/test_box_area.py" not in built(root, "2")  # these are no marks
    save(file, file.read_text().replace(marked, "@pytest.mark.gap(squares.GAPS[0])"))
    with pytest.raises(HandoutError, match=r"^tests/test_box_area\.py: it judges gaps of the sheets 2, 3: give those"):
        built(root)
    save(root / "tests/squares.py", 'GAPS = ["box_area"]\n')
    save(file, file.read_text().replace("squares.GAPS[0]", 'f"box_{squares.GAPS[0]}"'))
    with pytest.raises(HandoutError, match=r"^tests/test_box_area\.py: a mark puts the id of a gap together: write it"):
        built(root)
    save(file, file.read_text().replace('f"box_{squares.GAPS[0]}"', "squares.GAPS[0]"))
    assert "tests/test_box_area.py" not in built(root, "2") and "tests/test_box_area.py" in built(root, "3")


def test_a_script_that_is_not_there_is_missed(root):
    (root / "draw_2.py").unlink()
    with pytest.raises(HandoutError, match=r"^course\.toml: sheet 2 lists the script draw_2\.py, which is not there$"):
        built(root)


def test_a_file_that_does_not_parse_is_named(root):
    save(root / "lib/extras/crate.py", "x = (\n")
    with pytest.raises(HandoutError, match=r"^lib/extras/crate\.py:1: this is no Python: '\(' was never closed$"):
        built(root)


@pytest.mark.parametrize("words", ["7", "0", "3-1", "2-7", "words", "", "1-", "-2", "1,2", "1-2-3", "²", "1.5"])
def test_what_means_no_sheets_is_told_in_one_line(tmp_path, words, capsys):
    assert main(["handout", str(tmp_path / "out"), f"--sheets={words}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"--sheets {words}: give the number of a sheet, or the first and the last one, as in 1-3; there are " in line
    assert not (tmp_path / "out").exists()


def test_a_script_says_with_which_sheet_a_part_of_it_comes(capsys):
    @script
    def main(argv=None):
        with left_out_if_empty("a crate", asked=bool(argv)):
            raise NotImplementedError("TODO sheet 3")
    assert main([]) == 0 and capsys.readouterr().out == "a crate is left out: it comes with sheet 3\n"
    assert main(["crate"]) == 2 and capsys.readouterr().err.endswith(": this comes with sheet 3\n")


# what it gives away --------------------------------------------------------------------------------------------------

def test_what_is_published_is_no_secret_and_the_rest_is(root, tmp_path):
    save(root / "lib/support/paper.py", "def f(x, y, z):\n    return 2 * (x * y + y * z + z * x)\n")
    write(built(root, "3"), tmp_path / "student")
    complaint = "lib/support/paper.py:2: gives away the gap box_area"
    assert leaks.find(tmp_path / "student", root, {"box_volume", "label_text"}) == [complaint]
    published = tmp_path / "later"
    write(built(root, "3"), published)
    assert leaks.find(published, root, {"box_volume", "label_text", "box_area"}) == []


def test_a_later_gap_with_the_formula_of_a_published_one_is_no_leak(root, tmp_path):
    """The sum over six faces has been published with sheet 1, so that it may stand there."""
    text = (root / "lib/box.py").read_text()
    save(root / "lib/box.py", text.replace("a * b * c\n", f"{SOLVED['box_area'].removeprefix('total = ')} / 2\n"))
    write(built(root, "3"), tmp_path / "student")
    assert leaks.find(tmp_path / "student", root, {"box_volume", "label_text"}) == []
    assert leaks.find(tmp_path / "student", root, {"label_text"}) != []


# the next one laid over the last -------------------------------------------------------------------------------------

@pytest.fixture
def template(root, tmp_path):
    """A git repository with the first week's handout."""
    assert handout(root, tmp_path / "template", rehearse=False, sheets="1") == 0
    git(tmp_path / "template", "init", "--quiet")
    commit(tmp_path / "template", "Sheet 1")
    return tmp_path / "template"


def publish(root, template, sheets):
    assert handout(root, template, rehearse=False, sheets=sheets) == 0
    commit(template, f"Sheet {sheets}")


def test_the_next_handout_is_laid_over_the_last(root, template, capsys):
    save(template / "dates.md", "Monday\n")
    save(template / "data/x", "ours\n")
    commit(template, "Dates")
    save(template / "notes.txt", "not for git\n")
    publish(root, template, "2")
    assert drift(built(root, "2"), template) == [
        f"{path}: unexpected: a handout has no such file" for path in ("data/x", "dates.md", "notes.txt")]
    assert "commit, push" in capsys.readouterr().out
    assert git(template, "log", "--format=%s").split("\n")[:2] == ["Sheet 2", "Dates"]
    assert handout(root, template, check=True, sheets="2") == 1


def test_sheets_are_there_on_paper_too_and_a_paper_is_no_difference(root, template):
    publish(root, template, "2")
    assert (template / "sheets/1_boxes.pdf").read_bytes() == b"%PDF\0# Boxes\n"
    assert not (template / "sheets/3_crates.pdf").exists()
    save(template / "sheets/1_boxes.pdf", "%PDF of another browser")
    assert drift(built(root, "2"), template) == []
    with pytest.raises(HandoutError, match=r"sheets/1_boxes\.pdf would be overwritten, and git does not keep what"):
        handout(root, template, rehearse=False, sheets="3")
    commit(template, "Printed elsewhere")
    publish(root, template, "3")
    assert (template / "sheets/1_boxes.pdf").read_bytes() == b"%PDF\0# Boxes\n"
    (root / "sheets/3_crates.md").unlink()
    save(root / "README.md", "# Boxes\n")
    publish(root, template, "3")
    assert (template / "sheets/1_boxes.pdf").exists() and not (template / "sheets/3_crates.pdf").exists()


def test_what_is_no_longer_there_goes_and_so_does_its_folder(root, template):
    save(root / "lib/support/more/board.py", "OAK = 1\n")
    publish(root, template, "1")
    save(template / "lib/support/more/mine.txt", "mine\n")
    commit(template, "Mine")
    (root / "lib/support/more/board.py").unlink()
    (root / "lib/support/paper.py").unlink()
    save(root / "draw_1.py", "from lib import box\n")
    publish(root, template, "1")
    assert paths_in(template) - built(root, "1").keys() == {"lib/support/more/mine.txt", "sheets/1_boxes.pdf"}
    (template / "lib/support/more/mine.txt").unlink()
    publish(root, template, "2")
    assert handout(root, template, check=True, sheets="2") == 0
    assert handout(root, template, check=True, sheets="1") == 1


@pytest.mark.parametrize("path", ["README.md", "lib/label.py"], ids=["changed", "new"])
def test_what_git_does_not_keep_is_not_overwritten(root, template, path):
    save(template / path, "mine\n")
    with pytest.raises(HandoutError, match=f"{path} would be overwritten, and git does not keep what is there: commit"):
        handout(root, template, rehearse=False, sheets="2")
    assert (template / path).read_text() == "mine\n" and not (template / "draw_2.py").exists()
    commit(template, "Mine")
    publish(root, template, "2")


def test_a_handout_with_a_leak_is_not_laid_over_the_last(root, template):
    save(root / "lib/support/paper.py", f"def f(a, b, c):\n    {SOLVED['box_area']}\n    return total\n")
    before = git(template, "ls-files", "--stage")
    assert handout(root, template, rehearse=False, sheets="2") == 1
    assert git(template, "status", "--porcelain") == "" and git(template, "ls-files", "--stage") == before


def test_a_git_repository_without_a_handout_is_nobodys_template(root, tmp_path):
    save(tmp_path / "other/thesis.txt", "years\n")
    git(tmp_path / "other", "init", "--quiet")
    with pytest.raises(HandoutError, match="is not empty"):
        handout(root, tmp_path / "other", rehearse=False, sheets="2")


@pytest.mark.parametrize("broken", [False, True], ids=["missing", "broken"])
def test_without_a_browser_there_are_no_papers_and_a_line_says_why(root, monkeypatch, capsys, broken):
    def stumble(*_):
        raise BrowserError("the browser does not start: no display")
    monkeypatch.setattr(papers, "missing", lambda: "" if broken else "there is no Chromium: install it")
    monkeypatch.setattr(papers, "papers", stumble)
    assert papers.printed(root, built(root)) == {}
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("the PDFs of the sheets are left out: the") and ("start" in line) == broken


# a student who pulls it ----------------------------------------------------------------------------------------------

PULL = re.search(r"^git (pull .*) URL main$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)[1].split()


def pull(student, template):
    git(student, *PULL, str(template), "main")


def fill(folder, gap, body):
    """Write into a gap what a student does."""
    place = places.find(folder).gaps[gap]
    text = (folder / place.path).read_text(encoding="utf-8")
    save(folder / place.path, gaps.compose(text, {gap: body}, place.path))


STUB = '    raise NotImplementedError("TODO {}: sheet {}, task 1")\n'
WRITTEN = {  # what may stand in a gap when the next sheet comes
    "solved": "\n    product = a\n    product *= b * c\n", "solved as published": "\n    product = a * b * c\n",
    "without a blank line": "    product = c * b * a\n", "half": "\n    product = a * b  # and then?\n",
    "above the raise": "    side = a\n\n{stub}", "below the raise": "{stub}\n    product = a\n",
    "a comment": "    # Later.\n{stub}", "blank lines": "\n\n{stub}\n", "emptied": "",
    "with a published line": "\n    product = a * b * c\n    product += 0\n",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_what_a_student_has_written_in_a_gap_stays(root, template, tmp_path, written):
    git(tmp_path, "clone", "--quiet", str(template), "student")
    student = tmp_path / "student"
    body = written.replace("{stub}", STUB.format("box_volume", 1))
    fill(student, "box_volume", body)
    commit(student, "Mine")
    text = (student / "lib/box.py").read_text()
    publish(root, template, "2")
    pull(student, template)
    assert (student / "lib/box.py").read_text() == text
    assert body_of(student, "label_text") == STUB.format("label_text", 2)
    publish(root, template, "3")
    pull(student, template)
    volume = places.find(student).gaps["box_volume"]
    lines = gaps.lines_of((student / "lib/box.py").read_text())
    assert "".join(lines[2:volume.end - 1]) == "    # The product.\n" + body
    assert body_of(student, "label_text") == gaps.read(root)["label_text"].body
    assert body_of(student, "box_area") == STUB.format("box_area", 3)
    record = handed_out.read(student)
    assert record.changed(student) == [] and set(record.gaps) == set(SOLVED)


def test_a_gap_that_is_untouched_gets_the_published_solution(root, template, tmp_path):
    git(tmp_path, "clone", "--quiet", str(template), "student")
    student = tmp_path / "student"
    save(student / "feedback.md", "Hours: 3\n")
    commit(student, "Feedback")
    publish(root, template, "2")
    pull(student, template)
    assert body_of(student, "box_volume") == gaps.read(root)["box_volume"].body
    assert (student / "feedback.md").read_text() == "Hours: 3\n"
    assert resetting.reset(student, "box_volume") is None


def test_a_notebook_that_a_student_has_filled_in_is_never_overwritten_nor_mixed(root, template, tmp_path):
    publish(root, template, "2")
    students = [tmp_path / "untouched", tmp_path / "filled in"]
    for student in students:
        git(tmp_path, "clone", "--quiet", str(template), student.name)
    notebook = json.loads((students[1] / "notebooks/2_labels.ipynb").read_text())
    notebook["cells"][0] |= {"outputs": [{"name": "stdout", "output_type": "stream", "text": ["2"]}]}
    notebook["cells"] += [{"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["My answer"]}]
    save(students[1] / "notebooks/2_labels.ipynb", json.dumps(notebook, indent=1))
    commit(students[1], "Mine")
    assert not [line for line in drift(built(root, "2"), students[1]) if "notebooks" in line]

    save(root / "notebooks/2_labels.py", "# %% [markdown]\n# More\n\n# %%\nprint(2)\nprint(3)\n")
    publish(root, template, "3")
    for student in students:
        pull(student, template)
    found = [json.loads((student / "notebooks/2_labels.ipynb").read_text()) for student in students]
    assert ["".join(cell["source"]) for cell in found[0]["cells"]] == ["More", "print(2)\nprint(3)"]
    assert found[1] == notebook and "box_area" in places.find(students[1]).gaps


def test_a_student_who_has_formatted_everything_gets_what_is_missing_back(root, template, tmp_path):
    """Even where a whole file reads otherwise, no gap is lost for good."""
    git(tmp_path, "clone", "--quiet", str(template), "student")
    student = tmp_path / "student"
    fill(student, "box_volume", "\n    product = c * b * a\n")
    text = (student / "lib/box.py").read_text()
    save(student / "lib/box.py", text.replace("    ", "  ").replace("\n\ndef", "\ndef"))
    commit(student, "Formatted")
    publish(root, template, "2")
    pull(student, template)
    publish(root, template, "3")
    pull(student, template)
    assert "c * b * a" in (student / "lib/box.py").read_text()
    assert body_of(student, "label_text") == gaps.read(root)["label_text"].body
    resetting.reset_file(student, "lib/box.py")
    assert body_of(student, "box_area") == STUB.format("box_area", 3)
    assert "c * b * a" in body_of(student, "box_volume")
    assert handed_out.read(student).changed(student) == []


def standing(folder):
    """The states that `python -m exercise` tells, by gap."""
    done = subprocess.run([sys.executable, "-m", "exercise"], cwd=folder, capture_output=True, encoding="utf-8",
                          env={**os.environ, "OMP_NUM_THREADS": "1"})
    states = "solved|not started|wrong|blocked"
    return dict(re.findall(rf"^\W*({'|'.join(SOLVED)}) .*?({states})", done.stdout, re.MULTILINE)) or done


@pytest.mark.slow
def test_three_weeks_of_a_student(root, tmp_path, capsys):
    """With the real tools: each handout rehearsed and published, `python -m exercise` after each pull."""
    for file in [*ROOT.glob("exercise/**/*.py"), *(ROOT / "tests" / name for name in (
            "__init__.py", "conftest.py", "judge.py", "leftovers.py")), ROOT / "setup.cfg", ROOT / ".gitignore"]:
        if file.parent.name != "probes":
            save(root / file.relative_to(ROOT), file.read_bytes())
    template, student = tmp_path / "template", tmp_path / "student"
    assert handout(root, template, sheets="1") == 0
    git(template, "init", "--quiet")
    commit(template, "Sheet 1")
    git(tmp_path, "clone", "--quiet", str(template), "student")
    assert standing(student) == {"box_volume": "not started"}
    fill(student, "box_volume", "\n    product = c * b * a\n")
    commit(student, "Sheet 1 is solved")

    assert handout(root, template, sheets="2") == 0
    assert "1 not started, 0 blocked, 1 solved" in capsys.readouterr().err
    commit(template, "Sheet 2")
    pull(student, template)
    assert standing(student) == {"box_volume": "solved", "label_text": "not started"}
    fill(student, "label_text", '\n    joined = "-".join(words)\n')
    commit(student, "Sheet 2 is tried")

    assert handout(root, template, sheets="3") == 0
    commit(template, "Sheet 3")
    pull(student, template)
    assert standing(student) == {"box_volume": "solved", "label_text": "wrong", "box_area": "not started"}
    assert "c * b * a" in body_of(student, "box_volume")


# this repository -----------------------------------------------------------------------------------------------------

def test_each_script_comes_with_one_sheet():
    listed = [script for sheet in table.load(ROOT).sheets for script in sheet.scripts]
    assert sorted(listed) == sorted(path.name for path in ROOT.glob("*.py"))


WEEKS = [sheet.number for sheet in table.load(ROOT).sheets]


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """The choice and the folder of a week's handout of this repository."""
    @functools.cache
    def written(number):
        chosen = choose(table.load(ROOT), str(number))
        folder = tmp_path_factory.mktemp("week") / "student"
        write(contents.build(ROOT, chosen), folder)
        return chosen, folder
    return written


@pytest.mark.parametrize("number", WEEKS)
def test_a_week_of_this_repository_has_no_gap_and_no_module_of_a_later_one(week, number):
    chosen, folder = week(number)
    solved, found = gaps.read(ROOT), gaps.read(folder)
    assert {*found} == {name for name in solved if not chosen.is_later(name)}
    assert {gap.path for gap in solved.values()} & paths_in(folder) == {gap.path for gap in found.values()}
    assert table.load(folder).sheets == chosen.course.sheets[:WEEKS.index(number) + 1]


@pytest.mark.parametrize("number", WEEKS)
def test_a_week_of_this_repository_speaks_of_no_later_script(week, number):
    chosen, folder = week(number)
    later = {script for sheet in chosen.course.sheets if sheet.number > number for script in sheet.scripts}
    texts = {path: (folder / path).read_text(encoding="utf-8") for path in paths_in(folder)
             if path.endswith((".py", ".md", ".toml"))}
    assert not [(path, script) for path, text in texts.items() for script in later if script in text]


def test_a_week_of_this_repository_takes_nothing_away(week):
    for before, after in itertools.pairwise(WEEKS):
        assert paths_in(week(before)[1]) < paths_in(week(after)[1])


@pytest.mark.parametrize("number", WEEKS)
def test_a_week_of_this_repository_gives_nothing_away(week, number):
    chosen, folder = week(number)
    assert leaks.find(folder, ROOT, [gap for gap in chosen.course.gaps if chosen.is_published(gap)]) == []
