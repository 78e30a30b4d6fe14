"""Asking the code under test: a question travels to the process that holds the code, and plain data come back.

Everything in this room is copied to that process. The code under test can read it, and change it over there, so nothing
in here knows an expected value, and nothing that comes back is trusted.
"""
