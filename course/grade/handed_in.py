"""What a team has handed in, as the grader uses it: the gaps, what else has changed, and what is new."""

import hashlib
from dataclasses import dataclass

from course.grade import forms, gap_texts
from course.grade.gap_texts import Found
from course.grade.history import Cutoff
from course.grade.intake import Entry, Submission, read
from course.grade.pristine import Pristine
from course.grade.results import Change, History
from exercise.source import handed_out

__all__ = ["PDF", "HandedIn", "take_in"]

PDF = "submission.pdf"


@dataclass(frozen=True)
class HandedIn:
    """One submission.

    Args:
        digest: SHA-256 of all that was read of it.
        found: its gaps.
        changes: files that are not as they were handed out, outside of gaps; all of them without effect.
        new: paths of files that were not handed out.
        members: who is named in declaration.md.
        submission: what was read of it.
        history: of a clone.
    """
    entry: Entry
    digest: str
    problems: tuple[str, ...]
    found: Found
    changes: tuple[Change, ...]
    new: tuple[str, ...]
    members: tuple[str, ...]
    submission: Submission
    history: History | None


def take_in(entry: Entry, pristine: Pristine, judges: set[str], cutoff: Cutoff) -> HandedIn:
    """Read one entry of the folder of submissions.

    Args: judges, the names of files of tests.
    """
    deadline, commit = cutoff.asked(entry.name)
    submission = read(entry, list(pristine.texts), forms=[forms.DECLARATION, forms.FEEDBACK],
                      documents=[PDF, *filter(None, map(pristine.notebook, pristine.chosen.sheets))],
                      known=pristine.known, deadline=deadline, commit=commit)
    found = gap_texts.find(pristine, submission.texts, judges)
    elsewhere = [Change(path, "changed") for path, mark in sorted(submission.listed.items())
                 if pristine.is_known(path) and not pristine.is_intact(path, mark)]
    new = [path for path in sorted(submission.listed) if not pristine.is_known(path) and path != handed_out.RECORD]
    return HandedIn(entry, _digest(submission), (*entry.remarks, *submission.problems), found,
                    (*found.changes, *elsewhere), tuple(new), forms.members(
                        submission.forms.get(forms.DECLARATION, ""), pristine.chosen.first, pristine.chosen.last),
                    submission, cutoff.history(entry.name, submission.clone))


def _digest(submission: Submission) -> str:
    parts = [f"{path}\0{text}" for path, text in sorted([
        *submission.texts.items(), *submission.forms.items(), *submission.listed.items()])]
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()
