"""Jobs left in a queue: none without SLURM, and a SLURM that is down stops nobody (tests/cluster has a real one)."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def orphans(path, folder):
    line = [sys.executable, ROOT / "scripts/orphans.py"]
    return subprocess.run(line, cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_without_slurm_there_are_none(tmp_path):
    done = orphans(str(tmp_path), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("submitted", "said"),
    [(True, "jobs left in SLURM's queue are not looked for: squeue: error: no controller\n"), (False, "")],
)
def test_a_slurm_that_is_down_stops_nobody_and_is_told_to_who_used_it(tmp_path, submitted, said):
    squeue = tmp_path / "squeue"
    squeue.write_text("#!/bin/sh\necho 'squeue: error: no controller' >&2; exit 1\n")
    squeue.chmod(0o755)
    if submitted:
        (tmp_path / ".snakemake/slurm_logs").mkdir(parents=True)
    done = orphans(f"{tmp_path}:{os.environ['PATH']}", tmp_path)
    assert (done.returncode, done.stderr) == (0, said)
