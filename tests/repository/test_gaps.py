"""Gaps: what is read, what is replaced, what is refused, and what a student may break without breaking more."""

import textwrap

import pytest

from exercise.asking import repairing
from exercise.source import gaps
from exercise.source.gaps import GapError

PATH = "lib/model_toy.py"
START, END = "# START TODO toy_double ####", "# END TODO ####"
MODULE = textwrap.dedent('''\
    """Two functions."""
    FACTOR = 2


    def double(x):
        # START TODO toy_double ########################
        # Compute `y`.
        #   Use FACTOR.

        y = FACTOR * x
        # END TODO ########################
        return y


    class Toy:
        def half(self, x):
            # START TODO toy_half
            # Return x / 2.
            return x / 2
            # END TODO
    ''')


def with_body(body, name="toy_double"):
    return gaps.compose(MODULE, {name: body}, PATH)


def namespace(text):
    values = {}
    exec(repairing.compiled(text, PATH), values)
    return values


def test_parse_tells_where_each_gap_is_and_what_it_holds():
    double, half = gaps.parse(MODULE, PATH)
    assert (double.id, double.path, double.start, double.end, double.indent) == ("toy_double", PATH, 6, 11, "    ")
    assert double.instruction == "Compute `y`.\n  Use FACTOR."
    assert double.body == "\n    y = FACTOR * x\n" and double.body_start == 9
    assert (half.id, half.start, half.indent, half.body) == ("toy_half", 17, " " * 8, " " * 8 + "return x / 2\n")


def test_a_gap_may_lack_instruction_and_body():
    gap, = gaps.parse(f"{START}\n{END}\n", PATH)
    assert (gap.instruction, gap.body, gap.body_start) == ("", "", 2)


def test_the_first_blank_line_ends_the_instruction():
    gap, = gaps.parse(f"{START}\n# Compute.\n\n# my remark\nx = 1\n{END}\n", PATH)
    assert gap.instruction == "Compute." and gap.body == "\n# my remark\nx = 1\n"


@pytest.mark.parametrize("line", [
    "x = 1  # END TODO", "x = '# END TODO ####'", "# the END TODO line is below", "# END TODO is what I aim for",
])
def test_only_whole_lines_are_markers(line):
    gap, = gaps.parse(f"{START}\n\n{line}\n{END}\n", PATH)
    assert gap.body == f"\n{line}\n"


@pytest.mark.parametrize("text, line, says", [
    (f"x = 1\n{START}\ny = 2\n", 2, "never closed"),
    (f"\n{END}\n", 2, "without"),
    (f"{START}\n{END}\n{END}\n", 3, "without"),
    (f"{START}\n# START TODO toy_half\n{END}\n", 2, "inside gap toy_double"),
    (f"{START}\n{END}\n{START}\n{END}\n", 3, "also in lib/model_toy.py, line 1"),
    (f"{START}\n    {END}\n", 2, "not indented like"),
    (f"  {START}\n\t{END}\n", 2, "not indented like"),
    (f"#START TODO toy_double\n{END}\n", 1, "malformed"),
    (f"# START TODO\n{END}\n", 1, "malformed"),
    (f"# START TODO ####\n{END}\n", 1, "no gap id"),
    (f"# START TODO toy double ####\n{END}\n", 1, "malformed"),
    (f"# START TODO_toy_double ####\n{END}\n", 2, "without"),
    (f"{START}\n# END TODO toy_double ####\n", 2, "malformed"),
    (f"{START}\n# END TODO####\n", 2, "malformed"),
    (f"# START TODO double ####\n{END}\n", 1, "no gap id"),
    (f"# START TODO Toy_double ####\n{END}\n", 1, "no gap id"),
    (f"# START TODO toy__double ####\n{END}\n", 1, "no gap id"),
])
def test_damaged_markers_are_refused_with_file_and_line(text, line, says):
    with pytest.raises(GapError, match=says) as caught:
        gaps.parse(text, PATH)
    assert str(caught.value).startswith(f"{PATH}:{caught.value.line}: ") and "\n" not in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize("text", [
    MODULE, MODULE.replace("\n", "\r\n"), MODULE.replace("    ", "\t"), "\ufeff" + MODULE, MODULE.rstrip("\n"),
    MODULE.replace("FACTOR = 2\n", "FACTOR = 2\n\f\n'\u2028\x85'\rx = 1\n"),
], ids=["unix", "windows", "tabs", "byte order mark", "no last newline", "odd line ends"])
def test_compose_leaves_all_but_the_body_as_it_is(text):
    found = {gap.id: gap for gap in gaps.parse(text, PATH)}
    assert gaps.compose(text, {name: gap.body for name, gap in found.items()}, PATH) == text
    before, after = text.split(found["toy_half"].body)
    body = f"{found['toy_half'].indent}return 0\n{found['toy_half'].indent}# and more\n"
    assert gaps.compose(text, {"toy_half": body}, PATH) == before + body + after


