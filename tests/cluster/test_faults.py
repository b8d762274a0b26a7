"""Faults of a cluster, made to happen in a real one: each ends in the tables of an undisturbed run."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest

from phasemix.base.files import read_json
from phasemix.planning.status import standing
from phasemix.study.cell_key import CellKey
from tests.cluster.slurm import alive, confines
from tests.cluster.study import SIZES, STEPS, Study, cell
from tests.patience import PATIENCE

SIZE = SIZES[-1]
FAULTS = {}


@dataclass(frozen=True)
class Outcome:
    """What came of a fault: in ``words``; the step ``saved`` when it struck, if the cell is to go on from there."""

    words: str
    saved: int | None = None


def fault(name):
    """Register a function that lets a study meet a fault, from its start to its end."""

    def register(function):
        FAULTS[name] = function
        return function

    return register


def ended(process: psutil.Process) -> None:
    deadline = time.monotonic() + 60
    while alive(process):
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.05)


def ended_by(study: Study, strike: Callable[[psutil.Process, str], object]) -> int:
    """Train until some steps are saved, let ``strike`` end the training process of a job; the step then saved."""
    study.start()
    study.reach(SIZE, 200)
    job, trainer = study.news(SIZE)["job"], study.trainer(SIZE)
    strike(trainer, job)
    ended(trainer)
    saved = study.saved(SIZE)
    study.finish()
    return saved


@fault("a training process is killed (SIGKILL)")
def killed(study: Study) -> Outcome:
    return Outcome("submitted again, goes on", ended_by(study, lambda trainer, _: trainer.kill()))


@fault("a training process is told to stop (SIGTERM)")
def told_to_stop(study: Study) -> Outcome:
    saved = ended_by(study, lambda trainer, _: trainer.terminate())
    return Outcome("saves its last step, is submitted again, goes on", saved)


@fault("a job is cancelled (scancel)")
def cancelled(study: Study) -> Outcome:
    saved = ended_by(study, lambda _, job: study.slurm.run("scancel", job))
    return Outcome("saves its last step, is submitted again, goes on", saved)


@fault("a job is preempted and requeued")
def preempted(study: Study) -> Outcome:
    struck = []

    def strike(_: psutil.Process, job: str) -> None:
        struck.append(job)
        study.slurm.preempt(job)

    saved = ended_by(study, strike)
    assert study.slurm.restarts(struck[0]) == 1
    return Outcome("SLURM requeues it, it goes on", saved)


@fault("a job runs past its time limit")
def out_of_time(study: Study) -> Outcome:
    limits = []

    def strike(trainer: psutil.Process, job: str) -> None:
        limits.append(study.slurm.limit(job))
        study.slurm.run("scontrol", "update", f"JobId={job}", "TimeLimit=1")
        trainer.suspend()  # it would be done within the minute, the least that SLURM allows
        study.slurm.wait(job, "TIMEOUT")

    saved = ended_by(study, strike)
    assert max(study.slurm.limit(job.id) for job in study.jobs()) > limits[0]
    return Outcome("submitted again with more time, goes on", saved)


@fault("a job is killed for memory")
def out_of_memory(study: Study) -> Outcome:
    study.start(options=["--set-resources", "train:mem_mb=300*attempt*attempt"])
    study.finish()
    queue = study.folder / ".snakemake/slurm_logs"  # those of jobs that ended well are removed
    killed = [standing(study.folder / "empty", "transition", CellKey.parse(cell(size)), queue) for size in SIZES]
    assert not confines() or all(each.reason.startswith("killed for memory") for each in killed)
    assert {300, 1200} <= {study.slurm.memory(job.id) for job in study.jobs()}
    return Outcome("submitted again with more memory")


@fault("a node is drained, its slurmd killed and started again")
def drained(study: Study) -> Outcome:
    study.start()
    study.reach(SIZE, 200)
    node = study.slurm.job(study.news(SIZE)["job"]).node
    study.slurm.drain(node)
    try:
        study.slurm.restart_node(node)
        study.finish()
    finally:
        study.slurm.resume(node)
    assert study.manifest(SIZE)["resumed_from"] == []
    return Outcome("its cells go on undisturbed")


@fault("Snakemake is killed and started again")
def snakemake_killed(study: Study) -> Outcome:
    first = study.start()
    study.reach(SIZE, 200)
    trainer = study.trainer(SIZE)
    first.kill()
    first.wait()
    where = {"cwd": study.folder, "env": study.environment}
    done = subprocess.run([sys.executable, "scripts/orphans.py"], **where, capture_output=True, text=True, check=True)
    assert "left in the queue" in done.stderr
    assert not alive(trainer)
    saved = study.saved(SIZE)
    study.unlock()
    study.start()
    study.finish()
    return Outcome("`make reproduce` cancels the jobs left in the queue, cells save their last step and go on", saved)


@fault("Snakemake is killed and started again when its jobs have ended")
def jobs_left_alone(study: Study) -> Outcome:
    first = study.start()
    study.reach(SIZE, 200)
    first.kill()
    first.wait()
    for job in study.jobs():
        study.slurm.wait(job.id, "COMPLETED")
    trained = [study.manifest_path(size).stat().st_mtime_ns for size in SIZES]
    study.unlock()
    study.start()
    study.finish()
    assert [study.manifest_path(size).stat().st_mtime_ns for size in SIZES] == trained
    return Outcome("what they trained is kept")


@fault("the newest checkpoint is damaged")
def corrupt_checkpoint(study: Study) -> Outcome:
    study.start()
    study.reach(SIZE, 200)
    trainer = study.trainer(SIZE)
    trainer.kill()
    ended(trainer)
    older, newest = sorted(study.checkpoints(SIZE).glob("step-*.pt"))
    with newest.open("r+b") as file:
        file.seek(newest.stat().st_size // 2)
        file.write(b"damaged")
    study.finish()
    assert "damaged, not used" in (study.results / "logs/train/transition" / f"{cell(SIZE)}.log").read_text()
    return Outcome("it is said, and the one before is used", int(older.stem[5:]))


@fault("the disk fills")
def disk_full(study: Study) -> Outcome:
    with small_disk(study.results / "checkpoints", kilobytes=1800) as enlarge:
        study.start()
        log = study.results / "logs/train/transition" / f"{cell(SIZE)}.log"
        deadline = time.monotonic() + PATIENCE
        while not (log.exists() and "is the disk full? Make room" in log.read_text()):
            assert time.monotonic() < deadline, study.said()
            time.sleep(0.05)
        saved = study.saved(SIZE)
        assert saved
        enlarge()
        study.finish()
    return Outcome("it is said, the last checkpoint stays, the cell goes on once there is room", saved)


@contextmanager
def small_disk(folder, kilobytes):
    """A file system of so many kB at ``folder``; yields a function that makes room."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=100m", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@fault("two Snakemakes are started on one folder")
