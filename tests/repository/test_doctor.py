"""The doctor: its attempts succeed where nothing stops them, and its verdict follows from what became of them."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from course.__main__ import main
from course.doctor import command
from course.doctor.attempts import ATTEMPTS, SEEN_OUTSIDE
from course.doctor.outside import Outside
from exercise.asking.box import best_level, refusal
from exercise.asking.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its boxes need Linux")

SMALL = replace(Limits(), memory=32 * 2 ** 20, files=32 * 2 ** 20, processes=4)
NEEDS_MORE = {"type into the terminal", "read files that the judge has open", "take a namespace"}
FREE = "import json, sys; exec(open(sys.argv[1]).read()); try_(sys.argv[2], json.load(sys.stdin))"


@pytest.fixture
def outside(tmp_path, monkeypatch):
    (tmp_path / "course.toml").touch()
    monkeypatch.setenv("SECRET", "1")
    with Outside(tmp_path, SMALL) as world:
        yield world


def free(name, outside, **facts):
    """What a process that nothing confines prints of an attempt; this process is its judge."""
    attempts = Path(command.__file__).with_name("attempts.py")
    with tempfile.TemporaryFile("w+") as said:  # a process that stays would keep a pipe open
        subprocess.run([sys.executable, "-c", FREE, str(attempts), name], input=json.dumps(outside.facts | facts),
                       text=True, stdout=said, env=os.environ | {"TMPDIR": outside.facts["folder"]}, close_fds=False,
                       check=True)
        said.seek(0)
        return said.read()


@pytest.mark.parametrize("name", [name for name in ATTEMPTS if name not in NEEDS_MORE])
def test_an_attempt_succeeds_where_nothing_stops_it(outside, name):
    if name == "read the judge's memory" and os.geteuid() != 0:
        pytest.skip("a kernel may let nobody but root read the memory of a parent")
    assert free(name, outside, linger=0) == "outcome: done\n"
    assert outside.traces() == (name in SEEN_OUTSIDE)
    assert not outside.traces()  # cleared away


def test_an_open_file_is_found(outside):
    assert free("read files that the judge has open", outside) == "outcome: done\n"


def test_attempts_that_are_stopped_say_so(outside):
    nothing = {"tcp": 1, "repository": "/no/such"}
    for name in ("open a TCP connection", "read the repository"):
        assert free(name, outside, **nothing).startswith("outcome: stopped by ")


@pytest.mark.parametrize("passed, best, code, words", [
    ([], "bubblewrap", 0, "The best box here is bubblewrap"),
    (["fill the disk"], "bubblewrap", 1, "It does not stop: fill the disk."),
    ([], "landlock", 0, "The best box here is landlock"),
    ([], "none", 1, "No box works here")])
def test_the_verdict(monkeypatch, capsys, passed, best, code, words):
    working = {"bubblewrap": ["bubblewrap", "landlock"], "landlock": ["landlock"], "none": []}[best]
    monkeypatch.setattr(command, "refusal", lambda level: "" if level in working else "no such luck")
    monkeypatch.setattr(command, "_outcomes", lambda box, root: [
        (name, "NOT STOPPED" if name in passed else "stopped") for name in ATTEMPTS])
    assert main(["doctor"]) == code
    said = capsys.readouterr().out
    assert words in said and said.count("does not work here: no such luck") == 2 - len(working)
    assert all(name in said for name in ATTEMPTS)


@pytest.mark.slow
@pytest.mark.skipif(best_level() == "none", reason="no box works here")
def test_the_boxes_of_this_machine_stop_everything(capsys):
    code = main(["doctor"])
    said = capsys.readouterr().out
    assert code == 0, said
    table = {line[:47].strip(): line[47:].split() for line in said.splitlines()}
    here = ["-" if refusal(level) else "stopped" for level in ("bubblewrap", "landlock")]
    assert {name: table[name] for name in ATTEMPTS} == dict.fromkeys(ATTEMPTS, here)
