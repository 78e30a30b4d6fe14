"""How long the page of a latent space takes to decode an image, in the browser in which it is tested."""

import statistics
import sys
import tempfile
from pathlib import Path

from course import browser
from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, script, whole_number

_TIMES = """
const milliseconds = [];
for (let n = 0; n < arguments[0]; n++) {
    const place = [0, 1].map((k) => data.lower[k] + Math.random() * size), began = performance.now();
    draw(element("decoded"), decode(latent(place)));
    milliseconds.push(performance.now() - began);
}
return milliseconds;
"""


@script
def main(argv=None) -> int:
    parser = Parser("Decode images at random places of pages, and print how long one takes, as a table. The weights of "
                    "the decoders are random.")
    parser.add_argument("--images", type=whole_number(1, 100_000), default=200, help="decoded images of each page")
    args = parser.parse_args(argv)
    if reason := browser.missing():
        raise UserError(reason)
    print("| milliseconds for an image | first | median | 99 in 100 take less |", "|---|---:|---:|---:|", sep="\n")
    for name, vae, dataset in pages():
        times = measured(vae, dataset, args.images)
        slow = sorted(times)[99 * len(times) // 100]
        print(f"| {name} | {times[0]:.1f} | {statistics.median(times):.1f} | {slow:.1f} |", flush=True)
    return 0


def pages():
    """Names, VAEs, and the data sets whose images have their shape."""
    from lib.likelihoods import likelihood_named
    from lib.model_conv_vae import ConvVAE
    from lib.model_vae import VAE
    from lib.trained_vaes import BernoulliVAE
    yield "fully connected, 1x28x28", BernoulliVAE(VAE()), "digits"
    for name, variance in (("bernoulli", ""), ("gaussian", "per_pixel"), ("categorical", "")):
        yield f"convolutional, 1x28x28, {name}", ConvVAE(likelihood=likelihood_named(name, variance)), "digits"
    yield "convolutional, 3x64x64, gaussian", ConvVAE(3, 64, 64), "blossoms"


def measured(vae, dataset: str, images: int) -> list[float]:
    """How long it takes to decode and draw each image, in milliseconds, in their order."""
    from lib.extras.latent_page.page import latent_page
    from lib.support.data import datasets
    page = latent_page(vae.eval(), datasets.load(dataset)[1], "benchmark")
    with tempfile.TemporaryDirectory() as folder, browser.open_browser() as driver:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        driver.set_script_timeout(600)
        driver.get(file.as_uri())
        return driver.execute_script(_TIMES, images)


if __name__ == "__main__":
    sys.exit(main())
