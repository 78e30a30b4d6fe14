"""What the code under test prints and says steers no terminal, no workflow and no reader."""

import pytest

from exercise.asking.printed import KEPT, plain, quoted, visible

SEPARATORS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
UNSEEN = ["\x00", "\x08", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\ue000"]


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_each_line_stands_behind_its_bar(separator):
    assert quoted(f"one{separator}vae_loss 2/2 solved") == "| one\n| vae_loss 2/2 solved\n"
    assert visible(f"one{separator}two") == "one two" and plain(f"one{separator}two").isprintable()


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_what_cannot_be_seen_is_a_question_mark(sign):
    assert quoted(f"a{sign}b") == "| a?b\n" and visible(f"a{sign}b") == plain(f"a{sign}b") == "a?b"


@pytest.mark.parametrize("text", ["µ ü ∂ 你好 €", "p(x|θ) = `a` *b*", "lib/box.py:3: x = 1", "a::b"])
def test_what_can_be_seen_stays(text):
    assert visible(text) == plain(text) == text and quoted(text) == f"| {text}\n"


@pytest.mark.parametrize("text", ["::error file=a::b", "  ::error::", "##[error]a", "a ##[add-mask]b", "##[a]##[b]"])
def test_nothing_is_a_command_of_a_workflow(text):
    for shown in (visible(text), plain(text), quoted(text)):
        assert "##[" not in shown and not shown.strip().startswith("::")


def test_lengths_are_limited_and_cost_nothing():
    assert len(visible("x" * 10 ** 7)) == len(plain("x" * 10 ** 7)) == 1000 and visible("x" * 10 ** 7, 5) == "xxxx…"
    assert len(visible("x\n" * 10 ** 6)) == 1000 and len(quoted("x" * 10 ** 7)) == len("| \n") + KEPT
    assert quoted("x\n" * 10 ** 6).count("\n") == 20


def test_indentation_stays_in_a_line_of_code():
    assert plain("\tx = 1") == "        x = 1" and visible("  x  =  1 ") == "x = 1"
