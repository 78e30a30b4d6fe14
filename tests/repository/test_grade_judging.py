"""Which trials a class goes through, and what follows from them: with results made up here in place of processes."""

import pytest

from course.forks import Result
from course.grade.agenda import Agenda
from course.grade.gap_texts import Found, GapText
from course.grade.judging import Judging
from course.grade.plan import ISOLATED, OWN_FILE, SUBMITTED, Plan
from course.grade.pristine import Pristine
from course.grade.results import NO_VERDICT
from course.grade.sentences import Judges
from exercise.problem import Problem
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, UNUSABLE, WRONG, Verdict
from tests.repository import toys

TESTS = {name: [f"tests/test_boxes.py::test_{name.partition('_')[2]}"] for name in (
    "box_volume", "box_area", "label_text")}
SECONDS = 0.5  # that each trial takes


@pytest.fixture
def plan(tmp_path):
    root = toys.copy(tmp_path, "course.toml", "lib", "tests")
    plan = Plan(Pristine(root), Judges(root), TESTS, (1, 2, 3))
    plan.entered = {"box_volume": set(), "box_area": {"box_volume"}, "label_text": set()}
    return plan


def found(plan, **bodies):
    """A submission with these texts in its gaps; "solution" stands for the solution."""
    texts = {name: GapText(plan.pristine.stubs[name]) for name in plan.pristine.gaps}
    texts |= {name: body if isinstance(body, GapText) else GapText(
        plan.pristine.gaps[name].body if body == "solution" else f"    {body}\n") for name, body in bodies.items()}
    return Found(texts)


class Machine:
    """In place of Forks: answers each trial by what its sources say, one after the other, and keeps count.

    Args: answers, called with a trial, for a verdict, or None for a process that ended.
    """

    def __init__(self, plan, answers):
        self.plan, self.answers, self.trials, self.done = plan, answers, [], []

    def judge(self, *texts, budget=100.0):
        judgings = [Judging(self.plan, text, budget) for text in texts]
        agenda = Agenda(self.plan)
        agenda.begin(judgings, self.done.append)
        while (trial := next(agenda, None)) is not None:
            self.trials.append(trial)
            agenda.take(self._result(trial))
        assert sorted(map(id, self.done)) == sorted(map(id, judgings))
        return [{gap.gap: gap for gap in judging.results()} for judging in judgings]

    def ways(self):
        return [(trial.part, trial.gap) for trial in self.trials]

    def _result(self, trial):
        verdict = self.answers(trial)
        if verdict is None:
            return Result(trial, {seed: {} for seed in trial.seeds}, ended="its process ended", seconds=SECONDS)
        seeds = trial.seeds if verdict.state == SOLVED else trial.seeds[:1]
        found = {seed: {trial.tests[0]: verdict} if seed in seeds else {} for seed in trial.seeds}
        return Result(trial, found, seconds=SECONDS)


def by_text(trial):
    """Wrong where the text says so, blocked by a gap that is empty, solved otherwise."""
    text = "".join(trial.sources.values())
    if "wrong" in text:
        return Verdict(WRONG, "the words are not joined by spaces")
    if trial.part == SUBMITTED and "TODO box_volume" in text:
        return Verdict(BLOCKED, "blocked by the gap box_volume", "box_volume", kind=NOT_STARTED)
    return Verdict(SOLVED)


def test_what_is_empty_or_lost_is_not_tried(plan):
    machine = Machine(plan, by_text)
    gaps, = machine.judge(found(plan, box_area=GapText(trouble="its markers are gone"),
                                label_text=GapText("    (\n", trouble="gap label_text does not compile")))
    assert not machine.trials
    assert [gap.isolated.state for gap in gaps.values()] == [NOT_STARTED, WRONG, WRONG]
    assert [gap.isolated.kind for gap in gaps.values()] == [NOT_STARTED, "lost", "syntax"]
    assert gaps["box_area"].submitted == gaps["box_area"].isolated
    assert not any(gap.points for gap in gaps.values())


