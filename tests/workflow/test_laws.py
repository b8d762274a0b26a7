"""Mixing laws as rules: the same as the command line, and planned for published runs."""

import json

import pandas as pd
import pytest

from phasemix.cli import run
from tests.laws.truth import truth
from tests.workflow.checkout import SMOKE, copy_checkout, plan, snakemake

pytestmark = pytest.mark.xdist_group("laws")

OVERLAY = """
experiments:
  swarm:
    kind: laws
    runs: swarm.csv
    law: bimix-power
    compare: [bimix-power, exponential]
    folds: 5
    optimise: { target: "a=2,b=1", prior: uniform, kl: 0.1, bootstrap: 3 }
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = copy_checkout(tmp_path_factory.mktemp("laws"))
    pd.DataFrame(truth("bimix-power", mixtures=20).runs.columns()).to_csv(folder / "swarm.csv", index=False)
    (folder / "mine.yaml").write_text(OVERLAY)
    return folder


def test_rules_do_what_the_command_line_does(checkout, tmp_path):
    snakemake(checkout, "swarm", *SMOKE, "mine.yaml", "--cores", "1")
    made, table = checkout / "results/smoke/tables/swarm", str(checkout / "swarm.csv")
    run(["laws", "fit", table, "--law", "bimix-power", "--out", str(tmp_path / "law.json")])
    assert (made / "law.json").read_bytes() == (tmp_path / "law.json").read_bytes()
    options = ["--target", "a=2,b=1", "--prior", "uniform", "--kl", ".1", "--bootstrap", "3"]
    run(["mix", "optimise", str(tmp_path / "law.json"), *options, "--out", str(tmp_path / "optimum.json")])
    assert json.loads((made / "optimum.json").read_text()) == json.loads((tmp_path / "optimum.json").read_text())
    assert set(pd.read_csv(made / "comparison.csv")["law"]) == {"bimix-power", "exponential"}
    again = snakemake(checkout, "swarm", *SMOKE, "mine.yaml", "--cores", "1")
    assert "Nothing to be done" in again.stdout + again.stderr


def test_published_runs_are_planned(checkout):
    jobs = plan(checkout, "regmix")
    assert (jobs["published_runs"], jobs["published_comparison"], jobs["section_published_runs"]) == (1, 6, 1)
    assert "train" not in jobs


def test_a_missing_table_stops_before_anything(checkout):
    (checkout / "wrong.yaml").write_text(OVERLAY.replace("swarm.csv", "none.csv"))
    done = snakemake(checkout, "swarm", *SMOKE, "wrong.yaml", "--cores", "1", check=False)
    assert done.returncode != 0
    assert "wrong.yaml: experiments.swarm.runs = 'none.csv': no such file" in done.stdout + done.stderr


def test_the_command_is_installed():
    import importlib.metadata

    (command,) = importlib.metadata.entry_points(group="console_scripts", name="phasemix")
    assert command.load().__module__ == "phasemix.cli"
