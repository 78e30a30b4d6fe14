"""The leak check: what gives a gap away, what does not, and what else has no place in a handout."""

import re
import textwrap
from pathlib import Path

import pytest

from course.handout import leaks
from exercise.source import gaps

ROOT = Path(__file__).resolve().parents[2]

MODULE = '''import torch
from torch import nn


def kl(mu, logvar):
    # START TODO toy_kl ########################
    # `kl`.

    kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
    # END TODO ########################
    return kl


class Toy(nn.Module):
    def __init__(self, wide, narrow):
        # START TODO toy_layers ########################
        # Two layers.

        self.encode_hidden = nn.Linear(wide, narrow)
        self.encode_mu = nn.Linear(narrow, narrow)
        self.encode_logvar = nn.Linear(narrow, narrow)
        # END TODO ########################

    def sample(self, mu, noise):
        # START TODO toy_sample ########################
        # Set `z`.

        if self.training:
            z = self.scale[0] * mu + (1 - self.scale[0]) * noise
        else:
            z = mu
        # END TODO ########################
        return z
'''
ANSWERS = '[[right]]\nname = "one"\ndiffers = "one"\nbody = "kl = 1"\n'


@pytest.fixture
def root(tmp_path):
    save(tmp_path / "solved/lib/model_toy.py", MODULE)
    save(tmp_path / "solved/course/answers/toy_kl.toml", ANSWERS)
    save(tmp_path / "solved/course/__init__.py", "")
    return tmp_path / "solved"


@pytest.fixture
def found(root, tmp_path):
    """What is found in a handout of one file."""
    def find(text, path="tests/test_toy.py"):
        save(tmp_path / "student" / path, text)
        return leaks.find(tmp_path / "student", root)
    return find


def save(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


# code ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("code", [
    "kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())",
    "expected=-.5*torch.sum( 1+b-a.square()-b.exp() )",
    "expect(answer, -0.5 * (1 + b - torch.square(a) - torch.exp(b)).sum(), 'the KL term')",
    "def oracle(m, s): return (-0.5\n    * torch.sum(1 + s - m.square() - s.exp()))",
    "f = lambda m, s: -0.5 * torch.sum(1 + s - m.square() - s.exp()) / 3",
    "total = {'kl': -0.5 * torch.sum(1 + s - m.square() - s.exp())}",
    "with torch.no_grad(): print(-0.5 * torch.sum(1 + s - m.square() - s.exp()))",
])
def test_a_formula_is_found_whatever_its_variables_are_called(found, code):
    assert found(f"import torch\n\n{code}\n") == ["tests/test_toy.py:3: gives away the gap toy_kl"]


def test_names_have_to_agree_within_a_formula(found):
    assert found("import torch\nx = -0.5 * torch.sum(1 + a - b.square() - c.exp())\n") == []


def test_a_part_of_a_compound_statement_is_found(found):
    assert found("def oracle(scale, a, b):\n    return scale[0] * a + (1 - scale[0]) * b\n") == [
        "tests/test_toy.py:2: gives away the gap toy_sample"]


def test_short_statements_are_found_in_a_row(found):
    lines = ["self.encode_hidden = nn.Linear(a, b)", "self.encode_mu = nn.Linear(b, b)",
             "self.encode_logvar = nn.Linear(b, b)"]
    body = "".join(f"    {line}\n" for line in lines)
    head = "from torch import nn\n\n\ndef f(self, a, b):\n"
    assert found(f"{head}    x = 1\n{body}    return x\n") == ["tests/test_toy.py:6: gives away the gap toy_layers"]
    assert found(f"{head}{body.replace(lines[1], 'pass')}") == []


@pytest.mark.parametrize("code", [
    "self.encode_hidden = nn.Linear(a, b)",                   # one line of it alone does too little
    "z = mu",
    "kl = 0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())",
    "kl = -0.5 * torch.sum(1 + logvar - logvar.square() - mu.exp())",
    "kl = -0.5 * torch.mean(1 + logvar - mu.square() - logvar.exp())",
    "kl = kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(0, 1)).sum()",
])
def test_other_formulas_give_nothing_away(found, code):
    assert found(f"import torch\nfrom torch import nn\n\n{code}\n") == []


FORMULA = "-0.5 * torch.sum(1 + b - a.square() - b.exp())"


