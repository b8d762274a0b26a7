"""The mixture's part of BiMix, at fixed steps: a straight line on log-log axes."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, power
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.nested import Nested
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class BiMixPower(Parametric):
    """L = A/r^α, r being the domain's own proportion."""

    equation = "L_i = A/r_i^α"
    source = "BiMix at fixed steps, arXiv 2405.14908, fig. 2"
    needs = ("own",)
    positive_own = True

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """A, α."""
        return Parameter("A", 1e-12, 1e12, log=True), Parameter("alpha", 0, 10)

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        a, alpha = p[:, 0, None], p[:, 1, None]
        assert x.own is not None
        share = x.own**-alpha
        return a * share, np.stack([share, -np.log(x.own) * a * share], axis=-1)

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        return p[0] * power(own, -p[1])

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Exponents up to 1."""
        alpha = u[:, 0]
        return np.stack(np.broadcast_arrays(y.mean(axis=1)[:, None] * 0.1**alpha, alpha), axis=-1)


LAW = Nested(BiMixPower())
