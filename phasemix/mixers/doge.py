"""DoGE: the mixture of domains whose gradients help all domains."""

from phasemix.search.mixer import Steer, Trial
from phasemix.search.problem import Problem
from phasemix.search.steered_proxy import SteeredProxy, share_of_budget


class DoGE(SteeredProxy):
    """The mean mixture of DoGE, with the coefficient ``mu`` (μ) of its Bregman divergence.

    The proxy begins with equal proportions, and has half of the budget; its gradients may cost the rest.
    """

    needs = "a small run that is steered by gradients: a trainer that can change the mixture"
    costs = "a small run as long as half of the budget allows, and gradients of held-out text of every domain"
    assumes = "that gradients tell what helps later on, and that what is best for the proxy stays so"
    source = "DoGE, arXiv 2310.15393, algorithm 1"

    def __init__(self, mu: float = 0.05) -> None:
        self.steer = Steer("doge", {"mu": mu})

    def rounds(self, problem: Problem) -> list[list[Trial]]:
        """The proxy alone."""
        return [[Trial(self.proxy, share_of_budget(problem, 1 / 2), self.steer)]]


MIXER = DoGE
