"""Paths from one code to another: the straight line and the arc."""

import math
import sys

import pytest
import torch

from exercise.probes import codes as probes
from tests.judge import expect, expect_dtype, require

FUNCTIONS = [pytest.param(name, marks=pytest.mark.gap(name))
             for name in ("interpolate_linear", "interpolate_spherical")]
SIZES = [(6, 10), (3, 2), (5, 5), (1, 4), (2, 3), (16, 30)]
NAMES = ["six dimensions", "two steps", "as many steps as dimensions", "one dimension", "three steps", "thirty steps"]


# interpolate_linear --------------------------------------------------------------------------------------------------

@pytest.mark.gap("interpolate_linear")
@pytest.mark.parametrize("latent_size, steps", SIZES, ids=NAMES)
def test_line_has_codes_at_equal_distances(answer, draw, latent_size, steps):
    """The codes are (1 - s) start + s end, with s from 0 to 1 at equal distances."""
    start, end = draw.normal(latent_size), draw.normal(latent_size)
    s = torch.linspace(0, 1, steps, dtype=torch.float64)
    expect(_path(answer, "interpolate_linear", start, end, steps), _line(start, end, s), "the path", {
        **_wrong_places(lambda places: _line(start, end, places), s),
        "the codes lie on an arc, where the straight line is asked for": _arc(start, end, s),
        "all codes have the length 1: are they normalised?": torch.nn.functional.normalize(_line(start, end, s)),
        "`end` is taken for the way to it: start + s * (end - start)": start + s.unsqueeze(1) * end,
        "it begins at 0, not at `start`": s.unsqueeze(1) * (end - start)},
        hint="Its codes should be (1 - s) start + s end, with s at equal distances.")


@pytest.mark.gap("interpolate_linear")
@pytest.mark.parametrize("length", [1e-3, 1e3], ids=["small codes", "large codes"])
def test_line_between_codes_of_any_length(answer, draw, length):
    """Codes may have any length, and one of them may be zero, or both may be the same code."""
    start, end, s = length * draw.normal(4), length * draw.normal(4), torch.linspace(0, 1, 7, dtype=torch.float64)
    for first, last, what in ((start, end, "two codes"), (start, torch.zeros(4), "a code and zero"),
                              (torch.zeros(4), end, "zero and a code"), (start, start, "a code and itself"),
                              (start, -start, "two opposite codes"), (start, 3 * start, "two codes of one direction")):
        expect(_path(answer, "interpolate_linear", first, last, 7), _line(first, last, s), f"the path between {what}")


# interpolate_spherical -----------------------------------------------------------------------------------------------

@pytest.mark.gap("interpolate_spherical")
@pytest.mark.parametrize("latent_size, steps", [size for size in SIZES if size[0] > 1],
                         ids=[name for name, size in zip(NAMES, SIZES, strict=True) if size[0] > 1])
@pytest.mark.parametrize("equal", [True, False], ids=["equal lengths", "other lengths"])
def test_arc_follows_the_formula(answer, draw, latent_size, steps, equal):
    """The codes are (sin((1 - s) w) start + sin(s w) end) / sin(w), with s at equal distances."""
    start, end = _at_angle(draw, float(draw.uniform(1, low=0.6, high=2.4)), latent_size, 1.0 if equal else 2.5)
    _expect_arc(_path(answer, "interpolate_spherical", start, end, steps), start, end)


@pytest.mark.gap("interpolate_spherical")
def test_arc_keeps_the_length(answer, draw):
    """All codes between two of equal length have that length, and neighbours have the same angle between them."""
    start, end = _at_angle(draw, 2.0, 5, 1.0)
    found = _path(answer, "interpolate_spherical", start, end, 9).double()
    expect(found.norm(dim=1), start.norm().expand(9), "the length of the codes between two of equal length", {
        "those in the middle are shorter, as on the straight line": _line(start, end, _places(9)).norm(dim=1),
        "it is 1: the length of the codes is lost": torch.ones(9)})
    cosine = torch.cosine_similarity(found[1:], found[:-1]).clamp(-1, 1)
    expect(cosine.acos(), torch.full((8,), 0.25), "the angle between neighbours on an arc of 2 radians in 8 steps")


@pytest.mark.gap("interpolate_spherical")
@pytest.mark.parametrize("angle", [0.01, 0.3, math.pi / 2, 2.8, math.pi - 0.02],
                         ids=["tiny", "small", "right", "wide", "widest"])
