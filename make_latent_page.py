"""Make a page that decodes images live: drag a point in the latent plane of a trained VAE, and see its image."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, add_results_arguments, script


def parse_arguments(argv):
    parser = Parser("Make a page to explore the latent space of a trained VAE: drag a point in the plane, and its "
                    "image is decoded in the browser. Writes latent_page.html to the results folder, one file that "
                    "needs no network and works on a phone too. With more than two latent dimensions, the plane is "
                    "that of the first two principal components.")
    add_results_arguments(parser, "results_kl1.0")
    return parser.parse_args(argv)


@script
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    from lib.extras.latent_page.page import latent_page
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device
    from lib.trained_vaes import load_vae_and_images

    device, folder = choose_device(args.device), Path(args.folder)
    vae, test_set = load_vae_and_images(folder, args.data_dir, device)
    try:
        page = latent_page(vae, test_set, folder.resolve().name, device)
    except ValueError as error:
        raise UserError(f"there can be no page of {folder}: {error}") from error
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else folder)
    results.save("latent_page.html", page.encode())
    print(f"{results.folder / 'latent_page.html'}, {len(page) / 1e6:.1f} MB: open it in a browser")
    return 0


if __name__ == "__main__":
    sys.exit(main())
