"""Codes drawn at random: in a box, from a Gaussian with the whole covariance, and better than in a box."""

import math
import sys

import pytest
import torch
from torch.distributions import Normal, Uniform

from exercise.probes import codes as probes
from tests.code_laws import CLUMPS, energy_distance, follow, made_up, nearest_distance
from tests.independence_laws import expect_independent
from tests.judge import expect_dtype, refuse, require
from tests.noise_laws import DRAWS, expect_standard_normal, is_near

GAPS = {"uniform_codes": "codes_uniform", "gaussian_codes": "codes_gaussian", "better_codes": "codes_better"}
SAMPLERS = [pytest.param(sampler, id=gap, marks=pytest.mark.gap(gap)) for sampler, gap in GAPS.items()]
SIZES = [(50, 4, 1), (50, 1, 120), (400, 3, 10), (5000, 2, 3)]
CALLS = 400  # of two codes each, where it shows if the draws of a call are normalised by their own mean or range
ENOUGH = 0.5


# What holds for every sampler ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("n, latent_size, count", SIZES, ids=["one code", "one latent dimension", "ten codes",
                                                              "many training codes"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_as_many_codes_as_asked_for(answer, draw, sampler, n, latent_size, count):
    """The drawn codes have the shape (count, latent_size), whatever the number of training codes, 50 or 5,000."""
    _drawn(answer, sampler, 2 + draw.normal(n, latent_size), count, draw.seed())


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_seed_alone_decides(answer, draw, sampler):
    """The same seed gives the same codes and another seed others, whatever the global random numbers are."""
    codes, seed = draw.normal(200, 3), draw.seed()
    first, again, other = (_drawn(answer, sampler, codes, 20, each) for each in (seed, seed, seed + 1))
    require(torch.allclose(first, again, atol=1e-4), "the same seed gives other codes in the second call: all random "
                                                     "numbers should come from the seed (random_state=seed in sklearn)")
    require(not torch.allclose(first, other, atol=1e-4), "another seed gives the same codes: it is not used")


# codes_uniform -------------------------------------------------------------------------------------------------------

@pytest.mark.gap("codes_uniform")
@pytest.mark.parametrize("n, latent_size", [(3000, 4), (50, 1), (60, 3)],
                         ids=["many training codes", "one latent dimension", "few training codes"])
def test_codes_fill_the_box(answer, draw, n, latent_size):
    """Each dimension is uniform between its own smallest and largest value among all training codes."""
    codes = _skewed(draw, n, latent_size)
    lower, upper = codes.amin(0), codes.amax(0)
    drawn = _drawn(answer, "uniform_codes", codes, DRAWS, draw.seed())
    _refuse_known_boxes(drawn, codes)
    _expect_uniform((drawn - lower) / (upper - lower))


@pytest.mark.gap("codes_uniform")
def test_numbers_of_the_box_are_independent(answer, draw):
    """Each code and each dimension has a random number of its own, also in calls for two codes with other seeds."""
    codes = _skewed(draw, 200, 3)
    lower, width = codes.amin(0), codes.amax(0) - codes.amin(0)
    drawn = _drawn(answer, "uniform_codes", codes, DRAWS, draw.seed())
    expect_independent(math.sqrt(3) * (2 * (drawn - lower) / width - 1),
                       within="the dimensions of a code depend on each other: each needs a random number of its own",
                       between="the drawn codes depend on each other: each needs random numbers of its own")
    pairs = _pairs(answer, draw, "uniform_codes", codes)
    expect_independent((math.sqrt(3) * (2 * (pairs - lower) / width - 1)).flatten(1), within=_OF_A_CALL,
                       between=_OF_CALLS)


def _skewed(draw, n, latent_size):
    """Codes with long tails on one side of each dimension, in the order of the first."""
    scale = draw.uniform(latent_size, low=0.5, high=2) * draw.normal(latent_size).sign()
    codes = draw.uniform(latent_size, low=-6, high=6) + scale * draw.normal(n, latent_size).exp()
    return codes[codes[:, 0].argsort()]


