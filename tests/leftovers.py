"""What outlives a call to the code under test: the one check around every probe, with a sentence for each kind.

`exercise/asking/afterwards.py` tells what has changed; here is said what of it may not.
"""

from collections.abc import Iterable

from exercise.asking.afterwards import Change
from tests.judge import refuse

__all__ = ["MAY_STAY_IN_EVALUATION", "expect_none"]

MAY_STAY_IN_EVALUATION = {"latent_mu_logvar", "latent_grid", "gan_sample"}  # their instructions say so
_SENTENCES = {
    "gradients": "gradients are switched off for good: use `with torch.no_grad():`, which switches them on again",
    "dtype": "torch's default type is {1} afterwards, and was {0}: give the type to the tensors that need it",
    "threads": "torch computes with {1} threads afterwards, not with {0}: leave torch.set_num_threads to the scripts",
    "seed": "the random numbers of all that comes later are seeded anew: torch.manual_seed belongs into the scripts",
    "training mode": "{subject} is left in training mode, and was not in it: the mode is chosen by who calls",
    "evaluation mode": "{subject} is left in evaluation mode: the mode is chosen by who calls, so leave it as it is",
    "frozen": "parameters of {subject} are frozen for good (requires_grad is False): {parts}. Use torch.no_grad() or "
              ".detach(), which do not last",
    "parameters": "parameters of {subject} have other values afterwards: {parts}. Only the optimiser changes them",
    "buffers": "buffers of {subject} have other values afterwards: {parts}",
    "input": "{subject} has other values afterwards: it is changed in place, and it belongs to who calls",
    "recorded": "gradients are recorded for {subject} afterwards (requires_grad is True): it belongs to who calls",
}


def expect_none(changes: Iterable[Change], gap: str) -> None:
    """Fail, with a sentence for the student, if something outlives the call that should not.

    Args:
        gap: whose code was called.
    """
    for change in changes:
        if not (change.kind == "evaluation mode" and gap in MAY_STAY_IN_EVALUATION):
            refuse(_SENTENCES[change.kind].format(*change.details, subject=change.subject,
                                                  parts=", ".join(part for part in change.details if part)))