def test_the_better_counts(plan):
    """An early mistake costs its own points alone; and gaps that go together count together."""
    machine = Machine(plan, by_text)
    gaps, = machine.judge(found(plan, box_area="solution"))
    assert (gaps["box_area"].isolated.state, gaps["box_area"].submitted.state) == (SOLVED, BLOCKED)
    assert gaps["box_area"].points == plan.pristine.chosen.course.gaps["box_area"].points

    together = Machine(plan, lambda trial: Verdict(SOLVED if trial.part == SUBMITTED else WRONG, "no"))
    gaps, = together.judge(found(plan, box_volume="one = 1", box_area="two = one"))
    assert gaps["box_area"].isolated.state == WRONG and gaps["box_area"].is_solved
    assert not gaps["box_volume"].is_solved  # its tests enter no other gap


def test_as_submitted_is_tried_only_where_it_can_differ(plan):
    machine = Machine(plan, by_text)
    machine.judge(found(plan, box_volume="solution", box_area="wrong = 1", label_text="wrong = 2"))
    assert (SUBMITTED, "box_area") not in machine.ways()  # what its tests enter is the solution
    machine = Machine(plan, by_text)
    machine.judge(found(plan, box_volume="a = 1", box_area="solution", label_text="solution"))
    assert machine.ways() == [(ISOLATED, "box_volume"), (ISOLATED, "box_area"), (ISOLATED, "label_text")]
    machine = Machine(plan, by_text)
    machine.judge(found(plan, box_volume="wrong = 1", box_area="solution"))
    assert (SUBMITTED, "box_area") in machine.ways()


def test_an_error_is_told_in_full_only_as_submitted(plan):
    def answers(trial):
        return Verdict(WRONG, "NameError: secret (lib/label.py, line 5)", kind="error", path="lib/label.py", line=5)
    gaps, = Machine(plan, answers).judge(found(plan, label_text="secret"))
    assert gaps["label_text"].isolated.sentence == "NameError in line 3 below the START marker of the gap"
    assert "secret" in gaps["label_text"].submitted.sentence


def test_as_submitted_no_other_solution_is_there(plan):
    machine = Machine(plan, lambda trial: Verdict(WRONG, "KeyError: x", kind=UNUSABLE))
    machine.judge(found(plan, label_text="one = 1"))
    trial, = {trial.name: trial for trial in machine.trials if trial.part == SUBMITTED}.values()
    assert "TODO box_volume" in trial.sources["lib/box.py"] and "product = a * b * c" not in str(trial.sources)


def test_the_own_file_earns_nothing(plan):
    own = plan.pristine.texts["lib/label.py"] + "\nimport math\n"
    machine = Machine(plan, lambda trial: Verdict(SOLVED if trial.part == OWN_FILE else WRONG, "no"))
    gaps, = machine.judge(found(plan, label_text=GapText("    joined = helper()\n", own_file=own)))
    assert gaps["label_text"].own_file.state == SOLVED and not gaps["label_text"].is_solved
    assert machine.trials[-1].sources == {"lib/label.py": own}


def test_the_same_text_is_tried_once(plan):
    machine = Machine(plan, by_text)
    first, second, third = machine.judge(found(plan, label_text="wrong = 1"), found(plan, label_text="wrong = 1"),
                                         found(plan, label_text="wrong = 2"))
    assert first == second
    assert machine.ways() == [(ISOLATED, "label_text")] * 2


def test_words_of_the_grader_in_an_error_of_the_code_are_the_code_s(plan):
    """They must not carry out what lies beside the gap."""
    said = "the worker process could not be started: total = a * b"
    gaps, = Machine(plan, lambda trial: Verdict(WRONG, f"ValueError: {said}", kind="error")).judge(
        found(plan, label_text="one = 1"))
    assert gaps["label_text"].isolated.state == WRONG and "total" not in gaps["label_text"].isolated.sentence
    lost = Verdict(WRONG, f"the test could not use what the code returned: RuntimeError: {said}", kind=UNUSABLE)
    gaps, = Machine(plan, lambda trial: lost).judge(found(plan, label_text="one = 1"))
    assert gaps["label_text"].isolated.state == NO_VERDICT and "total" not in gaps["label_text"].isolated.sentence