def _refuse_known_boxes(drawn, codes):
    """Refuse codes that a known mistake gives."""
    lower, upper, mean, deviation = codes.amin(0), codes.amax(0), codes.mean(0), codes.std(0)
    require(bool((drawn != drawn.round()).any()), "the drawn codes are whole numbers: torch.rand, not torch.randint")
    require(float(drawn.std(0).max()) > 0, "all drawn codes are the same: draw random numbers of the shape "
                                           "(count, latent_size)")
    for sentence, ends in {
            "one box has been used for all dimensions: `amin(0)` keeps them apart": (codes.min(), codes.max()),
            "the box is symmetric, as wide as the largest absolute value": (-codes.abs().amax(0), codes.abs().amax(0)),
            "they lie within one deviation of the mean": (mean - deviation, mean + deviation),
            "they lie within two deviations of the mean": (mean - 2 * deviation, mean + 2 * deviation),
            "they lie within three deviations of the mean": (mean - 3 * deviation, mean + 3 * deviation),
            "the lower end of the box is missing": (torch.zeros(()), upper - lower),
            "they lie between 0 and the largest value": (torch.zeros(()), upper),
            "they lie between the smallest value and 0": (lower, torch.zeros(())),
            "the width of the box is missing: lower + (upper - lower) * rand": (lower, lower + 1),
            "upper stands where the width belongs: lower + (upper - lower) * rand": (lower, lower + upper),
            "they lie between 0 and 1, wherever the training codes are": (torch.zeros(()), torch.ones(())),
            "they begin at the upper end: lower + (upper - lower) * rand": (upper, 2 * upper - lower)}.items():
        width = (ends[1] - ends[0]).expand(codes.shape[1])
        if _is_uniform((drawn - ends[0]) / width) and not _is_uniform((drawn - lower) / (upper - lower)):
            refuse(f"the drawn codes do not lie in the box of the training codes: {sentence}")
    for middle, spread in ((lower, upper - lower), ((lower + upper) / 2, (upper - lower) / 2), (mean, deviation)):
        require(not follow((drawn - middle) / spread, Normal(0.0, 1.0)), "the drawn codes are Gaussian (randn), not "
                                                                         "uniform (rand)")


def _is_uniform(shares):
    """Whether each column is uniform between 0 and 1."""
    return follow(shares.view(len(shares), -1), Uniform(0.0, 1.0, validate_args=False))


def _expect_uniform(shares):
    """Fail unless the columns are uniform between 0 and 1."""
    for dimension, column in enumerate(shares.T):
        which = f"in dimension {dimension}, whose training codes go from 0 % to 100 %, the drawn codes go from " \
                f"{100 * float(column.min()):.1f} % to {100 * float(column.max()):.1f} %"
        require(-1e-5 <= float(column.min()) and float(column.max()) <= 1 + 1e-5, f"{which}: the box is too large")
        # That none of n numbers lies within 21 / n of an end has the probability (1 - 21 / n)^n, below 1e-9.
        reached = float(column.min()) < 21 / DRAWS and float(column.max()) > 1 - 21 / DRAWS
        own = (column - column.min()) / (column.max() - column.min())
        require(reached or not _is_uniform(own), f"{which}: the box is too small. It should be that of all training "
                "codes, not of the first ones, nor leave out rare ones")
        for end in (0, 1):
            require(float((column - end).abs().lt(1e-6).double().mean()) < 0.01,
                    f"{which}, but many lie exactly at an end of the box: are they clamped to it?")
        require(reached and _is_uniform(column), f"the drawn codes are not uniform within the bounds of dimension "
                f"{dimension}: are they Gaussian, or training codes?")


# codes_gaussian ------------------------------------------------------------------------------------------------------

@pytest.mark.gap("codes_gaussian")
@pytest.mark.parametrize("n, latent_size", [(3000, 4), (60, 3), (50, 1), (500, 1)],
                         ids=["many training codes", "few training codes", "one latent dimension",
                              "one latent dimension, more codes"])
