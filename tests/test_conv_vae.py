"""The convolutional encoder and decoder, judged by what they can do, for images of any height and width."""

import sys

import pytest

from exercise.probes import conv_vae as probes
from tests import network_laws as laws
from tests.judge import require

# As in the laws: (image, channels, numbers of a code, outputs per pixel).
SIZES = [((3, 5, 8), 4, 7, 2), ((1, 1, 1), 2, 1, 1), ((1, 13, 1), 3, 2, 16), ((2, 2, 7), 3, 5, 3), ((1, 6, 4), 3, 4, 1)]
NAMES = ["colour", "one pixel", "one column", "two rows", "one output"]
WIDE = ((2, 3, 5), 24, 3, 2)  # so many channels that it never happens that all of them are dead at the start
LARGE = ((2, 16, 20), 5, 3, 3)  # far larger than a kernel
REASON = "q(z|x) and p(x|z) are functions of x and of z alone, in training too, so there is no place for a batch " \
         "norm or a dropout"

both = pytest.mark.parametrize("kind", [pytest.param("encoder", marks=pytest.mark.gap("conv_encoder")),
                                        pytest.param("decoder", marks=pytest.mark.gap("conv_decoder"))])


@both
@pytest.mark.parametrize("sizes", SIZES, ids=NAMES)
def test_images_of_any_size_have_outputs_of_their_own(answer, draw, kind, sizes):
    """The encoder gives num_outputs numbers for each image, the decoder output_shape for each z, in any batch."""
    laws.expect_outputs(answer, draw, _network(kind, sizes))


@both
def test_training_mode_changes_nothing(answer, draw, kind):
    """In training too, outputs depend on one example alone, and not on chance."""
    laws.expect_outputs(answer, draw, _network(kind, SIZES[0]), training=True, reason=REASON)


@both
def test_network_can_be_trained(answer, kind):
    """All layers belong to the module, have weights that are trained, and no unit begins as a copy of another."""
    laws.expect_weights(answer, _network(kind))


@both
def test_network_convolves(answer, draw, kind):
    """There is a convolution, with a kernel larger than a pixel and smaller than the image, and with `channels`."""
    network = _network(kind, LARGE)
    (_, height, width), channels, *_ = LARGE
    calls = answer(probes.convolutions, network.question, network.inputs(draw, 2))["calls"]
    layer = "nn.Conv2d" if kind == "encoder" else "nn.ConvTranspose2d, or nn.Conv2d"
    require(bool(calls), f"the {kind} has no convolution ({layer})")
    require(any(max(call["kernel"]) > 1 for call in calls), "all kernels have one pixel only, so that no layer sees a "
                                                            "pixel together with its neighbours")
    require(any(max(call["kernel"]) > 1 and call["kernel"][0] < height and call["kernel"][1] < width for call in calls),
            "the kernels are as large as the image, which makes fully connected layers of convolutions")
    place, found = ("first", calls[0]["output"][0]) if kind == "encoder" else ("last", calls[-1]["input"][0])
    ends = ("gives", "to") if kind == "encoder" else ("takes", "from")
    require(found == channels, f"the {place} convolution {ends[0]} {found} channels, where `channels` is {channels}: "
                               f"the argument says how many it leads {ends[1]}")


@both
def test_neighbours_stay_neighbours(answer, draw, kind):
    """The encoder's first convolution sees the image as it is; the decoder's last one makes it as it comes out."""
    network = _network(kind, LARGE)
    _, height, width = LARGE[0]
    corners = [(draw.integer(0, height - 2), draw.integer(0, width - 2)) for _ in range(4)]
    pixels = [(row + down, column + right) for row, column in corners for down, right in ((0, 0), (1, 0), (0, 1))]
    maps = answer(probes.places, network.question, network.inputs(draw, 1), pixels)["maps"]
    where = "the input of the first convolution" if kind == "encoder" else "the output of the last convolution"
    require(len(maps) == len(pixels), f"pixels cannot be found in {where}: is something detached, or within no_grad?")
    found = [divmod(int(of_pixel.argmax()), of_pixel.shape[1]) for of_pixel in maps]
    for one, *others in zip(found[::3], found[1::3], found[2::3], strict=True):
        apart = max(abs(place - other[axis]) for other in others for axis, place in enumerate(one))
        # 2, where the image is enlarged before it is convolved.
        require(apart <= 2, f"two pixels that are neighbours lie {apart} pixels apart in {where}, so that no kernel "
                            "sees them together: are height and width exchanged, or does a linear layer stand between?")


@both
def test_outputs_may_be_any_real_number(answer, draw, kind):
    """Training brings outputs to +50 and -50: nothing limits what the last layer gives."""
    laws.expect_any_numbers(answer, draw, _network(kind))


@both
def test_gradients_reach_every_parameter(answer, draw, kind):
    """Every weight of the network learns."""
    laws.expect_gradients(answer, draw, _network(kind))


@both
def test_every_input_counts_for_itself(answer, draw, kind):
    """Each pixel has its own influence on the code, each latent dimension on the image, and no two are the same."""
    laws.expect_influence(answer, draw, _network(kind))


@both
def test_network_is_not_affine(answer, draw, kind):
    """Between two layers is a nonlinear function: otherwise f(a) + f(b) = f(a + b) + f(0), as for one layer."""
    laws.expect_nonlinear(answer, draw, _network(kind))


@both
def test_weights_can_be_saved_and_are_not_shared(answer, draw, kind):
    """A second network that loads the state dict of the first computes the same, and each has its own weights."""
    laws.expect_saved(answer, draw, _network(kind))


@both
def test_network_runs_on_a_gpu(answer, draw, kind):
    """With its weights on a GPU (here a make-believe one) the network computes there."""
    laws.expect_on_gpu(answer, draw, _network(kind))


def _network(kind, sizes=WIDE):
    words = ("the encoder's outputs", "what an image gives", "output") if kind == "encoder" else laws.OF_DECODER
    return laws.Network(f"conv_{kind}", sizes, *words)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
