"""What somebody can mend: told in one line, without a traceback."""

__all__ = ["Problem"]


class Problem(ValueError):
    """An argument or file that does not work. Its text, one line, says what was wrong and what would be right."""
