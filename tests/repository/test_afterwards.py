"""What outlives a call is noticed, told in plain data, put back, and judged with a sentence."""

import random
import re
from pathlib import Path

import pytest
import torch
from torch import nn

from exercise.asking import afterwards, codec
from exercise.asking.afterwards import Change, observed, watch
from exercise.probes import accelerator
from exercise.source import gaps
from tests import leftovers
from tests.conftest import Answers

DEEDS = [  # what is done, and the kind, subject and details of the change
    (lambda model, x: torch.set_grad_enabled(False), "gradients", "", ("True", "False")),
    (lambda model, x: torch.set_default_dtype(torch.float64), "dtype", "", ("torch.float32", "torch.float64")),
    (lambda model, x: torch.set_num_threads(5), "threads", "", ("3", "5")),
    (lambda model, x: torch.manual_seed(0), "seed", "", ("7", "0")),
    (lambda model, x: model.eval(), "evaluation mode", "the model", ("", "0", "1")),
    (lambda model, x: model[1].eval(), "evaluation mode", "the model", ("1",)),
    (lambda model, x: model[0].bias.requires_grad_(False), "frozen", "the model", ("0.bias",)),
    (lambda model, x: model[0].weight.data[0].add_(1e-3), "parameters", "the model", ("0.weight",)),
    (lambda model, x: model.half(), "parameters", "the model", ("0.weight", "0.bias", "1.weight", "1.bias")),
    (lambda model, x: setattr(model[0], "bias", None), "frozen", "the model", ("0.bias",)),
    (lambda model, x: model[1].running_mean.add_(1), "buffers", "the model", ("1.running_mean",)),
    (lambda model, x: x.mul_(1.01), "input", "x", ("",)),
    (lambda model, x: x[0].fill_(torch.nan), "input", "x", ("",)),
    (lambda model, x: x.resize_(2, 2), "input", "x", ("",)),
    (lambda model, x: x.requires_grad_(), "recorded", "x", ("",)),
]
NO_CHANGE = {
    "draws": lambda model, x: torch.randn(5),
    "a generator of its own": lambda model, x: torch.Generator().manual_seed(0),
    "no gradients for a while": lambda model, x: torch.no_grad()(lambda: model[0](x))(),
    "a mode and back": lambda model, x: model.eval().train(),
    "a copy is changed": lambda model, x: x.clone().mul_(2),
}


def settings():
    return torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_num_threads(), torch.get_rng_state().tolist()


@pytest.fixture(autouse=True)
def three_threads():
    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def changes():
    """What outlives a deed to a model and a tensor; the settings have to be as before."""
    def seen(deed):
        model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        before = settings()
        with observed(7) as found:
            x = torch.ones(4, 2)
            watch(model), watch(x, "x")
            deed(model, x)
        assert settings() == before
        return found
    return seen


@pytest.mark.parametrize(("deed", "kind", "subject", "details"), DEEDS)
def test_a_change_is_noticed(changes, deed, kind, subject, details):
    assert changes(deed)[0] == Change(kind, subject, details)


def test_all_kinds_are_tried_and_have_a_sentence():
    assert {kind for _, kind, _, _ in DEEDS} | {"training mode"} == set(afterwards.KINDS)
    for kind in afterwards.KINDS:
        with pytest.raises(pytest.fail.Exception, match=r"\w+ .* \w+"):
            leftovers.expect_none([Change(kind, "the model", ("a", "b"))], "vae_encode")


@pytest.mark.parametrize("name", NO_CHANGE)
def test_what_may_be_done(changes, name):
    assert changes(NO_CHANGE[name]) == []


def test_settings_are_put_back_after_an_error_too():
    before = settings()
    with pytest.raises(KeyError), observed(None):
        torch.set_grad_enabled(False), torch.set_default_dtype(torch.float64), torch.set_num_threads(1)
        raise KeyError
    assert settings() == before


