"""A Ctrl-C that comes while a process is forked is not lost."""

import multiprocessing
import os
import signal
import sys
import time

import pytest

from course import children

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")


def test_ctrl_c_waits_until_the_child_is_there(monkeypatch):
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,), daemon=True)
    start, order = process.start, []
    monkeypatch.setattr(process, "start", lambda: [os.kill(os.getpid(), signal.SIGINT), start(), order.append("began")])
    with pytest.raises(KeyboardInterrupt):
        children.begin(process)
    assert order == ["began"] and process.is_alive()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    process.kill()
    process.join()


def test_a_child_that_does_not_start_changes_nothing(monkeypatch):
    process = multiprocessing.get_context("fork").Process(target=sys.exit)
    monkeypatch.setattr(process, "start", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        children.begin(process)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