def test_arc_of_any_angle(answer, draw, angle):
    """Small and large angles give an arc, as long as sin(w) is not nearly 0."""
    start, end = _at_angle(draw, angle, 4, 1.7)
    _expect_arc(_path(answer, "interpolate_spherical", start, end, 6), start, end,
                f" between codes with an angle of {angle:.3g}", rtol=2e-3)


@pytest.mark.gap("interpolate_spherical")
@pytest.mark.parametrize("latent_size, steps", [(4, 7), (1, 7), (3, 2), (3, 3)],
                         ids=["four dimensions", "one dimension", "two steps", "as many steps as dimensions"])
def test_line_where_there_is_no_arc(answer, draw, latent_size, steps):
    """Codes of one direction or of opposite ones, and paths from or to zero: the straight line, without NaN."""
    code, zero = draw.normal(latent_size), torch.zeros(latent_size)
    pairs = [(code, 2.5 * code, "codes of the same direction"), (code, code, "a code and itself"),
             (code, -code, "opposite codes"), (code, -0.4 * code, "opposite codes of other lengths"),
             (zero, code, "zero and a code"), (code, zero, "a code and zero"), (zero, zero, "zero and zero")]
    if latent_size > 1:
        pairs += [(*_at_angle(draw, 1e-4, latent_size, 1.3), "nearly parallel codes"),
                  (*_at_angle(draw, math.pi - 1e-4, latent_size, 1.3), "nearly opposite codes")]
    for start, end, what in pairs:
        found = _path(answer, "interpolate_spherical", start, end, steps)
        require(bool(found.isfinite().all()), f"the straight line between {what} holds NaN or infinite values: it is "
                "asked for where sin(w) is nearly 0 or w is NaN")
        line = _line(start, end, _places(steps))
        expect(found, line, f"the straight line between {what}", {
            "it runs backwards": line.flip(0),
            "it stays at `start`": start.expand(steps, -1), "it stays at `end`": end.expand(steps, -1),
            "it is zero": torch.zeros(steps, latent_size)},
            hint="It is asked for where sin(w) is nearly 0 or w is NaN.")


@pytest.mark.gap("interpolate_spherical")
def test_no_rounding_breaks_parallel_codes(answer, draw):
    """Rounding takes the cosine of parallel codes above 1, for which arccos is NaN: their path is the straight line."""
    for start, end in _above_one(draw):
        expect(_path(answer, "interpolate_spherical", start, end, 4), _line(start, end, _places(4)),
               "the straight line between codes of the same direction")


# What holds for both -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("latent_size, steps", SIZES, ids=NAMES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_ends_are_start_and_end(answer, draw, function, latent_size, steps):
    """The path has `steps` codes; the first one is `start`, the last one is `end`."""
    start, end = draw.normal(latent_size), draw.normal(latent_size)
    found = _path(answer, function, start, end, steps)
    backwards, found_ends = torch.stack([end, start]), torch.stack([found[0], found[-1]])
    expect(found_ends, torch.stack([start, end]), "each end of the path", {
        "they are `end` and `start`: the path runs backwards": backwards,
        "they are both `start`": torch.stack([start, start]), "they are both `end`": torch.stack([end, end]),
        "they have the length 1: are they normalised?": torch.stack([start / start.norm(), end / end.norm()])},
        hint="They should be `start` and `end`: does the path include both ends?")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_path_is_of_the_type_and_on_the_device_of_the_codes(answer, draw, function):
    """Codes of float64 give a path of float64, and codes on a GPU (here a make-believe one) a path there."""
    start, end = draw.normal(3), draw.normal(3)
    for first, last in ((start, end), (start, 2 * start), (torch.zeros(3), end)):
        expect_dtype(answer(probes.path, function, first.double(), last.double(), 4)["path"], torch.float64,
                     "the path between two codes of float64")
        seen = answer(probes.path, function, first, last, 4, device="cuda")
        require(seen["device"] == "cuda", "the path should lie on the device of `start` and `end`")
        expect_dtype(seen["path"], torch.float32, "the path between two codes of float32")


def _above_one(draw):
    """Pairs of parallel codes whose cosine is above 1 in float32, four for each way to write it."""
    found = {"in one": [], "of unit vectors": [], "of products": []}
    while min(map(len, found.values())) < 4:
        a = draw.normal(7)
        b = a * draw.uniform(1, low=0.2, high=5)
        cosines = a @ b / (a.norm() * b.norm()), a / a.norm() @ (b / b.norm()), (a * b).sum() / (a.norm() * b.norm())
        for way, cosine in zip(found, cosines, strict=True):
            if float(cosine) > 1:
                found[way].append((a, b))
    return [pair for pairs in found.values() for pair in pairs[:4]]


