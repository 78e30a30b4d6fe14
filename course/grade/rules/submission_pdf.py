"""The answers are there: submission.pdf in the main folder, or beside that in what was handed in, and a PDF."""

from course.grade.handed_in import PDF
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, RuleResult

__all__ = ["check"]


def check(facts: Facts) -> RuleResult:
    submission = facts.handed_in.submission
    found = submission.documents.get(PDF)
    if found is None:
        others = tuple(path for path in facts.handed_in.new if path.casefold().endswith(".pdf"))
        return RuleResult("submission_pdf", BROKEN, f"{PDF} is not in the main folder", others)
    return RuleResult("submission_pdf", KEPT if found.is_whole else BROKEN, f"{PDF}: {found.words}")
