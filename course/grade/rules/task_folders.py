"""The folders are there that the sheet asks for: `folders` of a sheet in course.toml."""

from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, RuleResult

__all__ = ["check"]


def check(facts: Facts) -> RuleResult | None:
    folders = facts.sheet.folders
    if not folders:
        return None
    there = {path.partition("/")[0] for path in facts.handed_in.submission.listed if "/" in path}
    if missing := [folder for folder in folders if folder not in there]:
        return RuleResult("task_folders", BROKEN, f"there is no file in {', '.join(missing)}")
    return RuleResult("task_folders", KEPT, f"there are files in {', '.join(folders)}")
