"""Each formula of the derivations that has a name is computed as it stands in the text, and compared with quadrature.

A case gives the values of the formula's symbols, among them the left side, from an oracle of its own. `latex` computes
the other sides from the text, so that a formula that is changed there no longer holds.
"""

import math
import re
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats

from course.handout.contents import build
from course.sheets.formulas import formulas
from tests.repository.latex import holds, sides

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "sheets/derivations").glob("*.md"))}
NAMED = [formula for text in TEXTS.values() for formula in formulas(text) if formula.name]
LATEX = {formula.name: formula.latex for formula in NAMED}
CASES = {}


def case(function):
    """The symbols of the formula with the function's name."""
    CASES[function.__name__] = cache(function)
    return function


NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(400)


def integral(function, low=-12.0, high=12.0):
    """By Gauss-Legendre quadrature, exact for polynomials up to degree 799."""
    half = (high - low) / 2
    return half * NODE_WEIGHTS @ function(low + half * (NODES + 1))


def derivative(function, at, step=1e-4):
    """By differences, with an error of step^4."""
    return (8 * (function(at + step) - function(at - step)) - function(at + 2 * step) + function(at - 2 * step)
            ) / (12 * step)


# Gaussians: q = N(0.3, 0.8^2) and p = N(-0.5, 1.3^2), then some with several dimensions -------------------------------

Q, P = stats.norm(0.3, 0.8), stats.norm(-0.5, 1.3)
MU, LOGVAR = np.array([0.7, -1.2, 0.1]), np.array([0.4, -0.9, 1.1])
MU_1, MU_2 = np.array([[0.2], [-0.4]]), np.array([[1.0], [0.3]])
SIGMA_1, SIGMA_2 = np.array([[1.0, 0.3], [0.3, 0.5]]), np.array([[0.8, -0.2], [-0.2, 1.1]])
KL = r"\mathrm{KL}(q \,\|\, p)"


def mean_over(density, function):
    return integral(lambda x: density.pdf(x) * function(x))


def kl_of(q, p):
    return mean_over(q, lambda x: q.logpdf(x) - p.logpdf(x))


def two_gaussians(**more):
    return {r"\mu_1": 0.3, r"\sigma_1": 0.8, r"\mu_2": -0.5, r"\sigma_2": 1.3, **more}


