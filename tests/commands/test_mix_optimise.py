"""``phasemix mix optimise``: what it writes and shows."""

import json

import numpy as np
import pandas as pd
import pytest

from phasemix.cli import run
from tests.laws.truth import DOMAINS, truth


def test_mix_optimise_on_the_command_line(tmp_path, capsys):
    runs = truth("bimix").noisy(0.01, np.random.default_rng(0))
    pd.DataFrame(runs.columns()).to_csv(tmp_path / "runs.csv", index=False)
    law, out = str(tmp_path / "law.json"), tmp_path / "optimum.json"
    run(["laws", "fit", str(tmp_path / "runs.csv"), "--law", "bimix", "--out", law])
    arguments = ["mix", "optimise", law, "--step", "2e5", "--cap", "a=4:5000", "b=1:1e5", "--bootstrap", "12"]
    run([*arguments, "--prior", "runs", "--kl", ".05", "--target", "a=1,b=2,c=1", "--out", str(out)])
    shown = capsys.readouterr()
    assert "outside the fitted runs" in shown.err
    record = json.loads(out.read_text())
    mixture = {row["domain"]: row for row in record["mixture"]}
    assert set(mixture) == set(DOMAINS)
    assert mixture["a"]["proportion"] == pytest.approx(0.1, abs=1e-6)  # 4 · 5000 / 2e5
    assert mixture["b"]["proportion"] <= 0.5 + 1e-9
    assert all(row["low"] <= row["proportion"] + 0.05 for row in record["mixture"])
    assert record["certificate"] in shown.out
    prior = np.array([mixture[name]["prior"] for name in DOMAINS])
    np.testing.assert_allclose(prior, runs.mixture.mean(axis=0))
    assert record["gain"]["low"] <= record["gain"]["high"]
    assert 0 <= record["gain"]["sure"] <= 1
    assert f"loss {record['gain']['value']:.4g} below the prior's" in shown.out
