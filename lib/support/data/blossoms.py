"""Blossoms: pictures of flowers that are drawn, from factors that are known.

A flower has 4 to 8 petals of one of six colours; all factors are drawn uniformly and independently of each other. So
it is known what there is to learn, and what a generator leaves out can be counted (`lib.support.measures.coverage`).

Lengths are in widths of the picture; x runs to the right, y downwards, from -1/2 to 1/2. Angles are in radians, hues in
turns: 0 is red, 1/3 green, 2/3 blue.
"""

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from lib.support.data.image_sets import ImageSet

__all__ = ["BRIGHT", "COLOURS", "DARK", "PETALS", "Factors", "blossoms", "draw_factors", "paint"]

PETALS = (4, 5, 6, 7, 8)
COLOURS = {"red": 0.985, "orange": 0.065, "yellow": 0.14, "blue": 0.61, "violet": 0.74, "pink": 0.87}  # hues
DARK, BRIGHT = (0.03, 0.12, 0.08), (0.36, 0.56, 0.20)  # red, green and blue of grass

_HUES_APART = 0.015  # within a colour: a fifth of what lies between the two most similar ones
_LIGHTS = 6
_AT_ONCE = 50  # pictures painted together: few enough for the processor's cache


@dataclass(frozen=True, eq=False)
class Factors:
    """What is drawn, for each of n pictures; all float32 but for `petals`.

    Args:
        petals: how many, int64, shape (n,).
        hue: of the petals, in [0, 1), shape (n,).
        radius: from the centre of the flower to the tip of a petal, shape (n,).
        angle: of one petal, clockwise from the x axis, shape (n,).
        centre: of the flower, (x, y), shape (n, 2).
        pale: how little saturated the petals are, from 0 to 0.35, shape (n,).
        core: colour of the disc in the middle, from 0, golden, to 1, dark brown; shape (n,).
        background: how bright it is, from 0 to 1, shape (n,).
        leaf: angle of the leaves, shape (n,).
        uneven: how much longer or shorter each petal is, shape (n, 8).
        lights: x, y, radius and brightness of each spot in the background, shape (n, 6, 4).
    """

    petals: Tensor
    hue: Tensor
    radius: Tensor
    angle: Tensor
    centre: Tensor
    pale: Tensor
    core: Tensor
    background: Tensor
    leaf: Tensor
    uneven: Tensor
    lights: Tensor

    def __len__(self) -> int:
        return len(self.petals)

    def select(self, rows: slice | Tensor) -> "Factors":
        """The factors of the pictures at `rows`, a slice or a tensor of indices."""
        return Factors(*(getattr(self, field.name)[rows] for field in fields(self)))


def blossoms(n: int = 800, seed: int = 0, size: int = 64) -> ImageSet:
    """n pictures of flowers, the same for the same seed; the class is the number of petals.

    Args: size, the height and width.
    Raises: ValueError if n or size is less than 1.
    """
    if n < 1 or size < 1:
        raise ValueError(f"there should be 1 or more blossoms of 1 or more pixels, not {n} of {size}")
    factors = draw_factors(n, torch.Generator().manual_seed(seed))
    classes = tuple(f"{count} petals" for count in PETALS)
    return ImageSet("blossoms", paint(factors, size), factors.petals - PETALS[0], classes)


def draw_factors(n: int, generator: torch.Generator) -> Factors:
    """n flowers, every factor drawn uniformly and independently of the others."""
    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(n, *shape, generator=generator)
    colour = torch.tensor(list(COLOURS.values()))[torch.randint(len(COLOURS), (n,), generator=generator)]
    lights = torch.stack([uniform(-0.5, 0.5, _LIGHTS), uniform(-0.5, 0.5, _LIGHTS), uniform(0.05, 0.16, _LIGHTS),
                          uniform(0.02, 0.16, _LIGHTS)], 2)
    return Factors(
        petals=torch.randint(PETALS[0], PETALS[-1] + 1, (n,), generator=generator),
        hue=(colour + uniform(-_HUES_APART, _HUES_APART)) % 1, radius=uniform(0.28, 0.4), angle=uniform(0, math.tau),
        centre=uniform(-0.05, 0.05, 2), pale=uniform(0, 0.35), core=uniform(0, 1), background=uniform(0, 1),
        leaf=uniform(0, math.tau), uneven=uniform(-0.06, 0.06, PETALS[-1]), lights=lights)


def paint(factors: Factors, size: int = 64) -> Tensor:
    """The pictures with these factors, uint8 of shape (n, 3, size, size)."""
    parts = [factors.select(slice(start, start + _AT_ONCE)) for start in range(0, len(factors), _AT_ONCE)]
    return torch.cat([_painted(part, size) for part in parts])


def _painted(factors: Factors, size: int) -> Tensor:
    """The background, and on it one layer above the other; each knows how far inside of it a pixel lies."""
    x, y = _places(size)
    dx, dy = x - _maps(factors.centre[:, 0]), y - _maps(factors.centre[:, 1])
    distance, direction = torch.hypot(dx, dy), torch.atan2(dy, dx)
    shadow = 0.55 * torch.exp(-(distance / _maps(factors.radius) / 0.95) ** 4)
    picture = _background(factors, x, y) * (1 - shadow)[:, None]
    for layer in (_leaves, _petals, _disc):
        colour, inside = layer(factors, distance, direction)
        picture = torch.lerp(picture, colour, (0.5 + size * inside).clamp(0, 1)[:, None])
    return picture.clamp(0, 1).mul(255).round().to(torch.uint8)


