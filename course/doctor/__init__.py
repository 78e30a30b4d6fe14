"""`python -m course doctor`: which isolation this machine gives."""
