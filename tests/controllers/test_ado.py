"""ADO: laws recovered from noiseless losses, and its proportions worked out by hand (section 3)."""

import numpy as np
import pytest

from phasemix.controllers.ado import ADO, fit_power_law, learning_speed, preferred
from tests.controllers.seen import seen

TOKENS = np.linspace(1e5, 2e6, 20)


def law(floor, fall, exponent):
    return floor + fall * (TOKENS / TOKENS[-1]) ** -exponent


@pytest.mark.parametrize("truth", [(2.0, 1.0, 0.3), (1.0, 2.5, 0.15), (3.0, 0.4, 0.7)])
def test_a_law_is_recovered(truth):
    assert fit_power_law(TOKENS.tolist(), law(*truth).tolist()) == pytest.approx(truth, rel=0.02)


def test_one_bad_measurement_does_not_move_it_much():
    losses = law(2.0, 1.0, 0.3)
    losses[5] *= 1.2
    floor, fall, exponent = fit_power_law(TOKENS.tolist(), losses.tolist())
    assert exponent * fall == pytest.approx(0.3, rel=0.05)
    assert floor == pytest.approx(2.0, rel=0.1)


def test_losses_that_rise_are_no_trouble():
    floor, fall, exponent = fit_power_law(TOKENS.tolist(), (3 + TOKENS / 1e7).tolist())
    assert np.isfinite([floor, fall, exponent]).all()


def test_the_speed_of_learning_is_the_slope():
    assert learning_speed((2.0, 1.0, 0.3), 2e6) == pytest.approx(0.3 * 1.0 / 2e6)
    assert learning_speed((2.0, 1.0, 0.01), 2e6) == pytest.approx(0.05 * 1.0 / 2e6)


def test_the_preference_by_hand():
    """.5·√.25·3 to .5·√1·1 is 3 to 2; of the third source there is a tenth at least."""
    found = preferred([0.5, 0.5, 0.5], [0.25, 1.0, 1.0], [3.0, 1.0, 0.001], 0.5, 0.1)
    total = 0.75 + 0.5 + 0.0005
    raised = np.array([0.75 / total, 0.5 / total, 0.1])
    assert found == pytest.approx(raised / raised.sum())


def test_its_first_step_away_from_the_prior_by_hand():
    """After four measurements of two laws: a tenth of ρ, and the rest of the prior."""
    controller, prior = ADO(least=0.0), {"a": 0.5, "b": 0.5}
    assert controller.proportions(seen(prior, None, tokens=0)) == prior
    slow, fast = (2.0, 1.0, 0.1), (2.0, 1.0, 0.3)
    curves = [parts[0] + parts[1] * (np.arange(1, 5) / 4) ** -parts[2] for parts in (slow, fast)]
    for i in range(3):
        losses = {"a": curves[0][i], "b": curves[1][i]}
        assert controller.proportions(seen(prior, losses, tokens=1000 * (i + 1))) == prior
    found = controller.proportions(seen(prior, {"a": curves[0][3], "b": curves[1][3]}, tokens=4000))
    assert found["b"] == pytest.approx(0.1 * 0.75 + 0.9 * 0.5, abs=0.002)
    assert sum(found.values()) == pytest.approx(1)


def test_it_waits_until_so_many_tokens_are_read():
    controller, prior = ADO(warmup=3500), {"a": 0.5, "b": 0.5}
    for i in range(8):
        losses = {"a": 3.0 + 1 / (i + 1), "b": 3.0 + 5 / (i + 1)}
        found = controller.proportions(seen(prior, losses, tokens=1000 * i))
        assert (found == prior) == (i < 7)  # of the losses at 4,000 tokens and later, the fourth is at 7,000
