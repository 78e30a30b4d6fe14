"""What a class has handed in, as text: the only room that opens a submission's files.

    teams(folder)                one entry for each team: a folder, a zip, or what a platform's download has of one
    read(entry, wanted)          its texts of the wanted files, what else it holds, and what is wrong with it

Of a clone, the files of one commit are: the last one on main until the deadline. Its working tree is only compared
with them. What a platform has delivered counts as it is.

A submission is read in a child process with limits, which writes nothing, follows no link and imports nothing of it.
"""

from course.grade.intake.commits import Clone
from course.grade.intake.entries import Entry, teams
from course.grade.intake.limits import Limits
from course.grade.intake.reading import Submission, read

__all__ = ["Clone", "Entry", "Limits", "Submission", "read", "teams"]
