"""The overlay: `import lib` reads given texts, a broken gap fails alone, and all is as before when it is removed."""

import importlib.resources
import inspect
import linecache
import sys
import traceback

import pytest

from exercise.asking import overlay
from exercise.asking.diagnosis import diagnose

TOY = '''\
"""A toy."""
from lib.support.numbers import TWO


def double(x):
    # START TODO toy_double ####
    # Compute `y`.

    y = TWO * x
    # END TODO ####
    return y


def half(x):
    # START TODO toy_half ####
    return x / TWO
    # END TODO ####
'''


@pytest.fixture
def root(tmp_path):
    for path, text in {"lib/model_toy.py": TOY, "lib/support/__init__.py": "", "lib/support/numbers.py": "TWO = 2\n",
                       "lib/support/data.txt": "one\n", "lib/names/space.py": "HERE = __name__\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path.resolve()


@pytest.fixture
def serve(root):
    """Install an overlay of the root for one test, with this text for the toy."""
    served = []

    def serve(text=TOY):
        served.append(overlay.install(root, {"lib/model_toy.py": text} if text is not TOY else {}))
        return served[-1]
    yield serve
    for one in reversed(served):
        one.remove()


def load(name):
    return importlib.import_module(name)


def test_files_of_the_root_are_served_though_it_is_not_on_the_path(serve, root):
    served = serve()
    toy = load("lib.model_toy")
    assert (toy.double(3), toy.half(3)) == (6, 1.5)
    assert str(root) not in sys.path and list(served.gaps) == ["toy_double", "toy_half"] and not served.broken


def test_a_given_text_takes_the_place_of_the_file(serve, root):
    serve(TOY.replace("TWO * x", "100 * x"))
    toy = load("lib.model_toy")
    assert toy.double(3) == 300
    assert (root / "lib/model_toy.py").read_text(encoding="utf-8") == TOY


def test_a_given_text_needs_no_file(root):
    with overlay.install(root, {"lib/deep/new.py": "A = 1\n"}):
        assert load("lib.deep.new").A == 1


def test_modules_know_their_place(serve, root):
    serve()
    toy, support, space = load("lib.model_toy"), load("lib.support"), load("lib.names.space")
    assert toy.__file__ == str(root / "lib" / "model_toy.py") and toy.__package__ == "lib"
    assert support.__spec__.submodule_search_locations == [str(root / "lib" / "support")]
    assert list(load("lib").__path__) == [str(root / "lib")] and space.HERE == "lib.names.space"


def test_data_files_beside_the_modules_are_found(serve):
    serve()
    assert importlib.resources.files("lib.support").joinpath("data.txt").read_text(encoding="utf-8") == "one\n"


def test_tracebacks_and_inspect_show_the_served_lines(serve, root):
    serve(TOY.replace("y = TWO * x", "y = TWO @ x  # mine"))
    toy = load("lib.model_toy")
    with pytest.raises(TypeError) as caught:
        toy.double(1)
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.line) == (toy.__file__, 9, "y = TWO @ x  # mine")
    linecache.checkcache()
    assert "# mine" in inspect.getsource(toy.double)
    assert "# mine" in toy.__spec__.loader.get_source("lib.model_toy")


def test_a_broken_gap_fails_alone_and_shows_the_student_s_line(serve):
    served = serve(TOY.replace("y = TWO * x", "y = (TWO * x"))
    toy = load("lib.model_toy")
    assert toy.half(3) == 1.5
    with pytest.raises(SyntaxError, match="^line 9: '\\(' was never closed: y = \\(TWO \\* x$") as caught:
        toy.double(3)
    assert traceback.extract_tb(caught.value.__traceback__)[-1].line == "y = (TWO * x"
    assert served.broken["toy_double"].line == 9


def test_a_file_broken_elsewhere_is_a_syntax_error_of_one_line(serve):
    serve(TOY.replace("return y", "return = y"))
    with pytest.raises(SyntaxError, match="^lib/model_toy.py:11: invalid syntax .*return = y") as caught:
        load("lib.model_toy")
    assert "\n" not in str(caught.value)
    assert load("lib.support.numbers").TWO == 2


@pytest.mark.parametrize("marker", ["    # START TODO toy_double ####\n", "    # END TODO ####\n"])
def test_a_file_that_has_lost_a_marker_runs_and_its_other_gaps_are_known(serve, marker):
    served = serve(TOY.replace(marker, "", 1).replace("return x / TWO", "return x / TWO +"))
    toy = load("lib.model_toy")
    assert toy.double(3) == 6
    assert list(served.gaps) == ["toy_half"] and list(served.broken) == ["toy_half"]


@pytest.mark.parametrize("marker", ["    # START TODO toy_double ####\n", "    # END TODO ####\n"])
def test_an_empty_gap_that_has_lost_a_marker_is_an_empty_gap(serve, marker):
    empty = TOY.replace("y = TWO * x", 'raise NotImplementedError("TODO toy_double: sheet 2, task 1")')
    served = serve(empty.replace(marker, "", 1))
    with pytest.raises(NotImplementedError) as caught:
        load("lib.model_toy").double(3)
    failure = diagnose(caught.value, served)
    assert (failure.kind, failure.gap) == ("not started", "toy_double")


@pytest.mark.parametrize("data, says", [(b"", "lib/model_toy.py:1: the file is empty"),
                                        (b"x = 1\n\xff", "lib/model_toy.py:2: .*not UTF-8")])
def test_a_file_that_cannot_be_read_says_so(serve, root, data, says):
    (root / "lib/model_toy.py").write_bytes(data)
    serve()
    with pytest.raises(SyntaxError, match=f"^{says}"):
        load("lib.model_toy")


def test_a_module_that_is_not_there_is_not_searched_for_elsewhere(serve, root, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(root)
    with overlay.install(tmp_path / "bare"), pytest.raises(ModuleNotFoundError, match="No module named 'lib'"):
        load("lib.support.numbers")
    serve()
    with pytest.raises(ModuleNotFoundError, match="No module named 'lib.ghost'"):
        load("lib.ghost")


def test_modules_from_before_are_set_aside_and_come_back(serve):
    first = serve(TOY.replace("TWO * x", "1 * x"))
    before = load("lib.model_toy")
    second = serve(TOY.replace("TWO * x", "2 * x"))
    assert load("lib.model_toy") is not before and load("lib.model_toy").double(1) == 2
    second.remove()
    second.remove()
    assert load("lib.model_toy") is before and before.double(1) == 1
    first.remove()
    assert "lib.model_toy" not in sys.modules and first not in sys.meta_path
    assert before.__file__ not in linecache.cache


def test_a_repaired_module_keeps_quiet_about_warnings(serve, recwarn):
    serve(TOY.replace("y = TWO * x", "y = TWO * x if x is 3 else '\\d'"))
    assert load("lib.model_toy").double(3) == 6 and not recwarn
