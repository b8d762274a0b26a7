"""Run Snakemake for people: python scripts/reproduce.py --help.

A line for every finished cell and the time left; Snakemake's own words go to its log. On this machine's CPU, jobs are
forked by a server that has imported the libraries (scripts/fork_server.py).
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from phasemix.base.errors import PhasemixError, run
from phasemix.planning.progress import Progress
from phasemix.study.config import Config
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config

SERVER = "PHASEMIX_FORK_SERVER"


def main() -> None:
    """Run Snakemake, tell what happens, and end as it does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--profile", type=Path, required=True, help="folder of profiles/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    parser.epilog = "All other arguments are Snakemake's: targets and options."
    args, others = parser.parse_known_args()
    config = read_config(args.scale, args.profile, args.experiments)
    layout = Layout(config.scale)
    log = Path(layout.results) / "logs" / "snakemake.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    line = ["snakemake", *others, "--configfile", str(args.scale), "--workflow-profile", str(args.profile)]
    line += ["--quiet", "reason", "host"]
    line += ["--config", f"run={args.experiments}"] if args.experiments else []
    print(f"log: {log}", flush=True)
    began = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(fork_server(config, args.profile))
        code, progress = follow(line, log, stack.enter_context(Progress(config)))
    if code == 0:
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        print(f"done: {layout.report}" + ("" if progress.idle else f" ({minutes} min {seconds} s)"))
    elif progress.stopped or code < 0:
        raise PhasemixError(f"stopped; call it again, and it goes on where it stopped (log: {log})")
    else:
        raise PhasemixError(f"{progress.failure or 'Snakemake failed'} (log: {log})")


def follow(line: list[str], log: Path, progress: Progress) -> tuple[int, Progress]:
    """Run a command line, its words into ``log`` and to ``progress``; returns how it ended."""
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

        def stop(number: int, _: object) -> None:
            progress.stopped = True
            if number == signal.SIGTERM:  # a terminal sends SIGINT to everybody
                process.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        assert process.stdout is not None
        for said in process.stdout:
            file.write(said)
            file.flush()
            progress.hear(said.rstrip("\n"))
        return process.wait(), progress


@contextmanager
def fork_server(config: Config, profile: Path) -> Iterator[None]:
    """A server that forks jobs, while the block runs; none where cells run on GPUs or elsewhere."""
    if config.hardware.device != "cpu" or profile.name != "default":
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "socket")
        server = Path(__file__).with_name("fork_server.py")
        process = subprocess.Popen([sys.executable, str(server), path], stdin=subprocess.PIPE)
        os.environ[SERVER] = path
        try:
            yield
        finally:
            process.communicate()  # its standard input ends, and so does it


if __name__ == "__main__":
    run(main)
