"""The rules of a designed set, from runs that were copied: no cell is trained."""

import re

import pandas as pd
import pytest

from phasemix.base.files import write_csv, write_json
from phasemix.experiments.bimix.spec import Spec as BiMix
from phasemix.experiments.experiment import figures
from tests.experiments.made_up import FACTS
from tests.experiments.test_design import DOMAINS, EVERY, SIX, TRUTH, made_tables, write_tables
from tests.workflow.checkout import copy_checkout, snakemake

pytestmark = pytest.mark.xdist_group("laws")


def test_a_designed_set_is_asked_and_told_from_runs_that_were_copied(tmp_path):
    """One of the questions, BiMix's exponents, what was found, the figures and the section."""
    checkout = copy_checkout(tmp_path)
    results = checkout / "results/laptop"
    tables = results / "tables/design"
    write_csv(results / "tables/bimix/runs.csv", SIX)  # before what is made of it
    write_tables(tables, made_tables())
    generic = ("cells.csv", "curves.csv", "runs.csv", "facts.json")
    for folder, names in ((tables, generic), (results / "tables/bimix", (*generic, *BiMix.tables, "findings.json"))):
        for name in names:  # of which those that are not there yet are not read
            if not (folder / name).exists():
                (folder / name).touch()
    write_json(tables / "facts.json", FACTS)
    for name in ("steps.csv", "steps.errors.csv", "steps.notes.json", "exponents.csv"):
        (tables / name).unlink()
    drawn = [f"draw_design_{figure}" for figure in figures("design")]
    own = ("design_question", "design_exponents", "findings_design", *drawn, "section_design")
    done = snakemake(checkout, "results/laptop/sections/design.html", "--allowed-rules", *own)
    assert re.search(r"^design_question +1$", done.stdout + done.stderr, re.MULTILINE)
    steps = pd.read_csv(tables / "steps.csv").set_index(["law", "domain"])
    assert (steps.loc["bimix", "mean_relative_error"] < 1e-6).all()
    runs = set(EVERY.loc[EVERY["size"] == EVERY["size"].max(), "run"])
    assert set(pd.read_csv(tables / "steps.errors.csv")["run"]) == runs
    exponents = pd.read_csv(tables / "exponents.csv").set_index(["fitted_on", "domain"])["alpha"]
    assert exponents["designed"].to_dict() == pytest.approx({name: TRUTH[name][0] for name in DOMAINS}, rel=1e-3)
    page = (results / "sections/design.html").read_text()
    assert page.count("<figure") == len(figures("design"))