def test_compose_replaces_several_bodies_of_other_lengths_and_ends_the_last_line():
    text = gaps.compose(MODULE, {"toy_double": "", "toy_half": "        x = 1\n\n        return x"}, PATH)
    double, half = gaps.parse(text, PATH)
    assert double.body == "" and half.body == "        x = 1\n\n        return x\n"


@pytest.mark.parametrize("bodies, says", [
    ({"toy_third": "pass\n"}, "no gap toy_third here, only: toy_double, toy_half"),
    ({"toy_half": f"        {END}\n"}, "holds a marker"),
])
def test_compose_refuses_unknown_gaps_and_markers(bodies, says):
    with pytest.raises(GapError, match=f"^{PATH}:\\d+: .*{says}"):
        gaps.compose(MODULE, bodies, PATH)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_stub_raises_what_todo_id_recognises(newline):
    text = MODULE.replace("\n", newline)
    handout = gaps.compose(text, {gap.id: gaps.stub(gap, "sheet 2, task 1") for gap in gaps.parse(text, PATH)}, PATH)
    double, half = gaps.parse(handout, PATH)
    assert double.instruction == "Compute `y`.\n  Use FACTOR."
    assert double.body == f'    raise NotImplementedError("TODO toy_double: sheet 2, task 1"){newline}'
    with pytest.raises(NotImplementedError) as caught:
        namespace(handout)["Toy"]().half(1)
    assert gaps.todo_id(str(caught.value), {"toy_double", "toy_half"}) == "toy_half"


@pytest.mark.parametrize("message", [
    "TODO toy_third: sheet 1", "TODO", "", "TODO toy_half", "see TODO toy_half: x",
    'Module [Toy] is missing the required "forward" function',
])
def test_todo_id_knows_no_other_message(message):
    assert gaps.todo_id(message, {"toy_double", "toy_half"}) is None


def test_each_line_lies_in_one_gap_or_none():
    found = gaps.parse(MODULE, PATH)
    inside = {number: gap.id for number in range(1, 30) if (gap := gaps.gap_at(found, PATH, number))}
    assert inside == dict.fromkeys(range(6, 12), "toy_double") | dict.fromkeys(range(17, 21), "toy_half")
    assert gaps.gap_at(found, "lib/other.py", 6) is None


def test_hidden_files_of_lib_are_nobody_s_modules(tmp_path):
    visible, hidden = ("lib/a.py", "lib/more/b.py"), ("lib/.a.py", "lib/.copies/a.py", "lib/more/.copies/deep/a.py")
    for path in (*visible, *hidden, "lib/__pycache__/a.cpython-311.pyc", "lib/notes.txt", "a.py"):
        write(tmp_path, path, "x = 1\n")
    assert list(gaps.files(tmp_path)) == [*visible]
    assert [path for path in (*visible, *hidden) if gaps.may_have_gaps(path)] == [*visible]
    assert [path for path, file in gaps.files(tmp_path, "*").items() if file.is_file()] == [*visible, "lib/notes.txt"]
    assert not gaps.may_have_gaps("a.py") and not gaps.may_have_gaps("lib/notes.txt")


