"""Asking probes: both transports give the same answers and tell the same failures; the worker survives what it runs."""

import importlib
import os
import struct
import sys
import textwrap
import types
from pathlib import Path

import pytest
import torch

import exercise
from exercise.asking import codec, furnishing, messages, pipe, starting, worker_process
from exercise.asking.afterwards import Change
from exercise.asking.failure import Failure, Frame, ProbeFailed
from exercise.asking.in_process import InProcess
from exercise.asking.isolated import Isolated
from exercise.asking.printed import KEPT
from exercise.asking.starting import Fresh, Nursery
from exercise.source import gaps

pytestmark = pytest.mark.slow

PATH = "lib/model_toy.py"
HEADER = struct.Struct(">Q?")
FRAME = Frame(PATH, 3, "toy_code", "x = 1")
STUB = 'raise NotImplementedError("TODO toy_{}: sheet 2, task 1")'
BODIES = {
    "works": "return {'doubled': 2 * x, 'shape': x.shape}",
    "changes": "x += 1; return {'changed': x}",
    "noise": "return {'noise': torch.randn(3)}",
    "nograd": "torch.set_grad_enabled(False); return {'grad': torch.is_grad_enabled()}",
    "grad": "return {'grad': torch.is_grad_enabled()}",
    "warns": "warnings.warn('old', DeprecationWarning); return {'grown': torch.zeros(2).resize(1, 2)}",
    "strict": "warnings.simplefilter('error'); return {}",
    "prints": "print('x' * 3_000_000); os.write(1, b'y' * 3_000_000); return {'stdin': sys.stdin.read()}",
    "seen": "return {'seen': os.listdir(), 'here': [name for name in sys.modules if name.split('.')[0] == 'tests']}",
    "error": "return {'product': x @ torch.ones(7)}",
    "number": "return 3",
    "object": "return {'loss': [object()]}",
    "exits": "sys.exit(3)",
    "interrupts": "raise KeyboardInterrupt",
    "memory": "raise MemoryError('no more')",
    "huge": "return {'x': torch.empty(10 ** 15)}",
    "large": "return {'x': torch.zeros(2 ** 23)}",
    "complex": "return {'x': torch.ones(2) + 0j}",
    "lines": "[print(f'vae_loss 2/2{end}::error::') for end in '\\r\\x0b\\x0c\\x85\\u2028\\x1b\\u202e']; return {}",
    "liar": "raise type('Liar', (Exception,), {'__str__': lambda self: 1 / 0})",
    "deep": "return toy_deep(x)",
    "empty": STUB.format("empty"),
    "leftover": f"y = 2 * x\n    {STUB.format('leftover')}",
    "calls": "return toy_empty(x)",
    "torchs": "return torch.nn.Module()(x)",
    "blames": "raise NotImplementedError('TODO toy_broken: sheet 2, task 1')",
    "wrapped": f"{STUB.format('wrapped')}".replace("(", "(\n        ").replace(")", "\n    )"),
    "imitates": "raise NotImplementedError('TODO toy_unknown: sheet 2, task 1')",
    "broken": "y = (2 * x\n    z = 1",
    "code": "y = 2 * x",
    "stubbed": "y = 1",
    "bound": "if x is None:\n        result = x",
    "counts": "[print('count', n, chr(27) + '[31m') for n in range(100)]; print('the end', file=sys.stderr); return {}",
    "asks": "return {'typed': input('how much? ')}",
    "pauses": "breakpoint(); return {}",
    "traces": "import pdb; pdb.set_trace(); return {}",
    "spins": "while True:\n        print('round and round')",
    "dies": "print('farewell'); os._exit(3)",
    "hangs": "while True:\n        pass",
}
AFTER = {
    "code": "    return {'sum': sum(part * result for part in (1, 2))}\n",
    "bound": "    return {'result': result}\n",
    "stubbed": "    return {'y': x()}\n",
}


def toy_module():
    text = "import os\nimport sys\nimport warnings\n\nimport torch\n\n\n"
    for name, body in BODIES.items():
        text += f"def toy_{name}(x):\n    # START TODO toy_{name} ####\n    {body}\n    # END TODO ####\n"
        text += AFTER.get(name, "") + "\n\n"
    return text


