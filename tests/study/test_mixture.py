"""What a mixture may be said to be."""

import pytest
from pydantic import ValidationError

from phasemix.base.errors import PhasemixError
from phasemix.study.mixture import MixtureSpec, Phase, Steering, mixed_at

STEERING = Steering(controller="exponentiated-gradient", every_tokens=1000)


def phases(*untils, **proportions):
    return [Phase(proportions=proportions or {"a": 1.0}, until=until) for until in untils]


def test_paper_as_mixture_is_two_sources_in_order():
    mixture = mixed_at(0.3, "synbio", "web")
    assert mixture.sources == ("synbio", "web")
    assert mixture.proportions == {"synbio": 0.3, "web": 0.7}


@pytest.mark.parametrize(
    ("proportions", "message"),
    [
        ({"a": 0.5, "b": 0.4}, "the proportions of a, b sum to 0.9, not to 1"),
        ({"a": 1.5, "b": -0.5}, "the proportion of a, 1.5, must be from 0 to 1"),
        ({}, "at least 1 item"),
    ],
)
def test_proportions_sum_to_one(proportions, message):
    with pytest.raises(ValidationError, match=message):
        Phase(proportions=proportions)


def test_a_source_may_have_no_part_and_rounding_is_forgiven():
    assert Phase(proportions={"a": 1.0, "b": 0.0}).proportions["b"] == 0
    assert len(Phase(proportions=dict.fromkeys("abcdefghij", 0.1)).proportions) == 10


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (phases(10), "the last phase goes on to the end of the run"),
        (phases(None, None), "every phase but the last needs until"),
        (phases(10, 10, None), "these must rise"),
        (phases(20, 10, None), "these must rise"),
        ([*phases(10), *phases(None, b=1.0)], "the same sources in the same order"),
        ([*phases(10, a=0.5, b=0.5), *phases(None, b=0.5, a=0.5)], "the same sources in the same order"),
        ([], "at least 1 item"),
    ],
)
def test_phases_follow_each_other(parts, message):
    with pytest.raises(ValidationError, match=message):
        MixtureSpec(phases=parts)


def test_a_steered_mixture_has_one_phase():
    assert MixtureSpec(phases=phases(None), steering=STEERING).steering == STEERING
    with pytest.raises(ValidationError, match="a mixture that is steered has one phase"):
        MixtureSpec(phases=phases(10, None), steering=STEERING)


def test_a_mixture_may_stand_in_a_file(tmp_path):
    file = tmp_path / "best.json"
    mixture = MixtureSpec(phases=[Phase(proportions={"a": 0.5, "b": 0.25, "c": 0.25})], file=str(file))
    assert mixture.sources == ("a", "b", "c")
    assert not mixture.known
    with pytest.raises(PhasemixError, match=r"best\.json: holds no proportions of the sources"):
        mixture.read()
    for wrong in ('{"a": 0.5, "b": 0.5}', '{"a": 0.5, "b": 0.5, "c": 0.5}', '{"a": 1, "b": 0, "c": 0, "d": 0}', "[1]"):
        file.write_text(wrong)
        with pytest.raises(PhasemixError, match=r"best\.json: holds no proportions of the sources"):
            mixture.read()
    file.write_text('{"c": 0.25, "a": 0.5, "b": 0.25}')
    assert mixture.read() == MixtureSpec.constant({"a": 0.5, "b": 0.25, "c": 0.25})
    assert mixture.read().known
    assert mixture.read().read() is not mixture