@pytest.mark.parametrize("code", [
    f"expect(x, y, 'z', {{'it is averaged': {FORMULA} / 6}})",
    f"expect(x, y, 'z', {{f'it is averaged over the {{name}}': {FORMULA} / 6 for name in names}})",
    f"mistakes = {{'its sign is wrong': {{'kl': -({FORMULA})}}}}",
])
def test_a_formula_that_a_test_names_as_a_mistake_gives_nothing_away(found, code):
    assert found(f"import torch\n{code}\n") == []
    assert found(f"import torch\n{code}\n", "exercise/probes/toy.py") == [
        "exercise/probes/toy.py:2: gives away the gap toy_kl"]


def test_the_right_formula_beside_the_mistakes_is_found(found):
    assert found(f"import torch\nexpect(x, {FORMULA}, 'z', {{'it is averaged': {FORMULA} / 6}})\n") == [
        "tests/test_toy.py:2: gives away the gap toy_kl"]


# texts ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path, text", [
    ("sheets/toys.md", "The answer:\n\n    kl = -0.5*torch.sum(1 + logvar\n        - mu.square() - logvar.exp())\n"),
    ("course.toml", 'hints = ["Try `-0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())`."]\n'),
    ("lib/model_toy.py", "# kl = -0.5 * torch.sum(1 + logvar\n#                       - mu.square() - logvar.exp())\n"),
    ("lib/model_toy.py", '"""-0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())"""\n'),
])
def test_a_solution_in_a_text_is_found(found, path, text):
    assert found(text, path) == [f"{path}: gives away the gap toy_kl"]


def test_a_binary_file_is_no_text(found):
    assert found(b"\x89PNG\r\n\x1a\n\0\xff", "pictures/toy.png") == []


def test_code_that_is_none_cannot_be_searched(found):
    assert found("x = 1\ny = (\n") == ["tests/test_toy.py:2: cannot be searched for solutions: '(' was never closed"]


# files ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path, kind", [
    ("course/verify/trials.py", "an answer file"), ("tests/repository/test_leaks.py", "an answer file"),
    ("sheets/solutions/toys.md", "an answer file"), ("sheets/toys_solution.md", "an answer file"),
    (".ci/run", "a check of the repository"), (".github/workflows/repository.yml", "a check of the repository"),
    ("model.pth", "weights"), ("exercise/probes/w.safetensors", "weights"), ("lib/vae.pt", "weights"),
    ("lib/__pycache__/model_toy.py", "a cache"), ("lib/toy.pyc", "a cache"), (".pytest_cache/README.md", "a cache"),
    (".git/HEAD", "somebody's history"), ("sheets/.git/HEAD", "somebody's history"),
    (".exercise/state.json", "somebody's history"),
    ("results_kl1/run.json", "data or results"), ("data/x", "data or results")])
def test_a_file_out_of_place_is_found(found, path, kind):
    assert found("x = 1\n", path) == [f"{path}: {kind} does not belong into a handout"]


@pytest.mark.parametrize("path", ["lib/support/results.py", "lib/support/datasets.py", "exercise/course.py",
                                  ".gitignore", ".github/workflows/classroom.yml", "tests/test_course.py"])
def test_a_file_in_its_place_is_not(found, path):
    assert found("x = 1\n", path) == []


def test_a_copy_of_an_answer_is_found_whatever_it_is_called(found):
    assert found(ANSWERS, "sheets/help.txt") == ["sheets/help.txt: a copy of course/answers/toy_kl.toml"]
    assert found("", "sheets/help.txt") == []


# this repository -----------------------------------------------------------------------------------------------------

def test_each_gap_of_this_repository_gives_itself_away(tmp_path):
    """Each gap is noticed, in its own words or with other names, but for one of two calls that are no secret."""
    names = sorted({*gaps.read(ROOT)} - {"autoencoder_forward"})
    for name, gap in gaps.read(ROOT).items():
        imports = re.findall(r"^(?:import|from) .*$", gaps.read_text(ROOT / gap.path), flags=re.MULTILINE)
        body = textwrap.indent(textwrap.dedent(gap.body), "    ")
        body = re.sub(r"\b(mu|logvar|z|x)\b", r"my_\1", body)
        save(tmp_path / f"{name}.py", "\n".join(imports) + f"\n\n\ndef f(self):\n{body}")
    found = leaks.find(tmp_path, ROOT)
    assert sorted({line.rpartition(" ")[2] for line in found}) == names
    assert {line.partition(".py")[0] for line in found} == set(names)
