"""What outlives the call: settings of the process, of the model and of the inputs that are not put back."""

from collections.abc import Iterator

from course.verify.operators.place import Change, Place

__all__ = ["OPERATORS"]


def change_the_process(place: Place) -> Iterator[Change]:
    """Gradients switched off for good, another default type, another number of threads, numbers seeded anew."""
    yield from place.at_the_end("from torch import set_grad_enabled; set_grad_enabled(False)",
                                "from torch import float64, set_default_dtype; set_default_dtype(float64)",
                                "from torch import get_num_threads, set_num_threads; "
                                "set_num_threads(get_num_threads() + 1)",
                                "from torch import manual_seed; manual_seed(0)")
    yield from place.at_the_start("from torch import manual_seed; manual_seed(0)")


def freeze(place: Place) -> Iterator[Change]:
    """No gradients for parameters any more: for all, for all but the last, for the last."""
    for model in place.models:
        yield from place.at_the_end(
            f"{model}.requires_grad_(False)",
            *(f"for parameter in list({model}.parameters()){part}: parameter.requires_grad_(False)"
              for part in ("[:-1]", "[-1:]")))


def change_the_mode(place: Place) -> Iterator[Change]:
    """The model is left in another mode than it came in."""
    for model in place.models:
        yield from place.at_the_end(f"{model}.eval()", f"{model}.train(not {model}.training)")


def change_the_state(place: Place) -> Iterator[Change]:
    """Parameters or buffers drift a little with each call."""
    for model in place.models:
        if not place.is_constructor:
            yield from place.at_the_end(
                f"for parameter in {model}.parameters(): parameter.data.add_(0.001)",
                f"for parameter in list({model}.parameters())[-1:]: parameter.data.add_(0.001)",
                f"for buffer in {model}.buffers(): buffer.data.copy_(buffer + 1)")


def change_the_inputs(place: Place) -> Iterator[Change]:
    """What was given comes back otherwise: other values, or gradients recorded for it."""
    for tensor in place.tensors:
        yield from place.at_the_end(f"{tensor}.data.mul_(1.01)", f"{tensor}.requires_grad_()")


OPERATORS = (change_the_process, freeze, change_the_mode, change_the_state, change_the_inputs)
