"""The kinds of experiment that the smoke study leaves out, through Snakemake: trained, or from tables alone."""

from pathlib import Path

import pandas as pd
import pytest

from phasemix.base.files import read_json
from phasemix.experiments.domains.mixtures import MIXTURES
from phasemix.experiments.experiment import figures
from phasemix.experiments.theory.spec import Spec as Theory
from phasemix.experiments.threshold.spec import Spec as Threshold
from phasemix.experiments.transition.spec import Spec as Transition
from tests.experiments.theories import write_theory
from tests.workflow.checkout import copy_checkout, make_run, snakemake

COPIED = """
sources: { synbio-120: { people: 150 } }
experiments:
  people: null
  cliff: null
  strategies: null
  continual_synbio: null
  theory:
    measured: [transition]
    calibration: { size: 39k, people: 150 }
    predict: [{ sizes: [58k], people: [400] }]
analysis: { bootstrap: 60 }
"""  # as the made-up study is
pytestmark = pytest.mark.xdist_group("laws")


def drawn(results: Path, experiment: str, kind: str) -> bool:
    """Whether all figures of an experiment are there, and its section shows each."""
    page = (results / f"sections/{experiment}.html").read_text()
    pictures = [results / f"figures/{experiment}/{name}.svg" for name in figures(kind)]
    return all(path.stat().st_size > 5000 for path in pictures) and page.count("<figure") == len(pictures)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of the kinds that the smoke study leaves out and train cells, or are read by one that does."""
    checkout = copy_checkout(tmp_path_factory.mktemp("kinds"))
    make_run(checkout, "EXPERIMENTS=threshold,popularity,people,strategies,continual,ablation,reasoning,domains,bimix")
    return checkout / "results/smoke"


def test_threshold_and_people_are_trained_and_told(results):
    for kind in ("threshold", "people", "popularity", "ablation", "reasoning"):
        assert drawn(results, kind, kind)
    groups = pd.read_csv(results / "tables/threshold/groups.csv")
    assert groups["group"].nunique() == 24
    assert all(run["frequency"].is_monotonic_decreasing for _, run in groups.groupby("size"))
    persons = pd.read_csv(results / "tables/people/people.csv")
    assert sorted(persons["people"].unique()) == [60, 120]
    ledger = pd.read_csv(results / "tables/ledger.csv")
    assert {"A-Fig 7a", "A-Fig 7b"} <= set(ledger["id"])


def test_strategies_are_trained_and_told(results):
    """Fewer people are shown more often, and tuples beside biographies; every cell says so."""
    assert drawn(results, "strategies", "strategies")
    cells = pd.read_csv(results / "tables/strategies/strategies.csv")
    assert cells["shown"].eq((cells["people"] * cells["subsampling"]).round()).all()
    means = pd.read_csv(results / "tables/strategies/means.csv").set_index(["ratio", "subsampling", "compact"])
    assert means.loc[(0.3, 0.5, 0), "frequency"] == pytest.approx(2, rel=0.05)
    assert 1.2 < means.loc[(0.3, 1, 0.5), "frequency"] < 1.8


def test_continual_training_goes_on_from_web_text_and_is_told(results):
    assert drawn(results, "continual", "continual")
    cells = pd.read_csv(results / "tables/continual/strategies.csv")
    assert (cells["rise"].abs() < 1).all()
    assert not cells["stopped"].any()
    run = read_json(results / "runs/continual/size=23k/ratio=0.3/subsampling=0.5/compact=0/seed=0/manifest.json")
    assert run["cell"]["start"]["run"] == "results/smoke/runs/pretrained/size=23k/mixture=web/seed=0"
    assert run["loss_at_first"] > 0


def test_domains_are_measured_and_mixed_and_paper_b_told(results):
    """From installed packages to the verdicts; the mixtures that cells read are those that the domains gave."""
    assert drawn(results, "domains", "domains")
    assert drawn(results, "bimix", "bimix")
    cells = pd.read_csv(results / "tables/bimix/cells.csv").set_index("mixture")
    for mixture in MIXTURES:
        wanted = read_json(results / f"tables/domains/mixtures/{mixture}.json")
        for domain, proportion in wanted.items():
            assert cells.loc[mixture, f"mix.{domain}"] == pytest.approx(proportion, abs=1e-3)
    ledger = pd.read_csv(results / "tables/ledger.csv").set_index("id")
    tested = ("B-Table 1", "B-Table 2 (worst domain)", "B-Table 3", "B-Tables 4, 5", "B-Law (factor A)")
    assert (ledger.loc[list(tested), "verdict"] != "not tested").all()
    assert ledger.loc["B-Fig 5", "verdict"] == "not tested"  # it asks for a second seed


def test_the_theory_is_drawn_from_tables_that_were_copied(tmp_path):
    """As on a laptop, from what a cluster measured: no cell is trained."""
    checkout = copy_checkout(tmp_path)
    results = checkout / "results/laptop"
    made, _ = write_theory(results / "tables", people=())
    theirs = {"threshold": Threshold.tables, "transition": Transition.tables}
    for name, tables in theirs.items():  # the theory reads some of them
        for table in (*tables, "cells.csv", "curves.csv", "runs.csv", "facts.json", "findings.json"):
            (results / "tables" / name / table).touch()
    for table in Theory.tables:
        (results / "tables/theory" / table).unlink()
    own = ("tables_theory", "findings_theory", *(f"draw_theory_{figure}" for figure in figures("theory")))
    (checkout / "scales/copied.yaml").write_text(COPIED)
    target = "results/laptop/sections/theory.html"
    snakemake(checkout, target, "--configfile", "scales/copied.yaml", "--allowed-rules", *own, "section_theory")
    assert drawn(results, "theory", "theory")
    found = read_json(results / "tables/theory/theory.json")
    assert found["calibration"]["size"] == "39k"
    assert found["bits_per_parameter"][0] == pytest.approx(made.bits_per_parameter, rel=0.05)
