"""The forms and papers of the repository: a program can read what students fill in, and each goes to whom it is for."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.handout.contents import build
from exercise.source import table

ROOT = Path(__file__).resolve().parents[2]
SHEETS = [f"Sheet {sheet.number}: {sheet.title}" for sheet in table.read(ROOT).sheets]
FEEDBACK = ["Hours per member", "Problems", "Helpful", "Other"]
DECLARATION = {"Sources and tools": ["Source or tool", "Where it was used", "For what", "Why"],
               "Members": ["Name", "Part in the work"]}


def form(name):
    """What a form holds: for each heading of a sheet the lines `- Field: answer` and the smaller headings below it."""
    text = re.sub(r"<!--.*?-->", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {heading: re.findall(r"^### (.+)$|^- ([^:\n]+):(.*)$", part, re.MULTILINE)
            for heading, part in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_feedback_asks_the_same_of_each_sheet():
    assert form("feedback.md") == {sheet: [("", field, "") for field in FEEDBACK] for sheet in SHEETS}


def test_the_declaration_asks_for_sources_tools_and_members_of_each_sheet():
    expected = [entry for heading, fields in DECLARATION.items()
                for entry in [(heading, "", ""), *(("", field, "") for field in fields)]]
    assert form("declaration.md") == dict.fromkeys(SHEETS, expected)


@pytest.mark.parametrize("name", ["feedback.md", "declaration.md"])
def test_a_form_describes_itself_to_programs(name):
    comment, = re.findall(r"<!--.*?-->", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert "`## Sheet N: title`" in comment and "`- Field: answer`" in comment


@pytest.mark.parametrize("name", ["sheets/submission.md", "sheets/submission.tex"])
def test_a_template_begins_with_names_and_student_numbers(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.index("name") < text.index("student number") < text.index("0000000") < text.index("Question 2.1")


def test_the_latex_template_is_whole():
    text = re.sub(r"(?<!\\)%.*", "", (ROOT / "sheets/submission.tex").read_text(encoding="utf-8"))
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{([\w*]+)\}", text):
        opened.append(name) if kind == "begin" else (opened.pop() == name or pytest.fail(name))
    assert not opened and text.replace(r"\{", "").count("{") == text.replace(r"\}", "").count("}")


def test_the_citation_follows_its_schema_and_names_no_person():
    if importlib.util.find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed: it is in requirements-course.txt")
    checked = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema",
                              "vendor.citation-file-format", "CITATION.cff"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "family-names" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_forms_templates_and_licence_go_to_students_and_papers_of_instructors_do_not():
    files = build(ROOT)
    given = {"LICENSE", "CHANGELOG.md", "declaration.md", "feedback.md", "sheets/submission.md",
             "sheets/submission.tex", ".gitlab-ci.yml", ".devcontainer/devcontainer.json"}
    assert given <= files.keys()
    assert not {"CONTRIBUTING.md", "CITATION.cff", "docs/authoring.md"} & files.keys()
    assert "instructor" not in files["CHANGELOG.md"].data.decode()


def test_contributing_is_short():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) < 60
