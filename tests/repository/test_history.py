"""Late by how much, what does not count, and how often main was pushed: from commits, a deadline and a host's data."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from course.grade import host
from course.grade.deadlines import duration, moment, written
from course.grade.history import Cutoff, notices
from course.grade.host import Push
from course.grade.intake import Clone
from course.grade.results import History, TeamResult
from course.grade.run import Run
from exercise.problem import Problem

DEADLINE = moment("2026-12-01T23:59+01:00")
ONE, TWO, THREE = ("1" * 40, "2" * 40, "3" * 40)
RUN = Run("abc 123", (5,), (1, 1), "bubblewrap", (), 10.0, 300.0, deadline="2026-12-01T22:59:00+00:00")


def at(minutes, commit, **how):
    return Push(DEADLINE + timedelta(minutes=minutes), commit, **how)


def clone(commit=ONE, minutes=-60, last=None, **more):
    times = [int((DEADLINE + timedelta(minutes=offset)).timestamp()) for offset in (minutes, last or minutes)]
    return Clone(commit, *times, branches=("main",), **more)


# moments --------------------------------------------------------------------------------------------------------------

def test_a_deadline_without_an_offset_is_in_the_local_time_zone():
    assert moment("2026-12-01T23:59") == datetime(2026, 12, 1, 23, 59).astimezone()
    assert moment("2026-12-01 22:59Z") == DEADLINE == moment(written(DEADLINE))


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-12-01", "2026-13-01T00:00", "23:59", "9999-12-31T23:59:99"])
def test_a_deadline_that_is_none_is_told_in_one_line(text):
    with pytest.raises(Problem, match="is no date with a time, such as 2026-12-01T23:59 or"):
        moment(text)


@pytest.mark.parametrize("seconds, words", [(1, "1 s"), (59.9, "59 s"), (60, "1 min"), (7980, "2 h 13 min"),
                                            (86_400, "1 d 0 h"), (200_000, "2 d 7 h")])
def test_a_span_has_its_two_largest_units(seconds, words):
    assert duration(seconds) == words


# without a host -------------------------------------------------------------------------------------------------------

def test_a_clone_in_time_has_nothing_to_remark():
    history = Cutoff(DEADLINE).history("a", clone())
    assert (history.commit, history.late_by, history.pushes, history.remarks) == (ONE, None, None, ())
    assert history.lines == [f"what counts is commit 1111111111 of main, made {written(DEADLINE - timedelta(hours=1))}"]
    assert Cutoff(DEADLINE).asked("a") == (DEADLINE.timestamp(), "")


def test_a_late_clone_says_by_how_much():
    history = Cutoff(DEADLINE).history("a", clone(minutes=133, remarks=("odd",)))
    result = TeamResult("a", "", (), (), history=history)
    assert history.late_by == 7980 and result.lateness == "late by 2 h 13 min"
    assert result.timing[0] == "handed in late by 2 h 13 min" and result.timing[-1] == "odd"


def test_a_platform_s_word_stands_where_nobody_knows_better():
    assert TeamResult("a", "", (), (), is_late=True).lateness == "late"
    assert TeamResult("a", "", (), (), is_late=True).timing == ["handed in late"]
    assert TeamResult("a", "", (), ()).timing == []


def test_commits_that_do_not_count_are_counted():
    one, three = (Cutoff(DEADLINE).history("a", clone(last=133, later=later, earlier=earlier)).remarks
                  for later, earlier in ((1, 0), (3, 2)))
    assert one == ("1 commit that came to main after the deadline does not count, the last one 2 h 13 min after it",)
    assert three == ("3 commits that came to main after the deadline do not count, the last one 2 h 13 min after it",
                     "of these, 2 dated before it: a later merge or push has brought them to main")
    assert Cutoff().history("a", clone()).remarks == ()


# with a host ----------------------------------------------------------------------------------------------------------

def test_the_last_push_before_the_deadline_decides_and_pushes_are_counted():
    pushes = [at(-90, ONE, is_first=True), at(-80, TWO), at(-5, THREE, is_forced=True), at(133, ONE)]
    cutoff = Cutoff(DEADLINE, {"a": pushes})
    assert cutoff.asked("a") == (DEADLINE.timestamp(), THREE)
    history = cutoff.history("a", clone(THREE, minutes=-9_000, later=1, earlier=1))
    assert (history.pushes, history.is_pushed, history.late_by) == (2, True, None)
    assert history.lines == [
        f"what counts is commit 3333333333 of main, pushed {written(DEADLINE - timedelta(minutes=5))}",
        "pushes to main: 2",
        "1 commit that came to main after the deadline does not count, the last one 2 h 13 min after it",
        "of these, 1 dated before it: a later merge or push has brought them to main",
        "main was force-pushed once: earlier commits may be gone"]


def test_what_was_pushed_late_is_late_whatever_its_date():
    cutoff = Cutoff(DEADLINE, {"a": [at(133, ONE)]})
    assert cutoff.asked("a") == (None, "")
    history = cutoff.history("a", clone(minutes=-60))
    assert history.late_by == 7980 and history.pushes == 0
    assert history.remarks == ("nothing was pushed to main before the deadline: the last commit counts",)
    unknown = cutoff.history("a", clone(TWO, minutes=-60))  # the host's data is older than the clone
    assert unknown.late_by == 7980


def test_a_team_without_data_is_judged_by_dates_and_told_so():
    cutoff = Cutoff(DEADLINE, {"b": [at(133, ONE)]})
    assert cutoff.asked("a") == (DEADLINE.timestamp(), "")
    assert cutoff.history("a", clone()).remarks == (
        "the host's data has no push to main of a: the dates of commits decide",)
    assert cutoff.history("a", None) is None


def test_you_are_told_once_what_dates_are_worth():
    known, unknown = (TeamResult("a", "", (), (), history=History(ONE, "", pushes=pushes)) for pushes in (2, None))
    plain = TeamResult("b", "", (), ())
    assert any("which can be set to anything" in line for line in notices(RUN, [known, unknown]))
    assert len(notices(RUN, [known])) == 1
    assert notices(RUN, [known, plain])[1] == "without effect on what is no clone, or cannot be read as one: b"
    assert notices(RUN, [plain]) == [
        "no submission is a clone, so that the deadline and the host's data have no effect"]
    assert notices(replace(RUN, deadline=""), [plain]) == notices(replace(RUN, deadline=""), [unknown]) == []


def test_a_team_of_which_the_host_knows_and_no_clone_is_there_is_named(tmp_path):
    for team in ("a", "lost"):
        (tmp_path / f"{team}.json").write_text("[]")
    known = TeamResult("a", "", (), (), history=History(ONE, "2026", pushes=1))
    assert notices(replace(RUN, pushes=str(tmp_path)), [known])[1:] == [
        "in the host's data, and without a result: lost"]


# the host's data ------------------------------------------------------------------------------------------------------

def github(time, after, kind="push", ref="refs/heads/main"):
    return {"id": 1, "before": "0" * 40, "after": after, "ref": ref, "timestamp": time, "activity_type": kind,
            "actor": {"login": "=<b>ada"}}


def gitlab(time, commit, action="pushed to", ref="main"):
    return {"id": 1, "action_name": action, "created_at": time, "author_username": "ada", "push_data": {
        "commit_count": 1, "action": "pushed", "ref_type": "branch", "commit_from": "0" * 40, "commit_to": commit,
        "ref": ref}}


@pytest.fixture
def data(tmp_path):
    """What is read of a file of a team."""
    def of(text):
        (tmp_path / "a.json").write_text(text if isinstance(text, str) else json.dumps(text))
        return host.read(tmp_path)["a"]
    return of


def test_github_s_activity_is_read(data):
    events = [github("2026-12-02T01:00:00Z", THREE, "force_push"), github("2026-12-01T10:00:00Z", TWO),
              github("2026-12-01T11:00:00Z", TWO, ref="refs/heads/dev"),
              github("2026-12-01T12:00:00Z", TWO, "pr_merge"),
              github("2026-12-03T10:00:00Z", "0" * 40, "branch_deletion"),
              github("2026-11-01T10:00:00Z", ONE, "branch_creation")]
    pushes = data(events)
    assert [(push.commit, push.is_first, push.is_forced) for push in pushes] == [
        (ONE, True, False), (TWO, False, False), (TWO, False, False), (THREE, False, True)]
    assert pushes[1].time == moment("2026-12-01T11:00+01:00")
    pages = [events[:2], events[2:]]
    assert data(pages) == data("\n".join(map(json.dumps, pages))) == pushes and data([]) == ()


def test_gitlab_s_events_are_read(data):
    pushes = data([gitlab("2026-12-01T10:00:00.123Z", TWO), gitlab("2026-11-01T10:00:00.000+01:00", ONE, "pushed new"),
                   gitlab("2026-12-01T10:00:00Z", THREE, ref="dev"), {"action_name": "opened", "push_data": None},
                   gitlab("2026-12-01T10:00:00Z", None, "deleted")])
    assert [(push.commit, push.is_first) for push in pushes] == [(ONE, True), (TWO, False)]


def test_a_branch_master_beside_main_is_any_other_branch(data):
    events = [github("2026-12-01T10:00:00Z", TWO, ref="refs/heads/master"), github("2026-12-01T09:00:00Z", ONE)]
    assert [push.commit for push in data(events)] == [ONE]
    assert [push.commit for push in data(events[:1])] == [TWO]


def test_of_two_pushes_in_one_second_the_host_tells_the_last_one_first(data):
    pushes = data([github("2026-12-01T10:00:00Z", TWO), github("2026-12-01T10:00:00Z", ONE)])
    assert [push.commit for push in pushes] == [ONE, TWO]


@pytest.mark.parametrize("text", [
    "", "{", "{}", "[1]", "[null]", '[{"message": "Not Found"}]', "[[[]]]", '{"message": "Not Found"}',
    *(json.dumps([event]) for event in (github("yesterday", ONE), github("2026-12-01T10:00Z", "x"),
                                        gitlab("2026-12-01T10:00Z", None)))])
def test_a_file_of_something_else_is_told_in_one_line(data, text):
    with pytest.raises(Problem, match=r"a.json: this is neither GitHub's activity of a repository nor GitLab's"):
        data(text)


def test_a_folder_without_data_is_told(tmp_path):
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(Problem, match="there should be a folder with the host's data, a file TEAM.json for each"):
            host.read(place)
