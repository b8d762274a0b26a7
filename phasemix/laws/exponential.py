"""The exponential law of Data Mixing Laws."""

from typing import ClassVar

import numpy as np

from phasemix.fitting.convex import Expression, Variable, exp
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.nested import Nested
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class Exponential(Parametric):
    """L = c + k·exp(Σ_j t_j r_j).

    On the simplex k·exp(Σ t_j r_j) = exp(Σ (t_j + ln k) r_j), so k and the t_j are not identifiable
    together: k is 1.
    """

    equation = "L_i = c + exp(Σ_j t_j r_j)"
    source = "Data Mixing Laws, arXiv 2403.16952, eq. 6; Huber's loss, δ = .01; on the simplex the t_j hold its k"
    huber = 0.01
    positive_floor: ClassVar[bool] = False  # whether c is fitted as its logarithm

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """c, and t of every mixture domain."""
        floor = Parameter("c", 1e-9, 1e6, log=True) if self.positive_floor else Parameter("c", 0, 1e6)
        return floor, *(Parameter(f"t[{name}]", -200, 200) for name in domains)

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        rise = np.exp(np.minimum(p[:, 1:] @ x.mixture.T, 100))
        gradient = np.empty((*rise.shape, p.shape[1]))
        gradient[..., 0] = 1
        np.multiply(rise[..., None], x.mixture, out=gradient[..., 1:])
        return p[:, :1] + rise, gradient

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        return p[0] + exp(p[1:] @ r)

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Floors of 10–99 % of the smallest loss, and for each the t that linear regression finds."""
        c = (0.1 + 0.89 * u[:, 0]) * y.min(axis=1)[:, None]
        above = np.log(y[:, None, :] - c[:, :, None])
        t = above @ np.linalg.pinv(x.mixture).T
        return np.concatenate([c[:, :, None], t], axis=-1)


LAW = Nested(Exponential())
