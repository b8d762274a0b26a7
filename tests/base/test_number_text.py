"""Numbers as people read them."""

import math

import pytest

from phasemix.base.number_text import row_text


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_number_of_a_row_has_its_interval_where_there_is_one(missing):
    row = {"gain": -0.125, "gain_low": -0.2, "gain_high": 0.05}
    assert row_text(row, "gain", "+.1f") == "−12.5 (−20.0 to +5.0)"
    assert row_text(row, "gain", ".2f", scale=1) == "−0.12 (−0.20 to 0.05)"
    assert row_text(row | {"gain_low": missing, "gain_high": missing}, "gain", ".0f") == "−12"
    assert row_text(dict.fromkeys(row, missing), "gain", ".0f") == "–"
