"""The checker is checked: a small course in which something is wrong with almost every gap, and one without fault."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from course import forks
from course.verify import answers, operators
from course.verify import command as verifying
from course.verify.trials import CHEAT, Record
from exercise.asking import confinement
from exercise.source import gaps
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="verify forks its process")]

SOLUTIONS = {
    "good": "value = abs(a * b)",
    "loop": "value = next(n for n in itertools.count(a) if n == a * b)",
    "weak": "value = a * b",
    "flaky": "value = a * b",
    "strict": "value = a * b",
    "untested": "value = a * b",
    "blind": "value = a * b",
}
LIB = "import itertools\n" + "".join(f"""

def {name}(a, b):
    # START TODO small_{name} ########################
    # The product of a and b.

    {solution}
    # END TODO ########################
    return value
""" for name, solution in SOLUTIONS.items())

COURSE = f"""\
[[sheet]]
number = 1
title = "Products"
points = {len(SOLUTIONS)}

[[sheet.task]]
title = "Products"
points = {len(SOLUTIONS)}
kind = "auto"
""" + "".join(f"""
[[sheet.task.gap]]
id = "small_{name}"
points = 1
hints = ["Think.", "Think again."]
""" for name in SOLUTIONS)

PROBE = """
def ask(name, a, b):
    from lib import products
    return {"value": getattr(products, name)(a, b)}
"""

BAD_LUCK = 'require(draw.integer(0, 3) == 0, "bad luck")'
TESTS = """
import pytest

from exercise.probes import products as probes
from tests.judge import require


@pytest.fixture
def check(answer, draw):
    def judge(name):
        a, b = draw.integer(3, 9), draw.integer(3, 9)
        value = answer(probes.ask, name, a, b)["value"]
        require(value == a * b, f"the product is {a * b}, not {value}")
        return value
    return judge


@pytest.mark.gap("small_good")
def test_good(check):
    check("good")


@pytest.mark.gap("small_loop")
def test_loop(check):
    check("loop")


@pytest.mark.gap("small_weak")
def test_weak(answer):
    require(answer(probes.ask, "weak", 2, 3)["value"] > 0, "a product of positive numbers is positive")


@pytest.mark.gap("small_flaky")
def test_flaky(check, draw):
    check("flaky")
    {BAD_LUCK}


@pytest.mark.gap("small_strict")
def test_strict(check):
    check("good")
    require(type(check("strict")) is int, "the product is no whole number")


@pytest.mark.gap("small_blind")
def test_blind():
    pass
""".replace("{BAD_LUCK}", BAD_LUCK)

ADDED = '[[wrong]]\nname = "added"\nmisconception = "adds."\nsays = "{says}"\nreplace = ["a * b", "a + b"]\n'
ANSWERS = {
    "small_good": ADDED.format(says="the product is") + """
[[right]]
name = "repeated"
differs = "adds up"
body = '''
value = 0
for _ in range(b):
    value += a
'''

[[equivalent]]
before = "value = abs(a * b)"
after = "value = a * b"
why = "a and b are positive."
""",
    "small_loop": ADDED.format(says="the product is") + """
[[right]]
name = "at_once"
differs = "multiplies"
body = "value = a * b"
""",
    "small_weak": ADDED.format(says="the product"),
    "small_flaky": """
[[equivalent]]
before = "value = a - b"
after = "value = a + b"
why = "It was so once."

[[equivalent]]
before = "value = a * b"
after = "value = a / b"
why = "It is not."
""",
    "small_strict": ADDED.format(says="a and b are added") + """
[[right]]
name = "fraction"
differs = "a float"
body = "value = float(a * b)"

[[right]]
name = "quit"
differs = "it ends here"
body = "import os; os._exit(0)"
""",
}
SKIP = "# cheat: skips the test.\n# gap: small_good\n\nimport pytest\n\npytest.skip('no need')\n"


def write(root: Path, tests: str) -> Path:
    """Write the small course, with the real tools, below `root`."""
    toys.copy_tools(root)
    texts = {"course.toml": COURSE, "lib/products.py": LIB, "exercise/probes/__init__.py": "",
             "exercise/probes/products.py": PROBE, "tests/test_products.py": tests,
             "course/cheats/skip.py": SKIP}
    texts |= {f"{answers.FOLDER}/{gap}.toml": text for gap, text in ANSWERS.items()}
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def start(root: Path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "course", "verify", *arguments], cwd=root, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs at once, over all gaps and over the one without fault: what was printed of each, and a root."""
    root = write(tmp_path_factory.mktemp("good"), TESTS.replace(BAD_LUCK, ""))
    faulty = start(write(tmp_path_factory.mktemp("faulty"), TESTS), "--limit", "2", "--seeds", "10")
    good = start(root, "small_good", "--seeds", "3", "--report", "found/good.md")
    said = [process.communicate() for process in (faulty, good)]
    assert (faulty.returncode, good.returncode) == (1, 0), said
    return [output.splitlines() for output, _ in said], root


@pytest.fixture
def faulty(runs):
    return runs[0][0]


