"""Prices worked out by hand, learnt from finished cells, and held against a budget."""

import copy
from pathlib import Path

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_json
from phasemix.model.flops_per_token import training_flops_per_token
from phasemix.planning.cost import START_SECONDS, Costs, measured_speeds
from phasemix.planning.jobs import Job, JobKey, jobs
from phasemix.planning.plan import check_budget, describe, duration, make_plan
from phasemix.study.cell_key import CellKey
from phasemix.study.mistakes import ConfigError
from phasemix.study.overlays import load, read_config
from tests.conftest import merged


def study(scale, sizes=None, run=None, **hardware):
    config = copy.deepcopy(merged("config.yaml", f"scales/{scale}.yaml"))
    config["hardware"] |= hardware
    config |= {"run": run} if run else {}
    if sizes:
        config["experiments"]["transition"]["grid"][0]["sizes"] = sizes
    return load(config)


MANIFEST = {"seconds": 1.0, "evaluation_seconds": 0.5, "trained_tokens": 49_152, "processes": 1, "gpus": []}
A100 = {"device": "gpu", "peak_teraflops": 312, "utilisation": 0.3}


def test_paper_a_s_published_compute(tmp_path):
    """A 410M model for 32 billion tokens is 256 A100-hours: 30 % of an A100's peak, which is what one expects."""
    config = study("paper", **A100)
    flops = 32e9 * training_flops_per_token(config.models["410M"], 50_304, 2048)
    assert flops / (256 * 3600 * 312e12) == pytest.approx(0.304, abs=0.001)
    rows = make_plan(config, tmp_path).rows
    row = next(row for row in rows if row["experiment"] == "transition" and row["size"] == "410M")
    assert row["device_hours"] / row["cells"] == pytest.approx(256, rel=0.05)


def test_a_job_takes_its_flops_over_speed_and_devices():
    config = study("paper", **A100, cells={"410M": {"nodes": 2, "devices": 4, "model": "a100"}})
    costs = Costs(config, {})
    key = JobKey("train", "transition", CellKey.of(size="410M", ratio=0.1, seed=0))
    job = Job(1000, training=int(312e12 * 0.3 * 800), evaluating=int(312e12 * 0.3 * 7), after=None)
    assert costs.seconds(key, job) == pytest.approx(START_SECONDS["gpu"] + 100 + 7, rel=1e-6)
    assert costs.devices(key) == 8
    assert costs.devices(key._replace(stage="evaluate")) == 1


def test_finished_cells_tell_the_speed(tmp_path):
    config = study("smoke")
    for ratio, seconds in (("0.1", 5.0), ("0.3", 3.0), ("0.6", 2.0)):
        finish(tmp_path, f"transition/size=39k/ratio={ratio}/seed=0", seconds=seconds)
    found = measured_speeds(config, tmp_path)
    assert found == {("transition", "39k"): 49_152 / 2.5}
    costs = Costs(config, found)
    assert costs.speed("39k").source == "measured"
    assert costs.speed("39k").flops_per_second == pytest.approx(
        49_152 / 2.5 * costs.flops_per_token("transition", "39k")
    )
    large = Costs(study("smoke", ["39k", "410M"]), found)
    assert large.speed("410M").source == "peak × utilisation"  # too far away
    plan = make_plan(config, tmp_path)
    assert [row["speed"] for row in plan.rows] == ["as measured for 39k", "measured", "as measured for 39k"]


@pytest.mark.parametrize(
    ("hardware", "gpus", "counts"),
    [
        ({}, [], True),
        ({}, ["NVIDIA A100-SXM4-80GB"], False),
        (A100, ["NVIDIA H100 80GB HBM3"], True),
        (A100, [], False),
        (A100 | {"model": "a100"}, ["NVIDIA A100-SXM4-80GB"] * 8, True),
        (A100 | {"model": "a100"}, ["NVIDIA H100 80GB HBM3"], False),
        (A100 | {"model": "a100", "cells": {"23k": {"model": "rtx_6000"}}}, ["Quadro RTX 6000"], True),
    ],
)
def test_runs_elsewhere_do_not_tell_the_speed_here(tmp_path, hardware, gpus, counts):
    finish(tmp_path, "transition/size=23k/ratio=0.1/seed=0", seconds=1.0, gpus=gpus)
    assert bool(measured_speeds(study("smoke", **hardware), tmp_path)) == counts


