"""A diffusion model on moons: an epoch of training, sampling, frames of the videos, and the time to good samples."""

import collections
import contextlib
import functools
import io
import sys
import tempfile
import types

from benchmarks.harness import Contender, Script, benchmark_parser, compare
from benchmarks.products import multiply, training_products
from lib.support.scripts.command_line import script

BATCH_SIZE, STEPS = 2048, 49
POINTS, DIFFUSION_STEPS = 100_000, 100
LAYERS = [(3, 64), *[(64, 64)] * 8, (64, 2)]
CHUNK = 4096
FRAMES = 50
GOOD = 2  # times the floor of the sliced W1
CHECKED_EPOCHS = (5, *range(10, 251, 10))


@script
def main(argv=None) -> int:
    parser = benchmark_parser("Time a part of what run_diffusion_training.py does with moons.")
    parser.add_argument("part", choices=PARTS, help="training: an epoch; sampling; frames of the videos; "
                                                    "good_samples: the way to them")
    args = parser.parse_args(argv)
    work, contenders = PARTS[args.part]()
    compare(f"diffusion_{args.part}", work, contenders, Script("run_diffusion_training", ()), args)
    return 0


def training_part():
    return f"Diffusion on moons, an epoch of {STEPS} steps", [
        Contender("usual", "a DataLoader over the points, plain Adam, loss.item() in each step", usual_training),
        Contender("ours", "run_diffusion_training.py", training),
        Contender("floor", "the 29 matrix products of each step, nothing else", training_floor)]


def sampling_part():
    return f"Diffusion on moons, sampling {POINTS:,} points in {DIFFUSION_STEPS} steps", [
        Contender("usual", "all points at once through the network", usual_sampling),
        Contender("ours", f"{CHUNK} points at a time", sampling),
        Contender("floor", "the 10 matrix products of each step, as many points at a time", sampling_floor)]


def frames_part():
    return f"Diffusion on moons, {FRAMES} frames of {POINTS:,} points", [
        Contender("usual", "a scatter plot for each frame", scatter_plots),
        Contender("ours", "a histogram for each frame", frames),
        Contender("encoded", "ours, with the encoding", functools.partial(frames, encoded=True))]


def good_samples_part():
    return f"Diffusion on moons, training until the sliced W1 of samples is at most {GOOD} times its floor", [
        Contender("default", "as many epochs as it takes, which is found out beforehand", to_good_samples),
        Contender("fast", "the same with --preset fast", functools.partial(to_good_samples, fast=True))]


PARTS = {"training": training_part, "sampling": sampling_part, "frames": frames_part,
         "good_samples": good_samples_part}


