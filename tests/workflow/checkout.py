"""A copy of the checkout, and Snakemake run in it as a user does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
OF_MAKE = ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")
SMOKE = ["--configfile", "scales/smoke.yaml"]


def copy_checkout(target: Path) -> Path:
    """The files git knows, or would add, as a fresh clone has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def inside(folder: Path) -> dict[str, str]:
    """The environment in which a copy of the checkout runs: a user's, who is not within `make test`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ours = {name: value for name, value in os.environ.items() if name not in OF_MAKE}
    return ours | {"PATH": path, "PYTHONPATH": str(folder), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


def snakemake(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [*SNAKEMAKE, *arguments], cwd=folder, env=inside(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done


def make_run(folder: Path, *arguments: str) -> None:
    """What `make reproduce` does in a copy at smoke scale: its processes are forked, which takes half the time."""
    command = ["make", "run", "SCALE=smoke", *arguments]
    done = subprocess.run(command, cwd=folder, env=inside(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def kill(process: subprocess.Popen) -> None:
    """SIGKILL to a Snakemake and its jobs."""
    running = psutil.Process(process.pid).children(recursive=True)
    for victim in (psutil.Process(process.pid), *running):
        victim.kill()
    process.wait()
    psutil.wait_procs(running, timeout=10)


def plan(folder: Path, *arguments: str) -> dict[str, int]:
    """How many jobs of every rule a dry run plans, and under "reasons" its words."""
    done = snakemake(folder, *arguments, "--dry-run", *SMOKE)
    text = done.stdout + done.stderr
    stats = re.search(r"^job +count\n[- ]+\n(.*?)^total", text, re.MULTILINE | re.DOTALL)
    jobs = {line.split()[0]: int(line.split()[1]) for line in stats.group(1).splitlines()} if stats else {}
    return jobs | {"reasons": text}


def jobs(folder: Path, *arguments: str) -> dict[str, int]:
    found = plan(folder, *arguments)
    return {rule: count for rule, count in found.items() if rule not in ("reasons", "all")}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def without_environment(folder: Path) -> None:
    """Let make set up no environment in a copy, but use that of the tests."""
    makefile = (folder / "Makefile").read_text()
    (folder / "Makefile").write_text(re.sub(r"^(\w+: .*) environment$", r"\1", makefile, flags=re.MULTILINE))
