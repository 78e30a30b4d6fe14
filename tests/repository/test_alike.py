"""Pairs that are unusually alike: found when they share what nobody else has, and never for what everybody writes."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from course.grade.alike import page
from course.grade.alike.fingerprints import RUN, every, winnowed
from course.grade.alike.pairs import FEWEST, find
from course.grade.alike.tokens import tokens
from course.grade.alike.yardstick import yardsticks
from course.grade.report.command import report
from course.grade.results import GapResult, Outcome, TeamResult
from course.verify import answers
from exercise.problem import Problem
from exercise.source import gaps, table
from exercise.verdict.verdicts import NOT_STARTED, SOLVED
from tests.repository import toys
from tests.repository.test_grade_report import EVIL, TEAM, Seen, grade, words_of

ROOT = Path(__file__).resolve().parents[2]
SHEET = [entry.id for task in table.read(ROOT).sheets[1].tasks for entry in task.gaps]
ODD = ("    scale = float(abs(-2 ** 3 // 5)) * 0.25  # the lecture had another factor here\n"
       "    for step in range(3, 17):  # somehow it takes fourteen of them\n"
       "        scale = scale + step * 0.5 if step % 3 else scale - 1\n")
SAME = ("    # somehow it takes fourteen of them\n    a0 = float(abs(-2**3//5))*0.25\n"
        "    for b0 in range(3, 17):\n        # the lecture had another factor here\n\n"
        "        a0 = a0 + b0*0.5 if b0 % 3 else a0 - 1\n")
BROKEN = ["x = 'open", 'y = """open\n\\', "(" * 5_000, "'" * 999, "\\" * 999, "# only", "\x00\ud800 €§ \u202e",
          "1e-3 .5 0x1F a.b"]


def of(name, texts):
    """A team with these texts, by gap."""
    return TeamResult(name, name, (), tuple(GapResult(gap, "2.1", "1", Outcome(SOLVED), Outcome(SOLVED), text=text)
                                            for gap, text in texts.items()))


@pytest.fixture(scope="module")
def known():
    return yardsticks(ROOT, 2, 2)


@pytest.fixture(scope="module")
def honest():
    """The texts of forty teams that have written what the course knows, with comments of their own."""
    solved, draw = gaps.read(ROOT), random.Random(5)
    bodies = {gap: [solved[gap].body, *(answer.body for answer in (*found.right, *found.wrong))]
              for gap, found in answers.read(ROOT, solved).items()}
    return [{gap: f"    # {name} wrote this by themselves\n{draw.choice(bodies[gap])}" for gap in SHEET}
            for name in map(str, range(40))]


def listed(texts, known):
    return [(pair.one.team, pair.other.team) for pair in find(
        [of(f"team {number}", own) for number, own in enumerate(texts)], known).found]


def with_odd(texts, gap, odd):
    return texts | {gap: odd + texts[gap]}


@pytest.mark.parametrize("text", BROKEN)
def test_every_sign_of_a_text_is_in_a_token(text):
    covered = {place for token in tokens(text) for place in range(token.start, token.end)}
    assert all(place in covered for place, sign in enumerate(text) if not sign.isspace())
    assert {part.mark for part in winnowed(text, ())} <= {part.mark for part in every(text, ())}


def test_own_names_spaces_and_the_order_of_comments_make_no_difference():
    assert {part.mark for part in every(ODD, ())} == {part.mark for part in every(SAME, ())}
    assert {part.mark for part in winnowed(ODD, ())} == {part.mark for part in winnowed(SAME, ())}


def test_fixed_names_attributes_and_arguments_are_kept():
    def marks(text):
        return [part.mark for part in every(text, {"mu"})]
    assert marks("a = mu") == marks("b = mu") == ["<0> = mu"] and marks("a = nu") == ["<0> = <1>"]
    assert marks("a.sum(dim=1)")[0] == "<0> . sum ( dim =" and marks("dim = 1") == ["<0> = 1"]


def test_texts_that_share_enough_tokens_in_a_row_share_a_part():
    draw = random.Random(3)
    for _ in range(50):
        common = [str(draw.randrange(9)) for _ in range(RUN + 3)]
        one, other = ({part.mark for part in winnowed(" ".join(
            [*map(str, draw.choices(range(10, 99), k=9)), *common, *map(str, draw.choices(range(10, 99), k=9))]), ())}
            for _ in range(2))
        assert one & other