@pytest.mark.parametrize("trouble, attempts", [
    (None, 5), (Verdict(WRONG, "ended", kind="crashed"), 3), (Verdict(WRONG, "late", kind="timeout"), 2),
    (Verdict(WRONG, "no", kind=""), 1), (Verdict(WRONG, "no", kind="error"), 1)])
def test_what_may_be_the_machine_s_fault_is_tried_again(plan, trouble, attempts):
    machine = Machine(plan, lambda trial: trouble)
    gaps, = machine.judge(found(plan, label_text="one = 1"))
    assert machine.ways().count((ISOLATED, "label_text")) == attempts and not gaps["label_text"].is_solved
    if attempts > 1:
        once = Machine(plan, lambda trial: Verdict(SOLVED) if once.trials[1:] else trouble)
        gaps, = once.judge(found(plan, label_text="one = 1"))
        assert gaps["label_text"].is_solved


def test_what_has_no_verdict_is_a_problem_and_no_point(plan):
    machine = Machine(plan, lambda trial: None)
    gaps, = machine.judge(found(plan, label_text="one = 1"))
    assert gaps["label_text"].isolated.state == NO_VERDICT and not gaps["label_text"].is_solved
    assert "label_text could not be judged in isolation" in machine.done[0].problems[0]


def test_beyond_the_budget_nothing_is_tried(plan):
    machine = Machine(plan, by_text)
    gaps, = machine.judge(found(plan, box_volume="one = 1", label_text="two = 2"), budget=0.0)
    assert not machine.trials
    assert gaps["label_text"].isolated.sentence == "timeout: the budget of this submission is spent"
    text = found(plan, label_text="two = 2")
    other, same = Machine(plan, by_text).judge(text, text, budget=1e-9)
    assert other["label_text"].is_solved and same["label_text"].is_solved  # what is known costs nothing


def test_a_trial_costs_the_first_who_needs_it_its_seconds_each_time(plan):
    machine = Machine(plan, lambda trial: Verdict(WRONG, kind="timeout") if "two" in str(trial.sources) else None)
    two, three = found(plan, label_text="two = 2"), found(plan, label_text="three = 3")
    machine.judge(two, two, three)
    assert sorted(judging.spent for judging in machine.done) == [0.0, 2 * SECONDS, 5 * SECONDS]


def test_a_class_in_turn_gives_each_result_as_it_comes(plan):
    machine = Machine(plan, by_text)
    texts = [found(plan, label_text=f"x = {number}") for number in range(3)]
    machine.judge(*texts)
    assert [judging.results()[2].text for judging in machine.done] == ["    x = 0\n", "    x = 1\n", "    x = 2\n"]


class Survey:
    """In place of Forks: a process for each part, of which some end before their tests."""
    jobs = 2

    def __init__(self, state, *lost):
        self.state, self.lost, self.asked = state, lost, 0

    def run(self, trials):
        self.asked += 1
        for trial in trials:
            verdicts = {} if self.asked in self.lost else dict.fromkeys(trial.tests, Verdict(self.state, "no"))
            yield Result(trial, {1: verdicts}, {test: frozenset(["box_area"]) for test in verdicts},
                         "" if verdicts else "its process ended")


def test_a_survey_that_fails_grades_nobody(plan):
    with pytest.raises(Problem, match="test_volume refuses the solution .--seed 1.: no"):
        plan.take_survey(Survey(WRONG))


def test_a_survey_that_is_lost_is_made_once_more(plan):
    plan.take_survey(Survey(SOLVED, 1, 2))
    assert plan.entered == {"box_volume": {"box_area"}, "box_area": set(), "label_text": {"box_area"}}
    with pytest.raises(Problem, match="the tests cannot be run on the solution"):
        plan.take_survey(Survey(SOLVED, 1, 2, 3))


def test_a_gap_without_a_test_grades_nobody(plan):
    with pytest.raises(Problem, match="label_text has no test"):
        Plan(plan.pristine, plan.judges, TESTS | {"label_text": []}, (1,))