PROBES = textwrap.dedent("""\
    def ask(name, x):
        import lib.model_toy
        return getattr(lib.model_toy, f"toy_{name}")(x)


    def echo(*values, **named):
        return {"values": values, "named": named}


    def stubbed():
        import lib.model_toy

        def stub():
            return undefined
        return lib.model_toy.toy_stubbed(stub)


    def of_other_file():
        import lib.other
        return {"answer": lib.other.ANSWER}
    """)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    for path, text in {PATH: toy_module(), "lib/other.py": "ANSWER = (\n", "probes/toy.py": PROBES,
                       "tests/secret.py": "x = 1\n"}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def probes(root):
    """A package of the name exercise.probes, of which both transports take their probes, with the toy in it."""
    with pytest.MonkeyPatch.context() as patch:
        package = types.ModuleType("exercise.probes")
        package.__path__ = [str(root / "probes")]
        patch.setitem(sys.modules, "exercise.probes", package)
        patch.setattr(exercise, "probes", package, raising=False)
        yield importlib.import_module("exercise.probes.toy")
        del sys.modules["exercise.probes.toy"]


@pytest.fixture(scope="module")
def isolated(root, probes):
    with Isolated(root, timeout=60) as ask:
        yield ask


@pytest.fixture(params=["in process", "isolated"])
def ask(request, root, probes):
    if request.param == "isolated":
        yield request.getfixturevalue("isolated")
    else:
        with InProcess(root) as ask:
            yield ask


def failure(ask, probes, name, x=None):
    with pytest.raises(ProbeFailed) as caught:
        ask(probes.ask, name, torch.ones(3) if x is None else x)
    assert str(caught.value) == caught.value.failure.message
    return caught.value.failure


def line_of(name, text):
    """The number of the line with this text in the function of this name."""
    lines = toy_module().split("\n")
    first = lines.index(f"def toy_{name}(x):")
    return next(number for number, line in enumerate(lines, 1) if number > first and text in line)


def test_an_answer_is_plain_data(ask, probes):
    answer = ask(probes.ask, "works", torch.ones(2, 3, requires_grad=True))
    assert torch.equal(answer["doubled"], 2 * torch.ones(2, 3)) and answer["shape"] == [2, 3]
    assert answer["doubled"].grad_fn is None


def test_arguments_arrive_by_place_and_by_name(ask, probes):
    answer = ask(probes.echo, 1, (2.5, None), name="x", seed=3)
    assert answer == {"values": [1, [2.5, None]], "named": {"name": "x"}}


def test_what_is_given_is_a_copy(ask, probes):
    x = torch.zeros(2)
    assert ask(probes.ask, "changes", x)["changed"].tolist() == [1, 1] and x.tolist() == [0, 0]


def test_a_seed_repeats_an_answer_and_leaves_the_judge_s_generator_alone(ask, probes):
    state = torch.get_rng_state()
    first, again = (ask(probes.ask, "noise", 0, seed=7)["noise"] for _ in range(2))
    other = ask(probes.ask, "noise", 0, seed=8)["noise"]
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(first, torch.randn(3, generator=torch.Generator().manual_seed(7)))
    assert torch.equal(state, torch.get_rng_state())


def test_without_a_seed_answers_differ(ask, probes):
    first, second = (ask(probes.ask, "noise", 0)["noise"] for _ in range(2))
    assert not torch.equal(first, second)


def test_gradients_are_on_for_each_question(ask, probes):
    assert ask(probes.ask, "nograd", 0) == {"grad": False}
    assert ask(probes.ask, "grad", 0) == {"grad": True} and torch.is_grad_enabled()


def test_the_end_of_what_is_printed_is_shown_and_steers_nothing(isolated, probes, capsys):
    isolated(probes.ask, "counts", 0)
    assert capsys.readouterr().out.splitlines() == [f"| count {n} ?[31m" for n in range(81, 100)] + ["| the end"]
    isolated(probes.ask, "works", torch.ones(2))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("name", "last"), [("spins", "| round and round"), ("dies", "| farewell")])
def test_what_was_printed_is_shown_where_no_answer_came(root, probes, capsys, name, last):
    with Isolated(root, timeout=1.0) as ask, pytest.raises(ProbeFailed):
        ask(probes.ask, name, 0)
    lines = capsys.readouterr().out.splitlines()
    assert last in lines[-2:] and len(lines) <= 20 and all(line.startswith("| ") for line in lines)