def test_read_finds_the_gaps_of_all_modules(tmp_path):
    write(tmp_path, "lib/model_toy.py", MODULE)
    write(tmp_path, "lib/more/deep.py", "# START TODO deep_gap\npass\n# END TODO\n")
    write(tmp_path, "lib/__init__.py", "")
    write(tmp_path, "lib/.ipynb_checkpoints/model_toy.py", MODULE)
    write(tmp_path, "outside.py", MODULE)
    found = gaps.read(tmp_path)
    assert {name: gap.path for name, gap in found.items()} == {
        "toy_double": PATH, "toy_half": PATH, "deep_gap": "lib/more/deep.py"}


def test_read_refuses_an_id_in_two_files_and_names_both(tmp_path):
    write(tmp_path, "lib/a.py", f"{START}\npass\n{END}\n")
    write(tmp_path, "lib/b.py", f"\n{START}\npass\n{END}\n")
    with pytest.raises(GapError, match="^lib/b.py:2: gap toy_double is also in lib/a.py, line 1$"):
        gaps.read(tmp_path)


def test_read_needs_a_lib_folder(tmp_path):
    with pytest.raises(GapError, match="^lib:1: there is no such folder"):
        gaps.read(tmp_path)


def test_read_text_keeps_every_byte(tmp_path):
    data = "\ufeffx = 1\r\n\ty = 'µ'\r\n\n".encode()
    (tmp_path / "a.py").write_bytes(data)
    assert gaps.read_text(tmp_path / "a.py").encode() == data


def test_read_text_refuses_what_is_no_text_file(tmp_path):
    write(tmp_path, "empty.py", " \n\n")
    (tmp_path / "latin.py").write_bytes("x = 1\ny = 'µ'\n".encode("latin-1"))
    (tmp_path / "folder.py").mkdir()
    for name, line, says in [("missing.py", 1, "no such file"), ("folder.py", 1, "a folder"),
                             ("empty.py", 1, "empty"), ("latin.py", 2, "not UTF-8")]:
        with pytest.raises(GapError, match=f"^{name}:{line}: .*{says}"):
            gaps.read_text(tmp_path / name, name)


