"""The joint law of Scaling Laws for Optimal Data Mixtures: the mixture also changes how size and data pay."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, power
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric
from phasemix.laws.additive import TERMS, floor_and_mixture, mixture_expression, mixture_parameters, mixture_starts


class Joint(Parametric):
    """L = E + 1/Σ_j C_j r_j^γ_j + (Σ_j A_j r_j)^γ_A/N^a + (Σ_j B_j r_j)^γ_B/D^b, N the size, D the steps or tokens.

    A term whose axis does not vary is left out; with none left the law is the additive one.
    """

    equation = "L_i = E + 1/Σ_j C_j r_j^γ_j + (Σ_j A_j r_j)^γ_A/N^a + (Σ_j B_j r_j)^γ_B/D^b"
    source = "Scaling Laws for Optimal Data Mixtures, arXiv 2507.09404, joint law"
    uses = ("step", "size")

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:
        """E, C and γ of every mixture domain; then for steps and sizes coefficients, their power, the exponent."""
        found = [Parameter("E", 0, 1e6), *mixture_parameters(domains)]
        for axis in axes:
            letter, exponent = TERMS[axis]
            found += [Parameter(f"{letter}[{name}]", 1e-60, 1e90, log=True) for name in domains]
            found += [Parameter(f"gamma_{letter}", 0.2, 5), Parameter(exponent, 0, 3)]
        return tuple(found)

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        m = x.mixture.shape[1]
        value, gradient = floor_and_mixture(p, x)
        i = 1 + 2 * m
        for axis in (x.step, x.size):
            if axis is not None:
                power, exponent = p[:, i + m, None], p[:, i + m + 1, None]
                worth = p[:, i : i + m] @ x.mixture.T
                term = worth**power * axis**-exponent
                value += term
                np.multiply((power * term / worth)[..., None], x.mixture, out=gradient[..., i : i + m])
                gradient[..., i + m] = np.log(worth) * term
                gradient[..., i + m + 1] = -np.log(axis) * term
                i += m + 2
        return value, gradient

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        m = r.size
        i, found = 1 + 2 * m, p[0] + mixture_expression(p[1 : 1 + 2 * m], r)
        for axis in (scale.step, scale.size):
            if axis is not None:
                found += power(p[i : i + m] @ r, p[i + m]) * axis ** -p[i + m + 1]
                i += m + 2
        return found

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """As the additive law's, the mixture without influence on the other terms and their power 1."""
        m = x.mixture.shape[1]
        axes = [axis for axis in (x.step, x.size) if axis is not None]
        spread = y.mean(axis=1)[:, None] * np.ones(len(u))
        floor = 0.9 * u[:, 0] * y.min(axis=1)[:, None]
        parts = [floor[..., None], mixture_starts(x.mixture, (spread - floor) * (1 - 0.25 * len(axes)), u[:, 1])]
        for number in range(len(axes)):
            b = np.broadcast_to(0.05 + 0.95 * u[:, 2 + number], spread.shape)[..., None]
            parts += [np.repeat(0.25 * (spread - floor)[..., None], m, axis=-1), np.ones_like(b), b]
        return np.concatenate(parts, axis=-1)

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:
        """See :meth:`Parametric.in_own_units`."""
        p = p.copy()
        m = (p.shape[1] - 1 - 2 * len(reference)) // (2 + len(reference))
        for number, value in enumerate(reference.values()):
            i = 1 + 2 * m + number * (m + 2)
            p[:, i : i + m] *= value ** (p[:, i + m + 1, None] / p[:, i + m, None])
        return p


LAW = Joint()
