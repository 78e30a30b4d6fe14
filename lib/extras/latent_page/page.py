"""The page: one HTML file that needs no server and no network, with all that it shows inside.

Its policy (Content-Security-Policy) does not let it load anything.
"""

import base64
import io
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from lib.explore_code_space import decode_means
from lib.explore_latent_space import get_mu_logvar
from lib.extras.latent_page.description import Description, describe
from lib.extras.latent_page.plane import Plane, plane_of
from lib.support.data.image_sets import Batches, ImageSet
from lib.support.figures.grids import image_grid
from lib.support.figures.latent_plane import class_style

__all__ = ["latent_page"]

IMAGES = 1_000  # of the test set, whose means are shown
GRID = 20  # decoded images from side to side of the map
LARGEST = 2048  # pixels across a picture of many images
_HERE = Path(__file__).parent
_PLACEHOLDER = re.compile(r"/\* (page\.css|decoder\.js|page\.js|data|weights) \*/")


def latent_page(vae: nn.Module, test_set: ImageSet, title: str, device: str = "cpu") -> str:
    """A page on the latent space of a VAE, the text of an HTML file.

    Args:
        vae: with the parts that `lib.trained_vaes` lists, on `device`.
        test_set: the means of its first 1000 images are shown.
        title: whose latent space it is.
    Raises: ValueError if the latent space has one dimension, or the page cannot compute the decoder.
    """
    shown = test_set.select(slice(IMAGES))
    mu, _ = get_mu_logvar(vae, Batches(shown, IMAGES, device=device), device)
    plane = plane_of(mu.cpu())
    places = plane.places(mu.cpu())
    described = _described(vae, mu)
    data = {
        "title": title, "about": _about(vae, shown, title), "image_shape": shown.shape, "steps": described.steps,
        **_map(plane, places, shown), **_pictures(vae, plane, places, shown, device)}
    return _filled({"data": json.dumps(data, separators=(",", ":")).replace("<", r"\u003c"),
                    "weights": base64.b64encode(described.weights).decode()})


@torch.no_grad()
def _described(vae: nn.Module, z: Tensor) -> Description:
    """The decoder as plain data, if it is no more than its layers."""
    by_layers = vae.likelihood.mean(vae.likelihood.theta(vae.decoder(z[:10])))
    if not torch.allclose(by_layers, vae.likelihood.mean(vae.decode(z[:10])), atol=1e-3):
        raise ValueError("its decoder does something else than to apply its layers one after the other")
    return describe(vae.decoder, vae.latent_size, vae.likelihood)


def _about(vae: nn.Module, shown: ImageSet, title: str) -> str:
    likelihood = type(vae.likelihood).__name__
    return (f"{title}: a VAE with {vae.latent_size} latent dimensions and a {likelihood} likelihood. Each mark is the "
            f"mean of q(z|x) for one of {len(shown):,} test images of {shown.name}.")


def _map(plane: Plane, places: Tensor, shown: ImageSet) -> dict:
    """The plane, and where in it everything is."""
    lower, upper = plane.square(places)
    return {
        "origin": plane.origin.tolist(), "axes": plane.axes.tolist(), "axis_names": plane.axis_names,
        "axis_labels": [name + remark for name, remark in zip(plane.axis_names, plane.remarks, strict=True)],
        "map_title": plane.name, "map_label": f"Images decoded from a grid of points, and over them the means of "
                                              f"{len(places):,} test images",
        "lower": lower.tolist(), "upper": upper.tolist(), "start": _start(places, shown.labels, lower, upper).tolist(),
        "prior_mean": plane.places(torch.zeros_like(plane.origin).unsqueeze(0))[0].tolist(),
        "means": [[round(value, 5) for value in place] for place in places.tolist()], "labels": shown.labels.tolist(),
        "classes": [dict(zip(("name", "colour", "shape"), (name, *class_style(number)), strict=True))
                    for number, name in enumerate(_class_names(shown))]}


def _start(places: Tensor, labels: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    """Where A and B are in the beginning: amid the two classes that are farthest apart, or apart at least."""
    amid = torch.stack([places[labels == label].mean(0) for label in labels.unique()])
    distances = torch.cdist(amid, amid)
    if distances.max() < (upper - lower)[0] / 10:
        return torch.lerp(lower, upper, torch.tensor([[0.3, 0.4], [0.7, 0.6]]))
    return amid[list(divmod(int(distances.argmax()), len(amid)))]


def _class_names(shown: ImageSet) -> Sequence[str]:
    return shown.classes or [str(number) for number in range(int(shown.labels.max()) + 1)]


def _pictures(vae: nn.Module, plane: Plane, places: Tensor, shown: ImageSet, device: str) -> dict:
    """Many images in one picture each: decoded from the middles of the map's squares, and those of the test set."""
    lower, upper = plane.square(places)
    middles = (torch.arange(GRID) + 0.5) / GRID
    down, across = (lower[k] + middles * (upper - lower)[k] for k in (1, 0))
    grid = torch.cartesian_prod(down, across).flip(1)
    columns = math.ceil(math.sqrt(len(shown)))
    return {"grid": _picture(decode_means(vae, plane.latent(grid), device), GRID), "grid_columns": GRID,
            "thumbnails": _picture(shown.images / 255, columns), "thumbnail_columns": columns}


def _picture(images: Tensor, columns: int) -> str:
    """Images side by side, without space between, as the address of a PNG file that holds itself."""
    missing = -len(images) % columns
    images = torch.cat([images, images.new_zeros(missing, *images.shape[1:])])
    picture = Image.fromarray(image_grid(images, columns, padding=0, scale=1))
    if images.shape[1] == 1:
        picture = picture.convert("L")
    if picture.width > LARGEST:
        height, width = (max(1, LARGEST // columns * size // images.shape[3]) for size in images.shape[2:])
        picture = picture.resize((width * columns, height * (len(images) // columns)), Image.Resampling.BOX)
    buffer = io.BytesIO()
    picture.save(buffer, format="png", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _filled(parts: dict[str, str]) -> str:
    """The text of page.html with the other files, and these parts, at their places."""
    def part(found: re.Match) -> str:
        name = found[1]
        return parts[name] if name in parts else (_HERE / name).read_text(encoding="utf-8")
    return _PLACEHOLDER.sub(part, (_HERE / "page.html").read_text(encoding="utf-8"))
