"""The rooms of the repository: who may import whom, how long scripts are, who says what is wrong in one line."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from exercise.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
BELOW = {"lib.support.errors", "lib.support.speed"}
SUPPORT = {"lib.support.data", "lib.support.runs", "lib.support.measures"} | BELOW
MAY_IMPORT = {  # from a room to the others that its files may import
    "scripts": {"lib", "lib.extras", "lib.support.scripts", "lib.support.figures"} | SUPPORT,
    "lib": {"lib.support.figures"} | SUPPORT,
    "lib.extras": {"lib", "lib.support.figures"} | SUPPORT,
    "lib.support.errors": set(), "lib.support.speed": {"lib.support.errors"}, "lib.support.scripts": SUPPORT,
    "lib.support.data": BELOW, "lib.support.runs": {"lib.support.errors"},
    "lib.support.measures": {"lib.support.data", "lib.support.runs"} | BELOW,
    "lib.support.figures": SUPPORT,
    "exercise.problem": set(), "exercise.ready": set(), "exercise.probes": {"exercise.asking"},
    "exercise.source": {"exercise.problem"},
    "exercise.asking": {"exercise.problem", "exercise.source"},
    "exercise.verdict": {"exercise.problem", "exercise.source", "exercise.asking"},
    "exercise.commands": {"exercise.problem", "exercise.source", "exercise.verdict"},
    "exercise.__main__": {"exercise.problem", "exercise.ready", "exercise.source", "exercise.commands"},
}
ROOMS = sorted(MAY_IMPORT, key=len, reverse=True)
PROBES = "exercise.probes"  # these ask lib, when a question is answered
FILES = sorted([*ROOT.glob("*.py"), *ROOT.glob("lib/**/*.py"), *ROOT.glob("exercise/**/*.py")])
BODIES = ("cheats", "gaps")  # these files are texts for gaps, no modules
COURSE = sorted(file for file in ROOT.glob("course/**/*.py") if file.parent.name not in BODIES)
OUTSIDE = sorted([*ROOT.glob("tests/*.py"), *COURSE])


def module_of(file):
    """The name by which a file is imported."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(file) for file in [*FILES, *COURSE]}


def room(module):
    """The room of MAY_IMPORT that a module lies in; "" for the packages around them."""
    if "." not in module and module not in ("lib", "exercise", "course"):
        return "scripts"
    if module.startswith("lib.") and module.count(".") == 1 and module not in ("lib.extras", "lib.support"):
        return "lib"
    return next((room for room in ROOMS if room != "lib" and f"{module}.".startswith(f"{room}.")), "")


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


@pytest.mark.parametrize("file", [file for file in FILES if room(module_of(file))], ids=module_of)
def test_a_file_imports_from_its_own_room_and_from_those_below(file):
    own = room(module_of(file))
    allowed = MAY_IMPORT[own] | {own, ""} - ({"scripts"} if own == "scripts" else set())
    ours = {name for name in imports(file) & MODULES if not (own == PROBES and room(name).startswith("lib"))}
    assert not {name for name in ours if room(name) not in allowed}


def test_no_module_lies_beside_the_rooms():
    assert {file.name for file in ROOT.glob("lib/support/*.py")} == {"__init__.py", "errors.py"}


def test_no_sheet_s_module_imports_a_model_s_training():
    """Models and losses know nothing of how they are trained."""
    for file in ROOT.glob("lib/*.py"):
        if file.name.startswith(("model_", "loss_")):
            assert not {name for name in imports(file) if name.startswith("lib.train_")}, file.name


def test_no_imports_run_in_a_circle():
    graph = {module_of(file): imports(file) & MODULES - {module_of(file)} for file in [*FILES, *COURSE]}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize("script", sorted(ROOT.glob("*.py")), ids=module_of)
def test_a_script_is_short(script):
    """It parses, connects, reports: what is longer belongs into a room."""
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("file", [*ROOT.glob("exercise/**/*.py"), *OUTSIDE],
                         ids=lambda file: file.relative_to(ROOT).as_posix())
def test_lib_is_imported_by_probes_alone_and_only_when_one_is_asked(file):
    body = ast.parse(file.read_bytes()).body
    watched = [node for node in body if file.parent.name != "probes" or not isinstance(node, ast.FunctionDef)]
    assert "lib" not in {name.partition(".")[0] for node in watched for name in imported(node)}


def test_the_worker_begins_without_torch():
    """Threads that run before the process is confined would stay free."""
    first = ["exercise", *(f"exercise.asking{name}" for name in ("", ".confinement", ".system_calls", ".limits"))]
    for name in first:
        (file,) = [file for file in FILES if module_of(file) == name]
        assert not [module for module in imports(file) if module.startswith(("torch", "numpy", "exercise"))
                    and module not in first]


def test_every_error_of_one_line_is_a_problem():
    """What `main` functions turn into one line is known by its class; any other ValueError is a mistake of ours."""
    classes = [node for file in [*ROOT.glob("exercise/**/*.py"), *OUTSIDE] for node in ast.parse(file.read_bytes()).body
               if isinstance(node, ast.ClassDef)]
    bases = {node.name: {ast.unparse(base) for base in node.bases} for node in classes}
    assert {name for name, of in bases.items() if "ValueError" in of} == {"Problem"}
    assert {"GapError", "CourseError", "HandoutError"} <= {name for name, of in bases.items() if "Problem" in of}
    assert issubclass(Problem, ValueError)
