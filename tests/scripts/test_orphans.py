"""Jobs left in a queue: none without SLURM, and a SLURM that is down stops nobody (tests/cluster has a real one)."""

import os
import subprocess
import sys


def orphans(path):
    return subprocess.run(
        [sys.executable, "scripts/orphans.py"], env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_without_slurm_there_are_none(tmp_path):
    done = orphans(str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_slurm_that_is_down_stops_nobody(tmp_path):
    squeue = tmp_path / "squeue"
    squeue.write_text("#!/bin/sh\necho 'squeue: error: no controller' >&2; exit 1\n")
    squeue.chmod(0o755)
    done = orphans(f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 0
    assert done.stderr == "jobs left in SLURM's queue are not looked for: squeue: error: no controller\n"
