"""Start a program where a cell is to run: python scripts/launch.py --help.

One process takes this one's place, or is forked by the server that scripts/fork_server.py is, if there is one.
Several on one node are started by torchrun; on several nodes SLURM's srun starts a torchrun on each, and they meet on
the node where this script runs. In an allocation that cells share, srun gives each its own part of it.
"""

import argparse
import json
import os
import signal
import socket
import sys
from typing import Any

from phasemix.base.sources import fingerprint

SERVER = "PHASEMIX_FORK_SERVER"  # the environment variable that names its socket

PORTS = range(20_000, 30_000)  # one of them, by the job's number, is where the nodes of a cell meet


def command(program: list[str], step: list[str], *, nodes: int, devices: int, job: int, host: str) -> list[str]:
    """The command line that runs ``program`` in nodes × devices processes; ``step`` starts it where it is to run."""
    if nodes * devices == 1:
        return [*step, sys.executable, *program]
    torchrun = [*step, sys.executable, "-m", "torch.distributed.run", f"--nproc-per-node={devices}"]
    if nodes == 1:
        return [*torchrun, "--standalone", *program]
    meeting = [f"--nnodes={nodes}", "--rdzv-backend=c10d", f"--rdzv-endpoint={host}:{PORTS[job % len(PORTS)]}"]
    return [*torchrun, *meeting, f"--rdzv-id={job}", *program]


def srun(nodes: int, threads: int, megabytes: int, gpus: int) -> list[str]:
    """What starts one process on each of ``nodes`` in an allocation, with these cores, memory and GPUs there."""
    given = [f"--cpus-per-task={threads}", f"--mem={megabytes}", f"--gpus-per-node={gpus}" if gpus else "--gres=none"]
    return ["srun", "--exact", f"--nodes={nodes}", f"--ntasks={nodes}", "--ntasks-per-node=1", *given]


def fork(program: list[str]) -> None:
    """Let the server run ``program`` for us, and end as it does; come back if there is no server."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(os.environ[SERVER])
        except OSError:
            return
        request = {"program": program, "folder": os.getcwd(), "environment": dict(os.environ), "group": os.getpgrp()}
        message = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(connection, [message], [0, 1, 2])
        connection.sendall(message[sent:])
        answers = connection.makefile()
        pid = int(answers.readline() or 0)

        def pass_on(number: int, _: Any) -> None:
            os.kill(pid, number)

        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the job as well
        answer = answers.readline()
    if not answer:
        sys.exit("error: the server that starts jobs has ended; call it again")
    status = int(answer)
    if os.WIFSIGNALED(status):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.waitstatus_to_exitcode(status))


def check(code: str) -> None:
    """Refuse to run if the files that define the result were edited since ``code`` was made."""
    if not code:
        return
    names, _, expected = code.partition("@")
    script, *modules = names.split("+")
    if fingerprint(script, *modules) != expected:
        sys.exit(
            f"error: the code of {script} was edited while the workflow ran: this job is not started;"
            " call it again to go on with the new code"
        )


def main() -> None:
    """Become the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--devices", type=int, default=1, help="processes on each node")
    parser.add_argument("--threads", type=int, default=1, help="cores on each node")
    parser.add_argument("--megabytes", type=int, default=0, help="memory on each node")
    parser.add_argument("--gpus", type=int, default=0, help="GPUs on each node")
    parser.add_argument("--step", type=int, default=0, help="1: as a step of this allocation, beside others")
    parser.add_argument("--code", default="", help="script+modules@fingerprint: refuse to run another")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="a Python script and its arguments")
    args = parser.parse_args()
    check(args.code)
    job = int(os.environ.get("SLURM_JOB_ID", "0"))
    placed = args.step or args.nodes > 1
    if placed and not job:
        sys.exit("error: hardware.steps and cells on several nodes need SLURM, and this is no job of it")
    step = srun(args.nodes, args.threads, args.megabytes, args.gpus) if placed else []
    host = socket.gethostname()
    line = command(args.program, step, nodes=args.nodes, devices=args.devices, job=job, host=host)
    if line[0] == sys.executable and os.environ.get(SERVER) and os.environ.get("OMP_NUM_THREADS") == "1":
        fork(args.program)
    os.execvp(line[0], line)  # noqa: S606  # no shell is needed


if __name__ == "__main__":
    main()
