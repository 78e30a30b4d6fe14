"""Early stopping: the best epoch by its validation ELBO, its weights, and the epochs since then."""

import sys

import pytest
import torch

from exercise.probes import stopping as probes
from tests.judge import expect, require

gap = pytest.mark.gap("early_stopping")
NAMES = {"weight": "parameters", "bias": "parameters", "mean": "buffers", "steps": "buffers"}
CURVES = {
    "below zero": [-180.0, -120.0, -125.0, -121.0, -110.0, -130.0],
    "above zero": [40.0, 300.0, 250.0, 299.0, 310.0, 20.0],
    "from below zero to above": [-50.0, -3.0, -7.0, 2.0, -1.0, 1.0],
    "the first is the best": [-90.0, -100.0, -95.0, -91.0],
    "always better": [-100.0, -99.0, -98.0, -97.0],
    "far below": [-1e9, -2e9, -1e8, -3e8],
}


def _asked(answer, draw, patience, curve):
    return answer(probes.course_of, patience, curve, draw.normal(len(curve), 3, 2))["seen"]


def _epochs_since_the_best(curve):
    """(the best so far, epochs since then) after each epoch."""
    found = []
    for elbo in curve:
        best, waited = found[-1] if found else (-float("inf"), 0)
        found.append((elbo, 0) if elbo > best else (best, waited + 1))
    return found


@gap
@pytest.mark.parametrize("name", CURVES)
def test_the_best_elbo_is_the_highest(answer, draw, name):
    """After each epoch, best is the highest validation ELBO so far."""
    curve = CURVES[name]
    seen = _asked(answer, draw, 100, curve)
    for epoch, found in enumerate(seen):
        so_far = curve[:epoch + 1]
        expect(found["best"], torch.tensor(max(so_far)).double(), f"best after {epoch + 1} epochs, {so_far},", {
            "it has never been changed": torch.tensor(-float("inf")),
            "it is the lowest ELBO: the ELBO is a log-probability, so higher is better": torch.tensor(min(so_far)),
            "it is the ELBO of the last epoch: it changes only where an epoch is better": torch.tensor(so_far[-1]),
            "it is the first ELBO: a better epoch should replace it": torch.tensor(so_far[0])}, rtol=1e-9)


@gap
@pytest.mark.parametrize("name", CURVES)
def test_waited_counts_the_epochs_since_the_best(answer, draw, name):
    """waited is 0 after an epoch that is better than all before it, and one more after each other one."""
    curve = CURVES[name]
    seen = _asked(answer, draw, 100, curve)
    for epoch, (found, (_, waited)) in enumerate(zip(seen, _epochs_since_the_best(curve), strict=True)):
        worse = sum(count > 0 for _, count in _epochs_since_the_best(curve)[:epoch + 1])
        expect(found["waited"], torch.tensor(waited), f"waited after {epoch + 1} epochs, {curve[:epoch + 1]},", {
            "it goes on after a better epoch: that should set it to 0 again": torch.tensor(worse),
            "it counts all epochs, not those that were no better": torch.tensor(epoch + 1),
            "it has never been changed": torch.tensor(0)})


@gap
@pytest.mark.parametrize("patience", [1, 2, 5])
def test_training_stops_after_some_epochs_in_a_row(answer, draw, patience):
    """With two bad epochs in between, the training goes on; it stops `patience` epochs after the best one."""
    curve = [-9.0, -5.0, *[-6.0] * (patience - 1), -4.0, *[-4.5] * patience]
    stops = [found["stop"] for found in _asked(answer, draw, patience, curve)]
    right = [waited >= patience for _, waited in _epochs_since_the_best(curve)]
    require(stops == right, f"patience {patience}, validation ELBOs {curve}: update should return True after epoch "
                            f"{right.index(True) + 1}, and not before; it returned {stops}")


