"""Run a study with Snakemake on this machine or elsewhere, for people: python scripts/reproduce.py --help.

What it adds to `snakemake` with the same targets: words for people (scripts/terminal.py), and, where cells run on this
machine's cores, a server that starts jobs without their waiting for libraries (scripts/fork_server.py). An empty
PHASEMIX_FORK_SERVER in the environment does without that.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from snakemake.cli import main as snakemake
from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry
from terminal import Terminal, plugin

from phasemix.base.errors import run
from phasemix.planning.time_left import seconds_left
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config
from phasemix.study.yaml_files import read_yaml

SCRIPTS = Path(__file__).parent
SERVER = "PHASEMIX_FORK_SERVER"  # which scripts/launch.py reads
ONE_THREAD = {  # what Snakemake gives to jobs of one thread
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "GOTO", "OPENBLAS", "MKL", "NUMEXPR")
} | {"VECLIB_MAXIMUM_THREADS": "1"}


def command(args: argparse.Namespace, profile: dict[str, Any]) -> list[str]:
    """The command line of Snakemake."""
    line = [*args.targets, "--configfile", str(args.scale), "--workflow-profile", str(args.profile)]
    line += ["--cores", args.cores, "--logger", "phasemix"]
    if args.experiments:  # --config takes the place of what the profile gives
        given = profile.get("config", {}) | {"run": args.experiments}
        line += ["--config", *(f"{key}={value}" for key, value in given.items())]
    if os.environ.get("SNAKEMAKE_OUTPUT_CACHE"):
        line.append("--cache")
    return line


@contextmanager
def fork_server(log: Path) -> Iterator[None]:
    """Have a fork server for jobs that are started meanwhile; at the end, stop them and wait for them."""
    path = Path(mkdtemp(prefix="phasemix-")) / "socket"
    os.environ[SERVER] = str(path)
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, SCRIPTS / "launch.py", SCRIPTS / "fork_server.py", path],
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            process_group=0,  # the terminal's signals reach jobs through their clients, once
        )
    try:
        yield
    finally:
        if not path.exists():  # it is still loading libraries
            server.kill()
        server.communicate()  # closes its standard input, and waits
        shutil.rmtree(path.parent, ignore_errors=True)


def run_snakemake(line: list[str], terminal: Terminal, log: Path) -> int | str:
    """Run Snakemake in this process; the exit code, or words in its place."""

    def interrupt(number: int, frame: Any) -> None:
        terminal.interrupted = True
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    with log.open("w", encoding="utf-8") as file:
        LoggerPluginRegistry().register_plugin("phasemix", plugin(terminal, file))
        try:
            with redirect_stderr(file):
                snakemake(line)
        except KeyboardInterrupt:
            return 1
        except SystemExit as end:
            return end.code or 0
    return 0


def main() -> None:
    """Run the study and say how it goes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--profile", type=Path, required=True, help="folder of profiles/")
    parser.add_argument("--cores", default="all")
    parser.add_argument("--experiments", help="names with commas between them, or all; by default the scale's own")
    parser.add_argument("targets", nargs="*", default=["all"], help="of Snakemake")
    args = parser.parse_args()
    config = read_config(args.scale, args.profile, args.experiments)
    profile = read_yaml(args.profile / "config.yaml")
    layout, whole = Layout(config.scale), args.targets == ["all"]
    log, log_of_server = Path(layout.log("snakemake")), Path(layout.log("fork_server"))
    log.parent.mkdir(parents=True, exist_ok=True)
    here = config.hardware.device == "cpu" and profile.get("executor", "local") == "local"
    forks = here and SERVER not in os.environ and hasattr(os, "pidfd_open")

    def left(devices: int) -> float | None:
        return seconds_left(config, Path(layout.results), devices) if whole else None

    terminal = Terminal(log, config.hardware.device, left)
    with fork_server(log_of_server) if forks else nullcontext():
        code = run_snakemake(command(args, profile), terminal, log)
    terminal.end(code, layout.report if whole else " ".join(args.targets))
    sys.exit(bool(code))


if __name__ == "__main__":
    run(main)
