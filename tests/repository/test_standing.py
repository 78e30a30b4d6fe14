"""From the outcomes of tests to verdicts, and from verdicts to where a student stands."""

import pytest

from exercise.asking.failure import OF_THE_PROCESS, Failure, Frame, ProbeFailed
from exercise.source import places, table
from exercise.verdict import standing, verdicts
from exercise.verdict.standing import NOT_TESTED
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG, Verdict
from tests.repository import toys

PASSED = Verdict(SOLVED)
EMPTY = Verdict(NOT_STARTED, "not started: …")
MISTAKEN = Verdict(WRONG, "the product is a sum")
MET_A_GAP = Verdict(BLOCKED, "blocked by the gap box_area: …", "box_area")


# A test's outcome

def failed(kind="error", message="ValueError: no", gap="box_area", frames=(), **more):
    return ProbeFailed(Failure(kind, message, gap, "lib/box.py", 13, tuple(frames), **more))


def test_an_empty_gap_is_not_started():
    verdict = verdicts.of_failure("box_area", failed("not started"))
    assert verdict == Verdict(NOT_STARTED, "not started: the gap box_area is still empty (lib/box.py, line 13)")


def test_a_gap_with_code_and_its_raise_line_is_wrong():
    verdict = verdicts.of_failure("box_area", failed("not started", "delete the raise line", leftover=True))
    assert (verdict.state, verdict.sentence) == (WRONG, "delete the raise line")


@pytest.mark.parametrize("kind", ["not started", "syntax"])
def test_another_gap_that_cannot_run_blocks(kind):
    verdict = verdicts.of_failure("box_volume", failed(kind, "it does not run"))
    assert verdict == Verdict(BLOCKED, "blocked by the gap box_area: it does not run", "box_area")


@pytest.mark.parametrize("kind", OF_THE_PROCESS)
def test_what_becomes_of_the_process_is_wrong_and_has_its_name(kind):
    verdict = verdicts.of_failure("box_area", failed(kind, "it was in lib/box.py"))
    assert verdict.state == WRONG and f"({kind}): it was in lib/box.py" in verdict.sentence


@pytest.mark.parametrize(("gap", "path", "state"), [
    ("box_area", "lib/box.py", BLOCKED), (None, None, WRONG), ("box_lid", "lib/box.py", WRONG),
    ("box_area", "lib/lid.py", WRONG)])
def test_a_failure_may_name_only_what_is_known(gap, path, state):
    error = ProbeFailed(Failure("not started", "it is empty", gap, path, 13, leftover=True))
    assert verdicts.of_failure("box_volume", error, {"box_area", "lib/box.py"}).state == state


def test_a_file_that_does_not_compile_is_wrong():
    assert verdicts.of_failure("box_area", failed("syntax", "lib/box.py:1: bad", gap=None)) == Verdict(
        WRONG, "lib/box.py:1: bad")


def test_an_error_is_told_in_one_line_with_its_place_and_its_path():
    frame = Frame("lib/box.py", 13, "area", "total = nonsense")
    verdict = verdicts.of_failure("box_area", failed(message="ValueError: one\ntwo", frames=[frame]))
    assert verdict.sentence == "ValueError: one two (lib/box.py, line 13)"
    assert verdict.details == ("lib/box.py:13: total = nonsense",)


def test_a_failed_comparison_is_its_first_line():
    assert verdicts.of_failure("box_area", AssertionError("first\n  more")) == Verdict(WRONG, "first",
                                                                                       details=("|   more",))
    assert verdicts.of_failure("box_area", AssertionError()).sentence


def test_a_skipped_test_is_a_wrong_gap():
    verdict = verdicts.of_failure("box_area", pytest.skip.Exception("no time"))
    assert verdict.state == WRONG
    assert "skipped" in verdict.sentence


def test_an_error_in_the_judge_says_that_it_could_not_use_the_answer():
    try:
        {}["area"]
    except KeyError as error:
        verdict = verdicts.of_failure("box_area", error)
    assert verdict.sentence == "the test could not use what the code returned: KeyError: 'area'"
    assert verdict.details[0].startswith("test_standing.py:")


