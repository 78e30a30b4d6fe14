"""Train a diffusion model on a two-dimensional density, and watch noise become data."""

import io
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib.support.errors import UserError
from lib.support.scripts.command_line import DEVICES, Parser, real_number, script, settings_of, whole_number

POINTS = 100_000  # that are sampled, compared with data, and shown in each frame
FRAMES = 100  # of each video, besides the first
REACH = 3.2  # of the axes, in which nearly all noise lies
PRESETS = {
    "none": {},
    "fast": {"epochs": 80, "learning_rate": 3e-3, "n_blocks": 3},
}
PRESET_HELP = ("fast: the network sees time and place as waves, which tell close ones apart; it predicts what x_t "
               "does not tell of the noise, so that steps near T, where a mistake counts most, are exact; the learning "
               "rate decays, so that training ends without jitter; weights are averaged, which removes the rest of it; "
               "so fewer epochs and blocks do. Other flags overrule it")


def parse_arguments(argv):
    parser = Parser("Train a diffusion model on points of a two-dimensional density, sample from it, and write "
                    "pictures, two videos and measures of quality to results_diffusion/<dataset>/.")
    parser.add_argument("--dataset", default="moons",
                        help="moons, swiss_roll, circles, spirals, checkerboard, eight_gaussians or text:WORDS")
    parser.add_argument("--n_samples", type=whole_number(2), default=100_000, help="points of it to train on")
    parser.add_argument("--preset", choices=PRESETS, default="none", help=PRESET_HELP)
    parser.add_argument("--method", choices=["diffusion", "flow"], default="diffusion",
                        help="flow: flow matching, straight paths between data and noise")
    parser.add_argument("--schedule", choices=["cosine", "linear"], default="cosine", help="of the noise")
    parser.add_argument("--diffusion_steps", type=whole_number(1), default=100, help="T, steps from data to noise")
    parser.add_argument("--sampler", choices=["ancestral", "ddim"], default="ancestral",
                        help="how diffusion goes back; ddim can leave out steps")
    parser.add_argument("--sampling_steps", type=whole_number(1), default=None,
                        help="of ddim, by default all T; of flow matching, by default half as many, as each asks the "
                             "network twice")
    parser.add_argument("--eta", type=real_number(minimum=0), default=0.0, help="noise of ddim, 0 for none")
    parser.add_argument("--epochs", type=whole_number(1), default=250, help="passes over the points")
    parser.add_argument("--batch_size", type=whole_number(1), default=2048, help="points in one step")
    parser.add_argument("--learning_rate", type=real_number(above=0), default=1e-3, help="of Adam")
    parser.add_argument("--n_blocks", type=whole_number(0), default=8, help="hidden layers of the network")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--seed", type=whole_number(0), default=0, help="the same seed gives the same run")
    parser.add_argument("--verbose", action="store_true", help="a line for each epoch also beside a progress bar")
    parser.add_argument("--output_dir", default=None, help="results folder; by default results_diffusion/<dataset>")
    parser.add_argument("--resume", action="store_true",
                        help="go on after the last finished epoch of an interrupted run with the same settings")
    parser.set_defaults(**PRESETS[parser.parse_args(argv).preset])
    args = parser.parse_args(argv)
    check_sampler(args)
    return args


def check_sampler(args) -> None:
    """Raises: UserError if the flags of the samplers do not go together."""
    if args.method == "flow" and args.sampler == "ddim":
        raise UserError("--sampler ddim is one of diffusion: leave it out with --method flow")
    if args.sampling_steps and args.method == "diffusion" and args.sampler == "ancestral":
        raise UserError("--sampling_steps: the ancestral sampler takes all steps; add --sampler ddim to take fewer")
    if args.eta and args.sampler != "ddim":
        raise UserError("--eta is the noise of ddim: add --sampler ddim")
    if args.method == "diffusion" and (args.sampling_steps or 0) > args.diffusion_steps:
        raise UserError(f"--sampling_steps {args.sampling_steps}: there are only {args.diffusion_steps} steps to take "
                        "(--diffusion_steps)")


