"""What holds for a run of the tests in the solved repository, and not in a student's.

Slow tests run where they are asked for, by file or with `-m slow`; a run of the whole suite leaves them out. A warning
is an error, also in the judges; a student's run is not that strict, since it meets code, systems and versions that
nobody here has seen.
"""

import pytest

collect_ignore = ["toy_course"]  # a course that tests copy: its tests are none of this repository


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes seconds, because processes are killed or a handout is rehearsed")
    config.addinivalue_line("filterwarnings", "error")


def pytest_collection_modifyitems(config, items):
    # The judges serve lib anew, whose classes are then other ones than those that tests of the repository know.
    items.sort(key=lambda item: "repository" not in item.path.parts)
    if config.option.markexpr or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if item not in slow]
    config.hook.pytest_deselected(items=slow)
