"""DoGE: proportions that grow where a source's gradient helps all sources (arXiv 2310.15393).

Algorithm 1, for universal generalisation: W_j = ⟨∇L_j, Σ_i ∇L_i⟩, α ← α·exp(η·W / μ) / Σ, η being the learning rate.
What DoGE gives is the mean of α over the proxy's run. As in :mod:`phasemix.controllers.doremi`, sources are drawn by α
where DoGE weighs their gradients by it, and gradients are of held-out text.
"""

from phasemix.controllers._multiplicative import multiplied
from phasemix.controllers.controller import TRAINING, Controller, Seen


class DoGE(Controller):
    """DoGE with the coefficient ``mu`` (μ) of its Bregman divergence, and a uniform part ``smoothing``."""

    pass_cost = TRAINING

    def __init__(self, mu: float = 0.05, smoothing: float = 0.0) -> None:
        if mu <= 0:
            raise ValueError(f"mu must be more than 0, not {mu:g}")
        self._mu = mu
        self._smoothing = smoothing

    def proportions(self, seen: Seen) -> dict[str, float]:
        """The next α."""
        helps = {name: sum(products.values()) for name, products in seen.gradient_products.items()}
        exponents = {name: seen.learning_rate * help_ / self._mu for name, help_ in helps.items()}
        return multiplied(seen.proportions, exponents, self._smoothing)


CONTROLLER = DoGE
