"""The instructor's tools: handouts are made here, the tests that grade them held to account, and classes graded.

    handout/    the student's repository, written and checked for leaks
    sheets/     pages and PDFs of the sheets
    verify/     the tests on trial: each gap empty, solved, answered wrongly, answered otherwise, and cheated on
    answers/    what `verify` tries, a file for each gap: wrong answers, right ones, equivalent changes
    cheats/     and attempts to earn a point without an answer
    grade/      points for every gap of every team
    hostile/    submissions and gaps that try to fool, hurt or stop the grader
    doctor/     which isolation this machine gives, shown by trying to break out of it
    forks.py    a warm process with the tests, and its forks, which verify and grade try gaps in
"""
