"""Questions to the code under test: plain functions from plain data to plain data.

A probe imports `lib` in its body, builds an object, calls it and returns what it saw. It asserts nothing and knows no
expected value: that is the business of `tests/`, where the code under test never comes.
"""
