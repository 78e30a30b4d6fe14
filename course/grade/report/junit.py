"""A report that every CI service reads: JUnit's XML, a case for each gap.

Source of the format: the schema of Jenkins' xUnit plugin, https://github.com/jenkinsci/xunit-plugin
"""

from xml.etree import ElementTree

from course.grade.escaping import plain
from course.grade.report.graded import Graded
from course.grade.results import NO_VERDICT, GapResult, TeamResult
from exercise.source.table import points_text

__all__ = ["of_team"]

_LONGEST = 600


def of_team(graded: Graded, result: TeamResult) -> str:
    """The file of a team; a gap without a verdict is an error, one that is not solved a failure."""
    states = [gap.isolated.state for gap in result.gaps if not gap.is_solved]
    counts = {"tests": str(len(result.gaps)), "failures": str(len(states) - states.count(NO_VERDICT)),
              "errors": str(states.count(NO_VERDICT)), "time": f"{result.seconds:g}"}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": plain(result.team)} | counts)
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(graded, result).items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": plain(value, _LONGEST)})
    titles = {task.numbers: f"{task.numbers} {task.title}" for task in graded.tasks}
    for gap in result.gaps:
        _add_case(suite, gap, titles[gap.task])
    if result.problems:
        lines = (plain(line, _LONGEST) for line in result.problems)
        ElementTree.SubElement(suite, "system-err").text = "\n".join(lines)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _properties(graded: Graded, result: TeamResult) -> dict[str, str]:
    run = graded.run
    by_hand = {f"{task.numbers} {task.title}": f"{result.shown(task) or 'open'} / {points_text(task.points)}"
               for task in graded.tasks if not task.gaps}
    by_hand |= {"broken rules": points_text(result.taken)} if result.taken else {}
    handed_in = {"identifier": result.identifier, "late": result.lateness, "members": "; ".join(result.members)}
    return {"points": points_text(result.points()), "max points": points_text(graded.worth), **by_hand,
            **{name: value for name, value in handed_in.items() if value},
            "course": run.version, "seeds": " ".join(map(str, run.seeds)), "isolation": run.isolation}


def _add_case(suite: ElementTree.Element, gap: GapResult, task: str) -> None:
    case = ElementTree.SubElement(suite, "testcase", {"classname": plain(task), "name": plain(gap.gap)})
    if not gap.is_solved:
        outcome = gap.isolated
        kind = "error" if outcome.state == NO_VERDICT else "failure"
        said = {"type": plain(outcome.state), "message": plain(outcome.sentence or outcome.state, _LONGEST)}
        ElementTree.SubElement(case, kind, said)
