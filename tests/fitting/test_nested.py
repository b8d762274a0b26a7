"""Laws of the mixture alone on runs at several steps."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.fitting.law import LawError
from phasemix.fitting.law_file import read_law, write_law
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from tests.laws.truth import DOMAINS


def test_nested_laws_pass_through_steps_and_sizes():
    """Laid through exact exponential fits at every step, step laws meet the steps between and beyond."""
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.ones(3), size=30)
    steps = np.array([1e3, 2e3, 4e3, 8e3, 1.6e4])

    def losses(step):
        return np.exp(mixture @ np.array([0.2, 0.5, 0.9])) * (1 + 30 * step**-0.5)

    def table(at):
        runs = np.repeat([f"r{i}" for i in range(30)], len(at)).astype(object)
        loss = np.stack([losses(step) for step in at], axis=1).ravel()
        return Runs(runs, DOMAINS, np.repeat(mixture, len(at), axis=0), ("x",), loss[:, None], step=np.tile(at, 30))

    fit = load_law("exponential").fit(table(steps))
    for at in ([2e3], [3e3], [6.4e4]):
        np.testing.assert_allclose(fit.predict(table(np.array(at))), table(np.array(at)).loss, rtol=1e-3)
    two = load_law("exponential").fit(table(steps[:2]))
    with pytest.raises(LawError, match="fitted at 2 steps"):
        two.predict(table(np.array([3e3])))


def test_nested_laws_keep_to_the_domains_that_all_steps_have(tmp_path):
    """At one step domain a's proportion never varies: the law leaves a out, and its file says the same."""
    rng = np.random.default_rng(0)
    mixture = np.concatenate([rng.dirichlet(np.ones(3), size=20), np.zeros((20, 3))])
    mixture[20:, 0] = 0.2
    mixture[20:, 1] = rng.uniform(0.1, 0.7, size=20)
    mixture[20:, 2] = 0.8 - mixture[20:, 1]
    step = np.repeat([100.0, 200.0], 20)
    loss = np.array([2.0, 3.0, 4.0]) / mixture**0.1 * (1 + 1 / np.sqrt(step))[:, None]
    runs = Runs(np.array([f"r{i}" for i in range(40)], object), DOMAINS, mixture, DOMAINS, loss, step=step)
    fit = load_law("bimix-power").fit(runs)
    assert fit.targets == ("b", "c")
    assert fit.skipped == {"a": "its own proportion never varies (step 200)"}
    np.testing.assert_allclose(fit.predict(runs), loss[:, 1:], rtol=1e-6)
    write_law(tmp_path / "law.json", fit)
    np.testing.assert_array_equal(read_law(tmp_path / "law.json").predict(runs), fit.predict(runs))
    with pytest.raises(LawError, match="the table needs a column step"):
        fit.predict(replace(runs, step=None))