@gap
def test_as_good_is_not_better(answer, draw):
    """On a flat curve the training stops, with the weights of its first epoch; the smallest rise is a better epoch."""
    seen = _asked(answer, draw, 3, [-100.0] * 4)
    require([found["stop"] for found in seen] == [False, False, False, True],
            "four epochs with the same ELBO and patience 3 should stop the training: as good is not better")
    waited = [found["waited"] for found in _asked(answer, draw, 3, [-100.0, -100.0 + 1e-9, -100.0 + 2e-9])]
    require(waited == [0, 0, 0], "a rise is a better epoch, however small it is: compare without a margin")


@gap
@pytest.mark.parametrize("name", CURVES)
def test_the_best_weights_are_kept_and_restored(answer, draw, name):
    """weights are those of the best epoch, whatever the training does with the model afterwards."""
    curve = CURVES[name]
    weights = draw.normal(len(curve), 3, 2)
    found, best = answer(probes.course_of, 100, curve, weights), curve.index(max(curve))
    _expect_weights(found["kept"], weights, best, "the kept weights, after further training,")
    _expect_weights(found["restored"], weights, best, "the weights of the model after restore")
    require(found["recorded"] == [True, True], "the model's parameters should record gradients after restore")


@gap
def test_weights_are_a_copy_at_each_moment(answer, draw):
    """While the model is trained on, the kept weights stay those of the best epoch so far."""
    curve = [-5.0, -7.0, -6.0, -3.0, -4.0]
    weights = draw.normal(len(curve), 3, 2)
    for epoch, found in enumerate(answer(probes.course_of, 100, curve, weights)["seen"]):
        best = curve.index(max(curve[:epoch + 1]))
        _expect_weights(found["weights"], weights[:epoch + 1], best, f"the kept weights after {epoch + 1} epochs")


@gap
def test_the_model_stays_as_it_is(answer, draw):
    """update changes nothing of the model, and does not call it."""
    curve = [-5.0, -7.0, -3.0, -4.0]
    weights = draw.normal(len(curve), 3, 2)
    for found, weight in zip(answer(probes.course_of, 100, curve, weights)["seen"], weights, strict=True):
        for actual, right, kept in zip(found["model"], (weight, weight[1]), (weights[0], weights[0, 1]), strict=True):
            expect(actual, right, "the model's weights after update", {
                "they are the kept ones: only restore brings those back": kept}, rtol=1e-9)
        require(found["training"], "update leaves the model in evaluation mode: the mode is chosen by who calls")
        require(found["recorded"] == [True, True], "update freezes the model's parameters (requires_grad is False)")
        require(found["calls"] == 0, "update calls the model, and has all it needs: the ELBO is given")


@gap
def test_each_training_has_its_own_best(answer, draw):
    """Two trainings that take turns do not share what is kept."""
    curves, weights = [[-5.0, -7.0, -6.0], [-90.0, -80.0, -85.0]], draw.normal(3, 2, 3, 2)
    found = answer(probes.side_by_side, 100, curves, weights)
    require(found["best"] == [-5.0, -80.0], f"two trainings with best ELBOs -5 and -80 have {found['best']}: is "
                                            "something kept that both share?")
    for kept, best, number in zip(found["weights"], (0, 1), (0, 1), strict=True):
        _expect_weights(kept, weights[:, number], best, f"the kept weights of training {number + 1} of two")


def _expect_weights(found, weights, best, what):
    """Fail unless all of a state dict is that of the best epoch; `weights` are those of all epochs so far."""
    require(found is not None, f"{what} are no state dict: a dictionary from names to tensors, such as state_dict()")
    for name, kind in NAMES.items():
        require(name in found, f"{what} lack the {kind} of the model, such as {name!r}: a state dict has them all")
        of_epoch = {"weight": weights, "bias": weights[:, 1], "mean": weights[:, 0],
                    "steps": torch.arange(1, len(weights) + 1)}[name]
        zeros = torch.zeros_like(of_epoch[0]) if name != "steps" else torch.tensor(len(weights) + 1)
        mistakes = {"they are those of the model now: a reference, where a copy is needed": zeros,
                    "they are those of the last epoch, not of the best one: kept in each epoch, or by reference":
                        of_epoch[-1],
                    "they are those of the first epoch, not of the best one": of_epoch[0]}
        expect(found[name], of_epoch[best], f"{what} ({kind})", mistakes, rtol=1e-9)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
