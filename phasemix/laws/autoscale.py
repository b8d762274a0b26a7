"""AutoScale's power law of a domain's own data."""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, power
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.nested import Nested
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric


class AutoScale(Parametric):
    """L = A·(N₀ + N)^−γ + ℓ, N = r·s being the data of the domain itself, N₀ what the others are worth.

    AutoScale has A = 1, which fixes the unit in which data are counted: A = u^γ in units of u.
    Where all runs have the same steps, N is r.
    """

    equation = "L_i = A·(N₀ + r_i·s)^−γ + ℓ"
    source = "AutoScale, arXiv 2407.20177, eq. 3; A gives the unit of data, which is fixed there"
    needs = ("own",)
    uses = ("step",)

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """A, N₀, γ, ℓ."""
        return (
            Parameter("A", 1e-30, 1e60, log=True),
            Parameter("N0", 1e-12, 1e30, log=True),
            Parameter("gamma", 0, 10),
            Parameter("l", 0, 1e6),
        )

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        a, n0, gamma, floor = (p[:, i, None] for i in range(4))
        assert x.own is not None
        data = n0 + (x.own if x.step is None else x.own * x.step)
        fall = data**-gamma
        gradient = [fall, -gamma * a * fall / data, -np.log(data) * a * fall, np.ones_like(data)]
        return a * fall + floor, np.stack(gradient, axis=-1)

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        assert own is not None
        data = p[1] + own * (1.0 if scale.step is None else scale.step)
        return p[0] * power(data, -p[2]) + p[3]

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Floors of up to 98 % of the smallest loss, N₀ over four decades, exponents up to 1.5."""
        assert x.own is not None
        floor = 0.98 * u[:, 0] * y.min(axis=1)[:, None]
        n0, gamma = 10 ** (-4 + 4 * u[:, 1]), 0.05 + 1.45 * u[:, 2]
        middle = np.median(x.own, axis=1)[:, None] + n0
        a = (y.mean(axis=1)[:, None] - floor) * middle**gamma
        return np.stack(np.broadcast_arrays(a, n0, gamma, floor), axis=-1)

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:
        """See :meth:`Parametric.in_own_units`."""
        p = p.copy()
        p[:, 0] *= reference["step"] ** p[:, 2]
        p[:, 1] *= reference["step"]
        return p


LAW = Nested(AutoScale(), axes=("size",))
