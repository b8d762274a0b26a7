"""Whole studies in a real SLURM: tables as from this machine alone, GPUs asked for, processes and nodes shared."""

import subprocess
import sys

import pandas as pd
import pytest
import yaml

from tests.cluster.study import SIZES, SLURM, TABLE, Study, cell, environment, in_cluster
from tests.workflow.checkout import copy_checkout, without_environment

SMOKE = ["--configfile", "scales/smoke.yaml", "--config", "run=horizon"]  # which has every rule of training
HARDWARE = "hardware_file=profiles/slurm/hardware.yaml"  # as --config takes the place of what the profile gives
FREE = ["seconds", "tokens_per_second", "core_hours"]  # what differs from run to run


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The smoke study, run on this machine."""
    folder = copy_checkout(tmp_path_factory.mktemp("alone"))
    run = [sys.executable, "-m", "snakemake", *SMOKE]
    subprocess.run(run, cwd=folder, env=environment(folder), capture_output=True, check=True)
    return folder / "results/smoke"


def test_the_smoke_study_through_slurm_gives_the_tables_of_a_local_run(slurm, alone, tmp_path):
    folder = copy_checkout(tmp_path / "cluster")
    run = [sys.executable, "-m", "snakemake", *SMOKE, HARDWARE, *SLURM]
    done = subprocess.run(run, cwd=folder, env=in_cluster(folder, slurm), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = folder / "results/smoke"
    assert (results / "report.html").exists()
    for name in ("horizon/horizons", "horizon/cells", "horizon/runs", "ledger"):
        here, there = (
            pd.read_csv(where / "tables" / f"{name}.csv").drop(columns=FREE, errors="ignore")
            for where in (results, alone)
        )
        pd.testing.assert_frame_equal(here, there, check_exact=True)
    ours = [job for job in slurm.jobs() if job.folder == str(folder)]
    asked = {job.comment.split("_")[1]: slurm.gpus(job.id) for job in ours}
    assert {rule: asked[rule] for rule in ("train", "trunk", "evaluate", "cells")} == {
        "train": 1,
        "trunk": 1,
        "evaluate": 1,
        "cells": 0,
    }


@pytest.mark.parametrize(("nodes", "devices"), [(1, 2), (2, 1)])
def test_a_cell_is_trained_by_two_processes_of_one_node_or_two(study: Study, nodes, devices):
    """By torchrun and gloo; the gradients are summed in another order, so equal to rounding."""
    overlay = study.folder / "scales/faults.yaml"
    change = yaml.safe_load(overlay.read_text())
    change["hardware"]["cells"] = {SIZES[0]: {"nodes": nodes, "devices": devices}}
    overlay.write_text(yaml.safe_dump(change))
    study.start()
    study.finish()
    shared = study.manifest(SIZES[0])
    assert shared["processes"] == 2
    assert study.manifest(SIZES[1])["processes"] == 1
    here, whole = study.summaries(SIZES[0])
    assert here["loss"]["web"] == pytest.approx(whole["loss"]["web"], rel=0.01)
    (job,) = [
        job for job in study.jobs() if f"train_wildcards_transition_{cell(SIZES[0])}".replace("/", "_") in job.comment
    ]
    assert study.slurm.gpus(job.id) == devices
    assert (job.node == "node[1-2]") == (nodes == 2)


def test_cells_share_one_allocation(study: Study):
    """profiles/allocation: Snakemake runs in a job, its cells are steps; one that dies takes no other with it."""
    without_environment(study.folder)
    settings = {name: environment(study.folder)[name] for name in ("PATH", "PYTHONPATH", "PHASEMIX_CHECKPOINT_SECONDS")}
    given = " ".join(f"{name}={value}" for name, value in (settings | {"TARGET": TABLE}).items())
    script = f"env {given} bash profiles/allocation/job.sh faults"
    nodes = ["--nodes=2", "--ntasks-per-node=2", "--mem=4000", f"--chdir={study.folder}"]
    job = study.slurm.submit(f"{script} > snakemake.log 2>&1", *nodes)
    dying, other = SIZES
    study.reach(dying, 200)
    steps = study.slurm.run("squeue", "--steps", "--noheader", "--format=%i %j", "--jobs", job)
    study.trainer(dying).kill()
    study.slurm.wait(job, "COMPLETED")
    study.equal()
    assert study.manifest(dying)["resumed_from"]
    assert study.manifest(other)["resumed_from"] == []
    assert steps.count(f"{job}.") >= 2  # a step a cell, beside the batch script