def test_mean_and_covariance_are_those_of_all_codes(answer, draw, n, latent_size):
    """The drawn codes have the mean and the covariance matrix of all training codes, within six standard errors."""
    codes = _clumped(draw, n, latent_size)
    drawn = _drawn(answer, "gaussian_codes", codes, DRAWS, draw.seed()).double()
    require(float(drawn.std(0).max()) > 0, "all drawn codes are the same: size=count draws that many")
    require(float(nearest_distance(drawn[:500], codes.double()).median()) > 1e-6,
            "the drawn codes are training codes: N(m, C) has new ones")
    _expect_mean(drawn, codes.double())
    _expect_covariance(drawn, codes.double())


@pytest.mark.gap("codes_gaussian")
@pytest.mark.parametrize("latent_size, count", [(4, DRAWS), (1, 2 * DRAWS)], ids=["four dimensions", "one dimension"])
def test_codes_are_gaussian_and_independent(answer, draw, latent_size, count):
    """Taken back to mean 0 and covariance I, the numbers of all drawn codes are independent and standard normal."""
    codes = _clumped(draw, 2000, latent_size)
    drawn = _drawn(answer, "gaussian_codes", codes, count, draw.seed())
    _expect_covariance(drawn.double(), codes.double())
    noise = _whitened(drawn, codes).view(DRAWS, -1)
    expect_standard_normal(noise, "the noise in the drawn codes")
    expect_independent(noise, between="the drawn codes depend on each other: draw each by itself",
                       within="the dimensions of the drawn codes do not depend on each other as those of the training "
                              "codes do")


@pytest.mark.gap("codes_gaussian")
def test_two_codes_in_each_of_many_calls(answer, draw):
    """Calls with other seeds are independent, and never normalised by the mean or the deviation of what is drawn."""
    codes = _clumped(draw, 50, 2)
    noise = _whitened(_pairs(answer, draw, "gaussian_codes", codes).flatten(0, 1), codes)
    expect_independent(noise.view(CALLS, -1), within=_OF_A_CALL, between=_OF_CALLS)


def _clumped(draw, n, latent_size):
    """Two clumps of codes, ordered by the first dimension; off 0, much longer in some directions than in others."""
    clumps = 1.5 * ((torch.arange(n) > 0.7 * n) * 2.0 - 1).unsqueeze(1) + 0.5 * draw.normal(n, latent_size)
    turned, _ = torch.linalg.qr(draw.normal(latent_size, latent_size))
    stretched = torch.tensor([2.0, 0.7, 0.2, 0.05])[:latent_size] * draw.uniform(1, low=1, high=1.3)
    codes = draw.uniform(latent_size, low=2, high=4) * draw.normal(latent_size).sign() + clumps * stretched @ turned.T
    return codes[codes[:, 0].argsort()]


def _covariance(codes):
    return torch.cov(codes.double().T, correction=0).reshape(codes.shape[1], codes.shape[1])


def _whitened(drawn, codes):
    """Standard normal noise, where `drawn` comes from N(mean, covariance) of the codes."""
    centred = drawn.double() - codes.double().mean(0)
    return torch.linalg.solve_triangular(torch.linalg.cholesky(_covariance(codes)), centred.T, upper=False).T


