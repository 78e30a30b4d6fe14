"""The notebooks: one for each sheet, without logic of their own; .ipynb files in the handout; each of them runs."""

import ast
import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from course.handout import leaks, notebooks
from course.handout.chosen import HandoutError, choose
from course.handout.command import write
from course.handout.contents import build
from course.sheets.formulas import formulas
from exercise.source import gaps, table

ROOT = Path(__file__).resolve().parents[2]
COURSE = table.read(ROOT)
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("notebooks/*.py"))}
NUMBERS = [sheet.number for sheet in COURSE.sheets]
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While, ast.If,
         ast.IfExp, ast.Match, ast.Try, ast.Assert)
ALLOWED = {"torch", "types"}  # besides lib, and what the first cell needs
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def made(name):
    return notebooks.as_ipynb(TEXTS[name], f"notebooks/{name}")


def cells(name, kind):
    return ["".join(cell["source"]) for cell in json.loads(made(name))["cells"] if cell["cell_type"] == kind]


def prose(name):
    return "\n\n".join(re.sub("^# ?", "", body, flags=re.MULTILINE) for body in re.findall(
        r"^# %% \[markdown\]\n((?:#.*\n)+)", TEXTS[name], re.MULTILINE))


def of_sheet(number):
    (name,) = [name for name in TEXTS if name.startswith(f"{number}_")]
    return name


def small(name):
    """A notebook whose training is as short as can be."""
    return re.sub(r"^EPOCHS = \d+", "EPOCHS = 2", TEXTS[name], flags=re.MULTILINE)


# What they hold ------------------------------------------------------------------------------------------------------

def test_each_sheet_has_one_of_its_own_name():
    sheets = [path.stem for path in sorted(ROOT.glob("sheets/[1-9]_*.md"))]
    assert [name.removesuffix(".py") for name in TEXTS] == sheets


@pytest.mark.parametrize("name", TEXTS)
def test_none_has_logic_of_its_own(name):
    """But for the first cell, which is the same in all of them, there are calls, and what comprehensions collect."""
    setup, *others = cells(name, "code")
    assert setup == cells("1_autoencoders.py", "code")[0]
    for cell in others:
        nodes = [*ast.walk(ast.parse(cell))]
        assert not [node for node in nodes if isinstance(node, LOGIC)], cell
        assert all(isinstance(item.context_expr, ast.Call) and ast.unparse(item.context_expr) == "torch.no_grad()"
                   for node in nodes if isinstance(node, ast.With) for item in node.items)
        imported = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
        imported += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        assert all(module.startswith("lib.") or module in ALLOWED for module in imported), cell


@pytest.mark.parametrize("number", NUMBERS)
def test_it_leads_through_the_tasks_and_names_each_gap_of_its_sheet(number):
    sheet, text = COURSE.sheets[NUMBERS.index(number)], prose(of_sheet(number))
    named = set(re.findall(r"`(\w+)`", text))
    assert named & COURSE.gaps.keys() == {gap.id for task in sheet.tasks for gap in task.gaps}
    headings = " ".join(HEADING.findall(text))
    for task in sheet.tasks:
        if task.kind != "bonus":
            spans = [range(int(first), int(last or first) + 1) for first, last in re.findall(
                r"Tasks? (\d+)(?: (?:and|to) (\d+))?", headings)]
            assert any(task.number in span for span in spans), task.title
    assert "**Notes" in text


@pytest.mark.parametrize("name", TEXTS)
def test_links_hold_down_to_the_heading(name):
    links = re.findall(r"\]\(([^)#]+)(?:#([^)]*))?\)", prose(name))
    assert len(links) > 5
    for target, place in links:
        goal = (ROOT / "notebooks" / target).resolve()
        assert goal.is_file() and goal.is_relative_to(ROOT), target
        if place:
            anchors = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
                       for heading in HEADING.findall(goal.read_text(encoding="utf-8"))]
            assert place in anchors, place


@pytest.mark.parametrize("name", TEXTS)
def test_formulas_are_written_as_in_all_texts_and_handed_out_as_notebooks_want_them(name):
    found = formulas(prose(name))
    text = notebooks.text_of(made(name))
    assert "$`" not in text and all(f"${formula.latex}$" in text for formula in found)


# The files that students open ----------------------------------------------------------------------------------------

def test_what_becomes_of_cells():
    source = "# %% [markdown]\n# # Of $`x`$\n#\n# - a\n\n# %%\nx = 1\n\n\nprint(x)\n\n# %%\n"
    first, second, third = json.loads(notebooks.as_ipynb(source, "n.py"))["cells"]
    assert first == {"cell_type": "markdown", "id": "cell-01", "metadata": {}, "source": ["# Of $x$\n", "\n", "- a"]}
    assert second["source"] == ["x = 1\n", "\n", "\n", "print(x)"] and second["outputs"] == [] == third["source"]


@pytest.mark.parametrize("source, why", [
    ("x = 1\n# %%\n", "begins with a line # %%"),
    ("# %% [markdown]\n# a\nb\n", "every line begins with #, and this does not: b")])
def test_a_text_that_is_no_notebook_is_refused(source, why):
    with pytest.raises(HandoutError, match=rf"^n\.py:.*{re.escape(why)}$"):
        notebooks.as_ipynb(source, "n.py")


@pytest.mark.parametrize("name", TEXTS)
def test_jupyter_and_jupytext_read_the_same(name):
    jupytext, nbformat = pytest.importorskip("jupytext"), pytest.importorskip("nbformat")
    ours = nbformat.reads(made(name).decode(), as_version=4)
    nbformat.validate(ours)
    theirs = jupytext.reads(re.sub(r"\$`([^`\n]+)`\$", r"$\1$", TEXTS[name]), fmt="py:percent")
    assert [(cell.cell_type, cell.source) for cell in ours.cells] == [(cell.cell_type, cell.source)
                                                                      for cell in theirs.cells]
    assert nbformat.writes(ours).encode() + b"\n" == made(name)


