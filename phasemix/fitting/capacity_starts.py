"""Where fits of :mod:`phasemix.fitting.capacity_formula` may start."""

import numpy as np

from phasemix.fitting.capacity_formula import Roles
from phasemix.fitting.places import Places


def starts(x: Places, wanted: np.ndarray, roles: Roles, u: np.ndarray) -> np.ndarray:
    """Parameters to start from, shape (starts, p).

    Floors of up to 80 % of the smallest loss, the rest shared between capacity and data; exponents of .1–.8; a head of
    .01–.3 of the size; facts worth half the spread of their losses, of which a model holds a tenth to ten times.

    Args:
        x: the places of the runs.
        wanted: losses, then recall accuracies, shape (n, k).
        roles: what the columns are.
        u: uniform numbers, shape (starts, 6).
    """
    count, broad = len(u), len(roles.broad)
    size, step = float(np.exp(np.log(x.size).mean())), float(np.exp(np.log(x.step).mean()))
    column = {domain: number for number, domain in enumerate(roles.losses)}
    mean = {i: float(np.nanmean(wanted[:, n])) for i, n in column.items()}
    least = {i: float(np.nanmin(wanted[:, n])) for i, n in column.items()}
    typical = {i: float(np.median(x.own[:, i])) * step for i in column}
    floor, share = 0.8 * u[:, 0], 0.2 + 0.7 * u[:, 1]  # of the least loss; of the rest, what capacity lowers
    b, a = 0.1 + 0.7 * u[:, 2], 0.1 + 0.7 * u[:, 3]
    amount = size / max(broad, 1)
    every = np.mean(list(mean.values()))
    parts = []
    if roles.heads:
        parts.append(size * (0.01 + 0.3 * u[:, 4]) / 1.0)
    rest = {i: mean.get(i, every) - floor * least.get(i, 0.5 * every) for i in (*roles.broad, *column)}
    parts += [np.maximum(share * rest[j], 1e-3) * amount**b for j in roles.broad]
    parts += [b] * broad
    for values in (
        [floor * least[i] for i in roles.broad_losses],
        [np.maximum((1 - share) * rest[i], 1e-3) * typical[i] ** a for i in roles.broad_losses],
        [a] * len(roles.broad_losses),
    ):
        parts += values
    if roles.facts:
        wide = [np.nanmax(wanted[:, column[i]]) - least[i] for i in roles.fact_losses] or [1.0]
        bits = np.median(x.facts[:, list(roles.facts)].max(axis=1))
        parts += [np.full(count, max(0.5 * wide[0], 1e-3)), bits / size * 10 ** (2 * u[:, 4] - 1)]
        parts += [0.5 * u[:, 1], 0.1 + u[:, 5]]
    if roles.fact_losses:
        i = roles.fact_losses[0]
        parts += [0.9 * floor * least[i], np.maximum(0.2 * (1 - share) * rest[i], 1e-3) * typical[i] ** a, a]
    if roles.recalls:
        parts += [np.full(count, 0.05)]
    return np.stack(np.broadcast_arrays(*parts), axis=-1)
