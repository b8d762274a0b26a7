"""Learning rates, step by step."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from phasemix.study.cell import Recipe
from phasemix.training.learning_rate_schedules import learning_rate


def rates(steps=100, **recipe):
    recipe = Recipe(
        tokens=2 * steps, batch_size=1, context=2, **{"warmup_steps": 10, "peak_learning_rate": 2.0, **recipe}
    )
    return [learning_rate(step, recipe) for step in range(steps)]


def test_wsd_warms_up_stays_and_cools_down():
    found = rates(schedule="wsd", cooldown_fraction=0.2)
    assert found[:10] == pytest.approx([0.2 * (i + 1) for i in range(10)])
    assert found[10:80] == [2.0] * 70
    assert found[80:] == pytest.approx([2.0 * (20 - i) / 21 for i in range(20)])


def test_the_cooldown_begins_at_its_step_whatever_the_horizon():
    for steps in (57, 100, 333):
        recipe = Recipe(tokens=2 * steps, batch_size=1, context=2, warmup_steps=10, peak_learning_rate=2.0)
        found = [learning_rate(step, recipe) for step in range(steps)]
        assert found[recipe.cooldown_step - 1] == 2.0 > found[recipe.cooldown_step]
        assert found[: recipe.cooldown_step] == rates(steps=1000)[: recipe.cooldown_step]


def test_cosine_ends_at_a_tenth_of_the_peak():
    found = rates(schedule="cosine")
    assert found[10] == 2.0
    assert found[55] == pytest.approx(2.0 * 0.55)  # half way: the mean of 1 and .1
    assert found[-1] == pytest.approx(0.2, rel=0.01)
    assert found[10:] == sorted(found[10:], reverse=True)


def test_exponential_falls_by_equal_factors_to_a_tenth_of_the_peak():
    found = rates(schedule="exponential")
    assert found[10] == 2.0
    assert found[55] == pytest.approx(2.0 * 0.1**0.5)  # half way
    assert found[-1] == pytest.approx(0.2, rel=0.03)
    factors = [then / now for now, then in pairwise(found[10:])]
    assert factors == pytest.approx([0.1 ** (1 / 90)] * 89)


def test_constant_stays():
    assert rates(schedule="constant")[10:] == [2.0] * 90


def test_a_run_shorter_than_its_warm_up_is_refused():
    with pytest.raises(ValidationError, match="not more than the 10 warm-up steps"):
        rates(steps=10)