def _background(factors: Factors, x: Tensor, y: Tensor) -> Tensor:
    """Grass out of focus: green, brighter above, with round spots of light."""
    brightness = _maps(factors.background) - 0.35 * y
    for light in factors.lights.unbind(1):
        left, top, radius, gain = (_maps(value) for value in light.unbind(1))
        brightness = brightness + 1.5 * gain * torch.sigmoid((radius - torch.hypot(x - left, y - top)) / 0.015)
    dark, bright = (torch.tensor(colour).view(1, 3, 1, 1) for colour in (DARK, BRIGHT))
    return dark + (bright - dark) * brightness.clamp(-0.15, 1.3)[:, None]


def _leaves(factors: Factors, distance: Tensor, direction: Tensor) -> tuple[Tensor, Tensor]:
    """Three pointed leaves, each with a rib, bright on one side of it."""
    length = 1.38 * _maps(factors.radius)
    turned, _ = _sectors(direction - _maps(factors.leaf), torch.tensor(3))
    along, across = distance * torch.cos(turned) / length, distance * torch.sin(turned) / length
    half_width = 0.25 * torch.sin(math.pi * along.clamp(0, 1)) - (along - 1).clamp(min=0)
    inside = (half_width - across.abs()) * length
    relief = 0.08 * torch.exp(-(across / 0.02) ** 2) + 0.06 * torch.tanh(across / 0.03)
    veins = 0.03 * torch.cos(22 * (along - across.abs()))
    value = 0.3 + 0.22 * _maps(factors.background) + relief + veins
    return _rgb(_maps(torch.tensor(0.31)), _maps(torch.tensor(0.62)), value), inside


def _petals(factors: Factors, distance: Tensor, direction: Tensor) -> tuple[Tensor, Tensor]:
    """Egg-shaped petals, broad and pale at the tip, with veins and a dark rim; one side of each lies in the shade."""
    turned, number = _sectors(direction - _maps(factors.angle), factors.petals)
    length = _maps(factors.radius) * (1 + factors.uneven.gather(1, number.flatten(1)).view_as(turned))
    along, across = distance * torch.cos(turned) / length, distance * torch.sin(turned) / length
    a = (along - 0.55) / 0.45
    widest = (0.62 * torch.tan(math.pi / _maps(factors.petals))).clamp(max=0.42)
    half_width = widest * (1 + 0.3 * a.clamp(-1.2, 1.2))
    b = across / half_width
    rim = torch.hypot(a, b)  # 1 on the edge; over the length of its gradient, about the distance to the edge
    inside = length * (1 - rim) * rim / torch.hypot(a / 0.45, b / half_width).clamp(min=1e-6)
    veins = 1 - 0.16 * torch.cos(9 * b) ** 4 * (1 - along).clamp(0, 1)
    depth = (1 - 0.28 * rim**4) * (1 - 0.5 * torch.exp(-(along / 0.33) ** 2)) * (0.93 + 0.12 * b)
    saturation = (0.92 - _maps(factors.pale)) * (1 - 0.45 * (along * (1 - 0.4 * b**2)).clamp(0, 1) ** 3)
    return _rgb(_maps(factors.hue) + 0.03 * (along - 0.7), saturation, 1.02 * depth * veins), inside


def _disc(factors: Factors, distance: Tensor, direction: Tensor) -> tuple[Tensor, Tensor]:
    """The disc in the middle: a dome of seeds in spirals."""
    radius, core = 0.25 * _maps(factors.radius), _maps(factors.core)
    outwards = distance / radius
    seeds = torch.cos(13 * direction + 9 * outwards) * torch.cos(8 * direction - 12 * outwards)
    value = (0.98 - 0.55 * core) * (1.05 - 0.35 * outwards**2) * (1 + 0.2 * seeds)
    return _rgb(0.13 - 0.07 * core, _maps(torch.tensor(0.85)), value), (1 - outwards) * radius


def _sectors(direction: Tensor, count: Tensor) -> tuple[Tensor, Tensor]:
    """The angle from the middle of the nearest of `count` equal sectors, and that sector's number, int64."""
    sector = math.tau / _maps(count)
    number = (direction / sector).round()
    return direction - number * sector, (number % _maps(count)).long()


def _places(size: int) -> tuple[Tensor, Tensor]:
    """x and y of the middle of each pixel, shapes (size,) and (size, 1)."""
    places = (torch.arange(size) + 0.5) / size - 0.5
    return places, places[:, None]


def _maps(factor: Tensor) -> Tensor:
    """Shape (n, 1, 1), to calculate with maps of shape (n, height, width)."""
    return factor.view(-1, 1, 1)


def _rgb(hue: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    """From maps (n, height, width) of hue, saturation and value to colours (n, 3, height, width).

    Source: A. R. Smith, Color gamut transform pairs, 1978, https://doi.org/10.1145/965139.807361
    """
    sixths = torch.stack([(6 * hue + offset) % 6 for offset in (5, 3, 1)], 1)
    return value[:, None] * (1 - saturation[:, None] * torch.minimum(sixths, 4 - sixths).clamp(0, 1))
