"""The SLURM that tests of clusters run on: it is real, two nodes of it, and leaves nothing behind."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cluster.slurm import NODES, Cluster, SlurmError, alive, cluster, missing, remove_cgroups
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent.parent

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=f"no SLURM here: apt-get install {' '.join(missing())}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="slurmd needs root"),
]


@pytest.fixture
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("slurm")


def stubborn_job(slurm: Cluster) -> list[psutil.Process]:
    """The processes of a running job that does not want to end: its slurmstepd, its shell, and one that left it."""
    job = slurm.submit("trap '' TERM; setsid sleep 1234 & echo $!; sleep 1234")
    slurm.wait(job, "RUNNING")
    while not (written := slurm.output(job)):
        time.sleep(0.1)
    sleeper = psutil.Process(int(written))
    assert [each.name() for each in sleeper.parents()[:2]] == ["slurm_script", "slurmstepd"]
    return [sleeper, *sleeper.parents()[:2]]


def test_nodes_are_idle_once_cleared(slurm):
    slurm.wait(slurm.submit("sleep 1234"), "RUNNING")
    slurm.clear()
    assert [slurm.node(name) for name in NODES] == ["IDLE", "IDLE"]
    partitions = slurm.run("sinfo", "--noheader", "--format=%P %N %G").split("\n")
    assert sorted(filter(None, partitions)) == [f"{name} node[1-2] gpu:fake:2" for name in ("cpu*", "gpu", "urgent")]


def test_a_job_gets_the_gpus_it_asks_for(slurm):
    job = slurm.submit("echo $SLURM_JOB_GPUS / $CUDA_VISIBLE_DEVICES", "--partition=gpu", "--gpus=2", "--comment=a|b")
    found = slurm.wait(job, "COMPLETED")
    assert slurm.output(job) == "0,1 / 0,1\n"
    assert (found.comment, found.node) == ("a|b", "node1")


def test_a_step_runs_on_both_nodes(slurm):
    job = slurm.submit("srun printenv SLURMD_NODENAME", "--nodes=2", "--ntasks-per-node=1")
    assert slurm.wait(job, "COMPLETED").node == "node[1-2]"
    assert sorted(slurm.output(job).split()) == ["node1", "node2"]


def test_too_much_memory_kills_a_job(slurm):
    program = 'import time; held = bytearray(b"x") * 500_000_000; time.sleep(60)'
    job = slurm.submit(f"{sys.executable} -c '{program}'", "--mem=200")
    slurm.wait(job, slurm.over_memory)
    assert slurm.memory(job) == 200


def test_a_preempted_job_is_requeued_and_runs_again(slurm):
    job = slurm.submit("echo run $SLURM_RESTART_COUNT; sleep ${SLURM_RESTART_COUNT:-60}", "--partition=gpu")
    slurm.wait(job, "RUNNING")
    urgent = slurm.preempt(job)
    slurm.hurry(job)
    slurm.wait(job, "COMPLETED")
    assert slurm.restarts(job) == 1
    assert slurm.output(job) == "run 1\n"
    slurm.wait(urgent, "COMPLETED")


def test_a_requeued_job_runs_again_unasked(slurm):
    job = slurm.submit("sleep ${SLURM_RESTART_COUNT:-60}")
    slurm.wait(job, "RUNNING")
    slurm.run("scontrol", "requeue", job)
    slurm.wait(job, "COMPLETED")


def test_a_drained_node_takes_no_jobs(slurm):
    slurm.drain("node1")
    job = slurm.submit("true", "--nodelist=node1")
    assert slurm.wait(slurm.submit("true"), "COMPLETED").node == "node2"
    assert slurm.job(job).state == "PENDING"
    slurm.resume("node1")
    slurm.wait(job, "COMPLETED")


def test_jobs_outlive_their_nodes_slurmd(slurm):
    job = slurm.submit(f"until [ -e {slurm.folder}/go ]; do sleep 0.2; done; echo done", "--nodelist=node2")
    slurm.wait(job, "RUNNING")
    slurm.restart_node("node2")
    (slurm.folder / "go").touch()
    slurm.wait(job, "COMPLETED")
    assert slurm.output(job) == "done\n"


def test_a_refused_command_says_why(slurm):
    with pytest.raises(SlurmError, match=r"sbatch .*: exit code 1: .*[Ii]nvalid partition"):
        slurm.submit("true", "--partition=none")
    with pytest.raises(SlurmError, match="there is no job 1"):
        slurm.wait("1")


def test_nothing_is_left_at_the_end_and_others_live(folder):
    with subprocess.Popen(["sleep", "60"], env=os.environ | {"SLURM_CONF": f"{folder}/slurm.conf"}) as other:
        with suppress(KeyError), cluster(folder) as slurm:
            started = [psutil.Process(daemon.pid) for daemon in slurm.daemons.values()]
            assert sorted(each.name() for each in started) == ["munged", "slurmctld", "slurmd", "slurmd"]
            started += stubborn_job(slurm)
            raise KeyError
        assert not any(map(alive, started))
        assert alive(psutil.Process(other.pid))
        other.kill()


def test_jobs_end_though_their_daemons_were_killed(folder):
    with cluster(folder) as slurm:
        started = stubborn_job(slurm)
        for daemon in slurm.daemons.values():
            daemon.kill()
            daemon.wait()
    assert not any(map(alive, started))


def test_daemons_end_with_the_process_that_started_them(folder):
    program = (
        "import sys, pathlib, tests.cluster.slurm as slurm\n"
        "with slurm.cluster(pathlib.Path(sys.argv[1])) as running:\n"
        "    print(*(daemon.pid for daemon in running.daemons.values()), flush=True)\n"
        "    input()"
    )
    line = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        daemons = [psutil.Process(int(number)) for number in tests.stdout.readline().split()]
        assert len(daemons) == 4 and all(map(alive, daemons))
        tests.kill()
    deadline = time.monotonic() + PATIENCE
    while any(map(alive, daemons)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    remove_cgroups(folder)


def test_a_path_too_long_is_refused(folder):
    with pytest.raises(SlurmError, match="too long a path"), cluster(folder / ("x" * 100)):
        pass
