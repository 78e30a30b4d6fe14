"""What every notebook begins with: an empty gap is told in one line, and a module that was edited is read anew."""

import sys
from types import TracebackType
from typing import Any

from lib.support.errors import UserError
from lib.support.scripts.empty_gaps import in_words

__all__ = ["begin"]


def begin() -> None:
    """From now on, a cell that meets an empty gap, or input that a user can mend, says so in one line and ends.

    "Run all" stops there. What is edited in `lib` counts from the next cell on, without a new kernel. Run as a program,
    a notebook ends with that line too.
    """
    if "ipykernel" not in sys.modules:
        sys.excepthook = _report
        return
    from IPython import get_ipython
    shell = get_ipython()
    shell.set_custom_exc((NotImplementedError, UserError), _report_in_cell)
    shell.run_line_magic("load_ext", "autoreload")
    shell.run_line_magic("autoreload", "2")


def _line(error: BaseException) -> str:
    """The one line for an error, "" for one that needs its traceback."""
    if isinstance(error, NotImplementedError):
        return in_words(error)
    return str(error) if isinstance(error, UserError) else ""


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if line := _line(error):
        print(line, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


def _report_in_cell(shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType | None,
                    tb_offset: int | None = None) -> None:
    if line := _line(error):
        print(line, file=sys.stderr)
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
