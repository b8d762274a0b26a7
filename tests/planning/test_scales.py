"""The price of the scales for GPUs: one GPU needs less than a day, and no experiment of the papers goes unpriced."""

import math
import time
from dataclasses import replace
from pathlib import Path

import pytest

from phasemix.experiments.asking import Asking
from phasemix.model.flops_per_token import parameters
from phasemix.planning.plan import describe, make_plan
from phasemix.planning.spec import Hardware
from phasemix.study.overlays import load, read_config
from phasemix.theory.sized_learner import SizedLearner
from tests.conftest import merged

GPU = Path("profiles/gpu")
SMALLEST = 24  # GB of a card that the scale one-gpu is for
PERSON = sum(map(math.log2, (28 * 12 * 100, 200, 300, 100, 263)))  # bits
SHOWN = 0.2 * 512e9 / 320_000 / 3000  # tokens of a biography in paper A: 3000 exposures a person (A-Fig 4)
OURS = 57  # with a vocabulary of 8,192
WEB = SizedLearner(1.769, 4.952 * 1e6**0.283, 0.283, PERSON, SHOWN)  # A-Fig 7b, of sizes in parameters
PAPER = replace(WEB.calibrated(70.4e6, 320_000, 0.4), tokens=OURS)  # A-Table 1
LAPTOP = SizedLearner(1.454, 76.76, 0.365, PERSON, OURS, bits=0.31)  # docs/results/laptop/theory/tables/theory.json


def one_gpu(run=None, **hardware):
    config = read_config(Path("scales/one-gpu.yaml"), GPU, run=run)
    found = Hardware.model_validate(config.hardware.model_dump() | hardware)
    return config.model_copy(update={"hardware": found})


@pytest.mark.parametrize("peak", [150, 71, 312], ids=["profile", "RTX 3090 of 24 GB", "A100 of 80 GB"])
def test_one_gpu_takes_less_than_a_day(peak, tmp_path):
    config = one_gpu(peak_teraflops=peak)
    plan = make_plan(config, tmp_path)
    assert plan.totals["wall_hours"]["1"] < 24
    assert "nobody measured that" in describe(config, plan), "it depends on an assumed speed, and says so"


def test_a_day_is_for_what_both_papers_show():
    config = one_gpu()
    kinds = {each.kind for each in config.running.values()}
    assert kinds >= {"transition", "horizon", "threshold", "theory", "strategies", "domains", "bimix", "laws"}
    seeds = {}
    for key in config.training["transition"].cells:
        seeds.setdefault((key.size, key.values["ratio"]), set()).add(key.seed)
    repeated = [cell for cell, found in seeds.items() if len(found) == 3]
    assert len({size for size, ratio in repeated if ratio == 0.2}) == 5, "three seeds along the size"
    assert len({ratio for size, ratio in repeated if size == "1.5M"}) == 6, "and along the ratio"


def test_one_gpu_fits_the_smallest_card(tmp_path):
    """What a cell holds in all, activations among it, as it is counted where all memory is main memory."""
    rows = make_plan(one_gpu(run="all", device="cpu"), tmp_path).rows
    assert {row["size"] for row in rows} == {"0.8M", "1.5M", "2.2M", "3.2M", "4.2M", "6.8M"}
    assert max(row["memory_mb"] for row in rows) <= 1000 * SMALLEST


def test_the_knapsack_puts_one_gpus_transitions_inside_its_grid():
    """Both constants that we have, of paper A's 70M and of our laptop study, by the numbers in the scale's comment."""
    config = one_gpu()
    ratios = {0.05, 0.1, 0.2, 0.4, 0.9}
    sizes = ["0.8M", "1.5M", "2.2M", "4.2M", "6.8M"]
    cells = {(key.size, key.values["ratio"]) for key in config.training["transition"].cells}
    assert {(size, ratio) for size in sizes for ratio in ratios} <= cells
    counts = [parameters(config.models[size], config.tokenizers["one-gpu"].vocabulary) for size in sizes]
    for learner, said in ((PAPER, [0.80, 0.58, 0.41, 0.22, 0.13]), (LAPTOP, [0.73, 0.32, 0.16, 0.06, 0.03])):
        found = learner.critical_ratio(counts, config.sources["synbio-8k"].people)
        assert found == pytest.approx(said, abs=0.01)
        assert max(found) < max(ratios)
        assert sum(found > min(ratios)) >= 4, "sizes whose critical ratio lies inside the grid"


def test_one_gpu_takes_files_in_the_hubs_place(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "a text"}\n')
    own = merged("config.yaml", "scales/one-gpu.yaml")
    for source in own["sources"].values():
        if source.get("origin") == "hub":
            source |= {"origin": "files", "files": {"paths": [str(file)]}}
    config = load(own)
    texts = [config.sources[name] for name in config.read if config.sources[name].task == "text"]
    assert len(texts) == 8
    assert all(source.inputs == [str(file)] for source in texts)
    assert all(config.tokenizers[each.tokenizer].origin == "train" for each in config.training.values())


def test_the_papers_plan_prices_every_experiment(tmp_path):
    began = time.process_time()
    config = read_config(Path("scales/paper.yaml"), Path("profiles/slurm"), run="all", data=False)
    plan = make_plan(config, tmp_path)
    assert time.process_time() - began < 20, "seconds of one core"
    hours = {}
    for row in plan.rows:
        hours.setdefault(row["experiment"], []).append(row["device_hours"])
    assert set(hours) == {
        name for name, each in config.experiments.items() if each.cells or each.model_jobs or isinstance(each, Asking)
    }
    assert min(min(found) for found in hours.values()) > 0
    (line,) = (line for line in describe(config, plan).splitlines() if line.startswith("no cells"))
    assert set(config.experiments) == {*hours, *line.removeprefix("no cells").split(":")[0].strip().split(", ")}
