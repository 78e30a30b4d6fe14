"""The scripts read markers and stubs themselves, since lib/ imports nothing of exercise/: both have to read alike."""

import pytest

from exercise.source import gaps
from lib.support.scripts import command_line

PATH = "lib/model_toy.py"
STARTS = ["# START TODO {}", "# START TODO {} ", "# START TODO {} #", "# START TODO {} ########################"]
COMMENTS = ["# START TODO list of things", "# END TODO list of things", "# END TODO items are below", "# what to write"]
ENDS = ["# END TODO", "# END TODO #", "# END TODO ########################  "]


def module(start, end, comment="# what to write"):
    """Two functions with three gaps; a line of code in them divides by zero if `at` is its number.

    Args: comment, stands before, in and after each gap.
    """
    lines = []
    for names in (("toy_first", "toy_second"), ("toy_third",)):
        lines.append("def function(at):")
        for name in names:
            lines += ["", f"    {comment}", f"    {start.format(name)}", "    # what to write", "", f"    {comment}",
                      "", f"    {end}", f"    {comment}", ""]
        lines.append("function(at)")
    return "\n".join(line or f"    1 / (at - {number})" for number, line in enumerate(lines, 1))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("comment", COMMENTS)
def test_an_error_is_put_down_to_the_gap_that_its_line_lies_in(tmp_path, start, end, comment):
    text = module(start, end, comment)
    file = tmp_path / "model_toy.py"
    file.write_text(text, encoding="utf-8")
    found, blamed = gaps.parse(text, PATH), set()
    assert len(found) == 3
    for number, line in enumerate(text.splitlines(), 1):
        if " 1 / " in line:
            gap = gaps.gap_at(found, PATH, number)
            with pytest.raises(ZeroDivisionError) as caught:
                exec(compile(text, file, "exec"), {"at": number})
            assert command_line._gap_behind(caught.value) == (gap and gap.id), line
            blamed.add(gap and gap.id)
    assert blamed == {"toy_first", "toy_second", "toy_third", None}


@pytest.mark.parametrize("where", ["sheet 2, task 1", "sheet 10, task 12"])
def test_a_stub_is_told_by_its_gap_and_its_place(capsys, where):
    gap, = gaps.parse("# START TODO toy_first ####\n\nx = 1\n# END TODO ####\n", PATH)
    body = gaps.stub(gap, where)

    @command_line.script
    def main(argv):
        exec(body)
    assert main([]) == 2
    assert f"the gap toy_first is still empty ({where})." in capsys.readouterr().err
    with pytest.raises(NotImplementedError) as caught:
        exec(body)
    assert gaps.todo_id(str(caught.value), {"toy_first"}) == "toy_first"
