"""The losses of a learner that divides a bounded capacity among domains, with their gradients.

A **broad** domain's loss falls as a power of the amount x_i of capacity that it has, and as a power of its own data
(Explaining Data Mixing Scaling Laws, arXiv 2606.08167):

    L_i = c_i x_i^−b_i + A_i (s r_i)^−a_i + E_i.

A domain of **facts** falls linearly in the bits given to it until all are known (paper A, theorem 4.2). A parameter
spent on them is worth w_i = r_i V / u_i, u_i being the parameters that all of them need. Facts that are not equally
easy are not learned all at once: each is worth w_i times a number of its own, which has Fréchet's distribution with
shape 1/σ, and those worth more than the λ at which the capacity is used up are known. With n_i bits of facts, the loss
and the share of questions that are answered are

    L_i = E + V (1 − q_i) + A (s r_i)^−a,   q_i = 1 − exp(−(w_i/λ)^(1/σ)),   recall_i = g + (1 − g) q_i,

where u_i = n_i / (κ f_i^η), f_i = s r_i / n_i is how often a bit is shown, and g is what a guesser scores. A parameter
holds κ f^η bits: the more, the more often they are shown (Physics of Language Models 3.3 finds 1 after 100 exposures
and 2 after 1,000). With σ → 0 and η = 0 this is the cliff of theorem 4.3. All domains of facts are of one kind: they
share V, E, A, a, σ, κ, η and g.

The learner minimises Σ_i r_i L_i without the terms of data. Broad domains share a head of H, and have tails of their
own: with K of them, x_i ≥ H, and Σ x_i + Σ q_i u_i = N + (K − 1) H. So every broad domain takes
x_i = max(H, (r_i b_i c_i / λ)^(1/(b_i + 1))), and μ = ln λ is found by bisection (:mod:`phasemix.fitting.capacity`).
"""

from dataclasses import dataclass

import numpy as np

from phasemix.fitting.capacity import worth_of_capacity
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.places import Places

FARTHEST = 60.0  # in ln μ beyond the domains' own worths: nobody takes anything, or everybody everything
LARGEST_SCORE = 30.0  # beyond it all facts are known to the last digit
LEAST_WEIGHT = 1e-12  # of a domain that is not in the mixture: it takes nothing beyond the head
LEAST_NEED = 1e-30  # of a domain whose facts are not there


@dataclass(frozen=True)
class Roles:
    """What the columns of a table are to the formula.

    Attributes:
        domains: of the mixture.
        broad: numbers of the broad domains among them.
        facts: numbers of the domains of facts.
        losses: number, among the domains, of every loss that is predicted.
        recalls: numbers of the domains of facts whose recall accuracy is predicted.
    """

    domains: tuple[str, ...]
    broad: tuple[int, ...]
    facts: tuple[int, ...]
    losses: tuple[int, ...]
    recalls: tuple[int, ...]

    @property
    def heads(self) -> bool:
        """Whether broad domains share a head."""
        return len(self.broad) > 1

    @property
    def broad_losses(self) -> list[int]:
        """Of ``losses``, those of broad domains."""
        return [i for i in self.losses if i in self.broad]

    @property
    def fact_losses(self) -> list[int]:
        """Of ``losses``, those of facts."""
        return [i for i in self.losses if i in self.facts]


def formula_parameters(roles: Roles) -> tuple[Parameter, ...]:
    """H; c and b of every broad domain; E, A, a of every broad loss; V, κ, η, σ of facts, their E, A, a; g."""
    found = [Parameter("H", 1e-6, 1e30, log=True)] if roles.heads else []
    names = roles.domains
    found += [Parameter(f"c[{names[j]}]", 1e-12, 1e60, log=True) for j in roles.broad]
    found += [Parameter(f"b[{names[j]}]", 1e-2, 5, log=True) for j in roles.broad]
    for letter, low, high, log in (("E", 0.0, 1e6, False), ("A", 1e-12, 1e60, True), ("a", 1e-2, 5.0, True)):
        found += [Parameter(f"{letter}[{names[i]}]", low, high, log=log) for i in roles.broad_losses]
    if roles.facts:
        found += [Parameter("V", 1e-6, 1e6, log=True), Parameter("kappa", 1e-30, 1e60, log=True)]
        found += [Parameter("eta", 0, 2), Parameter("sigma", 1e-2, 10, log=True)]
    if roles.fact_losses:
        found += [Parameter("E[facts]", 0, 1e6), Parameter("A[facts]", 1e-12, 1e60, log=True)]
        found += [Parameter("a[facts]", 1e-2, 5, log=True)]
    if roles.recalls:
        found += [Parameter("g", 0, 0.9)]
    return tuple(found)


