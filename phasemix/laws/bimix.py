"""BiMix, the first law: a domain's loss in its proportion and the training steps."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, power
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.nested import Nested
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class BiMix(Parametric):
    """L = (A/r^α)·(B/s^β + C), r being the domain's own proportion, s the steps.

    Only A·B, A·C, α and β are identifiable; A is 1.
    """

    equation = "L_i = (1/r_i^α)·(B/s^β + C)"
    source = "BiMix, arXiv 2405.14908, eq. 5; its A_i is 1 here, because only A·B and A·C are identifiable"
    needs = ("own", "step")
    uses = ("step",)
    positive_own = True

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """α, B, β, C."""
        return (
            Parameter("alpha", 0, 10),
            Parameter("B", 1e-30, 1e60, log=True),
            Parameter("beta", 0, 10),
            Parameter("C", 0, 1e6),
        )

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        alpha, b, beta, c = (p[:, i, None] for i in range(4))
        assert x.own is not None and x.step is not None
        share, decay = x.own**-alpha, x.step**-beta
        value = share * (b * decay + c)
        gradient = [-np.log(x.own) * value, share * decay, -np.log(x.step) * share * b * decay, share]
        return value, np.stack(gradient, axis=-1)

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        assert scale.step is not None
        return power(own, -p[0]) * (p[1] * scale.step ** -p[2] + p[3])

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """A constant of 20–98 % of the mean loss, exponents up to .4 and 1.2."""
        mean = y.mean(axis=1)[:, None]
        alpha, share, beta = 0.4 * u[:, 0], 0.2 + 0.78 * u[:, 1], 0.05 + 1.15 * u[:, 2]
        c = share * mean
        return np.stack(np.broadcast_arrays(alpha, mean - c, beta, c), axis=-1)

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:
        """See :meth:`Parametric.in_own_units`."""
        p = p.copy()
        p[:, 1] *= reference["step"] ** p[:, 2]
        return p


LAW = Nested(BiMix(), axes=("size",))