@script
def main(argv=None) -> int:
    args = parse_arguments(argv)

    import torch

    from lib.support.runs.run import Run, choose_device
    from lib.train_diffusion import train
    from lib.utils import get_dataset

    args.device = choose_device(args.device)
    data, shown = get_dataset(args.dataset, args.n_samples), get_dataset(args.dataset, POINTS)
    torch.manual_seed(args.seed)
    process = flow(args) if args.method == "flow" else diffusion(args, limit=float(shown.abs().max()))
    model = process.model.to(args.device)
    optimizer = torch.optim.Adam(model.parameters(), args.learning_rate, fused=True)
    name = re.sub(r"\W+", "_", args.dataset)
    with Run(args.output_dir or f"results_diffusion/{name}", settings_of(args), resume=args.resume,
             verbose=args.verbose) as run:
        average = average_weights(run, model, optimizer, args, len(data)) if args.preset == "fast" else None
        save_process(run, process, args, shown)
        train(data, args, model, optimizer, process.baralphas, run=run, step=process.step)
        if average is not None:
            model = average
            run.save_weights("model.pth", model)
        states = sample(process, model, args)
        quality = save_results(run, states[-1][1], shown.numpy())
        save_videos(run, process, name, states, shown, args)
    print(f"{run.folder}: sliced W1 to the data {quality['sliced_w1']:.4f}, between data "
          f"{quality['sliced_w1_floor']:.4f}, samples outside {quality['outside']:.2%}; see generated_samples.png, "
          f"{name}_forward.mp4, {name}_generation.mp4")
    return 0


@dataclass
class Process:
    """A way from data to noise and back. Its times count from 0, the data, to `num_times`, the noise."""

    model: Callable
    step: Callable  # the loss of a batch, see lib.train_diffusion
    baralphas: Any
    num_times: int
    noised: Callable  # (points, time) -> points
    sampler: Callable  # (model, noise) -> iterator of (time - 1, points)
    num_sampling_steps: int
    title: str  # has a place for the time


def diffusion(args, limit: float) -> Process:
    from lib.model_diffusion import VelocityDiffusion, simple_diffusion
    from lib.sample_diffusion import ancestral_sampler, ddim_sampler
    from lib.train_diffusion import training_step
    from lib.utils import SCHEDULES, add_noise

    schedule = [part.to(args.device) for part in SCHEDULES[args.schedule](args.diffusion_steps)]
    baralphas, steps = schedule[0], args.sampling_steps or args.diffusion_steps
    warn_of_signal_at_the_end(args, float(baralphas[-1]))
    model = VelocityDiffusion(2, baralphas, args.n_blocks) if args.preset == "fast" \
        else simple_diffusion(2, args.n_blocks, args.diffusion_steps)

    def noised(points, time):
        return add_noise(points, time - 1, baralphas)[0] if time > 0 else points

    def sampler(model, x):
        if args.sampler == "ddim":
            return ddim_sampler(model, x, baralphas, steps, args.eta, limit)
        return ancestral_sampler(model, x, *schedule)
    return Process(model, training_step, baralphas, args.diffusion_steps, noised, sampler, steps,
                   f"t = {{}} of {args.diffusion_steps}")


