"""Runs to several horizons that share a trunk, bit for bit those that they would be alone."""

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from tests.conftest import small_cell
from tests.training.processes import arguments_of
from tests.training.processes import run as script
from tests.training.runs import exploding_at, killed_at, metrics, run, trunk_of, weights

HORIZONS = [small_cell(recipe={"tokens": steps * 4 * 32}) for steps in (80, 120, 180)]
LONGER = [small_cell(recipe={"tokens": steps * 4 * 32}) for steps in (200, 300)]


def test_horizons_branched_off_a_trunk_are_the_runs_they_would_be_alone(data, tmp_path):
    """Bit for bit, from a chain of links; and they train far fewer tokens together."""
    state, trained = None, 0
    for i, cell in enumerate(HORIZONS):
        state = trunk_of(cell, data, tmp_path / f"trunk{i}", state)
        branch = run(cell, data, tmp_path / f"branch{i}", start=state)
        alone = run(cell, data, tmp_path / f"alone{i}")
        assert weights(branch) == weights(alone)
        manifests = [read_json(folder / "manifest.json") for folder in (branch, alone)]
        assert manifests[0]["tokens"] == manifests[1]["tokens"] == cell.recipe.tokens
        assert manifests[0]["exposures"] == manifests[1]["exposures"]
        assert metrics(branch)["step"].is_monotonic_increasing
        assert metrics(branch)["step"].iloc[-1] == cell.recipe.steps
        trained += manifests[0]["trained_tokens"] + read_json(state.parent / "manifest.json")["trained_tokens"]
    steps = [cell.recipe.steps for cell in HORIZONS]
    assert trained == 4 * 32 * (HORIZONS[-1].recipe.cooldown_step + sum(round(0.1 * n) for n in steps))
    assert trained < 0.6 * 4 * 32 * sum(steps)


def test_a_trunk_and_a_branch_killed_and_started_again_end_in_the_same_bytes(data, tmp_path):
    """SIGKILL before and after the branch point."""
    first, second = LONGER
    whole = run(second, data, tmp_path / "whole")
    start = trunk_of(first, data, tmp_path / "first")
    trunk, options = tmp_path / "second", ("--checkpoint-seconds", "0")
    link = (*options, "--start", str(start), "--trunk", str(trunk))
    assert 200 <= killed_at(200, second, data, tmp_path, *link) < 270
    assert script("train", *arguments_of(second, data, tmp_path, *link), log=tmp_path / "log").process.exitcode == 0
    assert read_json(trunk / "manifest.json")["resumed_from"][0] >= 199
    branch = (*options, "--start", str(trunk / "state.pt"), "--out", str(tmp_path / "run"))
    assert 271 <= killed_at(271, second, data, tmp_path, *branch) < 300
    assert script("train", *arguments_of(second, data, tmp_path, *branch), log=tmp_path / "log").process.exitcode == 0
    assert weights(tmp_path / "run") == weights(whole)


def test_a_trunk_of_another_configuration_is_refused_by_name(data, tmp_path):
    state = trunk_of(HORIZONS[0], data, tmp_path / "trunk")
    other = small_cell(seed=1, recipe={"tokens": 120 * 4 * 32})
    with pytest.raises(PhasemixError, match=r"state.pt: of another configuration, not used \(seed 0, here 1\)"):
        run(other, data, tmp_path, start=state)
    assert not (tmp_path / "run").exists()


def test_a_trunk_beyond_the_cooldown_or_of_another_schedule_is_refused(data, tmp_path):
    long = trunk_of(HORIZONS[2], data, tmp_path / "trunk")
    with pytest.raises(PhasemixError, match="stands at step 162, and this cell cools down from step 72 on"):
        run(HORIZONS[0], data, tmp_path, start=long)
    with pytest.raises(PhasemixError, match="runs of schedule cosine share no trunk"):
        run(small_cell(recipe={"schedule": "cosine"}), data, tmp_path, start=long)
    with pytest.raises(PhasemixError, match="is not there; train the trunk first"):
        run(HORIZONS[0], data, tmp_path, start=tmp_path / "none.pt")
    assert not (tmp_path / "run").exists()


def test_a_diverged_trunk_ends_its_branches(data, tmp_path, monkeypatch):
    exploding_at(50, monkeypatch, before=True)
    state = trunk_of(HORIZONS[0], data, tmp_path / "trunk")
    branch = run(HORIZONS[0], data, tmp_path, start=state)
    assert read_json(state.parent / "manifest.json")["diverged_at"] == 50
    assert read_json(branch / "manifest.json")["diverged_at"] == 50
    assert read_json(branch / "manifest.json")["trained_tokens"] == 0
