"""Mixers that steer runs: which runs they ask for, and what they make of them."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.controllers.controller import controller_class, make_controller
from phasemix.fitting.runs import Runs
from phasemix.mixers import NAMES, load_mixer
from tests.mixers.world import NAMES as DOMAINS
from tests.mixers.world import PROBLEM, measured, searched


def test_doremi_compares_its_proxy_with_a_reference():
    mixer = load_mixer("doremi", {"rate": 2.0})
    [reference], [proxy] = mixer.rounds(PROBLEM)
    assert (reference.name, proxy.name) == ("doremi-reference", "doremi-proxy")
    assert mixer.mixtures(PROBLEM, 1, None).tolist() == [[1 / 3] * 3]
    assert reference.steering is None
    assert (proxy.steering.controller, proxy.steering.reference) == ("doremi", "doremi-reference")
    assert proxy.steering.options == {"rate": 2.0, "smoothing": 1e-3}
    assert reference.scale.tokens + proxy.scale.tokens == 24 * 2e6


@pytest.mark.parametrize("name", ["doremi", "doge"])
def test_the_target_reads_what_the_proxy_read_on_average(name):
    """The table of runs has the mean proportions of a steered run as its mixture."""
    mixture = np.array([[0.5, 0.3, 0.2]] * 2)
    runs = Runs(np.array(["other", f"{name}-proxy"], dtype=object), DOMAINS, mixture, DOMAINS, np.ones((2, 3)))
    assert load_mixer(name).choose(PROBLEM, runs).mean.tolist() == [0.5, 0.3, 0.2]
    with pytest.raises(PhasemixError, match=f"the table of runs lacks {name}-proxy"):
        load_mixer(name).choose(PROBLEM, runs.rows(np.array([0])))


def test_skill_its_graph_by_hand():
    """A_ij: how much lower the loss on j is after i alone than after the run that is worst for j, as its share."""
    mixer = load_mixer("skill-it")
    runs = measured(mixer.rounds(PROBLEM)[0], mixer.mixtures(PROBLEM, 0, None))
    choice = mixer.choose(PROBLEM, runs)
    graph = choice.steering.graph
    last = {name: row for row, name in enumerate(runs.run)}
    for i in DOMAINS:
        for place, j in enumerate(DOMAINS):
            of_j = {domain: runs.loss[last[f"alone-{domain}"], place] for domain in DOMAINS}
            worst = max(of_j.values())
            assert graph[i][j] == pytest.approx((worst - of_j[i]) / worst)
    assert graph["web"]["web"] > 0.3
    assert graph["web"]["code"] == 0


@pytest.mark.parametrize("name", [name for name in NAMES if load_mixer(name).steers])
def test_what_steers_the_target_is_a_controller_that_takes_these_options(name):
    mixer = load_mixer(name)
    choice = searched(mixer)
    assert choice.steering.controller == mixer.steers
    assert controller_class(mixer.steers).needs_graph == (choice.steering.graph is not None)
    make_controller(choice.steering.controller, choice.steering.options, choice.steering.graph)


def test_two_phases_keep_the_caps_of_the_whole_run():
    """What the first phase has read of a domain is lacking in the second."""
    problem = replace(PROBLEM, epochs=1.0)
    choice = searched(load_mixer("two-phase"), problem)
    assert [end for end, _ in choice.phases] == [0.6, 1.0]
    assert (choice.mean <= problem.caps + 1e-9).all()
    assert choice.phases[0][1].tolist() == pytest.approx([0.6, 0.3, 0.1])
