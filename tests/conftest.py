"""The fixtures of the judges, and the options of a run.

`--seed N` repeats the random inputs of an earlier run; `--gap ID` runs the tests of one gap; `--isolated` runs the
code under test in processes of its own, one for each gap, which have neither the tests nor their expected values;
`--require-confinement` refuses to run where nothing would keep that code from reading them.
"""

import random
import zlib
from difflib import get_close_matches
from pathlib import Path

import pytest

from exercise.asking import starting
from exercise.asking.in_process import InProcess
from exercise.asking.isolated import Isolated
from exercise.problem import Problem
from exercise.source import table
from exercise.verdict.recorder import Recorder
from exercise.verdict.verdicts import LEVEL, LIMIT, NURSERY, SOURCES

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    group = parser.getgroup("exercise")
    group.addoption("--seed", type=int, default=None, help="repeat the random inputs of the run with this seed")
    group.addoption("--gap", action="append", default=[], metavar="ID",
                    help="run only the tests of this gap; repeatable")
    group.addoption("--isolated", action="store_true", help="run the code under test in processes of its own")
    group.addoption("--require-confinement", action="store_true",
                    help="with --isolated: run nothing where the code under test could read the tests")


def pytest_configure(config):
    if config.getoption("dist", "no") != "no" or hasattr(config, "workerinput"):
        raise pytest.UsageError("-n: a standing needs all tests in one process: leave out -n and --dist, or add -n 0")
    if config.getoption("seed") is None:
        config.option.seed = random.SystemRandom().randrange(10**6)
    try:
        course = table.read(ROOT)
    except Problem as error:
        raise pytest.UsageError(str(error)) from error
    for gap in config.getoption("gap"):
        if gap not in course.gaps:
            close = get_close_matches(gap, course.gaps, cutoff=0) or ["python -m exercise lists them"]
            raise pytest.UsageError(f"there is no gap {gap!r}; did you mean {close[0]}?")
    if config.getoption("require_confinement") and not config.getoption("isolated"):
        raise pytest.UsageError("--require-confinement: only with --isolated, add it")
    config.pluginmanager.register(Recorder(config, ROOT, course, config.getoption("gap")), "exercise")
    if config.getoption("isolated") and not config.option.collectonly:
        nursery = starting.starter(many=len(config.getoption("gap")) != 1)  # it imports torch while tests are collected
        config.stash[NURSERY] = nursery
        config.add_cleanup(nursery.close)


def pytest_report_header(config):
    return f"random inputs: --seed {config.getoption('seed')}"


def pytest_collection_modifyitems(config, items):
    """The tests of a gap run one after the other, so that one process answers them all."""
    gaps = {}
    if config.getoption("isolated"):
        items.sort(key=lambda item: gaps.setdefault(_gap_of(item), len(gaps)))


def pytest_collection_finish(session):
    if session.config.getoption("require_confinement") and not session.config.option.collectonly:
        with Isolated(ROOT, nursery=session.config.stash[NURSERY]) as trial:
            if "files" not in trial.barriers:
                raise pytest.UsageError("--require-confinement: on this system nothing keeps the code under test from "
                                        "reading the tests: leave the option out, or use Linux 5.13 or newer")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """A test that has found nothing wrong asks at last what outlives the calls that it has seen."""
    result = yield
    if isinstance(asked := pyfuncitem.funcargs.get("answer"), Answers):
        from tests.leftovers import expect_none
        expect_none(asked.changes, _gap_of(pyfuncitem))
    return result


class Answers:
    """Asks probes: `answer(probe, *args, seed=None, **kwargs)`.

    Args:
        ask: InProcess or Isolated.
        seeds: a question without a seed is given one of these, so that --seed repeats it.
    Attributes:
        changes: what outlives the probes that have been asked.
    """

    def __init__(self, ask, seeds):
        self._ask, self._seeds, self.changes = ask, seeds, []

    def __call__(self, probe, *args, seed=None, **kwargs):
        found = self._ask(probe, *args, seed=self._seeds.randrange(2**31) if seed is None else seed, **kwargs)
        self.changes += self._ask.changes
        return found


@pytest.fixture(scope="session")
def transport(request):
    """What a question goes through: this process, or others."""
    config = request.config
    sources, limit = config.stash.get(SOURCES, {}), config.stash.get(LIMIT, 20.0)
    if config.getoption("isolated"):
        with Isolated(ROOT, sources, limit, config.stash.get(NURSERY, None)) as transport:
            config.stash[LEVEL] = _level(transport)
            yield transport
    else:
        with InProcess(ROOT, sources) as transport:
            yield transport


@pytest.fixture
def answer(transport, request):
    """Ask a probe: `answer(probe, *args, seed=None, **kwargs)`."""
    transport.gap = _gap_of(request.node)
    return Answers(transport, random.Random(_seed(request)))


@pytest.fixture
def draw(request):
    """Random inputs, other ones in each run and in each test."""
    from tests.judge import Draw
    return Draw(zlib.crc32(_seed(request).encode()))  # torch's generator looks at 32 bits of a seed, and no more


def _seed(request):
    return f"{request.config.getoption('seed')} {request.node.nodeid}"


def _gap_of(item):
    mark = item.get_closest_marker("gap")
    return mark.args[0] if mark else None


def _level(isolated):
    barriers = ", ".join(sorted(isolated.barriers))
    return f"isolated: {isolated.level} ({barriers})" if "files" in isolated.barriers else \
        "isolated: NOT confined: nothing keeps the code from reading the tests"
