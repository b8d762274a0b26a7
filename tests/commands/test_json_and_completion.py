"""What commands print for other programs, and for shells."""

import json
import subprocess

import numpy as np
import pandas as pd
import pytest

from phasemix.cli import run
from tests.laws.truth import truth


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "runs.csv"
    runs = truth("transfer", mixtures=12).noisy(0.005, np.random.default_rng(0))
    pd.DataFrame(runs.columns()).to_csv(path, index=False)
    return path


def printed(capsys, *arguments):
    run([*map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def test_every_command_as_json(table, tmp_path, capsys):
    law, out = tmp_path / "law.json", tmp_path / "out.csv"
    fitted = printed(capsys, "laws", "fit", table, "--law", "transfer", "--out", law)
    assert {row["parameter"] for row in fitted["parameters"]} >= {"E", "alpha", "K[a]"}
    predicted = printed(capsys, "laws", "predict", law, table, "--out", out)
    assert len(predicted["predictions"]) == len(pd.read_csv(table))
    assert predicted["predictions"][0]["outside"] == ""
    compared = printed(capsys, "laws", "compare", table, "--laws", "transfer", "additive", "--out", out)
    assert {row["law"] for row in compared["laws"]} == {"transfer", "additive", "auto"}
    best = printed(capsys, "mix", "optimise", law, "--bootstrap", "0")
    assert sum(row["proportion"] for row in best["mixture"]) == pytest.approx(1)
    assert best["gain"]["value"] >= 0
    assert best["gain"]["sure"] is None


def test_auto_chooses_as_compare_does_and_says_why(table, tmp_path, capsys):
    names = ["--laws", "transfer", "regmix-linear", "additive"]
    run(["laws", "compare", str(table), "--holdout", "size", *names, "--out", str(tmp_path / "out.csv")])
    said = capsys.readouterr().err
    assert "no auto: 3 sizes are needed to choose a law for larger models; there are 2" in said
    run(["laws", "compare", str(table), *names, "--out", str(tmp_path / "out.csv")])
    said = capsys.readouterr().err
    assert "auto: transfer has the least error on held-out mixtures, in 5 folds" in said
    rows = pd.read_csv(tmp_path / "out.csv").set_index("law")
    assert rows.loc["auto", "mean_relative_error"].tolist() == rows.loc["transfer", "mean_relative_error"].tolist()


def test_fit_auto(table, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("phasemix.commands.laws_fit.NAMES", ("transfer", "regmix-linear"))
    run(["laws", "fit", str(table), "--law", "auto", "--out", str(tmp_path / "law.json")])
    found = json.loads((tmp_path / "law.json").read_text())
    assert found["law"] == "transfer"
    assert found["notes"][0].startswith("auto: transfer has the least error on held-out mixtures")
    assert found["notes"][0] in capsys.readouterr().err


def test_shells_complete_commands_and_names_of_laws(tmp_path, capsys):
    """Bash itself is asked what it would complete."""
    run(["completion", "bash"])
    script = tmp_path / "completion.sh"
    script.write_text(capsys.readouterr().out)

    def completed(*words):
        line = " ".join(words)
        asks = f"""source {script}
COMP_WORDS=({line} '') COMP_CWORD={len(words)} COMP_LINE='{line} ' COMP_POINT={len(line) + 1}
_shtab_phasemix
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        return subprocess.run(["bash", "-c", asks], capture_output=True, text=True, check=True).stdout.split()

    assert {"laws", "mix", "completion"} <= set(completed("phasemix"))
    assert {"fit", "predict", "compare", "plot"} <= set(completed("phasemix", "laws"))
    assert {"transfer", "cliff", "auto"} <= set(completed("phasemix", "laws", "fit", "runs.csv", "--law"))