def about(lines, gap):
    """What was said of a gap; the flaky test of another gap disturbs it now and then, as it should not."""
    return [line.removeprefix(f"{gap}: ") for line in lines
            if line.startswith(f"{gap}: ") and (gap == "small_flaky" or "bad luck" not in line)]


def transformed(name):
    """How many transformations there are of a gap."""
    path = "lib/products.py"
    known = {gap.id: gap for gap in gaps.parse(LIB, path)}
    return len(operators.transformations(known[name], {path: LIB}))


def test_a_course_without_fault(runs):
    _, good = runs[0]
    changed = transformed("small_good")
    assert good[1].split() == ["small_good", *f"{5 + changed} / {5 + changed} 0 / 1 0 / 3".split()]
    assert good[2].startswith("All is as it should be.")


def test_the_report_has_counts_reasons_and_the_matrix(runs):
    changed = transformed("small_good")
    report = (runs[1] / "found" / "good.md").read_text(encoding="utf-8").splitlines()
    assert f"| small_good | 1 / 1 | 3 / 3 | 1 / 1 | 1 / 1 | 3 / 3 | {changed} / {changed} | 1 / 1 | 1 / 1 |" in report
    assert "| small_good | `value = abs(a * b)` | `value = a * b` | a and b are positive. |" in report
    assert "| tests/test_products.py::test_good | **empty** |" in report
    assert "| tests/test_products.py::test_strict | blocked |" in report
    assert "| tests/test_products.py::test_weak | · |" in report


def test_the_report_goes_where_git_does_not_look():
    from course.verify.command import REPORT
    assert REPORT.startswith("results_")
    assert "/results*/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_while_a_gap_is_empty_only_the_tests_that_enter_it_are_run(tmp_path):
    """Its own, and those of others that a survey has seen in it."""
    from course.verify.trials import EMPTY, Plan
    plan = Plan(write(tmp_path, TESTS), [], 3, 5)
    entering = {"its own": frozenset(), "another": frozenset({"small_good"}), "a third": frozenset({"small_loop"})}
    record = Record("small_good", ["its own"])
    empty = [trial for trial in plan.trials(record, entering) if trial.part == EMPTY]
    assert [trial.tests for trial in empty] == [["its own", "another"]]
    assert record.matrix == {"its own": "no end", "another": "no end", "a third": "solved"}
    (survey, rest) = plan.survey(list(entering))
    assert survey.tests + rest.tests == ["its own", "a third", "another"]
    assert survey.seeds == empty[0].seeds


def test_only_the_chosen_gaps_are_tried(runs):
    assert not any("small_weak" in line for line in runs[0][1])


def test_a_weak_test_lets_a_wrong_answer_through(faulty):
    assert any(line.startswith("wrong answer added: passes every test  (--seed ")
               for line in about(faulty, "small_weak"))


def test_a_surviving_mutant_that_is_not_listed(faulty):
    assert any(line.startswith("mutant (swap an arithmetic operator) value = a * b -> value = a / b: passes every test")
               for line in about(faulty, "small_weak"))


def test_a_flaky_test(faulty):
    flakes = [line for line in about(faulty, "small_flaky") if line.startswith("solution: refused by")]
    assert len(flakes) == 1 and "bad luck" in flakes[0] and "(--seed " in flakes[0]


def test_a_correct_answer_that_is_refused(faulty):
    assert any(line.startswith("alternative fraction: refused by tests/test_products.py::test_strict: "
                               "the product is no whole number") for line in about(faulty, "small_strict"))


def test_a_gap_without_a_test_and_without_answers(faulty):
    assert about(faulty, "small_untested") == ["no test judges it",
                                               "there is no [[wrong]] in course/answers/small_untested.toml",
                                               "there is no [[right]] in course/answers/small_untested.toml"]


def test_a_gap_without_right_answers(faulty):
    assert "there is no [[right]] in course/answers/small_weak.toml" in about(faulty, "small_weak")
    assert not any("there is no [[wrong]]" in line for line in about(faulty, "small_weak"))


def test_a_test_that_passes_while_its_gap_is_empty(faulty):
    assert any("test_blind never fails: it passes although the gap is empty" in line
               for line in about(faulty, "small_blind"))


def test_a_test_that_another_gap_keeps_from_its_own(faulty):
    """test_strict asks for small_good first: with that gap empty it is blocked, which is as it should be."""
    assert about(faulty, "small_good") == []


def test_a_wrong_answer_that_is_told_something_else(faulty):
    (line,) = [line for line in about(faulty, "small_strict") if line.startswith("wrong answer added")]
    assert line.startswith("wrong answer added: no failing test says 'a and b are added', but: the product is ")


def test_an_alternative_that_ends_the_process(faulty):
    assert any(line.startswith("alternative quit: its process ended before its tests, with exit code 0")
               for line in about(faulty, "small_strict"))


def test_an_equivalent_mutant_that_no_longer_occurs(faulty):
    gone = "listed as equivalent, and no longer made at all: value = a - b -> value = a + b"
    assert gone in about(faulty, "small_flaky")