def test_a_watched_model_is_forgotten_with_its_probe():
    model = nn.Linear(1, 1)
    with observed(1):
        watch(model)
    with observed(1) as found:
        model.eval()
    assert found == []


def test_nan_that_stays_is_no_change():
    with observed(1) as found:
        watch(torch.full((3,), torch.nan), "x")
    assert found == []


def test_left_in_training_mode():
    with observed(1) as found:
        watch(nn.Dropout().eval(), "the dropout").train()
    assert found == [Change("training mode", "the dropout", ("",))]


def test_a_tensor_on_a_make_believe_gpu_is_watched():
    with observed(1) as found, accelerator.pretend():
        watch(torch.ones(3).to("cuda"), "x").mul_(2)
    assert found == [Change("input", "x", ("",))]


def test_without_a_seed_each_question_has_another():
    drawn = []
    for _ in range(2):
        with observed(None):
            drawn.append(torch.randn(3))
    assert not torch.equal(*drawn)


def test_answers_give_each_question_a_seed_and_collect_what_outlives_it():
    class Ask:
        changes = (Change("seed", "", ("7", "0")),)

        def __call__(self, probe, seed):
            return {"seed": seed}
    first, again = (Answers(Ask(), random.Random(5)) for _ in range(2))
    seeds = [first(None)["seed"] for _ in range(3)]
    assert len(set(seeds)) == 3 and seeds == [again(None)["seed"] for _ in range(3)]
    assert first(None, seed=8) == {"seed": 8}
    assert first.changes == 4 * list(Ask.changes)


def test_changes_travel_as_a_part_of_the_answer():
    sent = [Change("seed", "", ("7", "0")), Change("frozen", "the model", ("0.bias",))]
    answer = codec.decode(codec.encode({"x": 1} | afterwards.told(sent)))
    assert afterwards.taken_from(answer) == tuple(sent) and answer == {"x": 1}


@pytest.mark.parametrize("forged", [None, 1, [1], [{}], [{"kind": "seed", "subject": ""}],
                                    [{"kind": "solved", "subject": "", "details": []}],
                                    [{"kind": "seed", "subject": 1, "details": []}],
                                    [{"kind": "seed", "subject": "", "details": "07"}],
                                    [{"kind": "seed", "subject": "", "details": [0]}],
                                    [{"kind": "seed", "subject": "", "details": []}] * 1001])
def test_forged_changes_are_not_believed(forged):
    (key,) = afterwards.told([])
    with pytest.raises(ValueError):
        afterwards.taken_from({key: forged} if forged is not None else {})


def test_what_changes_are_called_is_one_line_of_limited_length():
    sent = [Change("frozen", "the model\n", ("a\x1b[2J", "b" * 10 ** 4))]
    (told,) = afterwards.taken_from(afterwards.told(sent) | {})
    assert told.subject == "the model" and told.details[0] == "a?[2J" and len(told.details[1]) == 200


@pytest.mark.parametrize("kind, gap, says", [
    ("gradients", "latent_grid", "gradients are switched off for good: use `with torch.no_grad()"),
    ("training mode", "latent_grid", "the model is left in training mode"),
    ("evaluation mode", "vae_forward", "the model is left in evaluation mode"),
    ("parameters", "vae_forward", "parameters of the model have other values afterwards: a, b. Only the optimiser"),
])
def test_what_outlives_a_call_is_refused(kind, gap, says):
    with pytest.raises(pytest.fail.Exception, match="^" + re.escape(says)):
        leftovers.expect_none([Change(kind, "the model", ("a", "b"))], gap)


def test_the_mode_may_stay_where_an_instruction_says_so():
    known = gaps.read(Path(__file__).resolve().parents[2])
    said = {name for name, gap in known.items() if "may stay in it" in " ".join(gap.instruction.split())}
    assert said == leftovers.MAY_STAY_IN_EVALUATION
    for gap in said:
        leftovers.expect_none([Change("evaluation mode", "the model", ("",))], gap)