def test_a_class_that_writes_what_the_course_knows_has_no_pair(honest, known):
    assert listed(honest, known) == []
    assert listed([dict(texts) for texts in honest[:3] * 20], known) == []


def test_a_pair_with_the_same_odd_detours_is_found_under_other_names(honest, known):
    changed = [*honest]
    changed[7], changed[30] = with_odd(honest[7], "vae_loss", ODD), with_odd(honest[30], "vae_loss", SAME)
    assert listed(changed, known) == [("team 7", "team 30")]
    assert listed(changed[5:10] + changed[30:31], known) == [("team 2", "team 5")]


def test_what_half_of_the_class_has_is_usual(honest, known):
    assert listed([with_odd(texts, "vae_loss", ODD) if number % 2 else texts for number, texts in enumerate(honest)],
                  known) == []


def test_what_is_handed_out_counts_nothing(honest, known):
    text = (ROOT / "lib" / "loss_vae.py").read_text(encoding="utf-8")
    changed = [*honest]
    changed[7], changed[30] = (with_odd(honest[number], "vae_loss", text) for number in (7, 30))
    assert listed(changed, known) == []


def test_the_same_files_are_compared_as_one_and_named(honest, known):
    teams = [of(f"team {number}", texts) for number, texts in enumerate(honest[:8])]
    twin = replace(of("twin", with_odd(honest[0], "vae_loss", ODD)), submission="a")
    found = find([*teams, twin, replace(twin, team="other twin")], known)
    assert (found.teams, found.count, found.same) == (9, 0, [["twin", "other twin"]])
    assert "twin , other twin" in words_of(page.of_class(found, known))


def test_what_nobody_has_written_is_not_the_same(honest, known):
    empty = [replace(team, submission="empty", gaps=tuple(replace(gap, **how) for gap in team.gaps))
             for team, how in ((of("unread", honest[0]), {"text": None}), (of("lost", honest[1]), {"text": None}),
                               (of("stub", honest[2]), {"isolated": Outcome(NOT_STARTED)}))]
    found = find([*(of(f"team {number}", texts) for number, texts in enumerate(honest[:8])), *empty], known)
    assert (found.teams, found.same) == (8, [])


def test_too_few_teams_are_not_compared(honest, known):
    with pytest.raises(Problem, match=f"--alike needs {FEWEST} submissions, to know what is usual, and there are 4"):
        listed(honest[:4], known)


@pytest.fixture
def root(tmp_path):
    return toys.copy(tmp_path / "course", "course.toml", "lib", "tests")


def test_the_page_shows_both_side_by_side_and_nothing_of_them_is_more_than_text(root, tmp_path, capsys):
    evil = "".join([f"    x = '{EVIL}'; y = [1, 2\n", *(f"    z = {n} + x * {n}  # {EVIL}\n" for n in range(30))])
    teams = [replace(TEAM, team=f"team {number}", submission=str(number), gaps=(
        replace(TEAM.gaps[0], text=f"    product = {number} * 7"), *TEAM.gaps[1:])) for number in range(6)]
    for number in (1, 4):
        teams[number] = replace(teams[number], team=f"<b>team {number}", gaps=(
            TEAM.gaps[0], replace(TEAM.gaps[1], text=evil.replace("x", f"x{number}")), TEAM.gaps[2]))
    grade(tmp_path / "grades", teams)
    assert report(root, tmp_path / "grades", alike=True) == 0
    assert not (tmp_path / "grades" / "html").exists()
    assert "unusually alike (1), and groups with the same files (0)" in capsys.readouterr().out
    text = (tmp_path / "grades" / "alike.html").read_text(encoding="utf-8")
    seen, words = Seen(text), words_of(text)
    assert {"mark", "pre", "figure"} <= seen.tags and not seen.tags & {"script", "img", "a", "b"}
    assert not seen.attributes & {"style", "src", "href", "onerror"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "For you, not for students." in words and "&lt;b&gt;team 1 and &lt;b&gt;team 4" in words
    assert not re.search("plagiar|cheat|guilt|suspect", words)