def _expect_mean(drawn, codes):
    found, error = drawn.mean(0), torch.maximum(drawn.std(0), codes.std(0)) / math.sqrt(len(drawn))
    if is_near(found, codes.mean(0), error):
        return
    n, latent_size = codes.shape
    for sentence, wrong in {
            "it is 0: is it subtracted, and not added again?": torch.zeros(latent_size),
            "it is one number for all dimensions: `mean(0)` keeps them apart": codes.mean().expand(latent_size),
            "it is that of the first half of the codes": codes[:n // 2].mean(0),
            "it is that of the first thousand codes": codes[:1000].mean(0),
            "it is that of the first hundred codes": codes[:100].mean(0),
            "it is the median": codes.median(0).values,
            "it is the middle of the box": (codes.amin(0) + codes.amax(0)) / 2,
            "it has the wrong sign": -codes.mean(0), "it is added twice": 2 * codes.mean(0)}.items():
        if is_near(found, wrong, error):
            refuse(f"the mean of the drawn codes is not that of the training codes: {sentence}")
    refuse(f"the mean of the drawn codes is {_numbers(found)}, where that of all training codes is "
           f"{_numbers(codes.mean(0))}")


def _expect_covariance(drawn, codes):
    found, right = _covariance(drawn), _covariance(codes)
    if _is_covariance(found, right, len(drawn)):
        return
    n, latent_size = codes.shape
    variances, factor = right.diagonal(), torch.linalg.cholesky(right)
    values, vectors = torch.linalg.eigh(right)
    root = (vectors * values.sqrt()) @ vectors.T
    for sentence, wrong in {
            "only its diagonal is right, each dimension is drawn by itself: use the whole matrix": variances.diag(),
            "the standard deviations stand where the variances belong": variances.sqrt().diag(),
            "it is a root of it: multivariate_normal takes the covariance itself": root,
            "it is the matrix squared: the factor of the noise is a root of C, as by Cholesky": right @ right,
            "the Cholesky factor L is transposed: with noise in rows, eps @ L.T": factor.T @ factor,
            "it is the correlation matrix, without the deviations": right / torch.outer(variances, variances).sqrt(),
            "the mean is not subtracted from the codes": codes.T @ codes / n,
            "the sum over all codes is not divided by N": n * right,
            "it is divided by N twice": right / n,
            "it is the unit matrix": torch.eye(latent_size, dtype=torch.float64),
            "it is the inverse, the precision matrix": right.inverse(),
            "it is that of the first half of the codes": _covariance(codes[:n // 2]),
            "it is that of the first thousand codes": _covariance(codes[:1000]),
            "it is that of the first hundred codes": _covariance(codes[:100])}.items():
        if _is_covariance(found, wrong, len(drawn)):
            refuse(f"the covariance matrix of the drawn codes is not that of the training codes: {sentence}")
    place = int(((found - right).abs() / torch.outer(variances, variances).sqrt()).argmax())
    i, j = place // latent_size, place % latent_size
    refuse(f"the covariance of the dimensions {i} and {j} is {float(found[i, j]):.3g} in the drawn codes, where it is "
           f"{float(right[i, j]):.3g} in all training codes")


def _is_covariance(found, expected, n):
    """Whether a covariance matrix of n normal draws is as expected: its elements have these standard errors."""
    variances = expected.diagonal()
    return is_near(found, expected, ((torch.outer(variances, variances) + expected.square()) / n).sqrt())


# codes_better --------------------------------------------------------------------------------------------------------

@pytest.mark.gap("codes_better")
def test_codes_are_nearer_to_the_truth_than_those_of_a_box(answer, draw):
    """On four made-up problems the energy distance to the truth is at most half as large as the box's, on average."""
    shares = {}
    for name, truth in made_up(draw).items():
        codes, fresh = truth(600), truth(2000)
        lower, upper = codes.amin(0), codes.amax(0)
        box = lower + (upper - lower) * draw.uniform(2000, codes.shape[1])
        drawn = _drawn(answer, "better_codes", codes, 1000, draw.seed())
        _expect_new(drawn, codes)
        shares[name] = energy_distance(drawn, fresh) / energy_distance(box, fresh)
    mean = sum(shares.values()) / len(shares)
    listed = ", ".join(f"{share:.2f} for {name}" for name, share in shares.items())
    # N(m, C) comes to 0.31 +- 0.02, and independent dimensions that have the right marginals to 0.68 +- 0.02.
    require(mean < ENOUGH, f"the drawn codes are {mean:.2f} times as far from the truth as those of a box, on average "
            f"({listed}), where {ENOUGH} would be enough. Do they lie where training codes lie, and nowhere else?")


@pytest.mark.gap("codes_better")
def test_no_clump_is_left_out(answer, draw):
    """Where training codes lie in three equal clumps, one after the other, drawn codes lie in all three."""
    truth = made_up(draw)["three clumps in 4 dimensions"]
    codes = truth(1500)
    centres = codes.view(CLUMPS, -1, 4).mean(1)
    drawn = _drawn(answer, "better_codes", codes, 300, draw.seed())
    shares = torch.cdist(drawn, centres).argmin(1).bincount(minlength=CLUMPS) / len(drawn)
    require(float(shares.min()) > 0.15, "of three equal clumps of training codes, one after the other, the drawn codes "
            f"have the shares {_numbers(100 * shares)} %: is the description fitted on the first codes only?")


@pytest.mark.gap("codes_better")
def test_no_code_lies_far_away(answer, draw):
    """No drawn code is further from all training codes than twice the largest distance between two of these."""
    centre = draw.normal(1).sign() * draw.uniform(3, low=0.8, high=1.2) * torch.tensor([20, 60, 100])
    codes = centre + draw.uniform(100, 3)
    drawn = _drawn(answer, "better_codes", codes, 1000, draw.seed())
    farthest, diameter = float(nearest_distance(drawn, codes).max()), float(torch.cdist(codes, codes).max())
    require(farthest < 2 * diameter, f"a drawn code is {farthest:.3g} away from the nearest training code, and no two "
            f"of these are more than {diameter:.3g} apart")


def _expect_new(drawn, codes):
    """Fail if codes are repeated, or are training codes but for rounding."""
    require(len(drawn.unique(dim=0)) > 0.9 * len(drawn), f"of {len(drawn)} drawn codes only "
            f"{len(drawn.unique(dim=0))} differ: draw new ones")
    near = nearest_distance(drawn, codes) < 0.01 * nearest_distance(codes).median()
    copies = float(near.double().mean())
    require(copies < 0.1, f"{100 * copies:.0f} % of the drawn codes are training codes, which give the images that the "
                          "autoencoder has reconstructed already: draw new ones")


# What holds for every sampler, once more ------------------------------------------------------------------------------

@pytest.mark.parametrize("sampler", SAMPLERS)
def test_dimensions_that_say_nothing(answer, draw, sampler):
    """One dimension may be constant, and another the sum of two: the drawn codes are finite, and of the same kind."""
    free = draw.normal(300, 2)
    codes = torch.cat([free, 2 + free.sum(1, keepdim=True), torch.full((300, 1), 0.7)], 1)
    drawn = _drawn(answer, sampler, codes, 200, draw.seed())
    if sampler != "better_codes":  # whose own idea may put a little noise on all dimensions
        require(float((drawn[:, 3] - 0.7).abs().max()) < 0.02, "a dimension in which all training codes are 0.7 should "
                f"be 0.7 in the drawn codes too, and is {_range(drawn[:, 3])}")
    if sampler == "gaussian_codes":
        require(float((drawn[:, 2] - 2 - drawn[:, :2].sum(1)).abs().max()) < 0.03, "a dimension that is the sum of two "
                "others in all training codes is not their sum in the drawn ones")


# Asking --------------------------------------------------------------------------------------------------------------

_OF_A_CALL = "the numbers of one call depend on each other: they should be neither normalised nor shared"
_OF_CALLS = "the codes of one seed depend on those of another one"


def _drawn(answer, sampler, codes, count, seed):
    """`count` codes, checked: their shape and type, and that no global random numbers are used."""
    return _asked(answer, sampler, codes, count, [seed])[0]


def _pairs(answer, draw, sampler, codes):
    """Two codes of each of many calls with consecutive seeds, shape (CALLS, 2, latent_size)."""
    first = draw.seed() // 2
    return torch.stack(_asked(answer, sampler, codes, 2, list(range(first, first + CALLS))))


def _asked(answer, sampler, codes, count, seeds):
    seen = answer(probes.drawn, sampler, codes, count, seeds)
    for drawn in seen["codes"]:
        expect_dtype(drawn, torch.float32, "`drawn`")
        require(drawn.shape == (count, codes.shape[1]), f"`drawn` should have the shape (count, latent_size), here "
                f"{(count, codes.shape[1])}, but has {tuple(drawn.shape)}")
        require(bool(drawn.isfinite().all()), "the drawn codes hold NaN or infinite values")
    before, after = seen["states"]
    used = [name for name, state in before.items() if after[name] != state]
    require(not used, f"the global random numbers of {' and '.join(used)} are used, or seeded anew: "
            "all should come from the seed, by a generator of its own or random_state=seed")
    return seen["codes"]


def _numbers(values):
    return ", ".join(f"{float(value):.3g}" for value in values)


def _range(values):
    return f"between {float(values.min()):.3g} and {float(values.max()):.3g}"


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
