"""A Ctrl-C that comes while a process is forked is not lost."""

import multiprocessing
import os
import signal
import sys
import time

import pytest

from course import children

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
_NUMBER = signal.SIGINT


def test_ctrl_c_waits_until_the_child_is_there(monkeypatch):
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    start, order = process.start, []
    monkeypatch.setattr(process, "start", lambda: [os.kill(os.getpid(), _NUMBER), start(), order.append("started")])
    with pytest.raises(KeyboardInterrupt):
        children.begin(process)
    assert order == ["started"] and process.is_alive()
    assert _NUMBER not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    process.kill()
    process.join()


def test_a_child_that_does_not_start_holds_nothing_back(monkeypatch):
    process = multiprocessing.get_context("fork").Process(target=sys.exit)
    monkeypatch.setattr(process, "start", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        children.begin(process)
    assert _NUMBER not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
