"""The rules of the course, a small check in a file each: what stands beside the points of the gaps.

    rule.py        what a check finds
    facts.py       what a check may look at
    checking.py    the table of all checks, and what `course.toml` makes of their findings

A check is a function from Facts to a RuleResult. It decides on nothing that takes a person's judgement: that is shown,
with the evidence, and costs nothing.
"""
