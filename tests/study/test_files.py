"""Which files the jobs of a study read and make."""

import copy
import json
from pathlib import Path

import pytest

from phasemix.experiments.experiment import spec_of
from phasemix.study.cell_key import CellKey
from phasemix.study.files import Files
from phasemix.study.overlays import load
from tests.conftest import merged

SMOKE = merged("config.yaml", "scales/smoke.yaml")
LAWS = {"kind": "laws", "experiment": "transition", "law": "bimix", "compare": ["bimix"]}


def files(**experiments):
    config = copy.deepcopy(SMOKE)
    config["experiments"] |= experiments
    return Files(load(config))


def test_a_cell_reads_its_own_sources_and_tokenizer():
    found = files().data("transition", CellKey.of(size="23k", ratio=0.1, seed=0), ".checksums.json")
    stages = ["corpora/synbio-120", "tokens/laptop/synbio-120", "corpora/web", "tokens/laptop/web"]
    folders = ["tokenizers/laptop", *stages]
    assert found == [f"results/smoke/{folder}.checksums.json" for folder in folders]


def test_the_tables_of_an_experiment_end_with_its_findings():
    found = files(squares=LAWS)
    assert [Path(table).name for table in found.tables("horizon")] == [
        "cells.csv", "curves.csv", "runs.csv", "facts.json", *spec_of("horizon").tables, "findings.json",
    ]  # fmt: skip
    assert [Path(table).name for table in found.tables("squares")] == ["comparison.csv", "law.json", "optimum.json"]
    assert found.tables_read("squares") == found.tables("transition")
    assert found.tables_read("horizon") == []


def test_options_say_what_a_kind_depends_on():
    found = json.loads(files(squares=LAWS).options("squares"))
    assert found["reads"] == {"transition": "results/smoke/tables/transition"}
    assert (found["law"], found["confidence"], found["seed"]) == ("bimix", 0.95, 0)
    assert json.loads(files().options("transition"))["questions"] == "all"


def test_text_that_only_idle_experiments_ask_for_is_not_needed():
    idle = copy.deepcopy(SMOKE["experiments"]["transition"])
    idle["evaluation"] = {"loss_tokens": 50_000_000}
    assert files(idle=idle).tokens_needed("web") == files().tokens_needed("web") == (70_000, 4_000)
    config = copy.deepcopy(SMOKE)
    config["experiments"]["idle"] = idle
    config["run"] = ["idle"]
    assert Files(load(config)).tokens_needed("web") == (70_000, 50_000_000)


def test_a_cell_begins_with_a_run_and_with_the_file_of_its_mixture():
    recipe = {"tokens": 16_384, "batch_size": 8, "context": 64, "warmup_steps": 2}
    one = {"kind": "mixtures", "tokenizer": "laptop", "recipe": recipe, "sizes": ["23k"], "seeds": [0]}
    phases = [{"proportions": {"synbio-120": 0.5, "web": 0.5}}]
    bases = one | {"mixtures": {"even": {"phases": phases}}}
    chosen = one | {"mixtures": {"best": {"file": "best.json", "phases": phases}}}
    found = files(
        bases=bases, later=chosen | {"start": {"experiment": "bases"}}, other=chosen | {"start": {"run": "a"}}
    )
    base, key = (CellKey.of(size="23k", mixture=mixture, seed=0) for mixture in ("even", "best"))
    run = "results/smoke/runs/bases/size=23k/mixture=even/seed=0"
    assert found.beginning("bases", base) == found.begun_with("bases", base) == []
    assert found.beginning("later", key) == [f"{run}/manifest.json", "best.json"]
    assert found.begun_with("later", key) == [f"{run}/model"]
    assert found.beginning("other", key) == ["a/model/model.safetensors", "best.json"]
    assert found.study.in_order(["later"]) == ["bases", "later"]
    assert found.study.cell("later", key).start.run == run


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_an_earlier_run_has_left_stays_in_the_report(here):
    config = copy.deepcopy(SMOKE)
    config["run"] = ["horizon"]
    found = Files(load(config))
    assert found.shown() == {"horizon": "horizon"}
    for path in (*found.tables("transition"), found.layout.section("transition")):
        (here / path).parent.mkdir(parents=True, exist_ok=True)
        (here / path).touch()
    assert found.shown() == {"transition": "transition", "horizon": "horizon"}
    (here / found.tables("transition")[-1]).unlink()
    assert found.shown() == {"horizon": "horizon"}
