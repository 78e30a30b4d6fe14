"""What a file of pickles could do to whoever opens it."""

import os


class Malicious:
    """Unpickled, it would make a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)
