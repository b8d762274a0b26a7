"""DoReMi's group DRO: proportions that grow where a proxy lags behind a reference model (arXiv 2305.10429).

Algorithm 1: λ_i is the mean over tokens of max(loss − the reference's, 0); α ← (1 − c)·α·exp(η·λ) / Σ + c / k. What
DoReMi gives is the mean of α over the proxy's run. DoReMi draws all sources equally and weighs their losses by α;
here they are drawn by α, which has the same expectation, so that mean is what the run read of every source. λ is of
held-out text, where DoReMi takes the batch.
"""

from phasemix.controllers._multiplicative import multiplied
from phasemix.controllers.controller import Controller, Seen


class DoReMi(Controller):
    """Group DRO with step size ``rate`` (η) and a uniform part ``smoothing`` (c)."""

    needs_reference = True

    def __init__(self, rate: float = 1.0, smoothing: float = 1e-3) -> None:
        self._rate = rate
        self._smoothing = smoothing

    def proportions(self, seen: Seen) -> dict[str, float]:
        """The next α."""
        exponents = {name: self._rate * excess for name, excess in seen.excess_losses.items()}
        return multiplied(seen.proportions, exponents, self._smoothing)


CONTROLLER = DoReMi