@pytest.mark.parametrize(("name", "call"), [
    ("asks", "input()"), ("pauses", "breakpoint()"), ("traces", "breakpoint()")])
def test_nobody_is_at_the_keyboard_of_a_worker(isolated, probes, name, call):
    error = failure(isolated, probes, name)
    assert (error.kind, error.gap, error.line) == ("error", f"toy_{name}", line_of(name, "return"))
    assert error.message == (f"{call} waits for somebody at the keyboard, and nobody is there in this run: "
                             f"python -m pytest -s --gap toy_{name}")


def test_no_printed_line_stands_without_its_bar(isolated, probes, capsys):
    isolated(probes.ask, "lines", 0)
    shown = capsys.readouterr().out
    assert shown.count("\n") > 7 and all(line.startswith("| ") and line.isprintable() for line in shown.splitlines())
    assert shown.count("\n") == len(shown.splitlines())


@pytest.mark.parametrize(("name", "kind", "says"), [
    ("memory", "memory", "MemoryError: no more"), ("huge", "memory", "RuntimeError: "),
    ("large", "output limit", "answer is too large: it has 33,554,432 bytes in tensors, and may"),
    ("complex", "not plain data", "answer['x'] is a Tensor that cannot be sent: its numbers are complex (torch.comp")])
def test_an_answer_that_cannot_be_had_has_a_name(ask, probes, name, kind, says):
    error = failure(ask, probes, name)
    assert error.kind == kind and error.message.startswith(says)


def test_what_outlives_a_call_is_told_and_put_back(ask, probes):
    assert ask(probes.ask, "nograd", 0) == {"grad": False}
    assert ask.changes == (Change("gradients", "", ("True", "False")),)
    ask(probes.ask, "grad", 0)
    assert ask.changes == ()


@pytest.mark.filterwarnings("error")
def test_a_warning_is_no_wrong_answer(ask, probes):
    """However strict the run is, or the code that answered before: here Python warns, and so does torch."""
    assert ask(probes.ask, "strict", 0) == {}
    assert ask(probes.ask, "warns", 0)["grown"].shape == (1, 2)


def test_an_error_names_gap_and_line(ask, probes):
    error = failure(ask, probes, "error")
    assert (error.kind, error.gap, error.path, error.line) == ("error", "toy_error", PATH, line_of("error", "@"))
    assert error.message.startswith("RuntimeError: ")
    assert error.frames == (Frame(PATH, error.line, "toy_error", "return {'product': x @ torch.ones(7)}"),)


@pytest.mark.parametrize("name, leftover, says", [
    ("empty", False, "gap toy_empty is not started: sheet 2, task 1"), ("leftover", True, "delete the raise line"),
])
def test_a_stub_reads_not_started(ask, probes, name, leftover, says):
    error = failure(ask, probes, name)
    assert (error.kind, error.gap, error.leftover) == ("not started", f"toy_{name}", leftover)
    assert says in error.message


@pytest.mark.parametrize("name, gap", [("blames", "toy_broken"), ("wrapped", "toy_wrapped")])
def test_a_stub_is_known_by_its_text_alone(ask, probes, name, gap):
    error = failure(ask, probes, name)
    assert (error.kind, error.gap, error.leftover) == ("not started", gap, False)


def test_a_stub_met_on_the_way_is_named(ask, probes):
    error = failure(ask, probes, "calls")
    assert (error.kind, error.gap) == ("not started", "toy_empty")
    assert [frame.function for frame in error.frames] == ["toy_calls", "toy_empty"]


@pytest.mark.parametrize("name", ["torchs", "imitates"])
def test_another_not_implemented_error_is_an_error(ask, probes, name):
    error = failure(ask, probes, name)
    assert (error.kind, error.gap) == ("error", f"toy_{name}")


def test_a_gap_that_does_not_compile_is_told_with_its_line(ask, probes):
    error = failure(ask, probes, "broken")
    line = line_of("broken", "y = (2 * x")
    assert (error.kind, error.gap, error.path, error.line) == ("syntax", "toy_broken", PATH, line)
    assert error.message == f"gap toy_broken does not compile: {PATH}, line {line}: '(' was never closed: y = (2 * x"


