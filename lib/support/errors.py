"""What ends a command without a traceback: an error the user can mend, or the user's own wish."""


class UserError(ValueError):
    """An input, file or setting that does not work. Its text is one line: what was wrong, what would be right."""


class Interrupted(KeyboardInterrupt):
    """A run ended by Ctrl-C (SIGINT) or SIGTERM after the step it was in."""

    def __init__(self, signal_number: int, message: str):
        super().__init__(message)
        self.signal_number = signal_number
