"""Find q(z) of single test images by gradient ascent on the ELBO, without the encoder, and compare it with q(z|x)."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import LARGEST_SEED, Parser, add_results_arguments, script, whole_number


def parse_arguments(argv):
    parser = Parser("Find q(z|psi) of test images by gradient ascent on the ELBO with a trained decoder, without its "
                    "encoder. Prints the ELBOs of psi and of the encoder, whose difference is the amortisation gap, "
                    "and writes inference.png to the results folder: originals and both reconstructions.")
    parser.add_argument("--images", type=whole_number(0), nargs="+", default=None, metavar="NUMBER",
                        help="numbers of test images, from 0 on; by default the first five")
    parser.add_argument("--max_steps", type=whole_number(1, 1000), default=1000,
                        help="an image stops when its smoothed ELBO no longer rises, and after so many steps at last")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same noise")
    add_results_arguments(parser, "results_kl1.0")
    return parser.parse_args(argv)


@script(smaller="number of --images or --max_steps")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    import torch

    from lib.infer_latents import elbo_of, infer_psi
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device
    from lib.trained_vaes import load_vae_and_images

    device, folder = choose_device(args.device), Path(args.folder)
    model, test_set = load_vae_and_images(folder, args.data_dir, device)
    numbers = args.images or range(min(5, len(test_set)))
    x = test_set.numbered(numbers).to(device)
    psi = infer_psi(model, x, args.max_steps, args.seed, numbers)
    with torch.no_grad():
        of_encoder = model.encode(x)
    elbos = [elbo_of(model, x, *parameters) for parameters in ((psi.mean, psi.logvar), of_encoder)]
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else folder)
    found = {"image": list(numbers), "elbo_psi": elbos[0].tolist(), "elbo_encoder": elbos[1].tolist(),
             "amortisation_gap": (elbos[0] - elbos[1]).tolist(), "steps": psi.steps.tolist(),
             "diverged": psi.diverged.tolist()}
    print(table(found))
    results.save_json("inference.json", found)
    results.save_image("inference.png", picture(model, numbers, x, psi.mean, of_encoder[0]))
    print(f"{results.folder / 'inference.png'}: originals, reconstructions without the encoder, and with it")
    if remark := psi.remark(numbers):
        raise UserError(remark)
    return 0


def table(found) -> str:
    """A row for each image, and the mean of those that did not diverge."""
    import statistics
    lines = ["image  ELBO of psi  ELBO of encoder  amortisation gap, nats  steps"]
    *columns, diverged = found.values()
    for *row, failed in zip(*columns, diverged, strict=True):
        lines.append(f"{row[0]:>5}  diverged" if failed else line(*row))
    sound = [row[1:] for *row, failed in zip(*columns, diverged, strict=True) if not failed]
    if sound:
        lines.append(line("mean", *map(statistics.mean, zip(*sound, strict=True))))
    return "\n".join(lines)


def line(name, ours, its, gap, steps) -> str:
    return f"{name:>5}  {ours:11.2f}  {its:15.2f}  {gap:22.2f}  {steps:5.0f}"


def picture(model, numbers, x, *means):
    """A row for each image: the original, and the mean of p(x|z) at the mean of each q(z)."""
    import torch

    from lib.support.figures.grids import labelled_rows
    with torch.no_grad():
        columns = [x, *(model.likelihood.mean(model.decode(z)) for z in means)]
    rows = [(f"image {number}", images) for number, images in zip(numbers, torch.stack(columns, 1), strict=True)]
    return labelled_rows(rows, titles=["original", "optimised", "encoder"])


if __name__ == "__main__":
    sys.exit(main())
