"""How far images decoded from codes drawn in each way are from real ones, over several trainings of an autoencoder."""

import json
import statistics
import sys
from pathlib import Path

import explore_code_space
import run_autoencoder_training
from benchmarks.images import check_mnist
from lib.support.scripts.command_line import Parser, script, whole_number

RESULTS = Path("results_codes")  # git ignores it


@script
def main(argv=None) -> int:
    parser = Parser("Train autoencoders on MNIST with several seeds, draw codes in every way, and print the Fréchet "
                    "distances, as a table.")
    parser.add_argument("--data_dir", default="data", help="where the data sets are")
    parser.add_argument("--seeds", type=whole_number(1), default=3, help="how many trainings of each kind")
    parser.add_argument("--latent_sizes", type=whole_number(1, 784), nargs="+", default=[16, 2],
                        help="dimensions of the codes")
    args = parser.parse_args(argv)
    check_mnist(args.data_dir)
    found = {size: [measured(size, seed, args.data_dir) for seed in range(args.seeds)] for size in args.latent_sizes}
    print(*table(found), sep="\n")
    return 0


def measured(latent_size, seed, data_dir) -> dict[str, float]:
    """The Fréchet distance of each way; what is trained already is taken as it is."""
    folder = RESULTS / f"{latent_size}_{seed}"
    flags = ["--data_dir", data_dir, "--seed", str(seed)]
    for code in (run_autoencoder_training.main(["--dataset", "mnist", "--latent_size", str(latent_size), "--resume",
                                                "--output_dir", str(folder), *flags]),
                 explore_code_space.main([str(folder), *flags])):
        if code:
            sys.exit(code)
    distances = json.loads((folder / "codes.json").read_text())["distances"]
    return {way: row["frechet"] for way, row in distances.items()}


def table(found: dict[int, list[dict[str, float]]]) -> list[str]:
    """A row for each way of drawing codes: mean, and smallest to largest, of all seeds."""
    ways = next(iter(found.values()))[0]
    lines = ["| Fréchet distance | " + " | ".join(f"{size} dimensions" for size in found) + " |",
             "|---|" + "---:|" * len(found)]
    for way in ways:
        cells = []
        for runs in found.values():
            values = [run[way] for run in runs]
            cells.append(f"{statistics.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})")
        lines.append(f"| {way} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
