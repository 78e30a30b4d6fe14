"""The page of what a person should look at; nothing on it costs a point by itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from course.grade.escaping import code, fenced, markdown
from course.grade.history import notices
from course.grade.pages.parts import MOST_NAMED, Block, basis, items, page, section, sentence, table
from course.grade.results import GapResult, TeamResult
from course.grade.rules import pages as rules
from course.grade.run import Run
from exercise.source.table import points_text

__all__ = ["of_class"]

_LONGEST_NOTE = 2_000
_WHAT_COSTS = ("A problem has kept gaps from being read or judged, so that they have no points. Flags, changed files "
               "and rules for a person have cost none, and what is solved only with changes has earned none: that is "
               "yours to judge.")


def of_class(run: Run, results: Sequence[TeamResult], notes: Mapping[str, Sequence[str]]) -> str:
    """The page of a class.

    Args: notes, lines by the heading that they stand below.
    """
    noted = [result for result in results if _is_noted(run, result)]
    noticed = {"The deadline": notices(run, results), **notes}
    return page([
        ["# For you to look at"], [_WHAT_COSTS],
        _overview(noted) if noted else ["There is nothing to look at."],
        *(block for title, lines in noticed.items() for block in section(title, _notes(lines))),
        *section("Files that several teams have changed", _often_changed(results)),
        *_rules(results),
        *(block for result in noted for block in _evidence(run, result)),
        *basis(run)])


def _is_noted(run: Run, result: TeamResult) -> bool:
    return bool(result.problems or result.flags or result.only_with_changes or result.changes or result.lateness
                or result.history and result.history.remarks or rules.to_look_at(run, result))


def _overview(noted: Iterable[TeamResult]) -> Block:
    return table(
        ["team", "problems", "late", "flags", "solved only with changes outside of the gaps", "files changed", "rules"],
        [[markdown(result.team), str(len(result.problems)), result.lateness, str(len(result.flags)),
          ", ".join(f"`{gap.gap}`" for gap in result.only_with_changes), str(len(result.changes)),
          ", ".join(f"`{rule.rule}`" for rule in result.rules if rule.is_for_a_person)] for result in noted])


def _notes(lines: Iterable[str]) -> Block:
    return items(markdown(line, _LONGEST_NOTE) for line in lines)


def _often_changed(results: Sequence[TeamResult]) -> Block:
    """If most teams have changed a file, it was handed out otherwise."""
    counts = Counter(change.path for result in results for change in result.changes)
    return items(f"{code(path)}: {count} of {len(results)} teams" + " (was it handed out otherwise?)" *
                 (2 * count > len(results)) for path, count in counts.most_common() if count > 1)


def _rules(results: Sequence[TeamResult]) -> list[Block]:
    counts = rules.of_class(results)
    return section("Rules", table(["rule", "kept", "broken", "to look at", "not checked"], counts),
                   *([line] for line in rules.hours(results))) if counts else []


def _evidence(run: Run, result: TeamResult) -> list[Block]:
    """All that there is to look at of a team."""
    return section(markdown(result.team), items(map(markdown, [*result.problems, *result.timing])),
                   *map(_with_changes, result.only_with_changes), *_flags(result),
                   *_lead("Rules for a person to look at:", rules.to_look_at(run, result)), *_changes(result))


def _with_changes(gap: GapResult) -> Block:
    return [f"**`{gap.gap}` ({points_text(gap.possible)} points) is solved in the team's own file, and not when "
            f"its gap alone is taken:** {sentence(gap.isolated)}. What differs outside of the gaps of "
            f"{code(gap.path)} is shown below."]


def _flags(result: TeamResult) -> list[Block]:
    """Those of solved gaps first."""
    solved = {gap.gap for gap in result.gaps if gap.is_solved}
    return _lead("What the gaps use beyond their task:", items(
        f"`{flag.gap}` ({'solved' if flag.gap in solved else 'not solved'}) {markdown(flag.why)}: "
        f"{code(flag.path)}, line {flag.line}: {code(flag.code)}"
        for flag in sorted(result.flags, key=lambda flag: flag.gap not in solved)))


def _changes(result: TeamResult) -> Iterator[Block]:
    for change in result.changes:
        yield [f"{code(change.path)}: {markdown(change.what)}"]
        yield fenced(list(change.diff), "diff") if change.diff else []
    if result.new:
        more = f" and {len(result.new) - MOST_NAMED} more" if len(result.new) > MOST_NAMED else ""
        yield [f"New files: {', '.join(map(code, result.new[:MOST_NAMED]))}{more}"]


def _lead(sentence: str, block: Block) -> list[Block]:
    return [[sentence], block] if block else []
