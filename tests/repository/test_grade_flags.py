"""What a person is asked to look at: the cheats, and never what an honest student writes."""

from pathlib import Path

import pytest

from course.grade import flags, syntax
from course.grade.sentences import Judges
from course.verify import answers, cheats
from course.verify.variants import laid
from exercise.source import gaps
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
KNOWN = gaps.read(ROOT)
TEXTS = {gap.path: gaps.read_text(ROOT / gap.path, gap.path) for gap in KNOWN.values()}
IMPORTED = {path: syntax.names_imported(text) for path, text in TEXTS.items()}
JUDGES = Judges(ROOT).stems
INNOCENT = {"exit_interrupted", "exit_raised", "not_a_number"}  # cheats that look at nothing, and earn nothing


def flagged(name, text):
    """The reasons why a text in a gap of the repository is flagged."""
    path = KNOWN[name].path
    filled = gaps.compose(TEXTS[path], {name: laid(text, KNOWN[name])}, path)
    gap = next(gap for gap in gaps.parse(filled, path) if gap.id == name)
    return [place.why for place in flags.found_in(gap, IMPORTED[path], JUDGES)]


def test_solutions_and_known_answers_are_accused_of_nothing():
    known = answers.read(ROOT, KNOWN)
    accused = {(name, body): why for name, of_gap in known.items()
               for body in [KNOWN[name].body, *(answer.body for answer in of_gap.right + of_gap.wrong)]
               if (why := flagged(name, body))}
    assert not accused
    assert sum(len(of_gap.right) for of_gap in known.values()) > 100


@pytest.mark.parametrize("text", [
    "print('mu', mu.shape)\nkl = 0",
    "import math\nkl = math.pi",
    "from functools import partial\nkl = partial(sum, [1])()",
    "kind = self.__class__\nkl = kind.__name__ + self.__doc__",
    "super().__init__()\nkl = self.__dict__",
    "signal = mu * 2\nresource = signal\nkl = resource.sum()",
    "torch.manual_seed(0)\nkl = mu[0] == logvar",
    "kl = len('a text about os and sys')",
    "'''see tests/test_loss_vae.py'''\nkl = 0",
    "kl = 0  # exercise 2, tests passed",
    "torch.backends.cudnn.benchmark = True\nkl = 0",
    "self.kl = 1\nkl = self.kl",
    "def gc(mu):\n    return mu\nkl = gc(mu)",
    "kl = torch.signal.windows.hann(3).sum()",
    "class Kl:\n    def __call__(self, x):\n        return x\nkl = Kl()(mu)",
    "if True:\n\tkl = (",
    "kl = getattr(self, 'weight')"])
def test_what_is_honest_and_unusual_is_accused_of_nothing(text):
    assert flagged("vae_loss", text) == []


@pytest.mark.parametrize("text, words", [
    ("import os", "imports os"), ("import os.path as p", "imports os.path"), ("from sys import modules", "imports sys"),
    ("__import__('os')", "uses __import__"), ("torch.os.getpid()", "uses .os"), ("open('x')", "uses open"),
    ("eval('1')", "uses eval"), ("globals()['x'] = 1", "uses globals"), ("f.__globals__", "uses .__globals__"),
    ("().__class__.__base__.__subclasses__()", "uses .__subclasses__"), ("torch.exp = abs", "changes torch.exp"),
    ("nn.Linear.forward = f", "changes nn.Linear.forward"), ("setattr(torch, 'exp', abs)", "changes torch"),
    ("import numpy as np\nnp.abs = 0", "changes np.abs"), ("del torch.exp", "changes torch.exp"),
    ("class A(torch.Tensor):\n    def __eq__(self, other):\n        return True", "defines __eq__"),
    ("class A:\n    __class__ = torch.Tensor", "defines __class__"), ("A.__eq__ = f", "defines __eq__"),
    ("class A:\n    __class__: type = torch.Tensor", "defines __class__"), ("setattr(A, '__eq__', f)", "names __eq__"),
    ("A = type('A', (), {'__eq__': f})", "names __eq__"), ("getattr(f, '__globals__')", "names __globals__"),
    ("where = 'tests/'", "names tests/"), ("where = 'test_loss_vae'", "names test_loss_vae"),
    ("from exercise.asking import codec", "imports exercise.asking"), ("sys.exit()", "uses sys"),
    ("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    e.__traceback__.tb_frame.f_back", "uses .f_back"),
    ("def f():\n    def g():\n        import gc", "imports gc")])
def test_what_computes_elsewhere_or_looks_for_the_judge_is_flagged(text, words):
    assert any(why.startswith(words) for why in flagged("vae_loss", text)), flagged("vae_loss", text)


def test_cheats_are_flagged():
    for cheat in cheats.read(ROOT, KNOWN):
        assert bool(flagged(cheat.gap, cheat.body)) == (cheat.name not in INNOCENT), cheat.name


def test_a_flag_names_the_line_in_the_file():
    text = gaps.compose(toys.BOX, {"box_area": "\n    import math\n    import gc\n    total = 1\n"}, "lib/box.py")
    gap = gaps.parse(text, "lib/box.py")[1]
    place, = flags.found_in(gap, set(), set())
    assert syntax.code_at(text, place.line) == "import gc" and place.why == "imports gc: all objects"
    assert syntax.code_at(text, 10_000) == ""
