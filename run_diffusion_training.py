"""Train a diffusion model on a two-dimensional density, and watch noise become data."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, add_run_arguments, real_number, script, settings_of, whole_number

POINTS = 100_000  # that are sampled, compared with data, and shown in each frame
PRESETS = {"none": {}, "fast": {"epochs": 80, "learning_rate": 3e-3, "n_blocks": 3}}
PRESET_HELP = ("fast: a network with Fourier features of time and place, trained by v-prediction, with a learning rate "
               "that decays and EMA weights; it needs fewer epochs and blocks. Other flags overrule it")


def parse_arguments(argv):
    parser = Parser("Train a diffusion model on points of a two-dimensional density, sample from it, and write "
                    "pictures, two videos and measures of quality to results_diffusion/<dataset>/.")
    parser.add_argument("--dataset", default="moons",
                        help="moons, swiss_roll, circles, spirals, checkerboard, eight_gaussians or text:WORDS")
    parser.add_argument("--n_samples", type=whole_number(2, 10_000_000), default=100_000, help="points to train on")
    parser.add_argument("--preset", choices=PRESETS, default="none", help=PRESET_HELP)
    parser.add_argument("--method", choices=["diffusion", "flow"], default="diffusion", help="flow: flow matching")
    parser.add_argument("--schedule", choices=["cosine", "linear"], default="cosine", help="the noise schedule")
    parser.add_argument("--diffusion_steps", type=whole_number(1, 100_000), default=100, help="T, from data to noise")
    parser.add_argument("--sampler", choices=["ancestral", "ddim"], default="ancestral", help="ddim can skip steps")
    parser.add_argument("--sampling_steps", type=whole_number(1, 100_000), default=None,
                        help="reverse steps: of ddim, by default T; of flow matching T / 2, with two evaluations each")
    parser.add_argument("--eta", type=real_number(minimum=0, maximum=1), default=0.0, help="noise of ddim, 0 for none")
    parser.add_argument("--epochs", type=whole_number(1, 1_000_000), default=250, help="passes over the points")
    add_run_arguments(parser, batch_size=2048, lr=1e-3, rate="learning_rate", folder="results_diffusion/<dataset>")
    parser.add_argument("--n_blocks", type=whole_number(0, 100), default=8, help="hidden layers of the network")
    parser.add_argument("--verbose", action="store_true", help="a line for each epoch also beside a progress bar")
    parser.set_defaults(**PRESETS[parser.parse_args(argv).preset])
    args = parser.parse_args(argv)
    check_sampler(args)
    return args


def check_sampler(args) -> None:
    """Raises: UserError if the flags of the samplers do not go together."""
    if args.method == "flow" and (args.sampler == "ddim" or args.eta):
        raise UserError("--sampler ddim and its --eta belong to diffusion: leave them out with --method flow")
    if args.sampling_steps and args.method == "diffusion" and args.sampler == "ancestral":
        raise UserError("--sampling_steps: the ancestral sampler takes all steps; add --sampler ddim to take fewer")
    if args.eta and args.sampler != "ddim":
        raise UserError("--eta is the noise of ddim: add --sampler ddim")
    if args.method == "diffusion" and (args.sampling_steps or 0) > args.diffusion_steps:
        raise UserError(f"--sampling_steps {args.sampling_steps}: --diffusion_steps has only {args.diffusion_steps}")


@script(smaller="--batch_size, --n_samples or --n_blocks")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    import torch

    from lib.support.figures.curves import schedules_figure
    from lib.support.figures.density_report import DensityReport
    from lib.support.runs.results import folder_name
    from lib.support.runs.run import Run
    from lib.support.speed.averaging import DecayAndAverage
    from lib.support.speed.devices import choose_device
    from lib.train_diffusion import minimise
    from lib.utils import SCHEDULES, get_dataset

    args.device = choose_device(args.device)
    data, shown = get_dataset(args.dataset, args.n_samples), get_dataset(args.dataset, POINTS)
    torch.manual_seed(args.seed)
    method = make_method(args, limit=float(shown.abs().max()))
    model = make_network(args, method).to(args.device)
    optimizer = torch.optim.Adam(model.parameters(), args.learning_rate, fused=True)
    name = folder_name(args.dataset)
    with Run(args.output_dir or f"results_diffusion/{name}", settings_of(args), resume=args.resume,
             verbose=args.verbose) as run:
        report = DensityReport(run, method, shown.to(args.device), name, args.seed)
        report.before_training(args.dataset)
        if args.method == "diffusion":
            baralphas = {name: schedule(args.diffusion_steps)[0] for name, schedule in SCHEDULES.items()}
            run.save_figure("schedules.png", schedules_figure(baralphas, args.schedule))
        num_steps = args.epochs * -(-len(data) // args.batch_size)
        refined = DecayAndAverage(model, optimizer, num_steps) if args.preset == "fast" else None
        run.keep(refined=refined)
        minimise(method.loss, data, args, model, optimizer, run=run)
        if refined is not None:
            model = refined.average
            run.save_weights("model.pth", model)
        torch.manual_seed(args.seed)
        quality = report.after_training(method.sample(model, torch.randn(POINTS, 2).to(args.device)))
    print(report.in_words(quality))
    return 0


def make_method(args, limit: float):
    """Flow matching, or diffusion. Args: limit, the largest coordinate of the data."""
    from lib.extras.diffusion import Diffusion
    from lib.extras.flow_matching import FlowMatching
    from lib.utils import SCHEDULES
    if args.method == "flow":
        return FlowMatching(args.diffusion_steps, args.sampling_steps)
    schedule = [part.to(args.device) for part in SCHEDULES[args.schedule](args.diffusion_steps)]
    if args.schedule == "linear" and args.diffusion_steps < 500:
        print(f"warning: x_T is not noise yet: with --schedule linear and {args.diffusion_steps} steps, alpha-bar is "
              f"still {float(schedule[0][-1]):.2f} at its end; the sampler, which starts from noise, needs "
              "--diffusion_steps 1000 or --schedule cosine", file=sys.stderr)
    steps = (args.sampling_steps or args.diffusion_steps) if args.sampler == "ddim" else None
    return Diffusion(*schedule, steps, args.eta, limit)


def make_network(args, method):
    """The network that the preset has for the method."""
    from lib.extras.fast_diffusion import EmbeddedDiffusion, VelocityDiffusion
    from lib.model_diffusion import simple_diffusion
    if args.preset != "fast":
        return simple_diffusion(2, args.n_blocks, args.diffusion_steps)
    if args.method == "flow":
        return EmbeddedDiffusion(2, args.n_blocks, diffusion_steps=args.diffusion_steps)
    return VelocityDiffusion(2, method.baralphas, args.n_blocks)


if __name__ == "__main__":
    sys.exit(main())
