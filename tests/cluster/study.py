"""A small study to be disturbed: two cells of some seconds, run through profiles/slurm."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import psutil

from phasemix.base.files import read_json
from tests.cluster.slurm import Cluster, Job
from tests.patience import PATIENCE
from tests.workflow.checkout import copy_checkout, inside, snakemake

SIZES = ("23k", "39k")
STEPS = 1000
OVERLAY = f"""\
scale: faults
sources:
  web:
    train_tokens: 600_000
    heldout_fraction: 0.1
    installed: {{ packages: [tqdm, networkx] }}
tokenizers:
  laptop:
    train: {{ megabytes: 0.5 }}
experiments:
  transition:
    recipe:
      tokens: {STEPS * 512}
      batch_size: 8
      context: 64
      warmup_steps: 8
      evaluation_points: 3
      compile: false
    grid:
      - {{ sizes: [{", ".join(SIZES)}], ratios: [0.6], seeds: [0] }}
  cliff: null
  strategies: null # is predicted by both
  theory: null # compares what the transition has no more
evaluation:
  loss_tokens: 4_000
  curve: {{ subjects: 10, loss_tokens: 2_000 }}
analysis:
  bootstrap: 50
hardware:
  largest_memory: 7 # of the 8 GB of a node here
"""
TRAINED = [f"results/faults/runs/transition/size={size}/ratio=0.6/seed=0/manifest.json" for size in SIZES]
TABLE = "results/faults/tables/transition/transition.csv"
CONFIGURATION = ["--configfile", "scales/faults.yaml"]
# What differs between this cluster and a site: no accounting, and no patience.
SLURM = [
    *("--workflow-profile", "profiles/slurm"),
    *("--slurm-status-command", "squeue", "--slurm-no-account", "--slurm-init-seconds-before-status-checks", "2"),
    *("--seconds-between-status-checks", "2", "--latency-wait", "10", "--max-jobs-per-timespan", "100/1s"),
]
CHECKPOINT_SECONDS = "0.3"


def environment(folder: Path) -> dict[str, str]:
    """What Snakemake and its jobs are run with."""
    # The cluster's GPUs are none.
    return inside(folder) | {"PHASEMIX_CHECKPOINT_SECONDS": CHECKPOINT_SECONDS, "PHASEMIX_CPU": "1"}


def in_cluster(folder: Path, slurm: Cluster) -> dict[str, str]:
    """The same, in a cluster. The plugin starts srun without SLURM_CONF, which a site's srun does not need."""
    srun = slurm.folder / "bin" / "srun"
    srun.parent.mkdir(exist_ok=True)
    conf = slurm.environment["SLURM_CONF"]
    srun.write_text(f'#!/bin/sh\nSLURM_CONF={conf} exec {shutil.which("srun")} "$@"\n')
    srun.chmod(0o755)
    found = environment(folder) | slurm.environment
    return found | {"PATH": f"{srun.parent}:{found['PATH']}"}


def prepare(folder: Path) -> Path:
    """A checkout with the study run on this machine in ``whole/``, and its corpora alone in ``begun/``."""
    copy_checkout(folder / "whole")
    (folder / "whole/scales/faults.yaml").write_text(OVERLAY)
    corpora = [f"results/faults/tokens/laptop/{source}.checksums.json" for source in ("web", "synbio-120")]
    for targets, copy in ((corpora, folder / "begun"), ([TABLE], None)):
        snakemake(folder / "whole", *targets, *CONFIGURATION)
        if copy:
            shutil.copytree(folder / "whole", copy)
    return folder