def usual_training():
    """Training as most tutorials have it."""
    import torch
    from torch.utils.data import DataLoader

    model, data, baralphas = _start()
    loader = DataLoader(data, BATCH_SIZE, shuffle=True)
    optimizer, criterion = torch.optim.Adam(model.parameters(), lr=1e-3), torch.nn.MSELoss()

    def epoch():
        total = 0.0
        for x in loader:
            t = torch.randint(0, DIFFUSION_STEPS, (len(x), 1))
            eps = torch.randn_like(x)
            noised = torch.sqrt(baralphas[t]) * x + torch.sqrt(1 - baralphas[t]) * eps
            loss = criterion(model(noised, t), eps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(loader)
    return epoch


def training():
    """Training as `lib.train_diffusion` has it, all that a run does in each step included."""
    import torch

    model, data, baralphas = _start()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    return lambda: _train(model, data, baralphas, optimizer, epochs=1)


def training_floor():
    """The products of all layers."""
    return multiply(training_products(LAYERS, BATCH_SIZE), STEPS)


def usual_sampling():
    """Sampling as most tutorials have it."""
    import torch

    from lib.utils import cosine_schedule
    model, (baralphas, alphas, betas) = _start()[0], cosine_schedule(DIFFUSION_STEPS)

    @torch.no_grad()
    def sample():
        x = torch.randn(POINTS, 2)
        for t in reversed(range(DIFFUSION_STEPS)):
            eps = model(x, torch.full((POINTS, 1), t))
            z = torch.randn_like(x) if t > 0 else torch.zeros_like(x)
            mean = (x - betas[t] / torch.sqrt(1 - baralphas[t]) * eps) / torch.sqrt(alphas[t])
            x = mean + torch.sqrt(betas[t]) * z
    return sample


def sampling():
    """Sampling as `lib.sample_diffusion` has it."""
    import torch
    model = _start()[0]

    def sample():
        _sample(model, torch.randn(POINTS, 2))
    return sample


def sampling_floor():
    """The forward products of all layers; each is computed in the same place again, which stays in the cache."""
    import torch

    def products(points):
        return [(torch.rand(points, inputs), torch.rand(outputs, inputs).T) for inputs, outputs in LAYERS]
    whole = multiply(products(CHUNK), DIFFUSION_STEPS * (POINTS // CHUNK))
    rest = multiply(products(POINTS % CHUNK), DIFFUSION_STEPS)

    def sample():
        whole()
        rest()
    return sample


def scatter_plots():
    """Frames as most tutorials have them."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shots = _shots()

    def draw():
        for number, points in enumerate(shots):
            figure = Figure(figsize=(4.64, 4.64), dpi=100)
            figure.subplots().scatter(*points.T, s=1, alpha=0.2)
            figure.axes[0].set(title=f"t = {number}", xlim=(-3.5, 3.5), ylim=(-3.5, 3.5))
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            np.asarray(canvas.buffer_rgba())[..., :3].copy()
    return draw


def frames(encoded=False):
    """Frames as `lib.support.figures.density_report` has them."""
    from lib.support.figures.density_frames import DensityFrames
    from lib.support.figures.video import encode_video
    shots = _shots()
    canvas = DensityFrames((-3.5, -3.5), (3.5, 3.5), shots[0])

    def draw():
        drawn = (canvas.draw(points, f"t = {number}") for number, points in enumerate(shots))
        if encoded:
            encode_video(drawn, hold=0)
        else:
            list(drawn)
    return draw


def to_good_samples(fast=False):
    """Finds out after how many epochs samples are good; the work is to train for as many."""
    epochs, ratio = _epochs_needed(fast)

    def train():
        _Training(epochs, fast).go_on(epochs)
        return ratio
    return train


def _epochs_needed(fast):
    """After how many epochs samples are good, or the most that are tried; and what their ratio is then."""
    for epochs, model in _trained_more_and_more(fast):
        ratio = _ratio(model)
        if ratio <= GOOD:
            return epochs, ratio
    return CHECKED_EPOCHS[-1], ratio


def _trained_more_and_more(fast):
    """The number of epochs, and a model trained for as many. The preset's decay depends on it: it begins anew."""
    training = _Training(CHECKED_EPOCHS[-1], fast)
    for epochs in CHECKED_EPOCHS:
        if fast:
            training = _Training(epochs, fast)
        training.go_on(epochs - training.epochs)
        yield epochs, training.result


def _start():
    """The model of run_diffusion_training.py, its data, and its schedule."""
    import torch

    from lib.model_diffusion import SimpleDiffusion
    from lib.utils import cosine_schedule, get_dataset
    torch.manual_seed(0)
    return SimpleDiffusion(2, len(LAYERS) - 2), get_dataset("moons", POINTS), cosine_schedule(DIFFUSION_STEPS)[0]


def _train(model, data, baralphas, optimizer, epochs):
    """The loss of the last batch, after epochs that are saved as those of the script are."""
    from lib.support.runs.run import Run
    from lib.train_diffusion import train
    config = types.SimpleNamespace(batch_size=BATCH_SIZE, epochs=epochs, diffusion_steps=DIFFUSION_STEPS, device="cpu",
                                   dataset="moons", verbose=False)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()), \
            contextlib.redirect_stderr(io.StringIO()):  # where it is no terminal, the run draws no bar
        return train(data, config, model, optimizer, baralphas, run=Run(folder)).item()


class _Training:
    """The default run, or that of --preset fast, planned for so many epochs.

    Attributes: `epochs`, how many have been trained; `result`, the model to sample from.
    """

    def __init__(self, planned, fast):
        import torch

        from lib.extras.fast_diffusion import VelocityDiffusion
        from lib.support.speed.averaging import DecayAndAverage
        model, self._data, self._baralphas = _start()
        if fast:
            model = VelocityDiffusion(2, self._baralphas)
        self._optimizer = torch.optim.Adam(model.parameters(), lr=3e-3 if fast else 1e-3, fused=True)
        self.result = DecayAndAverage(model, self._optimizer, STEPS * planned).average if fast else model
        self._model, self.epochs = model, 0

    def go_on(self, epochs):
        _train(self._model, self._data, self._baralphas, self._optimizer, epochs)
        self.epochs += epochs


def _sample(model, x):
    from lib.sample_diffusion import ancestral_sampler
    from lib.utils import cosine_schedule
    _, samples = collections.deque(ancestral_sampler(model, x, *cosine_schedule(DIFFUSION_STEPS)), maxlen=1).pop()
    return samples


def _ratio(model):
    """The sliced W1 between 20,000 samples and the data over its floor; that takes a fifth of the time of 100,000."""
    import torch

    from lib.support.measures.quality import quality_report
    from lib.utils import get_dataset
    report = quality_report(_sample(model, torch.randn(20_000, 2)).numpy(), get_dataset("moons", POINTS).numpy())
    return report["sliced_w1"] / report["sliced_w1_floor"]


def _shots():
    """Points to draw: data with more and more noise."""
    from lib.utils import add_noise
    _, data, baralphas = _start()
    return [add_noise(data, t, baralphas)[0].numpy() for t in range(0, DIFFUSION_STEPS, DIFFUSION_STEPS // FRAMES)]


if __name__ == "__main__":
    sys.exit(main())
