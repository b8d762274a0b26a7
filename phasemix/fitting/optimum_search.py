"""The search for the best mixture, and what certifies it.

Where CVXPY's rules prove the problem convex it is solved as such, and the certificate is the duality
gap: no mixture can be better by more. Otherwise the best of many starts is taken, and the certificate
says how many of them agree. Laws without slopes, which trees are, are asked about many sampled
mixtures, and as RegMix does, the best ``AVERAGED`` of them are averaged.
"""

import numpy as np
from scipy.optimize import minimize

from phasemix.base.seeds import generator
from phasemix.fitting.convex_program import convex_optimum
from phasemix.fitting.objective import SMALL, Objective

SAMPLES, SAMPLES_WITHOUT_SLOPES = 4096, 20_000
AVERAGED = 128
STARTS = 12
AGREE = 1e-4  # relative difference of objectives that count as the same
WIDE_GAP = 1e-4  # a duality gap that calls for another method
LEAST_GAP = 1e-8  # the least duality gap that slopes by differences can show


def best_mixture(objective: Objective, seed: int) -> tuple[np.ndarray, str]:
    """The best mixture (m,), and in words what is known of its being the best."""
    convex = convex_optimum(objective)
    if convex is not None:
        gap = objective.gap(convex)
        if gap > WIDE_GAP:
            convex = _descend(objective, convex)
            gap = objective.gap(convex)
        if gap <= WIDE_GAP:
            return convex, _certified(gap)
    samples = sampled_mixtures(objective, seed)
    values = objective(samples)
    order = np.argsort(values)
    if not objective.fit.has_slopes:
        mixture = samples[order[:AVERAGED]].mean(axis=0)
        return mixture, f"none: the mean of the best {AVERAGED} of {len(samples)} sampled mixtures, as RegMix does"
    found = [_descend(objective, samples[start]) for start in order[:STARTS]]
    reached = np.array([objective(one[None])[0] for one in found])
    best = int(np.argmin(reached))
    if objective.expression is not None:
        return found[best], _certified(objective.gap(found[best]))
    agree = int((reached <= reached[best] * (1 + AGREE)).sum())
    return found[best], f"local: {agree} of {STARTS} starts agree within {AGREE:.0e}; a better mixture may exist"


def sampled_mixtures(objective: Objective, seed: int, draws: int | None = None) -> np.ndarray:
    """Mixtures to start from, shape (n, m): the runs' own, the prior, and last Dirichlet draws about their mean.

    ``draws`` is how many of the last there are; None: as many as the law needs.
    """
    runs = objective.fit.runs
    rng = generator(seed, "mixtures to start from")
    count = draws or (SAMPLES if objective.fit.has_slopes else SAMPLES_WITHOUT_SLOPES)
    centre = np.maximum(runs.mixture.mean(axis=0), 0.1 / len(runs.domains))
    strength = np.exp(rng.uniform(np.log(0.3), np.log(10), size=count))[:, None] * len(runs.domains) / centre.sum()
    drawn = rng.gamma(centre * strength) + 1e-300
    drawn /= drawn.sum(axis=1, keepdims=True)
    points = np.concatenate([np.unique(runs.mixture, axis=0), objective.prior[None], drawn])
    return objective.within(points)


def _certified(gap: float) -> str:
    return f"global: no allowed mixture is better by more than {max(gap, LEAST_GAP):.1e} nats (duality gap)"


def _descend(objective: Objective, start: np.ndarray) -> np.ndarray:
    """A local minimum from a start."""
    found = minimize(  # type: ignore[call-overload]  # its stubs take no lists of dicts
        lambda r: float(objective(np.maximum(r, SMALL)[None])[0]),
        start,
        jac=lambda r: objective.slope(np.maximum(r, SMALL)),
        method="SLSQP",
        bounds=list(zip(objective.least, objective.caps, strict=True)),
        constraints=[{"type": "eq", "fun": lambda r: r.sum() - 1}],
        options={"maxiter": 100, "ftol": 1e-9},
    )
    end = objective.within(np.nan_to_num(found.x)[None])[0]
    return end if objective(end[None])[0] <= objective(start[None])[0] else start