class Study:
    """A copy of a prepared study in ``folder``, run by Snakemake in a cluster."""

    def __init__(self, prepared: Path, folder: Path, slurm: Cluster) -> None:
        self.slurm = slurm
        self.folder = folder
        self.results = folder / "results/faults"
        self._whole = prepared / "whole/results/faults"
        self.environment = in_cluster(folder, slurm)
        self._process: subprocess.Popen[str] | None = None
        shutil.copytree(prepared / "begun", folder, symlinks=True)

    def start(self, *targets: str, options: Sequence[str] = ()) -> "subprocess.Popen[str]":
        """Start Snakemake in the cluster, for all trained cells of the experiment and other targets."""
        line = [sys.executable, "-m", "snakemake", *TRAINED, *targets, *CONFIGURATION, *SLURM]
        with (self.folder / "snakemake.log").open("a") as log:
            self._process = subprocess.Popen(
                [*line, *options],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self._process

    def said(self) -> str:
        """All that Snakemake has said."""
        return (self.folder / "snakemake.log").read_text()

    def finish(self) -> None:
        """Wait for Snakemake's end in the cluster, then evaluate on this machine, which is quicker."""
        assert self._process is not None
        assert self._process.wait(PATIENCE) == 0, self.said()
        snakemake(self.folder, TABLE, *CONFIGURATION)

    def unlock(self) -> None:
        """Remove the lock that a killed Snakemake has left."""
        snakemake(self.folder, "--unlock", *CONFIGURATION)

    def end(self) -> None:
        """Stop what still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self.slurm.clear()

    def jobs(self) -> list[Job]:
        """The jobs that were submitted for it."""
        return [job for job in self.slurm.jobs() if job.folder == str(self.folder)]

    def checkpoints(self, size: str) -> Path:
        """The folder of a cell's checkpoints."""
        return self.results / "checkpoints/transition" / cell(size)

    def saved(self, size: str) -> int:
        """The step of a cell's newest checkpoint."""
        return max((int(path.stem[5:]) for path in self.checkpoints(size).glob("step-*.pt")), default=0)

    def reach(self, size: str, step: int) -> int:
        """Wait until a cell has saved a step; the step that it has saved."""
        deadline = time.monotonic() + PATIENCE
        while self.saved(size) < step:
            assert time.monotonic() < deadline, self.said()
            assert self._process is None or self._process.poll() is None, self.said()
            time.sleep(0.05)
        return self.saved(size)

    def news(self, size: str) -> dict:
        """What a cell in training says of itself."""
        return read_json(self.checkpoints(size) / "progress.json")

    def trainer(self, size: str) -> psutil.Process:
        """The process that trains a cell."""
        return psutil.Process(self.news(size)["process"])

    def manifest_path(self, size: str) -> Path:
        """The manifest of a cell, which training writes last."""
        return self.results / "runs/transition" / cell(size) / "manifest.json"

    def manifest(self, size: str) -> dict:
        """The manifest of a trained cell."""
        return read_json(self.manifest_path(size))

    def again(self, size: str, saved: int) -> int:
        """How many steps a cell trained again whose checkpoint of step ``saved`` was there when it was disturbed."""
        resumed = self.manifest(size)["resumed_from"]
        assert resumed, f"{size} was begun anew"
        return max(0, saved - resumed[0])

    def summaries(self, size: str) -> tuple[dict, dict]:
        """What evaluating a cell found, here and in the undisturbed run."""
        return tuple(
            read_json(results / "evaluations/transition" / cell(size) / "summary.json")
            for results in (self.results, self._whole)
        )

    def equal(self) -> None:
        """Make sure that weights and table are those of the undisturbed run."""
        for size in SIZES:
            whole = read_json(self._whole / "runs/transition" / cell(size) / "manifest.json")
            assert self.manifest(size)["weights_sha256"] == whole["weights_sha256"], size
        here, whole = (
            pd.read_csv(results / "tables/transition/transition.csv").drop(columns="seconds")
            for results in (self.results, self._whole)
        )
        pd.testing.assert_frame_equal(here, whole, check_exact=True)


def cell(size: str) -> str:
    """A cell's folder."""
    return f"size={size}/ratio=0.6/seed=0"