def two_snakemakes(study: Study) -> Outcome:
    study.start()
    study.reach(SIZE, 200)
    where = {"cwd": study.folder, "env": study.environment}
    second = [sys.executable, "-m", "snakemake", "--configfile", "scales/faults.yaml"]
    done = subprocess.run(second, **where, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Directory cannot be locked" in done.stdout + done.stderr
    study.finish()
    assert study.manifest(SIZE)["resumed_from"] == []
    return Outcome("the second is locked out and says so, the first goes on")


@fault("a cell diverges")
def diverging(study: Study) -> Outcome:
    overlay = study.folder / "scales/faults.yaml"
    wild = """\
  wild:
    kind: transition
    dense: synbio-120
    base: web
    tokenizer: laptop
    recipe: { tokens: 49_152, batch_size: 8, context: 64, peak_learning_rate: 1.0e+12, warmup_steps: 8, compile: false }
    grid: [{ sizes: [23k], ratios: [0.6], seeds: [0] }]
"""
    overlay.write_text(overlay.read_text().replace("evaluation:\n", wild + "evaluation:\n", 1))
    study.start(f"results/faults/evaluations/wild/{cell('23k')}/summary.json")
    study.finish()
    manifest = read_json(study.results / "runs/wild" / cell("23k") / "manifest.json")
    assert manifest["diverged_at"]
    assert read_json(study.results / "evaluations/wild" / cell("23k") / "summary.json")["diverged"]
    return Outcome("it is recorded with its step and left out of fits, all others are done")


@fault("the code of training is edited while a cell waits")
def edited(study: Study) -> Outcome:
    """One job at a time: the first cell trains on undisturbed, the second is refused until the edit is taken back."""
    optimizer = study.folder / "phasemix/training/optimizer.py"
    text = optimizer.read_text()
    first = study.start(options=["--jobs", "1", "--retries", "0"])
    study.reach(SIZE, 200)
    optimizer.write_text(text.replace("EPSILON = 1e-8", "EPSILON = 1e-7"))
    assert first.wait(PATIENCE) != 0
    assert "was edited while the workflow ran: this job is not run" in study.said()
    trained = study.manifest_path(SIZE).stat().st_mtime_ns
    assert not study.manifest_path(SIZES[0]).exists()
    optimizer.write_text(text)
    study.start()
    study.finish()
    assert study.manifest_path(SIZE).stat().st_mtime_ns == trained
    return Outcome("jobs that have not begun are refused, what was trained before is kept")


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name, turn, study, record_property):
    outcome = FAULTS[name](study)
    study.equal()
    if outcome.saved is not None:
        assert study.again(SIZE, outcome.saved) == 0, f"of {STEPS} steps"
    record_property(name, outcome.words)