def flow(args) -> Process:
    import torch

    from lib.flow_matching import flow_sampler, flow_training_step, interpolate
    from lib.model_diffusion import EmbeddedDiffusion, simple_diffusion

    T = args.diffusion_steps
    steps = args.sampling_steps or -(-T // 2)
    model = EmbeddedDiffusion(2, args.n_blocks, diffusion_steps=T) if args.preset == "fast" \
        else simple_diffusion(2, args.n_blocks, args.diffusion_steps)
    return Process(model, flow_training_step, torch.empty(0), steps,
                   noised=lambda points, time: interpolate(points, time / steps)[0],
                   sampler=lambda model, x: flow_sampler(model, x, T, steps),
                   num_sampling_steps=steps, title=f"tau = {{}}/{steps}")


def warn_of_signal_at_the_end(args, last_baralpha: float) -> None:
    if args.schedule == "linear" and args.diffusion_steps < 500:
        print(f"warning: x_T is not noise yet: with --schedule linear and {args.diffusion_steps} steps, alpha-bar is "
              f"still {last_baralpha:.2f} at its end; the sampler, which starts from noise, needs --diffusion_steps "
              "1000 or --schedule cosine", file=sys.stderr)


def average_weights(run, model, optimizer, args, num_points: int):
    """The model whose weights are the running average, updated and kept by the run as the training goes on."""
    from lib.support.speed.averaging import DecayAndAverage
    refined = DecayAndAverage(model, optimizer, args.epochs * -(-num_points // args.batch_size))
    run.keep(refined=refined)
    return refined.average


def save_process(run, process: Process, args, shown) -> None:
    """Pictures of what there is before training: the data, the schedules, the data with noise."""
    from lib.support.figures.densities import data_figure, limits, noised_figure, schedules_figure
    from lib.utils import SCHEDULES
    run.save_figure("data.png", data_figure(shown.numpy(), args.dataset))
    if args.method == "diffusion":
        baralphas = {name: schedule(args.diffusion_steps)[0] for name, schedule in SCHEDULES.items()}
        run.save_figure("schedules.png", schedules_figure(baralphas, args.schedule))
    noised = forward_states(process, shown, [process.num_times * part // 10 for part in (0, 1, 2, 4, 7, 10)], args)
    run.save_figure("noised_data.png", noised_figure(dict(noised), limits(shown.numpy(), REACH)))


def forward_states(process: Process, points, times, args):
    """(title, points) for each of the times, all with the same noise, so that each point moves on a smooth path."""
    import torch
    for time in times:
        with torch.random.fork_rng():
            torch.manual_seed(args.seed)
            noised = process.noised(points.to(args.device), time)
        yield process.title.format(time), noised.cpu().numpy()


def sample(process: Process, model, args) -> list:
    """(title, points) for each frame of the reverse process; the last are the samples."""
    import torch
    from tqdm import tqdm
    torch.manual_seed(args.seed)
    states = process.sampler(model, torch.randn(POINTS, 2).to(args.device))
    total, shown = process.num_sampling_steps + 1, spread(process.num_sampling_steps)
    return [(process.title.format(t + 1), x.cpu().numpy())
            for number, (t, x) in enumerate(tqdm(states, "sampling", total, leave=False, disable=None))
            if number in shown]


def spread(last: int) -> list[int]:
    """Whole numbers from 0 to `last`, evenly spread, at most FRAMES + 1 of them."""
    return sorted({round(last * number / FRAMES) for number in range(FRAMES + 1)})


def save_results(run, samples, data) -> dict[str, float]:
    """The samples, their picture, the training loss; returns the measures of quality, which join the metrics."""
    import numpy as np

    from lib.support.figures.densities import loss_curve, samples_figure
    from lib.support.measures.quality import quality_report
    if not np.isfinite(samples).all():
        raise UserError("some samples are infinite or NaN: something is wrong in the sampler or in the schedule")
    buffer = io.BytesIO()
    np.save(buffer, samples)
    run.save("generated_samples.npy", buffer.getvalue())
    quality = quality_report(samples, data)
    run.save_figure("generated_samples.png", samples_figure(data, samples, "both"))
    run.add(**quality)
    run.save_figure("training_loss.png", loss_curve(run.history))
    return quality


def save_videos(run, process: Process, name: str, states, shown, args) -> None:
    """Raises: UserError if one cannot be written; it says where the samples are."""
    from lib.support.figures.densities import limits
    from lib.support.figures.video import DensityFrames, encode_video
    frames = DensityFrames(*limits(shown.numpy(), REACH), shown.numpy())
    forward = forward_states(process, shown, spread(process.num_times), args)
    try:
        for part, shots in (("forward", forward), ("generation", states)):
            run.save(f"{name}_{part}.mp4", encode_video(frames.draw(points, title) for title, points in shots))
    except UserError as error:
        raise UserError(f"{name}_{part}.mp4 is missing: {error}. The samples are saved, in {run.folder}; once this is "
                        "mended, --resume writes the videos") from error


if __name__ == "__main__":
    sys.exit(main())