def finish(results, cell, seconds, gpus=()):
    found = MANIFEST | {"seconds": seconds, "gpus": list(gpus)}
    write_json(results / "runs" / cell / "manifest.json", found)


def test_what_is_left_excludes_what_is_done(tmp_path):
    config = study("smoke")
    whole = make_plan(config, tmp_path).totals
    assert whole["left_device_hours"] == pytest.approx(whole["device_hours"])
    for key in jobs(config):
        folder, file = {"evaluate": ("evaluations", "summary.json")}.get(key.stage, (f"{key.stage}s", "manifest.json"))
        folder = {"trains": "runs"}.get(folder, folder)
        if key.cell.size == "23k":
            path = tmp_path / folder / key.experiment / key.cell.format() / file
            write_json(
                path, {"gpus": ["x"], "seconds": 1, "evaluation_seconds": 0, "trained_tokens": 0, "processes": 1}
            )
    plan = make_plan(config, tmp_path)
    assert [(row["size"], row["done"]) for row in plan.rows] == [("23k", 3), ("39k", 0), ("23k", 3)]
    assert plan.totals["left_device_hours"] == pytest.approx(plan.rows[1]["device_hours"])
    assert plan.totals["device_hours"] == pytest.approx(whole["device_hours"])


def test_time_and_memory_grow_with_attempts_and_time_stays_below_the_longest_job():
    config = study("paper", **A100, longest_job=24)
    costs, found = Costs(config, {}), jobs(config)
    small, large = (JobKey("train", "transition", CellKey.of(size=size, ratio=0.1, seed=0)) for size in ("14M", "410M"))
    first, second = (costs.runtime(small, found[small], attempt) for attempt in (1, 2))
    assert first > costs.seconds(small, found[small]) / 60
    assert second == pytest.approx(2 * first, abs=2)
    assert costs.runtime(large, found[large], 1) == 24 * 60
    assert costs.memory(small, 2) == pytest.approx(2 * costs.memory(small, 1), abs=100)  # MB, to which it is rounded
    assert costs.memory(large, 1) > costs.memory(small, 1)
    eight = Costs(study("paper", **A100, cells={"410M": {"devices": 8}}), {})
    assert eight.memory(large, 1) == pytest.approx(8 * costs.memory(large, 1), rel=0.01)
    small_nodes = study("paper", **A100, largest_memory=20, longest_job=2)
    assert Costs(small_nodes, {}).memory(large, 1) == 20_000
    assert Costs(small_nodes, {}).text_minutes("pile-cc", 1) == 120


def test_text_is_priced_by_its_shards_and_cores(tmp_path):
    """161 GB and 32.1 billion tokens in 64 shards, at 10 MB and a million tokens a second and core."""
    for cores, side_by_side in ((1, 1), (16, 16), (100, 64)):
        costs = Costs(study("paper", **A100, text_cores=cores), {})
        found = costs.text["fineweb-edu"]
        assert found.gathering == pytest.approx(5 + 161e9 / 10e6 / side_by_side)
        assert found.tokenising == pytest.approx(5 + 32.1e9 / 1e6 / side_by_side)
        assert found.megabytes == pytest.approx(900 * side_by_side + 600)
        assert costs.text_minutes("fineweb-edu", 1) == pytest.approx(30 + 1.5 * found.seconds / 60, abs=1)
        assert costs.text_memory("fineweb-edu", 1) == pytest.approx(1.5 * (1200 + found.megabytes), abs=100)
    assert costs.text_minutes(None, 1) == 30, "of a tokenizer"
    assert costs.text["synbio-320k"].seconds < 60
    config = study("paper", run="transition", **A100, text_cores=16)
    said = describe(config, make_plan(config, tmp_path))
    assert "fineweb-edu in 64 shards: 161GB gathered, 32.1G tokens made in 16.9 min and 33.5 min" in said


def test_a_plan_says_which_sizes_ask_for_all_the_memory(tmp_path):
    config = study("paper", **A100, largest_memory=20)
    text = describe(config, make_plan(config, tmp_path))
    assert "160M, 256M, 410M: as much as the largest job may have, 20 GB; it may be too little" in text
    config = study("paper", **A100, largest_memory=500)
    assert "as much as" not in describe(config, make_plan(config, tmp_path))


def test_devices_that_cannot_share_a_batch_are_refused():
    with pytest.raises(
        ConfigError, match=r"hardware\.cells\.410M: gives 3 devices, .* of transition, \d+ rows, evenly"
    ):
        study("paper", **A100, cells={"410M": {"devices": 3}})


