"""DoReMi: the mixture on which a proxy does not fall behind a reference model anywhere."""

from phasemix.search.mixer import Steer, Trial
from phasemix.search.problem import Problem
from phasemix.search.steered_proxy import SteeredProxy, share_of_budget


class DoReMi(SteeredProxy):
    """The mean mixture of group DRO, with step size ``rate`` (η) and a uniform part ``smoothing`` (c).

    Reference and proxy begin with equal proportions and have half of the budget each.
    """

    needs = "two small runs that follow each other, the second one steered: a trainer that can change the mixture"
    costs = "two small runs as long as the budget allows, and passes over held-out text"
    assumes = "that the domain that lags most behind is worth most, and that what is best for the proxy stays so"
    source = "DoReMi, arXiv 2305.10429, algorithm 1"

    def __init__(self, rate: float = 1.0, smoothing: float = 1e-3) -> None:
        self.steer = Steer("doremi", {"rate": rate, "smoothing": smoothing}, reference=self.reference)

    @property
    def reference(self) -> str:
        """The name of the reference model's run."""
        return f"{self.name}-reference"

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """The reference, then the proxy that is compared with it."""
        scale = share_of_budget(problem, 1 / 2)
        return [[Trial(self.reference, scale)], [Trial(self.proxy, scale, self.steer)]]


MIXER = DoReMi
