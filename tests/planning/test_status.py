"""What the files of cells say of them, state by state."""

import copy
import os
import socket
import subprocess
import time

import pytest

from phasemix.base.files import write_json, write_text
from phasemix.planning import status
from phasemix.planning.status import SILENT_SECONDS, State, describe, last_error, standings
from phasemix.study.cell_key import CellKey
from phasemix.study.overlays import load
from phasemix.training import heartbeat
from tests.conftest import merged

CELL = "transition/size=23k/ratio=0.1/seed=0"
TRUNK = "horizon/size=23k/ratio=0.3/seed=0/tokens=16384"


@pytest.fixture
def study():
    return load(merged("config.yaml", "scales/smoke.yaml"))


def standing(results, cell, queue=None):
    """The standing of the cell in this folder below each stage's."""
    experiment, _, key = cell.partition("/")
    return status.standing(results, experiment, CellKey.parse(key), queue)


def news(folder, **changes):
    found = {"step": 30, "until": 120, "seconds_left": 90.0, "host": "elsewhere", "process": 1, "job": "7"}
    write_json(folder / "progress.json", found | changes)


def test_nothing_there_is_waiting(tmp_path):
    assert standing(tmp_path, CELL).state is State.WAITING


def test_a_run_elsewhere_runs_while_it_speaks(tmp_path):
    folder = tmp_path / "checkpoints" / CELL
    news(folder)
    found = standing(tmp_path, CELL)
    assert (found.state, found.share, found.seconds_left) == (State.RUNNING, 0.25, 90.0)
    silent = time.time() - SILENT_SECONDS - 5
    os.utime(folder / "progress.json", (silent, silent))
    assert standing(tmp_path, CELL).state is State.WAITING
    write_text(folder / "step-000000020.pt", "a checkpoint")
    found = standing(tmp_path, CELL)
    assert (found.state, found.share) == (State.RESUMABLE, 0.25)


@pytest.mark.parametrize("damage", ["null", "[1]", '{"step": 1, "until": 5}', "{"])
def test_damaged_news_are_no_news(tmp_path, damage):
    write_text(tmp_path / "checkpoints" / CELL / "progress.json", damage)
    assert standing(tmp_path, CELL).state is State.WAITING


def test_a_run_here_runs_while_its_process_lives(tmp_path):
    folder = tmp_path / "checkpoints" / CELL
    with subprocess.Popen(["sleep", "60"]) as process:
        news(folder, host=socket.gethostname(), process=process.pid)
        assert standing(tmp_path, CELL).state is State.RUNNING
        process.kill()
    assert standing(tmp_path, CELL).state is State.WAITING


def test_a_run_that_is_trained_again_runs_whatever_is_there_of_before(tmp_path):
    write_json(tmp_path / "evaluations" / CELL / "summary.json", {"diverged": False})
    news(tmp_path / "checkpoints" / CELL)
    assert standing(tmp_path, CELL).state is State.RUNNING


def test_a_heartbeat_is_what_status_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    with heartbeat.Heartbeat(tmp_path / "checkpoints" / CELL, 10, 40) as run:
        found = standing(tmp_path, CELL)
        assert (found.state, found.share, found.seconds_left) == (State.RUNNING, 0.25, None)
        run.reached(11)
        time.sleep(0.2)
        run.reached(20)
        time.sleep(0.2)
        found = standing(tmp_path, CELL)
        assert found.share == 0.5
        assert found.seconds_left > 0


def test_a_silent_heartbeat_writes_nothing(tmp_path):
    with heartbeat.Heartbeat(tmp_path / "run", 0, 10, silent=True) as run:
        run.reached(5)
    assert not (tmp_path / "run").exists()


