"""How a cell is started: alone, by torchrun, on several nodes, as a step of an allocation."""

import subprocess
import sys

from scripts.launch import command, srun

PROGRAM = ["train.py", "--cell", "{}"]


def test_one_process_needs_no_launcher():
    assert command(PROGRAM, [], nodes=1, devices=1, job=0, host="a") == [sys.executable, *PROGRAM]


def test_several_devices_of_one_node_are_started_by_torchrun():
    line = command(PROGRAM, [], nodes=1, devices=4, job=0, host="a")
    assert line[1:3] == ["-m", "torch.distributed.run"]
    assert {"--nproc-per-node=4", "--standalone"} < set(line)
    assert line[-3:] == PROGRAM


def test_nodes_meet_on_the_first_at_a_port_of_the_job():
    line = command(PROGRAM, srun(2, 4, 9000, 4), nodes=2, devices=4, job=12_345, host="node7")
    assert line[:4] == ["srun", "--exact", "--nodes=2", "--ntasks=2"]
    assert {"--cpus-per-task=4", "--mem=9000", "--gpus-per-node=4", "--ntasks-per-node=1"} < set(line)
    assert {"--nnodes=2", "--nproc-per-node=4", "--rdzv-endpoint=node7:22345", "--rdzv-id=12345"} < set(line)


def test_a_step_without_gpus_takes_none():
    line = command(PROGRAM, srun(1, 1, 700, 0), nodes=1, devices=1, job=1, host="a")
    assert line[: line.index(sys.executable)][-1] == "--gres=none"


def test_outside_of_slurm_many_nodes_are_refused(monkeypatch):
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    found = subprocess.run(
        [sys.executable, "scripts/launch.py", "--nodes", "2", "train.py"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert found.stderr == "error: hardware.steps and cells on several nodes need SLURM, and this is no job of it\n"


def test_a_program_gets_its_arguments_untouched(tmp_path):
    program = tmp_path / "say.py"
    program.write_text("import sys; print(sys.argv[1:])")
    found = subprocess.run(
        [sys.executable, "scripts/launch.py", program, "--nodes", "5", "a b", "{'c': 1}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "['--nodes', '5', 'a b', \"{'c': 1}\"]\n"