def in_own_units(p: np.ndarray, roles: Roles, size: float, step: float) -> np.ndarray:
    """Parameters (b, p) for sizes and steps in their own units, given those for sizes and steps divided by these."""
    at, p = Layout(roles), p.copy()
    p[:, at.head] *= size
    p[:, at.factor] *= size ** p[:, at.exponent]
    p[:, at.data] *= step ** p[:, at.data_exponent]
    p[:, at.bits] /= size * step ** p[:, at.repetition]
    p[:, at.fact_data] *= step ** p[:, at.fact_data_exponent]
    return p


class Layout:
    """Where each parameter stands, as slices."""

    def __init__(self, roles: Roles) -> None:
        kinds = len(roles.broad_losses)
        facts, fact_losses, recalls = bool(roles.facts), bool(roles.fact_losses), bool(roles.recalls)
        counts = {
            "head": int(roles.heads), "factor": len(roles.broad), "exponent": len(roles.broad),
            "floor": kinds, "data": kinds, "data_exponent": kinds,
            "value": facts, "bits": facts, "repetition": facts, "spread": facts,
            "fact_floor": fact_losses, "fact_data": fact_losses, "fact_data_exponent": fact_losses,
            "guess": recalls,
        }  # fmt: skip
        first = 0
        for name, count in counts.items():
            setattr(self, name, slice(first, first + count))
            first += count
        self.count = first

    head: slice
    factor: slice
    exponent: slice
    floor: slice
    data: slice
    data_exponent: slice
    value: slice
    bits: slice
    repetition: slice
    spread: slice
    fact_floor: slice
    fact_data: slice
    fact_data_exponent: slice
    guess: slice


@dataclass(frozen=True)
class Division:
    """How capacity is divided, at ``u`` places, for ``b`` sets of parameters of which ``p`` are fitted.

    Attributes:
        lost: c_i x_i^−b_i of every broad domain, shape (b, u, broad); ``lost_slope``: its gradient by θ, with p last.
        known: q of every domain of facts, shape (b, u, facts); ``known_slope``: its gradient.
    """

    lost: np.ndarray
    lost_slope: np.ndarray
    known: np.ndarray
    known_slope: np.ndarray


class _Demand:
    """What every domain takes at ln μ; arrays are (b, u, domains), for parameters (b, p) at u places."""

    def __init__(self, p: np.ndarray, x: Places, roles: Roles) -> None:
        at, broad, facts = Layout(roles), list(roles.broad), list(roles.facts)
        size = x.size[None, :, None]
        weight = np.log(np.maximum(x.mixture, LEAST_WEIGHT))[None]
        self.head = np.minimum(p[:, None, at.head], size) if roles.heads else np.zeros((1, 1, 1))
        self.head_is_model = p[:, None, at.head] > size if roles.heads else np.zeros((1, 1, 1), bool)
        self.c, self.b = p[:, None, at.factor], p[:, None, at.exponent]
        self.gain = weight[..., broad] + np.log(self.b) + np.log(self.c)
        value, bits, repetition, self.spread = (
            p[:, None, where] for where in (at.value, at.bits, at.repetition, at.spread)
        )
        there = np.maximum(x.facts[None][..., facts], LEAST_NEED)
        self.shown = weight[..., facts] + np.log(x.trained)[None, :, None] - np.log(there)  # ln f
        self.need = there / (bits * np.exp(repetition * self.shown))  # in parameters
        self.worth = weight[..., facts] + np.log(value) - np.log(self.need)
        self.heads = max(len(broad) - 1, 0)
        self.capacity = np.broadcast_to(x.size[None] + self.heads * self.head[..., 0], (len(p), len(x.size)))

    def of_broad(self, mu: np.ndarray) -> np.ndarray:
        """What broad domains take, x."""
        return np.maximum(self.head, np.exp((self.gain - mu[..., None]) / (self.b + 1)))

    def scores(self, mu: np.ndarray) -> np.ndarray:
        """Scores z = ln(w/λ)/σ of facts."""
        return (self.worth - mu[..., None]) / self.spread

    def total(self, mu: np.ndarray) -> np.ndarray:
        """All that is taken, shape (b, u)."""
        return self.of_broad(mu).sum(axis=-1) + (self.need * share_known(self.scores(mu))[0]).sum(axis=-1)

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Ln μ at which too much and too little is taken, shapes (b, u)."""
        equal = np.log(self.capacity / (self.heads + 1))[..., None]  # ln x if broad domains share alike
        dearest = (self.gain - (self.b + 1) * equal).max(axis=-1)
        return dearest - FARTHEST, np.maximum(dearest, self.worth.max(axis=-1, initial=-np.inf)) + FARTHEST


def share_known(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share q = 1 − exp(−e^z) of facts with score z, and its slope."""
    hazard = np.exp(np.minimum(z, LARGEST_SCORE))
    return -np.expm1(-hazard), hazard * np.exp(-hazard)


