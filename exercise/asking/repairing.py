"""Gaps that do not compile: each one becomes a raise of its SyntaxError, and the rest of the file runs."""

import tokenize
import warnings
from dataclasses import dataclass
from types import CodeType

from exercise.source.gaps import Gap, GapError, lines_of, scan

__all__ = ["Broken", "compiled", "repair"]

_TAB = 8  # the width Python gives a tab when it compares indentations


@dataclass(frozen=True)
class Broken:
    """Why a gap's body does not compile: the line number, that line's code, and what Python says about it."""
    line: int
    code: str
    error: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.error}" + (f": {self.code}" if self.code else "")


def repair(text: str, path: str) -> tuple[str, dict[str, Broken]]:
    """The text with each gap that does not compile replaced by a raise of its SyntaxError, on the line of the error.

    The number of lines stays, so all line numbers are still the student's own. Each gap is looked at with all others
    taken for solved, and has to keep to itself: less indentation than its markers, or a bracket or quote that stays
    open, is an error too, even where Python could make sense of the whole.

    Returns: the text to compile (its markers may be gone), and by gap id what is wrong.
    Raises: GapError if the code outside of the gaps does not compile; what has lost a marker lies outside.
    """
    gaps, lines = scan(text, path)[0], lines_of(text)
    if _compile_error(lines) is None and not any(map(_escape, gaps)):  # nearly always, and many times sooner
        return text, {}
    _check_outside(lines, gaps, path)
    broken = {gap.id: fault for gap in gaps if (fault := _fault(lines, gap, gaps))}
    for gap in gaps:
        if gap.id in broken:
            _fill(lines, gap, broken[gap.id].line, f"raise SyntaxError({str(broken[gap.id])!r})")
    return "".join(lines), broken


def compiled(text: str, filename: str) -> CodeType:
    """A module's code, without a fuss about a byte order mark or a SyntaxWarning, which is no error of a gap."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text.removeprefix("\ufeff"), filename, "exec", dont_inherit=True)


def _fill(lines: list[str], gap: Gap, line: int, code: str) -> None:
    """Blank all between a gap's markers and put one line of code there; an empty gap lends the line of END."""
    lines[gap.start:gap.end - 1] = ["\n"] * (gap.end - 1 - gap.start)
    lines[line - 1] = f"{gap.indent}{code}\n"


def _check_outside(lines: list[str], gaps: list[Gap], path: str) -> None:
    if error := _compile_error(_with_only(None, lines, gaps)):
        line = min(error[0] or 1, len(lines))
        raise GapError(path, line, f"{error[1]} (outside of the gaps): {_code(lines, line)}")


def _fault(lines: list[str], gap: Gap, gaps: list[Gap]) -> Broken | None:
    """What is wrong with one gap; an error that shows only in the code after the gap is put on its last line."""
    error = _compile_error(_with_only(gap, lines, gaps))
    if error and error[0] and gap.start < error[0] < gap.end:
        line, says = error
    elif escape := _escape(gap):
        line, says = escape
    elif error:
        line, says = _last_line(gap), error[1]
    else:
        return None
    return Broken(line, _code(lines, line), says)


def _with_only(kept: Gap | None, lines: list[str], gaps: list[Gap]) -> list[str]:
    lines = list(lines)
    for gap in gaps:
        if gap is not kept:
            _fill(lines, gap, gap.body_start, "pass")
    return lines


def _compile_error(lines: list[str]) -> tuple[int | None, str] | None:
    """Line number, where Python names one or a null byte tells it, and message of what is wrong with a module."""
    try:
        compiled("".join(lines), "<gap>")
    except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        null = next((number for number, line in enumerate(lines, 1) if "\0" in line), None)
        says = error.msg if isinstance(error, SyntaxError) else str(error)
        return getattr(error, "lineno", None) or null, says or "the code is nested too deeply"
    return None


def _escape(gap: Gap) -> tuple[int, str] | None:
    """Where and how a body leaves its gap: too little indentation, or something left open at its end."""
    lines = [line.rstrip("\r\n") + "\n" for line in lines_of(gap.body)]
    least, fresh = _width(gap.indent), True
    skip = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    try:
        for token in tokenize.generate_tokens(iter(lines).__next__):
            row = token.start[0]
            if fresh and token.type not in skip and _width(lines[row - 1]) < least:
                return gap.body_start + row - 1, "this line is indented less than the gap"
            if token.type not in skip:
                fresh = token.type == tokenize.NEWLINE
    except (tokenize.TokenError, SyntaxError):
        return _last_line(gap), "a bracket, quote or backslash in this gap reaches past its end"
    return None


def _width(line: str) -> int:
    """The column in which a line's code begins; a form feed takes Python back to column 0."""
    blank = line[:len(line) - len(line.lstrip(" \t\f"))]
    return len(blank.rpartition("\f")[2].expandtabs(_TAB))


def _last_line(gap: Gap) -> int:
    """The number of the last line of code in a gap; that of its first line where it has none."""
    lines = lines_of(gap.body)
    code = [number for number, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")]
    return gap.body_start + (code[-1] if code else 0)


def _code(lines: list[str], line: int) -> str:
    code = lines[line - 1].strip()
    return code if len(code) <= 100 else code[:99] + "…"
