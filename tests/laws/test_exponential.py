"""The exponential law."""

import numpy as np
import pytest

from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from tests.laws.truth import DOMAINS, value_at

TRUTH = [[1.8, -0.6, 0.4, 0.9], [2.2, 0.8, -0.9, 0.3], [1.2, 1.0, 0.6, -0.7]]
REPEATS = 8


def test_by_hand():
    assert value_at("exponential", [1.0, 2 * np.log(2), 0.0, 0.0]) == pytest.approx(1 + 2)


def test_a_domain_never_mixed_in_is_not_identified():
    """With c always at 0 nothing can be known of it; a and b alone decide."""
    rng = np.random.default_rng(0)
    mixture = np.column_stack([rng.dirichlet(np.ones(2), 40), np.zeros(40)])
    loss = (1.8 + np.exp(mixture @ np.array([-0.6, 0.4, 0.0])))[:, None]
    names = np.array([f"r{i}" for i in range(40)], object)
    fit = load_law("exponential").fit(Runs(names, DOMAINS, mixture, ("x",), loss))
    assert "x: the runs do not identify t[c]" in fit.notes
    table = fit.parameters().set_index("parameter")
    assert not table.loc["t[c]", "identified"]
    assert np.isnan(table.loc["t[c]", "low"])
    assert table.loc["t[a]", "value"] == pytest.approx(-0.6, rel=1e-4)
    low, high = fit.interval(fit.runs)
    assert np.isfinite(low).all()
    assert np.isfinite(high).all()
