"""Mixers that need no runs, worked out by hand, and what is said where they lack something."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.mixers import NAMES, load_mixer
from phasemix.search.mixer import warnings
from tests.mixers.world import DOMAINS, PROBLEM


def chosen(name, problem=PROBLEM, **options):
    return load_mixer(name, options).choose(problem, None)


def test_natural_and_uniform():
    assert chosen("natural").mean.tolist() == pytest.approx([0.6, 0.3, 0.1])
    assert chosen("uniform").mean.tolist() == pytest.approx([1 / 3] * 3)


def test_unimax_is_uniform_as_far_as_domains_reach():
    """Of books a million tokens once are an eighth of eight; the two others share the rest, of code 3/8 at most."""
    found = chosen("unimax", replace(PROBLEM, epochs=1.0)).mean
    assert found.tolist() == pytest.approx([1 - 1 / 8 - 3 / 8, 3 / 8, 1 / 8])
    assert chosen("unimax").mean.tolist() == pytest.approx([1 / 3] * 3), "four epochs are plenty"


def test_mixers_by_entropies():
    powers = np.exp([2.0, 1.0, 1.5])
    for name in ("shannon", "joint", "conditional", "von-neumann"):
        assert chosen(name).mean == pytest.approx(powers / powers.sum())


def test_published_proportions_are_made_to_sum_to_one():
    assert chosen("published").mean.tolist() == pytest.approx([0.5, 0.3, 0.2])


def test_published_proportions_as_options_go_before_the_table_of_domains():
    found = chosen("published", books=0.4, web=1.0, code=0.6)
    assert found.mean.tolist() == pytest.approx([0.5, 0.3, 0.2]), "in the order of the domains"
    with pytest.raises(PhasemixError, match="must be given for each of web, code, books, and for no other"):
        load_mixer("published", {"web": 0.5, "code": 0.5}).rounds(PROBLEM)
    with pytest.raises(PhasemixError, match="must be at least 0"):
        load_mixer("published", {"web": 1.5, "code": -0.5, "books": 0.0}).rounds(PROBLEM)


def test_medu_is_a_portfolio_of_utilities():
    """w = (u − ν) / 2λ with λ = 1: differences of utilities are halved, about a third."""
    found = chosen("medu").mean
    mean = np.mean([0.5, 0.2, 0.9])
    assert found == pytest.approx(1 / 3 + (np.array([0.5, 0.2, 0.9]) - mean) / 2)
    assert chosen("medu", penalty=100.0).mean == pytest.approx([1 / 3] * 3, abs=0.003)


@pytest.mark.parametrize("name", ["natural", "unimax", "two-phase"])
def test_tokens_that_nobody_has_counted(name):
    problem = replace(PROBLEM, domains=replace(DOMAINS, tokens=None), epochs=1.0)
    with pytest.raises(PhasemixError, match="needs the tokens of every domain: give them as a column tokens"):
        load_mixer(name).choose(problem, None)


def test_a_measure_that_nobody_has_taken():
    problem = replace(PROBLEM, domains=replace(DOMAINS, measures={}))
    with pytest.raises(PhasemixError, match="shannon needs a measure shannon of every domain"):
        chosen("shannon", problem)


def test_more_tokens_than_epochs_allow():
    line = r"0\.5 epochs of all domains are 5,000,000 tokens, and the run reads 8,000,000: allow more epochs"
    with pytest.raises(PhasemixError, match=line):
        chosen("unimax", replace(PROBLEM, epochs=0.5))


def test_warnings_name_what_is_odd():
    problem = replace(PROBLEM, epochs=2.0)
    assert warnings(problem, chosen("uniform", problem)) == ["books is read 2.67 times, and 2 are allowed"]
    alone = replace(problem, domains=replace(DOMAINS, measures={"published": np.array([1.0, 0.0, 0.0])}))
    assert warnings(replace(alone, epochs=None), chosen("published", alone)) == [
        "web has 100 % of the mixture: it has collapsed to one domain",
        "left out of the mixture: code, books",
    ]


def test_mixers_are_found_by_listing_their_folder():
    assert {"natural", "doremi", "duet", "regmix-lightgbm", "two-phase"} <= set(NAMES)
    with pytest.raises(PhasemixError, match=r"no mixer is named 'doremy'\. Did you mean doremi\?"):
        load_mixer("doremy")
    with pytest.raises(PhasemixError, match=r"the options do not fit the mixer utilimax: .*'penaltie'"):
        load_mixer("utilimax", {"penaltie": 1.0})


@pytest.mark.parametrize("name", NAMES)
def test_every_mixer_says_what_it_needs_costs_and_assumes(name):
    mixer = load_mixer(name)
    assert mixer.name == name
    for sentence in (mixer.needs, mixer.costs, mixer.assumes, mixer.source):
        assert sentence
        assert "\n" not in sentence
        assert not sentence.endswith(".")


@pytest.mark.parametrize("name", [name for name in NAMES if load_mixer(name).rounds(PROBLEM)])
def test_without_runs_a_mixer_that_needs_them_says_so(name):
    with pytest.raises(PhasemixError, match="chooses from small runs, and there are none yet"):
        load_mixer(name).choose(PROBLEM, None)