def _expect_arc(found, start, end, between="", rtol=1e-4):
    s = _places(len(found))
    line, units = _line(start, end, s), [code / code.norm() for code in (start, end)]
    row, w, first, last = s.unsqueeze(1), _angle(start, end), start.double(), end.double()
    lengths = (1 - row) * first.norm() + row * last.norm()
    weights = torch.sin((1 - row) * w), torch.sin(row * w)
    mistakes = {
        **_wrong_places(lambda places: _arc(start, end, places), s),
        "it is the straight line, not the arc": line,
        "the codes are normalised, so that their length is lost": _arc(*units, s),
        "the codes of the straight line are stretched: their angles are not equal":
            torch.nn.functional.normalize(line) * lengths,
        "the directions follow the arc, but the lengths are interpolated by themselves":
            _arc(*units, s) * lengths,
        "the division by sin(w) is missing": weights[0] * first + weights[1] * last,
        "w is missing in the sines": (torch.sin(1 - row) * first + torch.sin(row) * last) / torch.sin(w),
        "w is missing everywhere": (torch.sin(1 - row) * first + torch.sin(row) * last) / math.sin(1),
        "w is in degrees: sin takes radians": _sines(first, last, row, torch.rad2deg(w)),
        "it is divided by w, not by sin(w)": (weights[0] * first + weights[1] * last) / w,
        "only the second part is divided by sin(w)": weights[0] * first + weights[1] * last / torch.sin(w),
        "only the part of `end` is there": weights[1] * last / torch.sin(w),
        "w is the cosine of the angle, not the angle": _sines(first, last, row, torch.cos(w)),
        "the cosine stands where the sine belongs":
            (torch.cos((1 - row) * w) * first + torch.cos(row * w) * last) / torch.sin(w)}
    expect(found, _arc(start, end, s), f"the path{between}", mistakes, rtol=rtol,
           hint="Its codes should be (sin((1 - s) w) start + sin(s w) end) / sin(w).")


def _at_angle(draw, angle, latent_size, ratio):
    """Two codes with this angle between them, the second `ratio` times as long as the first."""
    directions, _ = torch.linalg.qr(draw.normal(latent_size, 2).double())
    length = float(draw.uniform(1, low=1.5, high=4))
    end = math.cos(angle) * directions[:, 0] + math.sin(angle) * directions[:, 1]
    return (length * directions[:, 0]).float(), (ratio * length * end).float()


def _places(steps):
    return torch.linspace(0, 1, steps, dtype=torch.float64)


def _line(start, end, s):
    return (1 - s).unsqueeze(1) * start.double() + s.unsqueeze(1) * end.double()


def _arc(start, end, s):
    return _sines(start.double(), end.double(), s.unsqueeze(1), _angle(start, end))


def _sines(start, end, s, w):
    return (torch.sin((1 - s) * w) * start + torch.sin(s * w) * end) / torch.sin(w)


def _angle(start, end):
    a, b = (code.double() / code.double().norm() for code in (start, end))
    return 2 * torch.atan2((a - b).norm(), (a + b).norm())


def _wrong_places(path, s):
    """What known mistakes in s give."""
    steps, number = len(s), torch.arange(len(s), dtype=torch.float64)
    return {"it runs from `end` to `start`": path(1 - s),
            "it stops one step before `end`: linspace(0, 1, steps) includes both ends": path(number / steps),
            "`start` is missing: s begins at 0": path((number + 1) / steps),
            "both ends are missing: s goes from 0 to 1": path((number + 1) / (steps + 1)),
            "s is not divided by steps - 1: it goes from 0 to 1": path(number),
            "the distances are not equal: s is squared": path(s.square()),
            "the distances are not equal: they are smaller near the ends": path((1 - torch.cos(math.pi * s)) / 2),
            "the distances are not equal: they are smaller near the ends (smoothstep)": path(s * s * (3 - 2 * s)),
            "only the ends are there": path(s.round()),
            "all codes are the one in the middle": path(torch.full_like(s, 0.5))}


def _path(answer, function, start, end, steps):
    found = answer(probes.path, function, start, end, steps)["path"]
    expect_dtype(found, torch.float32, "`path`")
    right = (steps, len(start))
    require(found.shape == right, f"`path` should have the shape (steps, latent_size), here {right}, but has "
                                  f"{tuple(found.shape)}")
    return found


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
