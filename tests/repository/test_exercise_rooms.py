"""The rooms of exercise/: who may import whom, who says what is wrong in one line."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from exercise.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {  # from a room of exercise to the others that its files may import
    "problem": set(), "probes": set(), "source": {"problem"}, "asking": {"problem", "source"},
    "verdict": {"problem", "source", "asking"}, "commands": {"problem", "source", "verdict"},
    "__main__": {"problem", "source", "commands"},
}
ANSWERS = {"cheats", "wrong_answers", "alternatives"}  # bodies of gaps, no modules
FILES = sorted(ROOT.glob("exercise/**/*.py"))
OUTSIDE = sorted([*ROOT.glob("tests/*.py"), *(file for file in ROOT.glob("course/**/*.py")
                                              if not ANSWERS & set(file.relative_to(ROOT).parts))])


def module_of(file):
    """The name by which a file of exercise is imported."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(file) for file in FILES}


def imported(tree):
    """The names of the modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in names)


def imports(file):
    return set(imported(ast.parse(file.read_bytes())))


def room(module):
    """"source" of exercise.source.gaps, "" of exercise itself."""
    return (module.split(".") + [""])[1]


@pytest.mark.parametrize("file", [file for file in FILES if room(module_of(file))], ids=module_of)
def test_a_file_imports_from_its_own_room_and_from_those_below(file):
    own = room(module_of(file))
    above = {name for name in imports(file) & MODULES if room(name) not in {"", own} | MAY_IMPORT[own]}
    assert not above


def test_no_imports_run_in_a_circle():
    graph = {module_of(file): {name for name in imports(file) & MODULES if name != module_of(file)} for file in FILES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize("file", [*FILES, *OUTSIDE], ids=lambda file: file.relative_to(ROOT).as_posix())
def test_lib_is_imported_by_probes_alone_and_only_when_one_is_asked(file):
    body = ast.parse(file.read_bytes()).body
    watched = [node for node in body if file.parent.name != "probes" or not isinstance(node, ast.FunctionDef)]
    assert "lib" not in {name.partition(".")[0] for node in watched for name in imported(node)}


def test_the_worker_begins_without_torch():
    """Threads that run before the process is confined would stay free."""
    for path in ("__init__", "asking/__init__", "asking/confinement"):
        roots = {name.partition(".")[0] for name in imports(ROOT / f"exercise/{path}.py")}
        assert not roots & {"torch", "numpy", "exercise"}


def test_the_readme_has_a_line_on_each_file():
    text = (ROOT / "exercise" / "README.md").read_text(encoding="utf-8")
    listed, room = set(), ""
    for name, after in re.findall(r"^\| `?([\w ]+(?:/|\.py)?)`? \|(.*)", text, flags=re.MULTILINE):
        if name.endswith(".py"):
            listed.add(room + name)
            assert after.strip(" |")
        else:
            room = name if name.endswith("/") else ""
    assert listed == {file.relative_to(ROOT / "exercise").as_posix() for file in FILES if file.name != "__init__.py"}


def test_the_diagram_names_files_that_there_are():
    text = (ROOT / "exercise" / "README.md").read_text(encoding="utf-8").split("```")[1]
    named = re.findall(r"(?:[a-z_]+/)+\w+\.py", text)
    assert len(named) > 10
    assert all((ROOT / path).is_file() or (ROOT / "exercise" / path).is_file() for path in named)


def test_every_error_of_one_line_is_a_problem():
    """What `main` functions turn into one line is known by its class; any other ValueError is a mistake of ours."""
    classes = [node for file in [*FILES, *OUTSIDE] for node in ast.parse(file.read_bytes()).body
               if isinstance(node, ast.ClassDef)]
    bases = {node.name: {ast.unparse(base) for base in node.bases} for node in classes}
    assert {name for name, of in bases.items() if "ValueError" in of} == {"Problem"}
    assert {"GapError", "CourseError", "HandoutError"} <= {name for name, of in bases.items() if "Problem" in of}
    assert issubclass(Problem, ValueError)