def mean_over_plane(function):
    """Over N(MU_1, SIGMA_1), by Gauss-Hermite quadrature: exact for polynomials up to degree 7."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)
    root = np.linalg.cholesky(SIGMA_1)
    return sum(a * b * function(MU_1 + root @ [[x], [y]]) for (x, a), (y, b) in
               product(zip(nodes, weights, strict=True), repeat=2)) / (2 * math.pi)


def log_density(mean, covariance):
    density = stats.multivariate_normal(mean.ravel(), covariance)
    return lambda x: density.logpdf(x.ravel())


@case
def gaussian_log_density():
    return {r"\ln p(x)": P.logpdf(0.9), "x": 0.9, r"\mu": -0.5, r"\sigma": 1.3}


@case
def gaussian_entropy():
    return {"H(p)": -mean_over(P, P.logpdf), r"\sigma": 1.3}


@case
def gaussian_entropy_diagonal():
    dimensions = [stats.norm(0, math.exp(logvar / 2)) for logvar in LOGVAR]
    return {"H(p)": -sum(mean_over(p, p.logpdf) for p in dimensions), r"\mathrm{logvar}_d": LOGVAR}


@case
def gaussian_entropy_full():
    return {"H(p)": -mean_over_plane(log_density(MU_1, SIGMA_1)), "D": 2, r"\Sigma": SIGMA_1}


@case
def kl_is_not_negative():
    return {KL: kl_of(Q, P), r"\mathbb{E}_q\left[\ln \frac{p(x)}{q(x)}\right]":
            mean_over(Q, lambda x: P.logpdf(x) - Q.logpdf(x)),
            r"\mathbb{E}_q\left[\frac{p(x)}{q(x)}\right]": mean_over(Q, lambda x: np.exp(P.logpdf(x) - Q.logpdf(x)))}


@case
def kl_as_cross_entropy():
    return {KL: kl_of(Q, P), "H(q)": -mean_over(Q, Q.logpdf), r"\mathbb{E}_q[\ln p(x)]": mean_over(Q, P.logpdf)}


@case
def mean_squared_distance():
    return two_gaussians(**{r"\mathbb{E}_q[(x - \mu_2)^2]": mean_over(Q, lambda x: (x + 0.5)**2)})


@case
def gaussian_cross_entropy():
    return two_gaussians(**{r"\mathbb{E}_q[\ln p(x)]": mean_over(Q, P.logpdf)})


@case
def gaussian_kl():
    return two_gaussians(**{KL: kl_of(Q, P)})


@case
def gaussian_kl_to_prior():
    dimensions = [stats.norm(mu, math.exp(logvar / 2)) for mu, logvar in zip(MU, LOGVAR, strict=True)]
    return {KL: sum(kl_of(q, stats.norm()) for q in dimensions), r"\mu_d": MU, r"\mathrm{logvar}_d": LOGVAR}


@case
def gaussian_kl_gradient_mu():
    return {r"\frac{\partial \mathrm{KL}}{\partial \mu_d}":
            derivative(lambda mu: kl_of(stats.norm(mu, 0.8), stats.norm()), 0.3, 1e-2), r"\mu_d": 0.3}


@case
def gaussian_kl_gradient_logvar():
    return {r"\frac{\partial \mathrm{KL}}{\partial \mathrm{logvar}_d}":
            derivative(lambda logvar: kl_of(stats.norm(0.3, math.exp(logvar / 2)), stats.norm()), 0.4, 1e-2),
            r"\mathrm{logvar}_d": 0.4}


@case
def mean_mahalanobis_distance():
    precision = np.linalg.inv(SIGMA_2)
    return full_gaussians(**{r"\mathbb{E}_q[(x - \mu_2)^\top \Sigma_2^{-1} (x - \mu_2)]":
                             mean_over_plane(lambda x: ((x - MU_2).T @ precision @ (x - MU_2)).item())})


@case
def gaussian_kl_full():
    log_q, log_p = log_density(MU_1, SIGMA_1), log_density(MU_2, SIGMA_2)
    return full_gaussians(**{KL: mean_over_plane(lambda x: log_q(x) - log_p(x))})


def full_gaussians(**more):
    return {r"\mu_1": MU_1, r"\mu_2": MU_2, r"\Sigma_1": SIGMA_1, r"\Sigma_2": SIGMA_2, "D": 2,
            r"\mathrm{tr}": np.trace, **more}


# Bounds: z has four values, so that all means are sums ----------------------------------------------------------------

PRIOR, LIKELIHOOD = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.5, 0.05, 0.2, 0.01])
Q_OF_Z = np.array([0.4, 0.2, 0.3, 0.1])
JOINT = PRIOR * LIKELIHOOD
EVIDENCE = JOINT.sum()
WEIGHTS = JOINT / Q_OF_Z
ELBO = Q_OF_Z @ np.log(WEIGHTS)
KL_TO_PRIOR = r"\mathrm{KL}(q(z \mid x) \,\|\, p(z))"
KL_TO_POSTERIOR = r"\mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x))"


def four_values(**more):
    return {r"\mathbb{E}_q": lambda values: Q_OF_Z @ values, "p(z)": PRIOR, r"p(x \mid z)": LIKELIHOOD,
            "p(x, z)": JOINT, r"q(z \mid x)": Q_OF_Z, "p(x)": EVIDENCE, r"\mathrm{ELBO}(x)": ELBO, **more}


def of_k(k):
    """The importance-weighted bound: over all draws of k values of z."""
    draws = np.array(list(product(range(4), repeat=k)))
    return np.prod(Q_OF_Z[draws], 1) @ np.log(WEIGHTS[draws].mean(1))


@case
def elbo_by_jensen():
    return four_values()


@case
def elbo_as_two_terms():
    return four_values(**{KL_TO_PRIOR: stats.entropy(Q_OF_Z, PRIOR)})


@case
def kl_to_posterior():
    return four_values(**{KL_TO_POSTERIOR: stats.entropy(Q_OF_Z, JOINT)})


@case
def evidence_is_elbo_plus_kl():
    return four_values(**{KL_TO_POSTERIOR: stats.entropy(Q_OF_Z, JOINT)})


@case
def elbo_with_entropy():
    return four_values(**{"H(q)": stats.entropy(Q_OF_Z)})


@case
def weights_are_unbiased():
    return four_values()


@case
def bound_never_falls():
    return four_values(**{rf"\mathcal{{L}}_{k}": of_k(k) for k in (1, 2, 3, 4)})


@case
def bound_comes_close():
    """Two values of z, so that the bound is a mean over a binomial distribution."""
    k, q, joint = 2000, np.array([0.3, 0.7]), np.array([0.06, 0.07])
    count, weights = np.arange(k + 1), joint / q
    bound = stats.binom(k, q[0]).pmf(count) @ np.log((count * weights[0] + (k - count) * weights[1]) / k)
    return {"p(x)": joint.sum(), r"\mathcal{L}_k": bound, "k": k, r"\mathrm{Var}_q[w]": q @ weights**2 - joint.sum()**2}


@case
def log_mean_of_weights():
    return {"k": 4, "w_i": WEIGHTS, "m": np.log(WEIGHTS).max()}


@cache
def bent_posterior():
    """z is normal, x is normal with mean z^2 + z / 2, and x = 1. ELBOs of a Gaussian q, and of the best one."""
    def log_joint(z):
        return stats.norm.logpdf(z) + stats.norm.logpdf(1, z**2 + z / 2, 0.5)

    evidence = integral(lambda z: np.exp(log_joint(z)))
    nodes, weights = np.polynomial.hermite_e.hermegauss(12)  # exact: the logarithm has degree 4

    def elbo(psi):
        return weights @ log_joint(psi[0] + math.exp(psi[1]) * nodes) / math.sqrt(2 * math.pi) + \
            0.5 * math.log(2 * math.pi * math.e) + psi[1]
    best = -optimize.minimize(lambda psi: -elbo(psi), [0.8, -1]).fun
    q = stats.norm(0.5, math.exp(-1))
    kl = integral(lambda z: q.pdf(z) * (q.logpdf(z) - log_joint(z) + math.log(evidence)))
    return {r"\ln p(x)": math.log(evidence), r"\mathrm{ELBO}(q^\ast)": best, r"\mathrm{ELBO}(q)": elbo([0.5, -1]),
            KL_TO_POSTERIOR: kl}


@case
def inference_gap():
    return bent_posterior()


@case
def gaps_are_not_negative():
    return bent_posterior()


# Pixels ---------------------------------------------------------------------------------------------------------------

X, MEANS, PROBABILITIES = np.array([0.1, 0.8, 0.4]), np.array([0.2, 0.5, 0.35]), np.array([0.3, 0.9, 0.6])
BLACK_AND_WHITE, NLL = np.array([0, 1, 0]), r"\mathrm{NLL}(x)"
BEST_VARIANCE = optimize.minimize_scalar(lambda variance: -stats.norm.logpdf(X, MEANS, math.sqrt(variance)).sum(),
                                         bounds=(1e-3, 1), method="bounded", options={"xatol": 1e-12}).x


def gaussian_pixels(sigma=0.4):
    return {NLL: -stats.norm.logpdf(X, MEANS, sigma).sum(), "x_d": X, r"\mu_d": MEANS, r"\sigma": sigma, "D": 3}


@case
def gaussian_nll_of_pixels():
    return gaussian_pixels()


@case
def gaussian_nll():
    return gaussian_pixels()


@case
def best_variance():
    return gaussian_pixels() | {r"\hat\sigma^2": BEST_VARIANCE}


@case
def nll_at_best_variance():
    return {r"\min_{\sigma} \mathrm{NLL}(x)": gaussian_pixels(math.sqrt(BEST_VARIANCE))[NLL], "D": 3,
            r"\hat\sigma^2": BEST_VARIANCE}


@case
def bernoulli_probability():
    return {r"p(x_d \mid p_d)": stats.bernoulli.pmf(BLACK_AND_WHITE, PROBABILITIES), "x_d": BLACK_AND_WHITE,
            "p_d": PROBABILITIES}


@case
def bernoulli_nll():
    return {NLL: -stats.bernoulli.logpmf(BLACK_AND_WHITE, PROBABILITIES).sum(), "x_d": BLACK_AND_WHITE,
            "p_d": PROBABILITIES}


@case
def bernoulli_nll_of_logits():
    return {NLL: -stats.bernoulli.logpmf(BLACK_AND_WHITE, PROBABILITIES).sum(), "x_d": BLACK_AND_WHITE,
            "a_d": special.logit(PROBABILITIES)}


@case
def bernoulli_integral():
    return {r"\int_0^1 p^x (1 - p)^{1 - x}\, dx": integral(lambda x: 0.3**x * 0.7**(1 - x), 0, 1), "p": 0.3}


@case
def bernoulli_cross_entropy():
    p, q, images = PROBABILITIES, np.array([0.2, 0.6, 0.5]), np.array(list(product((0, 1), repeat=3)))
    shares = np.prod(stats.bernoulli.pmf(images, p), 1)
    costs, own = (-stats.bernoulli.logpmf(images, other).sum(1) for other in (q, p))
    return {"H(p, q)": shares @ costs, "H(p)": shares @ own, "p_d": p, "q_d": q}


@case
def beta_function():
    return {r"\int_0^1 x^{\alpha - 1} (1 - x)^{\beta - 1}\, dx": integral(lambda x: x**3.5 * (1 - x)**2.5, 0, 1),
            r"B(\alpha, \beta)": special.beta(4.5, 3.5)} | beta_pixel()


@case
def beta_nll():
    return {NLL: -stats.beta.logpdf(0.35, 4.5, 3.5), "x": 0.35} | beta_pixel()


@case
def beta_mean():
    of_x = stats.beta(4.5, 3.5)
    return {r"\mathbb{E}[x]": integral(lambda x: x * of_x.pdf(x), 0, 1), "B": special.beta} | beta_pixel()


def beta_pixel():
    return {r"\alpha": 4.5, r"\beta": 3.5, r"\Gamma": math.gamma}


@case
def softmax():
    return logits() | {"P(k)": special.softmax(logits()["a_j"])[2]}


@case
def categorical_nll():
    return logits() | {NLL: -special.log_softmax(logits()["a_j"])[2], "P(k)": special.softmax(logits()["a_j"])[2]}


def logits():
    a = np.array([0.3, -1.2, 2.0, 0.7])
    return {"a_j": a, "a_k": a[2]}


@case
def bits_per_dimension():
    """Of three pixels whose levels have the probabilities 1/2, 1/8 and 1/256: 1, 3 and 8 bits."""
    return {r"\mathrm{bpd}(x)": (1 + 3 + 8) / 3, r"\ln P(x)": math.log(0.5 / 8 / 256), "D": 3}


# Diffusion: three steps -----------------------------------------------------------------------------------------------

BETAS = np.array([0.1, 0.25, 0.4])
X_0 = 1.7


def moments(steps, mean=X_0, variance=0.0):
    """Of x_t, one step after the other."""
    for beta in BETAS[:steps]:
        mean, variance = math.sqrt(1 - beta) * mean, (1 - beta) * variance + beta
    return mean, variance


def three_steps(**more):
    alphas = 1 - BETAS
    names = {rf"\alpha_{t}": alphas[t - 1] for t in (1, 2, 3)} | {rf"\beta_{t}": BETAS[t - 1] for t in (1, 2, 3)}
    bars = {r"\bar\alpha_3": math.prod(alphas), r"\bar\alpha_t": math.prod(alphas),
            r"\bar\alpha_{t-1}": math.prod(alphas[:2])}
    return names | bars | {r"\alpha_t": alphas[2], r"\beta_t": BETAS[2], "x_0": X_0, **more}


@case
def variance_of_three_steps():
    return three_steps(**{r"\mathrm{Var}[x_3 \mid x_0]": moments(3)[1]})


@case
def telescoping_sum():
    return three_steps()


@case
def variance_of_a_further_step():
    return three_steps(**{r"\mathrm{Var}[x_t \mid x_0]": moments(3)[1]})


@case
def forward_mean():
    return three_steps(**{r"\mathbb{E}[x_t \mid x_0]": moments(3)[0]})


@case
def forward_variance():
    return three_steps(**{r"\mathrm{Var}[x_t \mid x_0]": moments(3)[1]})


@case
def variance_is_kept():
    return three_steps(**{r"\mathrm{Var}[x_t]": moments(3, variance=1.6)[1], r"\mathrm{Var}[x_0]": 1.6})


@cache
def step_back(x_t=0.6):
    """Mean and variance of q(x_2 | x_3, x_0), by quadrature over x_2."""
    mean, variance = moments(2)
    before = stats.norm(mean, math.sqrt(variance))

    def weight(x):
        return before.pdf(x) * stats.norm.pdf(x_t, math.sqrt(1 - BETAS[2]) * x, math.sqrt(BETAS[2]))
    total, first, second = (integral(lambda x, power=power: x**power * weight(x))
                            for power in (0, 1, 2))
    posterior = first / total, second / total - (first / total)**2
    noise = (x_t - moments(3)[0]) / math.sqrt(moments(3)[1])
    return three_steps(**{r"\tilde\mu_t": posterior[0], r"\tilde\beta_t": posterior[1], "x_t": x_t,
                          r"\varepsilon": noise})


CASES |= dict.fromkeys(["posterior_precision", "posterior_variance", "posterior_mean", "posterior_mean_with_noise",
                        "factor_of_x_t", "variances_of_the_sampler"], step_back)


# The discriminator ----------------------------------------------------------------------------------------------------

REAL, GENERATED = stats.norm(0, 1), stats.norm(0.8, 0.6)


def between(x):
    return (REAL.pdf(x) + GENERATED.pdf(x)) / 2


def kl_to_between(density):
    return integral(lambda x: density.pdf(x) * (density.logpdf(x) - np.log(between(x))))


def best_discriminator(x):
    """The D that is best at each x, where p / D - g / (1 - D) changes its sign, by bisection."""
    low, high = np.zeros_like(x), np.ones_like(x)
    for _ in range(60):
        middle = (low + high) / 2
        rises = REAL.pdf(x) * (1 - middle) > GENERATED.pdf(x) * middle
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return low


def value_at(x):
    d = best_discriminator(x)
    return REAL.pdf(x) * np.log(d) + GENERATED.pdf(x) * np.log1p(-d)


@cache
def game():
    to_real, to_generated = kl_to_between(REAL), kl_to_between(GENERATED)
    return {r"V(D^\ast)": integral(value_at, -5, 5), r"D^\ast(x)": best_discriminator(np.array(0.5)),
            r"\mathbb{E}_p\left[\ln \frac{p(x)}{2 m(x)}\right]": to_real - math.log(2),
            r"\mathbb{E}_g\left[\ln \frac{g(x)}{2 m(x)}\right]": to_generated - math.log(2),
            r"\mathrm{KL}(p \,\|\, m)": to_real, r"\mathrm{KL}(g \,\|\, m)": to_generated,
            r"\mathrm{JS}(p, g)": (to_real + to_generated) / 2, "p(x)": REAL.pdf(0.5), "g(x)": GENERATED.pdf(0.5)}


CASES |= dict.fromkeys(["optimal_discriminator", "value_of_the_game", "jensen_shannon", "bounds_of_jensen_shannon"],
                       game)


@case
def saturating_gradient():
    return {r"\frac{d}{da} \ln(1 - s(a))": derivative(lambda a: np.log1p(-special.expit(a)), 0.7, 1e-2),
            "s(a)": special.expit(0.7)}


@case
def non_saturating_gradient():
    return {r"\frac{d}{da} \left( -\ln s(a) \right)": derivative(lambda a: -np.log(special.expit(a)), 0.7, 1e-2),
            "s(a)": special.expit(0.7)}


# The tests ------------------------------------------------------------------------------------------------------------

def test_each_named_formula_has_a_case_and_each_case_a_formula():
    assert sorted(formula.name for formula in NAMED) == sorted(CASES)


@pytest.mark.parametrize("name", LATEX)
def test_a_formula_holds_as_it_stands_in_the_text(name):
    assert holds(LATEX[name], CASES[name]()), sides(LATEX[name], CASES[name]())


@pytest.mark.parametrize("name", [name for name in LATEX if not re.search(r"\\(le|ge|approx)\b", LATEX[name])])
def test_a_slip_in_a_formula_is_noticed(name):
    """Each sign turned, each number raised by 1."""
    for slip in slips(LATEX[name]):
        assert not right(slip, CASES[name]()), slip


def slips(latex):
    for match in re.finditer(r"[+-]|\d", latex):
        other = {"+": "-", "-": "+"}.get(match[0]) or str(int(match[0]) + 1)
        yield latex[:match.start()] + other + latex[match.end():]


def right(latex, symbols):
    try:
        with np.errstate(all="ignore"):
            return holds(latex, symbols)
    except (ValueError, TypeError):
        return False


def test_the_handout_has_the_end_of_what_a_sheet_asks_for_and_not_the_steps():
    """Nor the answers to the sheets."""
    files = build(ROOT)
    assert not [path for path in files if path.startswith("sheets/solutions")]
    handed_out = {formula.name for path, file in files.items() if path.startswith("sheets/derivations/")
                  for formula in formulas(file.data.decode())}
    assert LATEX.keys() - handed_out == {
        "gaussian_nll_of_pixels", "bernoulli_nll_of_logits", "bernoulli_integral", "beta_function", "beta_nll",
        "beta_mean", "softmax", "categorical_nll", "bits_per_dimension", "inference_gap", "gaps_are_not_negative",
        "variance_of_three_steps", "telescoping_sum", "variance_of_a_further_step", "variance_is_kept"}
