"""Start a job's program where it is to run: python -IS scripts/launch.py --help.

One process takes this one's place. Several on one node are started by torchrun; on several nodes SLURM's srun
starts a torchrun on each, and they meet on the node where this script runs. In an allocation that cells
share, srun gives each its own part of it.

Where PHASEMIX_FORK_SERVER names the socket of a scripts/fork_server.py, which has the libraries loaded, one process
on this node is its child instead: this one passes signals on to it and ends as it does.

Every rule calls this script, in whichever environment it runs, and the program finds this checkout's package there.
It starts in a moment, because it imports little, and -I and -S leave out what Python looks for at its start.
"""

import argparse
import os
import select
import signal
import socket
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PORTS = range(20_000, 30_000)  # one of them, by the job's number, is where the nodes of a cell meet
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)
NUMBER = struct.Struct("<i")  # how long a request is; how a child ended


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


def run_forked(path: str, program: list[str]) -> None:
    """Let the fork server at ``path`` run a program, and end as the program does; return if the server does not."""
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.connect(path)
            socket.send_fds(server, [request(program)], [0, 1, 2])
            child = socket.recv_fds(server, 1, 1)[1]
        except OSError:
            return
        if not child:
            return

        def pass_on(number: int, _: object) -> None:
            if number == signal.SIGTSTP:  # Ctrl-Z: both stop, then both go on
                send(child[0], signal.SIGSTOP)
                os.kill(os.getpid(), signal.SIGSTOP)
                number = signal.SIGCONT
            send(child[0], number)

        for number in PASSED_ON:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, pass_on)
        end = server.recv(NUMBER.size)
    if not end:  # the server was killed; a job that lives must not outlast this process
        send(child[0], signal.SIGTERM)
        select.select(child, [], [])
        sys.exit("error: the fork server was killed, and so this job was stopped; start it again")
    end_as(*NUMBER.unpack(end))


def request(program: list[str]) -> bytes:
    """What the fork server is asked for: the working folder, the program and the environment, after their length."""
    environment = [f"{name}={value}" for name, value in os.environ.items()]
    fields = [os.getcwd(), str(len(program)), *program, *environment]
    content = b"\0".join(map(os.fsencode, fields))
    return NUMBER.pack(len(content)) + content


def send(process: int, number: int) -> None:
    """Send a signal to the process of a descriptor, if it is still there."""
    try:
        signal.pidfd_send_signal(process, number)
    except ProcessLookupError:
        pass


def end_as(code: int) -> None:
    """End with an exit code, or by a signal if it is negative."""
    if code < 0 and -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


def check(code: str) -> None:
    """Refuse to run if the files that define the result were edited since ``code`` was made; the program asks again."""
    os.environ["PHASEMIX_CODE"] = code
    sys.path.insert(0, ROOT)
    from phasemix.base.errors import PhasemixError  # noqa: PLC0415 (found only now)
    from phasemix.base.sources import refuse_edited_code  # noqa: PLC0415

    try:
        refuse_edited_code()
    except PhasemixError as error:
        sys.exit(f"error: {error}")


def main() -> None:
    """Become the program, or end as it does."""
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
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))
    if args.code:
        check(args.code)
    job = int(os.environ.get("SLURM_JOB_ID", "0"))
    placed = args.step or args.nodes > 1
    if placed and not job:
        sys.exit("error: hardware.steps and cells on several nodes need SLURM, and this is no job of it")
    server = os.environ.get("PHASEMIX_FORK_SERVER")
    if server and not placed and args.devices == 1 and not args.gpus:
        run_forked(server, args.program)
    step = srun(args.nodes, args.threads, args.megabytes, args.gpus) if placed else []
    host = socket.gethostname()
    line = command(args.program, step, nodes=args.nodes, devices=args.devices, job=job, host=host)
    os.execvp(line[0], line)  # noqa: S606  # no shell is needed


if __name__ == "__main__":
    main()
