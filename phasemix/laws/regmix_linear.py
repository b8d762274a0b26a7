"""RegMix's linear regression."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.nested import Nested
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class RegMixLinear(Parametric):
    """L = Σ_j w_j r_j. An intercept would be a sum of all w_j on the simplex: there is none."""

    equation = "L_i = Σ_j w_j r_j"
    source = "RegMix, arXiv 2407.01492, linear regression"

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """A weight of every mixture domain."""
        return tuple(Parameter(f"w[{name}]", -1e9, 1e9) for name in domains)

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        return p @ x.mixture.T, np.broadcast_to(x.mixture, (len(p), *x.mixture.shape)).copy()

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        return p @ r

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """The least-squares solution itself."""
        return (y @ np.linalg.pinv(x.mixture).T)[:, None, :]


LAW = Nested(RegMixLinear())
