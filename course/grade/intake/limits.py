"""How much of a submission is read, and what its reading may take."""

import contextlib
from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The limits of one submission.

    Args:
        files: files and folders that are looked at.
        crowd: of these, in one folder; of a larger one nothing is, so that it hides no other one.
        listed: files beside the wanted ones that are listed.
        text, texts: bytes of one wanted text, and of all together.
        form: bytes of a form, such as declaration.md.
        file: bytes of any other file that is read, a zip in a zip included.
        total: bytes read in all.
        depth: folders in one another.
        name: characters of a path.
        ratio: how many times larger a member of a zip may be than what it is packed in.
        nested: zips in one another, below the first.
        commits, branches: of a clone, that are looked at, and that are named.
        problems: problems that are told one by one.
        memory, cpu, seconds: of the process that reads: bytes of address space, seconds of CPU and by the clock.
    """
    files: int = 100_000
    crowd: int = 20_000
    listed: int = 5_000
    text: int = 2 ** 20
    texts: int = 4 * 2 ** 20
    form: int = 2 ** 20
    file: int = 64 * 2 ** 20
    total: int = 256 * 2 ** 20
    depth: int = 16
    name: int = 400
    ratio: int = 200
    nested: int = 1
    commits: int = 20_000
    branches: int = 50
    problems: int = 40
    memory: int = 2 ** 30
    cpu: int = 30
    seconds: float = 60.0

    def impose(self) -> None:
        """Set those of the process, for good: memory, CPU, and no byte to any file."""
        import resource  # not on Windows, where nothing is graded
        for what, soft, hard in ((resource.RLIMIT_AS, self.memory, self.memory),
                                 (resource.RLIMIT_CPU, self.cpu, self.cpu + 1),  # a second to end by SIGXCPU
                                 (resource.RLIMIT_FSIZE, 0, 0), (resource.RLIMIT_CORE, 0, 0)):
            with contextlib.suppress(ValueError, OSError):  # macOS has some of them in name only
                resource.setrlimit(what, (soft, hard))