def test_a_file_that_does_not_compile_is_told_with_its_line(ask, probes):
    with pytest.raises(ProbeFailed, match="^lib/other.py:1: .*never closed") as caught:
        ask(probes.of_other_file)
    assert (caught.value.failure.kind, caught.value.failure.gap, caught.value.failure.line) == ("syntax", None, 1)


@pytest.mark.parametrize("name", ["code", "bound"])
def test_a_name_that_the_gap_owes_is_asked_for(ask, probes, name):
    error = failure(ask, probes, name)
    assert (error.kind, error.gap) == ("missing name", f"toy_{name}")
    assert error.message == f"the code after gap toy_{name} uses `result`, which the gap does not define"


def test_a_name_that_others_miss_is_not_asked_of_the_gap(ask, probes):
    with pytest.raises(ProbeFailed, match="^NameError: name 'undefined' is not defined$") as caught:
        ask(probes.stubbed)
    assert (caught.value.failure.kind, caught.value.failure.gap, caught.value.failure.path) == ("error", None, PATH)


@pytest.mark.parametrize("name, says", [
    ("object", "answer['loss'][0] is a object: "),
    ("number", "answer is a int: a probe answers with a dict"),
])
def test_an_answer_that_is_not_plain_is_refused(ask, probes, name, says):
    error = failure(ask, probes, name)
    assert error.kind == "not plain data" and error.message.startswith(says)


@pytest.mark.parametrize("name, says", [
    ("exits", "SystemExit: 3"),
    ("liar", "Liar: (its message cannot be read)"),
    ("deep", "RecursionError: maximum"),
])
def test_any_exception_is_a_failure_of_the_probe(ask, probes, name, says):
    error = failure(ask, probes, name)
    assert error.kind == "error" and error.message.startswith(says) and error.gap == f"toy_{name}"
    assert len(error.frames) <= 30


def test_what_cannot_be_asked_is_refused_before_it_is_sent(ask, probes):
    with pytest.raises(TypeError, match=r"^question\['args'\]\[1\] is a object"):
        ask(probes.ask, "works", object())
    for no_probe in (lambda: {}, os.getcwd, toy_module):
        with pytest.raises(ValueError, match="is no probe: a probe is a function at the top of a module"):
            ask(no_probe)


def test_given_texts_are_asked_in_place_of_the_files(root, probes):
    text = gaps.compose(toy_module(), {"toy_empty": "    return {'solved': True}\n"}, PATH)
    with InProcess(root, {PATH: text}) as ask:
        assert ask(probes.ask, "empty", 0) == ask(probes.ask, "calls", 0) == {"solved": True}


def test_a_worker_is_given_copies_of_ordinary_files_and_the_texts(root, tmp_path):
    library = tmp_path / "root" / "lib"
    (library / "__pycache__").mkdir(parents=True)
    (library / "data.txt").write_bytes(b"one\r\n")
    (library / "__pycache__" / "old.pyc").write_bytes(b"")
    (library / ".copies").mkdir()
    (library / ".copies" / "model_toy.py").write_bytes(b"x = 1\n")
    if os.name == "posix":
        (library / "link.py").symlink_to(root / PATH)
        (library / "folder").symlink_to(root)
        os.mkfifo(library / "pipe.py")
    files = furnishing.library(library.parent, {PATH: "# µ\r\n", "lib/new/deep.py": "x = 1\n"})
    assert files == {"lib/data.txt": b"one\r\n", PATH: "# µ\r\n".encode(), "lib/new/deep.py": b"x = 1\n"}
    furnishing.unpack(furnishing.packed(files), tmp_path / "worker")
    assert {path: (tmp_path / "worker" / path).read_bytes() for path in files} == files


def test_data_beside_the_code_does_not_keep_a_worker_from_its_files(root, tmp_path):
    for number in range(40):
        (tmp_path / "lib").mkdir(exist_ok=True)
        (tmp_path / "lib" / f"data_{number}.bin").write_bytes(bytes(10 ** 6))
    (tmp_path / PATH).write_text("x = 1\n")
    files = furnishing.library(tmp_path, {})
    assert PATH in files and len(furnishing.packed(files)) <= pipe.LARGEST