def test_an_equivalent_mutant_that_is_none(faulty):
    assert any(line.startswith("equivalent (swap an arithmetic operator) value = a * b -> value = a / b: refused by")
               for line in about(faulty, "small_flaky"))


def test_a_transformation_that_no_test_can_see(faulty):
    """test_blind asks no probe; test_weak asks one, and what outlives its call is noticed."""
    alive = "transformation (change the process) at the end -> from torch import set_grad_enabled; "
    assert any(line.startswith(alive) for line in about(faulty, "small_blind"))
    assert not any("set_grad_enabled" in line for line in about(faulty, "small_weak"))


def test_an_endless_mutant_is_rejected(faulty):
    assert about(faulty, "small_loop") == []


def test_a_solution_that_does_not_compile(tmp_path):
    from course.verify.trials import Plan
    lib = write(tmp_path, TESTS) / "lib" / "products.py"
    lib.write_text(LIB.replace("abs(a * b)", "abs(a * b"), encoding="utf-8")
    with pytest.raises(ValueError, match="solution of the gap small_good does not compile: lib/products.py, line 8"):
        Plan(tmp_path, [], 3)


@pytest.mark.parametrize("barriers, left_out", [((), ["spy", "stop"]), (("files",), ["stop"]),
                                                (("files", "signals"), [])])
def test_cheats_that_this_system_cannot_stop_are_left_out(tmp_path, monkeypatch, capsys, barriers, left_out):
    root, kept = write(tmp_path, TESTS), {"skip", "spy", "stop"} - set(left_out)
    for name, barrier in (("spy", "files"), ("stop", "signals")):
        head = f"# cheat: c\n# gap: small_good\n# barrier: {barrier}\n"
        (root / f"course/cheats/{name}.py").write_text(f"{head}\nvalue = 1\n", encoding="utf-8")

    def tried(plan, ready):
        record = Record("small_good", ["a test"])
        assert {trial.name for trial in plan.trials(record, {}) if trial.part == CHEAT} == kept
        return [record]
    monkeypatch.setattr(confinement, "barriers", lambda: set(barriers))
    monkeypatch.setattr(verifying, "_try", tried)
    monkeypatch.setattr(verifying.forks, "with_tests", lambda root, limit, work: work(None))
    assert verifying.verify(root, ["small_good"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Not tried: ")]
    assert [line.partition(".")[0] for line in said] == [f"Not tried: {name}" for name in left_out]


def test_a_report_that_cannot_be_written(tmp_path):
    from course.verify.command import verify
    root = write(tmp_path / "course", TESTS)
    with pytest.raises(ValueError, match="the report cannot be written to .*LIB: "):
        verify(root, ["small_good"], report=root / "lib" / "products.py" / "LIB")


def test_a_gap_that_there_is_not(monkeypatch, capsys):
    from course.__main__ import main
    for name in ("OMP_NUM_THREADS", "MPLBACKEND"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))
    assert main(["verify", "vae_encoder"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("python -m course verify: there is no gap 'vae_encoder': did you mean vae_encode?")
    assert error.count("\n") == 1


@pytest.mark.parametrize(("word", "names"), [("vae", "vae_"), ("2.1", "vae_"), ("gan", "gan_")])
def test_a_word_that_means_several_gaps(word, names):
    from course.verify.trials import Plan
    chosen = Plan(ROOT, [word], seeds=1, seed=0).chosen
    assert len(chosen) > 1 and all(name.startswith(names) for name in chosen)


@pytest.mark.parametrize("arguments", [["verify", "--seeds", "0"], ["verify", "--seeds", "many"], ["verified"], [],
                                       ["verify", "--seeds", "2000000"], ["verify", "--limit", "nan"],
                                       ["verify", "--limit", "inf"], ["verify", "--limit", "0"]])
def test_arguments_that_make_no_sense(arguments, capsys):
    from course.__main__ import main
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2 and capsys.readouterr().err


def test_a_seed_draws_the_same_trials_again(tmp_path):
    """With --seed the trials are the same in each run; without it they are not (but for 1 in 10^18 runs)."""
    from course.verify.trials import Plan
    root = write(tmp_path, TESTS)

    def drawn(seed):
        trials = Plan(root, [], 3, seed).trials(Record("small_good", ["a test"]), {"a test": frozenset()})
        return [trial.seeds for trial in trials]
    assert drawn(5) == drawn(5) != drawn(6)
    assert drawn(None) != drawn(None)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no nurseries")
def test_a_nursery_serves_one_trial_at_a_time_and_is_started_anew_after_one_that_did_not_end_well():
    pool = forks._Nurseries(None)
    first, second = pool.take(), pool.take()
    process = first._process.pid
    for good, same in ((True, True), (False, False)):
        pool.give_back(SimpleNamespace(nursery=first, has_ended_well=lambda good=good: good))
        assert pool.take() is first is not second and (first._process.pid == process) is same and first.is_alive()
    pool.close()
    assert not first.is_alive() and not second.is_alive()