def test_read_text_refuses_a_link(tmp_path):
    write(tmp_path, "real.py", "x = 1\n")
    try:
        (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    except OSError:
        pytest.skip("this system lets nobody make links")
    with pytest.raises(GapError, match=":1: this is a link"):
        gaps.read_text(tmp_path / "link.py")


@pytest.mark.parametrize("body, line, says", [
    ("    y = (FACTOR * x\n", 9, "never closed"),
    ("    y = FACTOR * x)\n", 9, "unmatched"),
    ("    z = 1\n    y = = 2\n", 10, "invalid syntax: y = = 2"),
    ("    y = '''\n", 9, "unterminated triple-quoted"),
    ('    y = """\n', 9, "unterminated triple-quoted"),
    ("    y = 'abc\n", 9, "unterminated string"),
    ("    y = 1\n      z = 2\n", 10, "unexpected indent"),
    ("      y = 1\n    z = 2\n", 10, "unindent does not match"),
    ("      y = 1\n", 9, "unindent does not match"),
    ("    if x:\n", 9, "expected an indented block"),
    ("    y = 1\n\treturn y\n", 10, "inconsistent use of tabs|unindent"),
    ("    z = 0\n    y = '\0'\n", 10, "null byte"),
    ("    y = 1\n    return\n\ndef other():\n    z = 2\n", 12, "indented less than the gap: def other"),
    ("    y = 1\n    return y\nx = 1\nif x:\n    x = 2\n", 11, "indented less than the gap: x = 1"),
    ("    y = 1\n    \fdef other():\n    y = 2\n", 10, "indented less than the gap: def other"),
    ("    nonlocal q\n    y = 1\n", 9, "no binding for nonlocal"),
    ("    y = " + "-" * 200_000 + "x\n", 9, "y = ---"),
    ("    y = x.__class__(\n        # what now\n", 9, "never closed"),
])
def test_a_gap_that_does_not_compile_raises_alone(body, line, says):
    text = with_body(body)
    repaired, broken = repairing.repair(text, PATH)
    assert list(broken) == ["toy_double"] and broken["toy_double"].line == line
    assert repaired.count("\n") == text.count("\n")
    values = namespace(repaired)
    assert values["Toy"]().half(4) == 2
    with pytest.raises(SyntaxError, match=f"^line {line}: .*({says})") as caught:
        values["double"](1)
    assert caught.value.__traceback__.tb_next.tb_lineno == line


@pytest.mark.parametrize("body", [
    "    y = FACTOR * x\n",
    "    y = '''\nat the margin\n''' and 2 * x\n",
    "    y = (2 *\nx)\n",
    "    y = 2 \\\n* x\n",
    "# at the margin\n    y = 2 * x\n\n\n# more\n",
    "    y = 2 * x;\r\n\r\n    z = '\\d'\r\n",
    "    if x:\n        y = 2 * x\n",
    "    def other():\n        return 2 * x\n    y = other()\n",
])
def test_what_python_accepts_in_its_place_stays_as_it_is(body):
    repaired, broken = repairing.repair(with_body(body), PATH)
    assert repaired == with_body(body) and not broken and namespace(repaired)["double"](3) == 6


def test_a_string_that_ends_beyond_its_gap_is_the_gap_s_error_even_where_python_could_go_on():
    text = textwrap.dedent("""\
        def swallow():
            # START TODO toy_swallow
            x = '''
            # END TODO


        def swallowed():
            '''
            y = 2  # '''
            return 2
        """)
    compile(text, PATH, "exec")
    repaired, broken = repairing.repair(text, PATH)
    assert broken["toy_swallow"].line == 3 and "reaches past its end" in broken["toy_swallow"].error
    assert namespace(repaired)["swallowed"]() == 2


def test_several_broken_gaps_are_told_apart():
    text = gaps.compose(MODULE, {"toy_double": "    y = (\n", "toy_half": "        return )\n"}, PATH)
    repaired, broken = repairing.repair(text, PATH)
    assert {name: fault.code for name, fault in broken.items()} == {"toy_double": "y = (", "toy_half": "return )"}
    for call in (lambda: namespace(repaired)["double"](1), lambda: namespace(repaired)["Toy"]().half(1)):
        with pytest.raises(SyntaxError):
            call()


@pytest.mark.parametrize("body", ["", "\n", "        # nothing yet\n"])
def test_a_function_left_without_code_is_the_gap_s_own_error(body):
    text = with_body(body, "toy_half")
    repaired, broken = repairing.repair(text, PATH)
    assert list(broken) == ["toy_half"] and repaired.count("\n") == text.count("\n")
    with pytest.raises(SyntaxError, match="expected an indented block"):
        namespace(repaired)["Toy"]().half(1)


@pytest.mark.parametrize("before, after, line", [
    ("FACTOR = 2", "FACTOR = = 2", 2), ("return y", "return (y", 12), ("class Toy:", "class Toy", 15),
    ("FACTOR = 2", "FACTOR = '\0'", 2),
])
def test_code_broken_outside_of_the_gaps_is_an_error_of_the_file(before, after, line):
    with pytest.raises(GapError, match=f"^{PATH}:{line}: .*outside of the gaps") as caught:
        repairing.repair(MODULE.replace(before, after, 1), PATH)
    assert "\n" not in str(caught.value)


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