def test_of_exercise_a_worker_is_given_how_to_answer_and_no_more(root, probes):
    """The syntax of gaps, the room that asks, and the questions: no table, no hints, no verdicts, no record."""
    asking = {f"exercise/asking/{file.name}" for file in Path(furnishing.__file__).parent.glob("*.py")}
    assert furnishing.own_files().keys() == {
        "exercise/__init__.py", "exercise/problem.py", "exercise/source/__init__.py", "exercise/source/gaps.py",
        "exercise/source/opening.py", "exercise/probes/toy.py", *asking}


def test_in_process_an_error_keeps_its_traceback(root, probes):
    with InProcess(root) as ask:
        with pytest.raises(ProbeFailed) as caught:
            ask(probes.ask, "error", torch.ones(3))
        assert isinstance(caught.value.__cause__, RuntimeError)
        with pytest.raises(KeyboardInterrupt):
            ask(probes.ask, "interrupts", 0)
    assert "lib.model_toy" not in sys.modules


def test_the_worker_is_not_disturbed_by_what_is_printed_and_has_no_input(isolated, probes, capfd):
    assert isolated(probes.ask, "prints", 0) == {"stdin": ""}
    shown, complaints = capfd.readouterr()
    assert (shown.count("x"), shown.count("y"), complaints) == (KEPT - 1, 0, "")


def test_the_worker_sees_neither_tests_nor_the_root(isolated, probes):
    answer = isolated(probes.ask, "seen", 0)
    assert set(answer["seen"]) <= {"exercise", "lib"} and answer["here"] == []


def test_an_interrupt_in_the_worker_is_an_error_like_any_other(isolated, probes):
    assert failure(isolated, probes, "interrupts").message == "KeyboardInterrupt"


def test_a_worker_that_dies_is_reported_and_replaced(isolated, probes):
    error = failure(isolated, probes, "dies")
    assert error.kind == "crashed" and "exit code 3" in error.message and error.message.endswith("farewell")
    assert isolated(probes.echo, 1) == {"values": [1], "named": {}}


def test_an_endless_loop_is_ended_and_found(isolated, probes, monkeypatch):
    monkeypatch.setattr(isolated, "timeout", 0.5)
    error = failure(isolated, probes, "hangs")
    assert (error.kind, error.gap, error.path) == ("timeout", "toy_hangs", PATH)
    assert error.message.startswith("no answer within 0.5 s; it was in lib/model_toy.py, line ")
    assert error.line in (line_of("hangs", "while"), line_of("hangs", "pass"))
    assert error.frames[-1].function == "toy_hangs"


@pytest.fixture
def worker_that(monkeypatch, root, probes):
    """What becomes of a question to a process that says it is ready, reads some of the question and does this."""
    def ask(deed, timeout=20, question=0):
        ready = "ready = json.dumps({'root': folder, 'barriers': []}).encode(); "
        ready += "os.write(1, len(ready).to_bytes(8, 'big') + ready); os.read(0, 9999); "
        monkeypatch.setattr(starting, "_FRESH", f"{starting._BEGIN} import time; {ready} {deed}")
        monkeypatch.setattr(worker_process, "GRACE", 0.2)
        with Isolated(root, timeout=timeout, nursery=Fresh()) as isolated, pytest.raises(ProbeFailed) as caught:
            isolated(probes.echo, question)
        return caught.value.failure.kind, caught.value.failure.message
    return ask


@pytest.mark.parametrize("deed, kind, says", [
    ("sys.exit('line one\\nfarewell')", "crashed", "ended: exit code 1; its last words: farewell"),
    ("os.close(1); time.sleep(60)", "crashed", "ended: it closed its pipe to the judge"),
    ("os.write(1, b'junk' * 99); time.sleep(60)", "malformed", "gave no proper answer: a message claims"),
    ("os.write(1, bytes(4) + b'\\2' + bytes(99)); time.sleep(60)", "malformed", "claims 33,554,432 bytes: at most"),
    ("os.write(1, bytes(99)); time.sleep(60)", "malformed", "gave no proper answer: it is cut short"),
    ("os.write(1, bytes(8) + bytes(7) + bytes([20]) + bytes(20)); time.sleep(60)", "malformed", "not a message"),
    ("os.write(2, b'x' * 10 ** 6); os._exit(3)", "crashed", "ended: exit code 3; its last words: " + "x" * 200),
    ("[os.write(2, b'x' * 10 ** 6) for _ in iter(int, 1)]", "output limit", "printed more than 16 MB"),
])
def test_whatever_a_worker_does_the_judge_goes_on(worker_that, deed, kind, says):
    found, message = worker_that(deed)
    assert found == kind and says in message


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX systems")
def test_a_signal_is_named(worker_that):
    assert worker_that("os.kill(os.getpid(), 9)") == ("crashed", "the process with your code ended: signal SIGKILL")


