"""What users ask of the best mixture: what is refused, what is stated."""

import pytest

from phasemix.fitting.law import LawError
from phasemix.fitting.objective_options import choose
from phasemix.laws import load_law
from tests.laws.truth import exact_fit, truth


@pytest.fixture(scope="module")
def exponential():
    return exact_fit("exponential")


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ({"target": "x=1"}, "--target: no domain 'x'; there are a, b, c"),
        ({"target": "a=0"}, "all weights are 0"),
        ({"target": "a=much"}, "'much' is not a number"),
        ({"cap": ["a=4"]}, "write DOMAIN=EPOCHS:TOKENS"),
        ({"target": "a"}, "--target a: write DOMAIN=WEIGHT"),
        ({"cap": ["a=4:100"]}, "--cap needs --step"),
        ({"kl": 1.0}, "--kl needs --prior"),
        ({"prior": "d=1", "kl": 1.0}, "--prior: no domain 'd'"),
        ({"target": "a=1,a=2"}, "a is there twice"),
        ({"cap": ["a=1:2", "a=1:3"], "step": 10.0}, "a is capped twice"),
    ],
)
def test_wishes_that_cannot_be_met_are_one_line(exponential, wish, line):
    with pytest.raises(LawError, match=line.replace("(", r"\(")):
        choose(exponential, **wish)


def test_a_size_or_step_without_bearing_is_refused(exponential):
    """The runs have no such column, or all the same other size."""
    with pytest.raises(LawError, match="no bearing: the fitted runs have no column size; leave it out"):
        choose(exponential, size=1e6)
    one = truth("transfer", mixtures=12).runs
    fit = load_law("transfer").fit(one.rows(one.size == 1e7))
    with pytest.raises(LawError, match=r"no bearing: all fitted runs have size 1e\+07; leave it out"):
        choose(fit, size=1e6)
    assert choose(fit, size=1e7, step=1e4)[1] == []


def test_a_step_that_caps_alone_need_is_stated(exponential):
    objective, notes = choose(exponential, step=1e3, cap=["a=2:100"])
    assert notes == ["--step 1000 counts for --cap alone: the fitted runs have no column step"]
    assert objective.caps.tolist() == [0.2, 1, 1]