def test_a_size_given_more_devices_keeps_the_model_of_gpu():
    hardware = study("paper", **A100, model="a100", cells={"410M": {"devices": 8}, "1B": {"model": "h100"}}).hardware
    assert [hardware.allocation(size).model for size in ("14M", "410M", "1B")] == ["a100", "a100", "h100"]
    assert hardware.allocation("410M").gres == "gpu:a100:8"
    with pytest.raises(ConfigError, match="must hold only letters, digits, dots and _, as Snakemake"):
        study("paper", **A100, model="a100-sxm4")
    with pytest.raises(ConfigError, match="410M has several nodes"):
        study("paper", **A100, steps=True, cells={"410M": {"nodes": 2}})


def test_manifests_that_cannot_be_read_say_nothing(tmp_path):
    config = study("smoke")
    finish(tmp_path, "transition/size=39k/ratio=0.1/seed=0", seconds=3.0)
    (tmp_path / "runs/transition/size=39k/ratio=0.1/seed=0/manifest.json").write_text("")
    write_json(tmp_path / "runs/transition/size=39k/ratio=0.3/seed=0/manifest.json", {"seconds": 1})
    assert measured_speeds(config, tmp_path) == {}


def test_a_study_above_its_budget_is_refused_by_name(tmp_path):
    budget = {"device_hours": 20_000, "money": None, "gigabytes": None}
    config = study("paper", **A100, budget=budget)
    plan = make_plan(config, tmp_path)
    check_budget(config, plan)
    tight = study("paper", **A100, budget=budget | {"device_hours": 100})
    with pytest.raises(PhasemixError, match=r"hardware\.budget\.device_hours = 100: this study comes to .* nothing"):
        check_budget(tight, plan)
    unpriced = study("paper", **A100, budget=budget | {"money": 5})
    with pytest.raises(PhasemixError, match=r"needs hardware\.price"):
        check_budget(unpriced, plan)
    priced = study("paper", **A100, price=2.0, budget=budget | {"money": 5})
    with pytest.raises(PhasemixError, match=r"hardware\.budget\.money = 5"):
        check_budget(priced, make_plan(priced, tmp_path))


def test_a_plan_reads_well(tmp_path):
    config = study("paper", **A100, price=2.0, counts=[4, 64])
    text = describe(config, make_plan(config, tmp_path))
    assert "retries" not in text
    limited = study("paper", **A100, longest_job=24)
    assert "retries      at least 11: jobs end after 24 h" in describe(limited, make_plan(limited, tmp_path))
    for part in ("87 cells, 174 jobs", "GPU-hours", "price", "disk", "longest path", "on 64 GPUs", "transition_410M"):
        assert part in text
    assert max(len(line) for line in text.splitlines()) <= 140


def test_a_plan_says_which_speeds_were_assumed(tmp_path):
    config = study("smoke")
    line = "assumed      a core reaches 0.6 of 0.1 teraflops; nobody measured that"
    assert line in describe(config, make_plan(config, tmp_path))
    for cell in ("transition/size=39k/ratio=0.1/seed=0", "transition/size=23k/ratio=0.1/seed=0"):
        finish(tmp_path, cell, seconds=5.0)
    assert "assumed" not in describe(config, make_plan(config, tmp_path)), "all sizes are measured now"


def test_a_study_is_priced_before_the_users_files_are_there(tmp_path):
    """Its price is known without them; what must be given before it starts stands at the end."""
    config = read_config(Path("scales/paper.yaml"), Path("profiles/slurm"), run="continual", data=False)
    text = describe(config, make_plan(config, tmp_path))
    assert "to be given  sources.wikibio-275k.table: no such file" in text
    assert {row["experiment"] for row in make_plan(config, tmp_path).rows} == {"continual"}


def test_hardware_names_sizes_that_exist():
    with pytest.raises(ConfigError, match=r"hardware\.cells\.410m: names none of the models; did you mean '410M'"):
        study("paper", cells={"410m": {"devices": 2}})


@pytest.mark.parametrize(
    ("hours", "text"), [(0.01, "36 s"), (0.5, "30.0 min"), (1.9, "114.0 min"), (30, "30.0 h"), (72, "3.0 days")]
)
def test_durations_for_people(hours, text):
    assert duration(hours) == text