def test_a_worker_that_sleeps_is_not_waited_for(worker_that):
    assert worker_that("time.sleep(60)", timeout=0.1, question=0) == ("timeout", "no answer within 0.1 s")
    assert worker_that("time.sleep(60)", timeout=0.1, question=torch.zeros(10 ** 6))[0] == "timeout"


@pytest.mark.parametrize("starter", [Fresh, Nursery])
def test_a_worker_that_cannot_start_is_no_fault_of_the_student(monkeypatch, root, probes, starter):
    for name in ("_FRESH", "_NURSERY"):
        monkeypatch.setattr(starting, name, f"{starting._BEGIN} sys.exit('no torch here')")
    with Isolated(root, nursery=starter()) as ask, pytest.raises(RuntimeError, match="not be started: no torch here"):
        ask(probes.echo, 1)


def plain_failure(**changes):
    return {"kind": "error", "message": "m", "gap": None, "path": None, "line": None, "leftover": False,
            "frames": []} | changes


def reply(content, number=5, failed=False):
    return HEADER.pack(number, failed) + codec.encode(content)


@pytest.mark.parametrize("forged", [
    b"", b"\0" * 8, HEADER.pack(5, False), HEADER.pack(5, False) + b"junk" * 9, reply({}, number=4),
    reply([]), reply(None), reply({}, failed=True), reply([], failed=True),
    reply(plain_failure(kind="solved"), failed=True), reply(plain_failure(line="1"), failed=True),
    reply(plain_failure(kind=[]), failed=True), reply(plain_failure(extra=1), failed=True),
    reply(plain_failure(line=True), failed=True), reply(plain_failure(leftover=1), failed=True),
    reply(plain_failure(frames={}), failed=True),
    reply(plain_failure(frames=[1]), failed=True), reply(plain_failure(frames=[{"path": "x"}]), failed=True),
    reply(plain_failure(frames=[{"path": "x", "line": 1.5, "function": "f", "text": ""}]), failed=True),
])
def test_a_forged_reply_is_not_believed(forged):
    with pytest.raises(ValueError):
        messages.opened(forged, 5)


@pytest.mark.parametrize("changes", [
    {"kind": "crashed"}, {"kind": "timeout"}, {"kind": "malformed"}, {"gap": "solved"}, {"gap": "toy_a\nvae_loss"},
    {"gap": "a_" * 200 + "a"}, {"path": "/etc/passwd"}, {"path": "lib/a.py\n::error::"}, {"path": "lib/../a.py"},
    {"path": "lib/" + "a" * 200 + ".py"}, {"path": "lib/\u202ea.py"}, {"line": -1}, {"line": 10 ** 8},
    {"frames": [{"path": "tests/a.py", "line": 1, "function": "f", "text": ""}]},
    {"frames": [{"path": PATH, "line": 1, "function": "f", "text": ""}] * 31},
])
def test_a_reply_that_says_what_none_would_is_not_believed(changes):
    with pytest.raises(ValueError) as caught:
        messages.opened(reply(plain_failure(**changes), failed=True), 5)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 200


def test_what_a_reply_says_is_one_line_of_limited_length():
    frame = {"path": PATH, "line": 1, "function": "f\n", "text": "\x1b[2J" + "x" * 10 ** 5}
    said = plain_failure(message="one\r\nvae_loss 2/2 solved\x1b[31m\u2028" + "y" * 10 ** 5, frames=[frame])
    failure = messages.opened(reply(said, failed=True), 5)
    assert failure.message.startswith("one vae_loss 2/2 solved?[31m y") and len(failure.message) == 1000
    assert failure.frames[0].text.startswith("?[2Jxxx") and len(failure.frames[0].text) == 300


def test_a_proper_reply_is_opened():
    assert messages.opened(reply({"x": 1}), 5) == {"x": 1}
    for failure in (Failure("memory", "no more"), Failure("error", "no", "toy_code", PATH, 3, (FRAME, FRAME), True)):
        assert messages.opened(messages.failed(5, failure), 5) == failure
