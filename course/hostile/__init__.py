"""Submissions and gaps by which somebody could try to fool, hurt or stop the grader; and odd ones that are honest.

    gaps/            texts for a gap, beside those in course/cheats: course.verify.cheats reads them
    submissions.py   whole submissions, as folders
    zips.py          and as zips

Each is bounded, so that a machine survives it without any isolation.
"""
