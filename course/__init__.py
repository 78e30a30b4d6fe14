"""The instructor's tools: the handout is made here, and the tests that grade it are held to account.

    handout/    the student's repository, written and checked for leaks
    verify/     the tests on trial: each gap empty, solved, answered wrongly, answered otherwise, and cheated on
    answers/    what `verify` tries, a file for each gap: wrong answers, right ones, equivalent changes
    cheats/     and attempts to earn a point without an answer
"""