# The standing

@pytest.fixture
def stand(tmp_path):
    toys.copy(tmp_path)
    course, found = table.load(tmp_path), places.find(tmp_path)
    return lambda whole=True, **verdicts: standing.of_run(course, found, verdicts, whole)


@pytest.mark.parametrize(("tests", "state"), [
    ([PASSED, PASSED], SOLVED), ([PASSED, MISTAKEN], WRONG), ([MISTAKEN, EMPTY], NOT_STARTED),
    ([MET_A_GAP, MISTAKEN], WRONG), ([PASSED, MET_A_GAP], BLOCKED), ([PASSED, None], NOT_TESTED),
    ([None, MISTAKEN], WRONG), ([], NOT_TESTED)])
def test_a_gap_is_solved_only_if_all_its_tests_pass(stand, tests, state):
    assert [row.state for row in stand(whole=False, box_volume=tests)] == [state]


def test_rows_come_in_the_order_of_the_course_with_their_places(stand):
    found = stand(label_text=[PASSED], box_area=[MISTAKEN], box_volume=[PASSED])
    assert [(row.gap.id, row.path, row.line) for row in found] == [
        ("box_volume", "lib/box.py", 2), ("box_area", "lib/box.py", 11), ("label_text", "lib/label.py", 2)]


def test_a_whole_run_lists_the_gaps_that_it_has_no_tests_of(stand):
    assert [row.state for row in stand(box_volume=[PASSED])] == [SOLVED, NOT_TESTED, NOT_TESTED]


def test_points_are_those_of_the_solved_gaps(stand):
    found = stand(box_volume=[PASSED], box_area=[MISTAKEN], label_text=[PASSED])
    assert found.points() == "points so far: 1.75 of 2.5, and 2 more are given by hand"


def test_a_gap_that_is_worth_nothing_can_be_solved(stand):
    found = stand(whole=False, label_text=[PASSED])
    assert [(row.state, row.points) for row in found] == [(SOLVED, 0)]


def test_the_table_shows_each_gap_and_what_blocks_it(stand):
    lines = stand(box_volume=[MET_A_GAP], box_area=[EMPTY], label_text=[MISTAKEN]).lines()
    assert lines[:4] == ["gap         sheet.task  points  state",
                         "box_volume  1.1         0/1.75  blocked by box_area",
                         "box_area    1.1         0/0.75  not started",
                         "label_text  1.2         0/0     wrong"]
    assert "first failure: label_text: the product is a sum" in lines


def test_colours_change_nothing_but_the_state(stand):
    found = stand(box_volume=[MISTAKEN])
    assert found.lines(colour=True)[1] == found.lines()[1].replace("wrong", "\033[31mwrong\033[0m")


@pytest.mark.parametrize(("outcome", "expected"), [
    ({"box_volume": [EMPTY], "box_area": [MISTAKEN]}, "next: mend box_area, sheet 1, task 1: lib/box.py, line 11"),
    ({"box_volume": [PASSED], "box_area": [EMPTY]}, "next: write box_area, sheet 1, task 1: lib/box.py, line 11"),
    ({"box_volume": [MET_A_GAP]}, "next: look at box_area, which box_volume needs"),
    ({"box_volume": [PASSED], "box_area": [PASSED], "label_text": []}, "next: bring back what tests label_text"),
    ({"box_volume": [PASSED], "box_area": [PASSED], "label_text": [PASSED]}, "all gaps are solved"),
])
def test_it_says_what_to_do_next(stand, outcome, expected):
    assert stand(**outcome).next_step()[0].startswith(expected)


def test_after_the_last_gap_it_names_what_a_person_grades(stand):
    solved = stand(box_volume=[PASSED], box_area=[PASSED], label_text=[PASSED])
    assert solved.next_step()[1:] == ["  left: sheet 1, task 3, Drawing (given by hand)"]


def test_a_part_of_the_course_claims_no_points(stand):
    lines = stand(whole=False, box_volume=[PASSED]).lines()
    assert not any("points so far" in line for line in lines)
    assert lines[-1] == "next: see where you stand with all gaps: python -m exercise"
