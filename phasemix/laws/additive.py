"""The additive law of Scaling Laws for Optimal Data Mixtures."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, inverse_of_sum, power
from phasemix.fitting.inputs import Inputs, Scale, log_proportions
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric

NEGLIGIBLE = 1e-9  # of the greatest C
TERMS = {"step": ("B", "b"), "size": ("A", "a")}  # coefficient and exponent of an axis


class Additive(Parametric):
    """L = E + 1/Σ_j C_j r_j^γ_j + A/N^a + B/D^b, N being the size, D the steps or tokens.

    A term whose axis does not vary is part of E.
    """

    equation = "L_i = E + 1/Σ_j C_j r_j^γ_j + A/N^a + B/D^b"
    source = "Scaling Laws for Optimal Data Mixtures, arXiv 2507.09404, additive law"
    uses = ("step", "size")

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:
        """E, C and γ of every mixture domain, then B and b, A and a where steps and sizes vary."""
        scales = [
            parameter
            for axis in axes
            for parameter in (Parameter(TERMS[axis][0], 1e-30, 1e60, log=True), Parameter(TERMS[axis][1], 0, 10))
        ]
        return Parameter("E", 0, 1e6), *mixture_parameters(domains), *scales

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        m = x.mixture.shape[1]
        value, gradient = floor_and_mixture(p, x)
        i = 1 + 2 * m
        for axis in (x.step, x.size):
            if axis is not None:
                fall = axis ** -p[:, i + 1, None]
                value += p[:, i, None] * fall
                gradient[..., i] = fall
                gradient[..., i + 1] = -np.log(axis) * p[:, i, None] * fall
                i += 2
        return value, gradient

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        m = r.size
        i, found = 1 + 2 * m, p[0] + mixture_expression(p[1 : 1 + 2 * m], r)
        for axis in (scale.step, scale.size):
            if axis is not None:
                found += p[i] * axis ** -p[i + 1]
                i += 2
        return found

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """The mean loss shared between the floor and the terms, exponents γ of .2–.9, a and b of .05–1."""
        axes = [axis for axis in (x.step, x.size) if axis is not None]
        spread = y.mean(axis=1)[:, None] * np.ones(len(u))
        floor = np.minimum(0.9 * u[:, 0] * y.min(axis=1)[:, None], spread)
        share = (spread - floor) * (1 - 0.25 * len(axes))
        parts = [floor[..., None], mixture_starts(x.mixture, share, u[:, 1])]
        for number in range(len(axes)):
            b = np.broadcast_to(0.05 + 0.95 * u[:, 2 + number], spread.shape)
            parts += [0.25 * (spread - floor)[..., None], b[..., None]]
        return np.concatenate(parts, axis=-1)

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:
        """See :meth:`Parametric.in_own_units`."""
        p = p.copy()
        first = p.shape[1] - 2 * len(reference)
        for number, value in enumerate(reference.values()):
            p[:, first + 2 * number] *= value ** p[:, first + 2 * number + 1]
        return p


def mixture_parameters(domains: tuple[str, ...]) -> list[Parameter]:
    """C, then γ, of every mixture domain."""
    return [
        *(Parameter(f"C[{name}]", 1e-12, 1e12, log=True) for name in domains),
        *(Parameter(f"gamma[{name}]", 0.01, 5, log=True) for name in domains),
    ]


def floor_and_mixture(p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """E + 1/Σ_j C_j r_j^γ_j, shape (b, n), and its gradient (b, n, p), other terms' not yet written."""
    m = x.mixture.shape[1]
    gradient = np.empty((len(p), len(x.mixture), p.shape[1]))
    value = p[:, :1] + mixture_term(p[:, 1 : 1 + 2 * m], x.mixture, gradient[..., 1 : 1 + 2 * m])
    gradient[..., 0] = 1
    return value, gradient


def mixture_term(p: np.ndarray, mixture: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """1/Σ_j C_j r_j^γ_j, shape (b, n), for (C, γ) of shape (b, 2m); writes its gradient (b, n, 2m)."""
    m = mixture.shape[1]
    logs = log_proportions(mixture)
    powers = np.exp(p[:, None, m:] * logs)  # r^γ, 0 where r is 0
    worth = p[:, None, :m] * powers
    value = 1 / worth.sum(axis=2)
    np.multiply(-np.square(value)[..., None], powers, out=gradient[..., :m])
    np.multiply(-np.square(value)[..., None], worth * np.where(mixture > 0, logs, 0), out=gradient[..., m:])
    return value


def mixture_expression(p: np.ndarray, r: Variable) -> Expression:
    """:func:`mixture_term` for CVXPY, (C, γ) of shape (2m,): convex where every γ ≤ 1."""
    c, gamma = np.split(p, 2)
    most = c.max()  # solvers want numbers about 1
    kept = np.flatnonzero(c > NEGLIGIBLE * most)
    return inverse_of_sum([c[j] / most * power(r[j], gamma[j]) for j in kept]) / most


def mixture_starts(mixture: np.ndarray, share: np.ndarray, u: np.ndarray) -> np.ndarray:
    """C and γ, shape (b, starts, 2m), for which the mixture's term is about ``share`` (b, starts)."""
    gamma = 0.2 + 0.7 * u
    typical = np.stack([np.exp(g * log_proportions(mixture)).sum(axis=1).mean() for g in gamma])
    c = 1 / (np.maximum(share, 1e-6) * typical)
    m = mixture.shape[1]
    return np.concatenate(
        [np.repeat(c[..., None], m, axis=-1), np.broadcast_to(gamma[:, None], (*share.shape, m))], axis=-1
    )


LAW = Additive()
