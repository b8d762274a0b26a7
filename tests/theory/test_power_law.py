"""The broad domain's loss: by hand, against differences, and at its ends."""

import numpy as np
import pytest
from hypothesis import given

from phasemix.theory.power_law import PowerLaw
from tests.theory.instances import broads, capacities


def test_a_law_worked_out_by_hand() -> None:
    law = PowerLaw(scale=8, exponent=1, floor=2)
    assert law.loss(4) == 4
    assert law.gain(4) == 0.5
    assert law.capacity(0.5) == 4


@given(broads, capacities)
def test_the_gain_is_the_slope_of_the_loss_and_the_capacity_its_inverse(law: PowerLaw, capacity: float) -> None:
    step = 1e-4 * capacity
    slope = (law.loss(capacity - step) - law.loss(capacity + step)) / (2 * step)
    assert law.gain(capacity) == pytest.approx(slope, rel=1e-5)
    assert law.capacity(law.gain(capacity)) == pytest.approx(capacity)


def test_both_ends() -> None:
    law = PowerLaw(scale=8, exponent=0.3, floor=2)
    assert law.loss(0) == law.gain(0) == law.capacity(0) == np.inf
    assert law.capacity(np.inf) == 0
    assert law.loss(1e60) == pytest.approx(2)


def test_any_shape() -> None:
    law, table = PowerLaw(scale=8, exponent=0.3), np.ones((2, 3))
    assert law.loss(table).shape == law.gain(table).shape == law.capacity(table).shape == (2, 3)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((0, 1), "scale is 0: it must be positive"),
        ((-1, 1), "scale is -1: it must be positive"),
        ((1, 0), "exponent is 0: it must be positive"),
        ((1, np.nan), "exponent is nan: it must be positive and finite"),
        ((1, 1, -2), "floor is -2: it must be at least 0"),
        ((1, 1, np.inf), "floor is inf: it must be at least 0 and finite"),
    ],
)
def test_what_is_no_falling_law(numbers: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PowerLaw(*numbers)


def test_what_is_no_capacity_and_no_gain() -> None:
    law = PowerLaw(scale=8, exponent=0.3)
    with pytest.raises(ValueError, match="capacity is -3: it must be at least 0"):
        law.loss([1, -3])
    with pytest.raises(ValueError, match="capacity is inf: it must be at least 0 and finite"):
        law.gain(np.inf)
    with pytest.raises(ValueError, match="gain is -1: it must be at least 0"):
        law.capacity([1, -1])
