"""A pytest plugin that writes each result to a file, as a line of JSON. It runs in a handout and imports none of it."""

import json
import os

_FILE = os.environ.get("HANDOUT_RESULTS", os.devnull)


def pytest_runtest_logreport(report):
    if report.when == "call" or not report.passed:
        _write(report)


def pytest_collectreport(report):
    if report.failed:
        _write(report)


def _write(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    said = dict(getattr(report, "user_properties", ()))
    sentence = said.get("sentence") or str(crash.message if crash else report.longrepr or "")
    result = {"name": report.nodeid.partition("[")[0], "gap": said.get("gap", ""), "state": said.get("state", ""),
              "passed": report.passed, "sentence": sentence}
    with open(_FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")