def division(p: np.ndarray, x: Places, roles: Roles) -> Division:
    """The best division of capacity at parameters (b, p), and how it changes with the fitted numbers θ."""
    at, demand = Layout(roles), _Demand(p, x, roles)
    mu = worth_of_capacity(demand.total, demand.capacity, demand.bounds)
    amount, z, need = demand.of_broad(mu), demand.scores(mu), demand.need
    known, density = share_known(z)
    b, spread, logs = demand.b, demand.spread, np.log(amount)
    by_mu = np.where(amount > demand.head, -1 / (b + 1), 0)  # of ln x
    d_broad, d_facts = _at_fixed_worth(demand, logs, by_mu, z, at)
    change = np.einsum("buk,bukp->bup", amount, d_broad) + np.einsum("buk,bukp->bup", need * density, d_facts)
    used = need * known  # the more bits a parameter holds, the fewer do facts need
    change[..., at.bits] -= used.sum(axis=-1)[..., None]
    change[..., at.repetition] -= (used * demand.shown).sum(axis=-1)[..., None]
    change[..., at.head] -= demand.heads * np.where(demand.head_is_model, 0, demand.head)
    total = (amount * by_mu).sum(axis=-1) - (need * density / spread).sum(axis=-1)
    d_mu = -change / np.minimum(total, -LEAST_NEED)[..., None]
    lost, own = demand.c * amount**-b, np.arange(len(roles.broad))
    lost_slope = -(b * lost)[..., None] * (d_broad + by_mu[..., None] * d_mu[..., None, :])
    lost_slope[..., own, at.factor.start + own] += lost
    lost_slope[..., own, at.exponent.start + own] -= lost * b * logs
    return Division(lost, lost_slope, known, density[..., None] * (d_facts - d_mu[..., None, :] / spread[..., None]))


def _at_fixed_worth(
    demand: _Demand, logs: np.ndarray, by_mu: np.ndarray, z: np.ndarray, at: Layout
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of ln x of broad domains, and of z of facts, by θ at fixed μ."""
    own, free = np.arange(logs.shape[-1]), by_mu < 0
    d_broad, d_facts = (np.zeros((*each.shape, at.count)) for each in (logs, z))
    d_broad[..., own, at.factor.start + own] = -by_mu
    d_broad[..., own, at.exponent.start + own] = -by_mu * (1 - demand.b * logs)
    d_broad[..., at.head] = np.where(free | demand.head_is_model, 0, 1)[..., None]
    d_facts[..., at.value] = d_facts[..., at.bits] = (1 / demand.spread)[..., None]
    d_facts[..., at.repetition] = (demand.shown / demand.spread)[..., None]
    d_facts[..., at.spread] = -z[..., None]
    return d_broad, d_facts


def answers(p: np.ndarray, x: Places, roles: Roles) -> tuple[np.ndarray, np.ndarray]:
    """Losses, then recall accuracies, at parameters (b, p), with gradients by θ; shapes (b, n, k), (b, n, k, p)."""
    at, found = Layout(roles), division(p, x, roles)
    count = len(roles.losses) + len(roles.recalls)
    value = np.empty((len(p), len(x.place), count))
    gradient = np.zeros((*value.shape, at.count))
    for column, domain in enumerate(roles.losses):
        data = np.log(x.step * x.own[:, domain])
        if domain in roles.broad:
            i, kind = roles.broad.index(domain), roles.broad_losses.index(domain)
            floor, factor, exponent = (s.start + kind for s in (at.floor, at.data, at.data_exponent))
            base, slope = found.lost[..., i], found.lost_slope[:, :, i]
        else:
            i = roles.facts.index(domain)
            floor, factor, exponent = (s.start for s in (at.fact_floor, at.fact_data, at.fact_data_exponent))
            v = p[:, at.value]
            base, slope = v * (1 - found.known[..., i]), -v[..., None] * found.known_slope[:, :, i]
            slope[..., at.value] += base[..., None]
        fall = p[:, factor, None] * np.exp(-p[:, exponent, None] * data)
        value[..., column] = base[:, x.place] + fall + p[:, floor, None]
        gradient[:, :, column] = slope[:, x.place]
        gradient[:, :, column, floor] = 1
        gradient[:, :, column, factor] += fall
        gradient[:, :, column, exponent] += -p[:, exponent, None] * data * fall
    for column, domain in enumerate(roles.recalls, len(roles.losses)):
        i = roles.facts.index(domain)
        guess, known = p[:, at.guess], found.known[..., i]
        value[..., column] = (guess + (1 - guess) * known)[:, x.place]
        slope = (1 - guess)[..., None] * found.known_slope[:, :, i]
        slope[..., at.guess] += (1 - known)[..., None]
        gradient[:, :, column] = slope[:, x.place]
    return value, gradient