def test_the_handout_holds_them_and_not_their_sources():
    files = [path for path in build(ROOT, choose(COURSE, "2")) if path.startswith("notebooks/")]
    assert files == ["notebooks/1_autoencoders.ipynb", "notebooks/2_vae.ipynb"]


@pytest.mark.parametrize("kind", ["", " [markdown]"])
def test_one_that_gives_a_solution_away_is_found(tmp_path, kind):
    body = textwrap.dedent(gaps.read(ROOT)["vae_reparameterize"].body).strip()
    body = body if not kind else "# " + body.replace("\n", "\n# ")
    for name, more in (("clean", ""), ("leaky", f"\n# %%{kind}\n{body}\n")):
        (tmp_path / name / "notebooks").mkdir(parents=True)
        (tmp_path / name / "notebooks/2_vae.ipynb").write_bytes(notebooks.as_ipynb(TEXTS["2_vae.py"] + more, "n.py"))
    assert leaks.find(tmp_path / "clean", ROOT) == []
    (line,) = leaks.find(tmp_path / "leaky", ROOT)
    assert re.fullmatch(r"notebooks/2_vae\.ipynb(:\d+)?: gives away the gap vae_reparameterize", line)


def test_one_that_cannot_be_read_is_no_reason_to_stop_looking(tmp_path):
    (tmp_path / "n.ipynb").write_text("{}")
    assert leaks.find(tmp_path, ROOT) == ["n.ipynb: cannot be searched for solutions: no notebook: KeyError('cells')"]


# Where they begin ----------------------------------------------------------------------------------------------------

def begin_in(folder, repository=""):
    """Run the first cell in a folder, and say where it ends up."""
    cell = cells("1_autoencoders.py", "code")[0].replace('REPOSITORY = ""', f"REPOSITORY = {str(repository)!r}")
    return subprocess.run([sys.executable, "-c", f"{cell}\nprint(os.getcwd(), sys.path[0])"], cwd=folder,
                          capture_output=True, encoding="utf-8")


def test_in_its_folder_and_in_the_one_above_it_finds_the_repository(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "course.toml").touch()
    for folder in (tmp_path, tmp_path / "notebooks"):
        assert begin_in(folder).stdout.split() == 2 * [str(tmp_path.resolve())]


def test_elsewhere_it_says_in_a_line_what_to_do_and_fetches_what_it_is_told(tmp_path):
    done = begin_in(tmp_path)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "fill in REPOSITORY" in done.stderr
    origin, here = tmp_path / "origin", tmp_path / "here"
    origin.mkdir()
    here.mkdir()
    (origin / "course.toml").touch()
    for words in (["init"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-m", "1"]):
        subprocess.run(["git", *words], cwd=origin, check=True, capture_output=True)
    for _ in range(2):  # the second time it is there
        assert begin_in(here, origin).stdout.split() == 2 * [str(here.resolve() / "repository")]


# All of them, executed -----------------------------------------------------------------------------------------------

def client_of(text, folder):
    """What executes the notebook of a text in a folder, as Jupyter would."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = nbformat.reads(notebooks.as_ipynb(text, "n.py").decode(), as_version=4)
    return nbclient.NotebookClient(notebook, kernel_name="python3", timeout=600, resources={"metadata": {
        "path": str(folder)}})


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_it_runs_and_shows_a_picture_for_each_that_it_makes(name):
    notebook = client_of(small(name), ROOT / "notebooks").execute()
    shown = 0
    for cell in notebook.cells:
        pictures = [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        assert len(pictures) == len(re.findall(r"^show\(", cell.source, re.MULTILINE)), cell.source
        shown += len(pictures)
    assert shown >= 5


@pytest.mark.slow
def test_it_runs_as_a_program_too(tmp_path):
    (tmp_path / "notebook.py").write_text(small("4_diffusion.py"), encoding="utf-8")
    done = subprocess.run([sys.executable, tmp_path / "notebook.py"], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0 and "sliced_w1" in done.stdout, done.stderr


@pytest.mark.slow
def test_an_empty_gap_is_told_in_a_line_and_counts_as_soon_as_it_is_filled(tmp_path):
    """In the handout of its sheet; as a program it ends with the same line."""
    nbclient = pytest.importorskip("nbclient")
    write(build(ROOT, choose(COURSE, "1")), tmp_path / "student")
    text, module = small("1_autoencoders.py"), "lib/model_autoencoder.py"
    client = client_of(text, tmp_path / "student/notebooks")
    line = ("the gap autoencoder_encoder is still empty (sheet 1, task 1). A hint: python -m exercise hint "
            "autoencoder_encoder\n")
    numbers = [number for number, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    with client.setup_kernel():
        for number in numbers[:3]:
            client.execute_cell(client.nb.cells[number], number)
        cell = client.nb.cells[numbers[3]]
        with pytest.raises(nbclient.exceptions.CellExecutionError):
            client.execute_cell(cell, numbers[3])
        assert [(output.output_type, output.text) for output in cell.outputs] == [("stream", line)]
        shutil.copy(ROOT / module, tmp_path / "student" / module)
        client.execute_cell(cell, numbers[3])
        assert "squared error of a pixel" in cell.outputs[0].text
    write(build(ROOT, choose(COURSE, "1")), tmp_path / "again")
    (tmp_path / "notebook.py").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, tmp_path / "notebook.py"], cwd=tmp_path / "again", capture_output=True,
                          encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, line)
