"""Laws of the mixture alone on runs at several steps."""

from dataclasses import replace

import numpy as np
import pytest

from phasemix.fitting.law import LawError
from phasemix.fitting.law_file import read_law, write_law
from phasemix.fitting.runs import Runs
from phasemix.fitting.size_curve import fit_size_curves
from phasemix.fitting.step_curve import fit_step_curves, step_curve
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
    with pytest.raises(LawError, match="runs have 2 steps or fewer; for another step it needs 3"):
        two.predict(table(np.array([3e3])))


def sized(sizes, steps=(1e3, 4e3, 1.6e4, 6.4e4), mixtures=20, own=False):
    """BiMix's losses, whose α and C depend on the size; with ``own``, every size has mixtures of its own."""
    rng = np.random.default_rng(0)
    rows, mixture = [], np.empty(0)
    for number, size in enumerate(sizes):
        if own or not number:
            mixture = 0.05 + 0.85 * rng.dirichlet(np.ones(3), mixtures)
        for i, step in ((i, step) for i in range(mixtures) for step in steps):
            factor = 1 + 20 * size**-0.3
            loss = (factor * 2 / mixture[i] ** 0.1) * (30 / step**0.6 + 1)
            rows.append((f"r{number if own else ''}{i}", mixture[i], size, step, loss))
    run, mixture, size, step, loss = (list(column) for column in zip(*rows, strict=True))
    return Runs(
        np.array(run, object), DOMAINS, np.array(mixture), DOMAINS, np.array(loss), np.array(size), np.array(step)
    )


@pytest.mark.parametrize("own", [False, True], ids=["mixtures at all sizes", "mixtures of every size's own"])
def test_bimix_is_fitted_size_by_size(own, tmp_path):
    """At another size by size laws: of the mixtures, or, where none has several sizes, of what the fits predict."""
    runs = sized([1e6, 4e6, 1.6e7], own=own)
    fit = load_law("bimix").fit(runs)
    table = fit.parameters()
    assert sorted(table["size"].unique()) == [1e6, 4e6, 1.6e7]
    np.testing.assert_allclose(table.loc[table["parameter"] == "alpha", "value"], 0.1, rtol=1e-3)
    np.testing.assert_allclose(fit.predict(runs), runs.loss, rtol=1e-4)
    larger = sized([6.4e7])
    np.testing.assert_allclose(fit.predict(larger), larger.loss, rtol=2e-3)
    write_law(tmp_path / "law.json", fit)
    np.testing.assert_array_equal(read_law(tmp_path / "law.json").predict(larger), fit.predict(larger))
    with pytest.raises(LawError, match="fitted at 2 sizes; for another it needs 3"):
        load_law("bimix").fit(sized([1e6, 4e6], own=True)).predict(larger)


def test_size_curves_share_their_exponent():
    """With noise, an exponent for each curve would pass through it; one for all does not."""
    rng = np.random.default_rng(0)
    size = np.broadcast_to([1e6, 3e6, 1e7], (30, 3))
    amount, floor = rng.uniform(20, 40, 30), rng.uniform(1.5, 2.5, 30)
    clean = floor[:, None] + amount[:, None] * size**-0.25
    found = fit_size_curves(size, clean, np.ones_like(clean))
    np.testing.assert_allclose(found, np.stack([np.log(amount), np.full(30, 0.25), floor], axis=1), rtol=1e-3)
    noisy = clean * (1 + 0.003 * rng.normal(size=clean.shape))
    truth = floor + amount * 3e7**-0.25

    def error(theta):
        return np.abs(step_curve(theta, np.full((30, 1), 3e7))[0][:, 0] / truth - 1).mean()

    there = np.ones_like(noisy)
    assert error(fit_size_curves(size, noisy, there)) < 0.7 * error(fit_step_curves(size, noisy, there)[0])


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
