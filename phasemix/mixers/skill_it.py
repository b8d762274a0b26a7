"""Skill-It: a mixture that follows what is left to learn, by a graph of how domains help each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.search.mixer import Choice, Steer, require_runs, run_names
from phasemix.search.problem import Problem
from phasemix.search.single_domains import SingleDomains, helps

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class SkillIt(SingleDomains):
    """The target's run is steered by Skill-It; options as of :mod:`phasemix.controllers.skill_it`.

    The graph is learned from a small run on every domain alone: A_ij is by how much training on i lowers the loss on j,
    as a share of what the run that helps j least has (Skill-It's section 4.1, with that run in place of no training).
    """

    needs = "a small run on every domain alone, losses on every domain, and a trainer that can change the mixture"
    costs = "a small run a domain, and passes over held-out text"
    assumes = "that how domains help each other in small runs, they do in the target's, from its beginning to its end"
    source = "Skill-It, arXiv 2307.14430, algorithm 1"
    steers = "skill-it"

    def __init__(self, **options: float) -> None:
        self.options = Steer("skill-it", options).options

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """Equal proportions, and the graph, by which the controller changes them at once."""
        found = require_runs(self, runs).of_targets(problem.domains.names)
        helped = helps(problem, found)  # (loss, domain)
        domains = problem.domains.names
        graph = {domain: dict(zip(domains, helped[:, j].tolist(), strict=True)) for j, domain in enumerate(domains)}
        steer = Steer("skill-it", self.options, graph=graph)
        return Choice.constant(problem.domains.equal, steering=steer, runs=run_names(runs), cost=self.cost(problem))


MIXER = SkillIt