def test_news_that_cannot_be_written_stop_nothing(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with heartbeat.Heartbeat(tmp_path / "file" / "below", 0, 10) as run:
        run.reached(1)


def test_failures_say_why(tmp_path):
    write_text(tmp_path / "logs/train" / f"{CELL}.log", "begins\nerror: the disk is full\n")
    found = standing(tmp_path, CELL)
    assert (found.state, found.reason) == (State.FAILED, "the disk is full")
    news(tmp_path / "checkpoints" / CELL)  # it was started again
    assert standing(tmp_path, CELL).state is State.RUNNING


@pytest.mark.parametrize(
    ("rule", "cell", "folder"),
    [
        ("train", CELL, "transition_size=23k_ratio=0.1_seed=0"),
        ("trunk", TRUNK, "horizon_size=23k_ratio=0.3_seed=0_tokens=16384"),
    ],
)
def test_a_cell_killed_for_memory_says_so(tmp_path, rule, cell, folder):
    """By the log of its last job, which SLURM writes; its own ends without a word."""
    logs = tmp_path / f"slurm_logs/rule_{rule}/{folder}"
    write_text(logs / "9.log", "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=9.batch.\n")
    found = standing(tmp_path, cell, tmp_path / "slurm_logs")
    assert found.state is State.FAILED
    assert found.reason.startswith(f"killed for memory, as {logs / '9.log'} says")
    write_text(logs / "10.log", "slurmstepd: error: *** JOB 10 ON node1 CANCELLED DUE TO PREEMPTION ***\n")
    assert standing(tmp_path, cell, tmp_path / "slurm_logs").state is State.WAITING


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("error: no space\n", "no space"),
        ("Traceback (most recent call last):\n  …\ntorch.OutOfMemoryError: 3 GiB\n", "torch.OutOfMemoryError: 3 GiB"),
        ("Traceback (most recent call last):\n  …\nKeyboardInterrupt\n", "KeyboardInterrupt"),
        ("error: no space\nsrun: error: node1: task 0: Exited with exit code 1\n", "no space"),
        ("error: stopped by SIGTERM after step 3 of 9, which is saved\n", ""),
        ("error: x: another process is training this cell; wait for it, or stop it\n", ""),
        ("[rank1]: KeyError: 'x'\ntorch.distributed.elastic.errors.ChildFailedError:\n", "KeyError: 'x'"),
        ("torch.distributed.elastic.multiprocessing.api.SignalException: Process 7 got signal: 15\n", ""),
        ("step 30 of 100: loss 2.1\n", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_last_line_of_a_log_tells_failure(tmp_path, log, reason):
    (tmp_path / "log").write_text(log)
    assert last_error(tmp_path / "log") == reason


def test_trained_evaluated_and_diverged(tmp_path):
    write_json(tmp_path / "runs" / CELL / "manifest.json", {})
    assert standing(tmp_path, CELL).state is State.TRAINED
    write_json(tmp_path / "evaluations" / CELL / "summary.json", {"diverged": False})
    assert standing(tmp_path, CELL).state is State.DONE
    write_json(tmp_path / "evaluations" / CELL / "summary.json", {"diverged": True})
    found = standing(tmp_path, CELL)
    assert found.state is State.FAILED
    assert "diverged" in found.reason


def test_a_cell_that_waits_for_its_trunk_stands_where_the_trunk_does(tmp_path):
    news(tmp_path / "checkpoints/trunks" / TRUNK)
    assert standing(tmp_path, TRUNK).state is State.RUNNING
    write_json(tmp_path / "trunks" / TRUNK / "manifest.json", {})
    assert standing(tmp_path, TRUNK).state is State.WAITING


def test_the_grid_of_a_study(tmp_path, study):
    for ratio in ("0.1", "0.3"):
        cell = f"transition/size=39k/ratio={ratio}/seed=0"
        write_json(tmp_path / "evaluations" / cell / "summary.json", {"diverged": False})
    news(tmp_path / "checkpoints" / CELL)
    log = tmp_path / "logs/train/transition/size=23k/ratio=0.6/seed=0.log"
    write_text(log, "error: the disk is full\n")
    lines = describe(study, standings(study, tmp_path)).splitlines()
    assert lines[0] == "scale smoke: 9 cells, 2 done, 1 running, 5 waiting, 1 failed"
    grid = [line.split() for line in lines[lines.index("transition") + 1 :][:3]]
    assert grid == [["r", "=", "0.1", "0.3", "0.6"], ["23k", "▸", "25%", "·", "✗"], ["39k", "✓", "✓", "·"]]
    assert [line.split() for line in lines[lines.index("horizon") + 1 :][:2]] == [
        ["tokens", "=", "16384", "32768", "49152"], ["23k", "·", "·", "·"],
    ]  # fmt: skip
    assert f"▸ {CELL}: 25%, 90 s left" in lines
    assert lines[-1] == "✗ transition/size=23k/ratio=0.6/seed=0: the disk is full"


def test_what_stands_in_one_place_of_the_grid_is_told_together(tmp_path):
    config = copy.deepcopy(merged("config.yaml", "scales/smoke.yaml"))
    config["experiments"]["transition"]["grid"][0]["seeds"] = [0, 1, 2]
    found = load(config)
    write_json(tmp_path / "evaluations/transition/size=23k/ratio=0.3/seed=1/summary.json", {"diverged": False})
    lines = describe(found, standings(found, tmp_path)).splitlines()
    row = next(line for line in lines if line.startswith("23k"))
    assert row.split() == ["23k", "3·", "1✓", "2·", "3·"]
