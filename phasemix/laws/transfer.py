"""The transfer law: BiMix with an effective proportion, to which every domain of the mixture adds.

phasemix's own. BiMix knows a domain's own proportion alone, so all mixtures without the domain are
one to it; the additive law knows all proportions, but neither that what they leave of the loss
falls with steps and size, nor a common exponent, and has twice the parameters. Evidence: the
tables of the published runs in the report, and ARCHITECTURE.md.
"""

import numpy as np

from phasemix.fitting.convex import Expression, Variable, power
from phasemix.fitting.inputs import Inputs, Scale, log_proportions
from phasemix.fitting.parameters import Parameter
from phasemix.fitting.parametric import Parametric

WORTH_SPREAD = 2.0  # standard deviation of ln K around their mean
GAMMA_SPREAD = 3.0  # and of ln γ around 0
NEGLIGIBLE = 1e-9  # of the greatest worth
LETTERS = {"step": ("B", "F", "b"), "size": ("A", "H", "a")}


def log_sum_exp(terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ln Σ_j exp of terms (…, m), and the part of every term in that sum, without overflow."""
    most = terms.max(axis=-1, keepdims=True)
    part = np.exp(terms - most)
    total = part.sum(axis=-1, keepdims=True)
    part /= total
    return (most + np.log(total))[..., 0], part


class Transfer(Parametric):
    """L = E + ρ^−α·(1 + B/s^b + A/N^a) + F/s^b + H/N^a with ρ = Σ_j K_j^(−1/α) r_j^γ, s the steps, N the size.

    K_j is what a large model has above the floor E, after many steps on domain j alone; K_j^(−1/α), what domain j is
    worth, trades off against α and is known far less well. Terms of an axis that does not vary are left out: at one
    scale L = E + ρ^−α. With γ ≤ 1, more of a domain never pays better than the first of it, and the law is convex in
    the mixture. Residuals are relative, under Huber's loss. The exponents of size are drawn together over domains.
    """

    equation = "L_i = E + ρ^−α·(1 + B/s^b + A/N^a) + F/s^b + H/N^a, ρ = Σ_j K_j^(−1/α) r_j^γ"
    source = "phasemix; BiMix (arXiv 2405.14908) with a floor and transfer between domains"
    uses = ("step", "size")
    huber = 0.01
    shared = ("a",)

    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:
        """E, α, γ, K of every mixture domain; then B, F, b where steps vary, and A, H, a where sizes do."""
        found = [Parameter("E", 0, 1e6), Parameter("alpha", 1e-3, 20, log=True), Parameter("gamma", 0.05, 1, log=True)]
        found += [Parameter(f"K[{name}]", 1e-10, 1e10, log=True) for name in domains]
        for axis in axes:
            inner, outer, exponent = LETTERS[axis]
            found += [Parameter(inner, 1e-30, 1e60, log=True), Parameter(outer, 1e-30, 1e60, log=True)]
            found += [Parameter(exponent, 0.01, 5, log=True)]
        return tuple(found)

    def prior(self, parameters: tuple[Parameter, ...]) -> np.ndarray:
        """That K is alike for all domains, within a factor e², and γ about 1: what few runs leave open."""
        precision = np.zeros((len(parameters),) * 2)
        alone = [i for i, parameter in enumerate(parameters) if parameter.name.startswith("K[")]
        precision[np.ix_(alone, alone)] = (np.eye(len(alone)) - 1 / len(alone)) / WORTH_SPREAD**2
        precision[2, 2] = 1 / GAMMA_SPREAD**2
        return precision

    def weights(self, y: np.ndarray) -> np.ndarray:
        """Relative residuals."""
        return 1 / y

    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Parametric.evaluate`."""
        m = x.mixture.shape[1]
        alpha, gamma, alone = p[:, 1:2], p[:, 2:3], p[:, 3 : 3 + m]
        logs = log_proportions(x.mixture)
        log_rho, part = log_sum_exp(gamma[:, None] * logs - (np.log(alone) / alpha)[:, None])
        share = np.exp(-alpha * log_rho)
        gradient = np.empty((*share.shape, p.shape[1]))
        factor, terms, i = np.ones_like(share), np.zeros_like(share), 3 + m
        for axis in (x.step, x.size):
            if axis is not None:
                inner, outer, exponent = (p[:, i + k, None] for k in range(3))
                fall = axis**-exponent
                factor += inner * fall
                terms += outer * fall
                gradient[..., i] = share * fall
                gradient[..., i + 1] = fall
                gradient[..., i + 2] = -np.log(axis) * fall * (share * inner + outer)
                i += 3
        mixed = share * factor
        gradient[..., 0] = 1
        gradient[..., 1] = -mixed * (log_rho + np.matmul(part, (np.log(alone) / alpha)[..., None])[..., 0])
        gradient[..., 2] = -alpha * mixed * (part * np.where(x.mixture > 0, logs, 0)).sum(axis=2)
        np.multiply(mixed[..., None] / alone[:, None], part, out=gradient[..., 3 : 3 + m])
        return p[:, :1] + mixed + terms, gradient

    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:  # noqa: ARG002
        """See :meth:`Parametric.expression`."""
        m = r.size
        least = p[3 : 3 + m].min()  # solvers want numbers about 1
        worth = (p[3 : 3 + m] / least) ** (-1 / p[1])
        worth = np.where(worth > NEGLIGIBLE, worth, 0)
        rho = worth @ power(r, p[2])
        i, factor, terms = 3 + m, 1.0, p[0]
        for axis in (scale.step, scale.size):
            if axis is not None:
                fall = axis ** -p[i + 2]
                factor, terms, i = factor + p[i] * fall, terms + p[i + 1] * fall, i + 3
        return terms + factor * least * power(rho, -p[1])

    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Floors up to 90 % of the smallest loss, α of .15–1.35, γ of .3–1, b and a of .1–1; all K alike."""
        m = x.mixture.shape[1]
        mean = y.mean(axis=1)[:, None]
        floor = 0.9 * u[:, 0] * y.min(axis=1)[:, None]
        alpha, gamma = 0.15 + 1.2 * u[:, 1], 0.3 + 0.7 * u[:, 2]
        typical = np.stack([np.exp(g * log_proportions(x.mixture)).sum(axis=1).mean() for g in gamma])
        alone = np.maximum(0.7 * (mean - floor), 1e-3) * typical**alpha
        parts = [floor, alpha, gamma, *[alone] * m]
        for number, axis in enumerate((x.step, x.size)):
            if axis is not None:
                parts += [np.array([[0.3]]), 0.2 * (mean - floor), 0.1 + 0.9 * u[:, 3 - number]]
        return np.stack(np.broadcast_arrays(*parts), axis=-1)

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:
        """See :meth:`Parametric.in_own_units`."""
        p = p.copy()
        first = p.shape[1] - 3 * len(reference)
        for number, value in enumerate(reference.values()):
            i = first + 3 * number
            p[:, i : i + 2] *= (value ** p[:, i + 2])[:, None]
        return p


LAW = Transfer()
