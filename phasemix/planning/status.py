"""Where a study stands, from its files alone: which cells are done, run, can be resumed, wait, or failed and why."""

import os
import re
import socket
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from phasemix.base.files import read_json
from phasemix.planning.plan import columns, duration
from phasemix.study.cell_key import SEED, SIZE, CellKey, axis_values
from phasemix.study.config import Config
from phasemix.training import heartbeat

TAIL_BYTES = 16_384  # of a log, in which the reason of a failure is looked for
RANK = re.compile(r"^\[rank\d+\]:\s?")  # before a line of a process among several
EXCEPTION = re.compile(r"(?!.*(ChildFailedError|SignalException))[A-Za-z_][\w.]*(Error|Exception|Interrupt)\b")
OUT_OF_MEMORY = "oom-kill"  # as slurmstepd says it
NO_FAILURES = ("stopped by SIGTERM", "another process is training this cell")
SILENT_SECONDS = 10 * heartbeat.BEAT_SECONDS  # a run that has said nothing for so long is not running


class State(Enum):
    """What a cell's files say of it, with the sign that stands for it."""

    DONE = "✓"
    TRAINED = "○"  # not evaluated yet
    RUNNING = "▸"
    RESUMABLE = "‖"
    WAITING = "·"
    FAILED = "✗"

    @property
    def word(self) -> str:
        """Its name for people."""
        return {"trained": "to be evaluated"}.get(self.name.lower(), self.name.lower())


@dataclass(frozen=True)
class Standing:
    """The state of a cell; how much of it is trained, from 0 to 1; the seconds left; why it failed."""

    state: State
    share: float = 0.0
    seconds_left: float | None = None
    reason: str = ""


def standings(config: Config, results: Path, queue: Path | None = None) -> dict[tuple[str, CellKey], Standing]:
    """The standing of every cell of a study whose results are in folder ``results``, SLURM's logs in ``queue``."""
    return {
        (name, cell): standing(results, name, cell, queue)
        for name, experiment in config.needed.items()
        for cell in experiment.cells
    }


def standing(results: Path, experiment: str, key: CellKey, queue: Path | None = None) -> Standing:
    """The standing of the cell in this folder below each stage's; of its trunk, while it waits for that."""
    cell = f"{experiment}/{key.format()}"
    job = queue and queue / "rule_train" / _wildcards(cell)
    own = _unfinished(results / "checkpoints" / cell, results / "logs/train" / f"{cell}.log", job)
    if own.state is State.RUNNING:  # perhaps again, whatever is there of before
        return own
    summary = _read(results / "evaluations" / cell / "summary.json")
    if summary is not None:
        if summary["diverged"]:
            return Standing(State.FAILED, 1.0, reason="diverged: its loss is not finite")
        return Standing(State.DONE, 1.0)
    if (results / "runs" / cell / "manifest.json").exists():
        reason = last_error(results / "logs/evaluate" / f"{cell}.log")
        return Standing(State.FAILED, 1.0, reason=reason) if reason else Standing(State.TRAINED, 1.0)
    if own.state is State.WAITING and not (results / "trunks" / cell / "manifest.json").exists():
        job = queue and queue / "rule_trunk" / _wildcards(cell)
        return _unfinished(results / "checkpoints/trunks" / cell, results / "logs/trunk" / f"{cell}.log", job)
    return own


def _wildcards(cell: str) -> str:
    """How Snakemake's plugin for SLURM names the folder of a cell's logs."""
    return cell.replace("/", "_")


def _unfinished(checkpoints: Path, log: Path, job: Path | None) -> Standing:
    """The standing of a run without a manifest; ``job`` is the folder of its jobs' logs by SLURM."""
    news = _read(checkpoints / heartbeat.FILE)
    if news is not None and not news.keys() >= heartbeat.KEYS:
        news = None  # of an older version
    share = news["step"] / news["until"] if news else 0.0
    if news and _alive(news, checkpoints / heartbeat.FILE):
        return Standing(State.RUNNING, share, news["seconds_left"])
    reason = last_error(log) or (job and killed_for_memory(job))
    if reason:
        return Standing(State.FAILED, share, reason=reason)
    if any(checkpoints.glob("step-*.pt")):
        return Standing(State.RESUMABLE, share)
    return Standing(State.WAITING)


def last_error(log: Path) -> str:
    """Why a job failed, as its log says; empty if it did not, was told to stop, or was killed without a word."""
    said = last_words(log)
    return "" if any(part in said for part in NO_FAILURES) else said


def last_words(log: Path) -> str:
    """The error that ended a job, as its log says; empty if it says none.

    Our own line counts before the end of a traceback; what torchrun and srun say afterwards of processes that ended
    does not count.
    """
    lines = [RANK.sub("", line) for line in _tail(log).strip().splitlines()]
    ours = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    if ours:
        return ours[-1]
    return next((line for line in reversed(lines) if EXCEPTION.match(line)), "")


def killed_for_memory(job: Path) -> str:
    """Where it says so, if the last of a cell's jobs in SLURM was killed for memory; else empty."""
    logs = sorted(job.glob("*.log"), key=lambda log: int(log.stem))
    if logs and OUT_OF_MEMORY in _tail(logs[-1]):
        return f"killed for memory, as {logs[-1]} says; raise hardware.largest_memory if it asked for all of it"
    return ""


def describe(config: Config, found: Mapping[tuple[str, CellKey], Standing]) -> str:
    """A grid for every experiment, and a line for every cell that runs or failed."""
    lines = [f"scale {config.scale}: {_counts(found)}"]
    for name, experiment in config.needed.items():
        if not experiment.cells:
            continue
        own = {cell: found[name, cell] for cell in experiment.cells}
        lines += ["", name, _grid(own)]
    signs = "  ".join(f"{state.value} {state.word}" for state in State)
    lines += ["", signs]
    for (name, cell), each in found.items():
        if each.state is State.RUNNING:
            left = "" if each.seconds_left is None else f", {duration(each.seconds_left / 3600)} left"
            lines.append(f"{State.RUNNING.value} {name}/{cell.format()}: {each.share:.0%}{left}")
    for (name, cell), each in found.items():
        if each.state is State.FAILED:
            lines.append(f"{State.FAILED.value} {name}/{cell.format()}: {each.reason}")
    return "\n".join(lines)


def _counts(found: Mapping[tuple[str, CellKey], Standing]) -> str:
    counts = Counter(each.state for each in found.values())
    parts = [f"{counts[state]:,} {state.word}" for state in State if counts[state]]
    return f"{len(found):,} cells, {', '.join(parts)}"


def _grid(own: Mapping[CellKey, Standing]) -> str:
    """Sizes down, the values of the axis that is varied most across; what stands together is told together."""
    values = axis_values(own)
    across = max((axis for axis in values if axis != SIZE), key=lambda axis: (len(values[axis]), axis != SEED))
    groups: dict[tuple[Any, Any], list[Standing]] = {}
    for cell, each in own.items():
        groups.setdefault((cell.size, cell.values[across]), []).append(each)
    columns_ = sorted(values[across], key=lambda value: (isinstance(value, str), value))
    name = {"ratio": "r"}.get(across, across)
    table = [[f"{name} =", *map(str, columns_)]]
    table += [[size, *(_together(groups.get((size, value), [])) for value in columns_)] for size in values[SIZE]]
    return "\n".join(columns(table))


def _together(cells: list[Standing]) -> str:
    """What stands in one place of the grid: a sign, or how many have each."""
    counts = Counter(each.state for each in cells)
    parts = []
    for state in State:
        if counts[state]:
            many = str(counts[state]) if len(cells) > 1 else ""
            shares = [each.share for each in cells if each.state is state]
            share = f" {sum(shares) / len(shares):.0%}" if state in (State.RUNNING, State.RESUMABLE) else ""
            parts.append(f"{many}{state.value}{share}")
    return " ".join(parts)


def _alive(news: Mapping[str, Any], file: Path) -> bool:
    """Whether the process that wrote the news goes on: it has spoken lately, and on this machine it is there."""
    try:
        if time.time() - file.stat().st_mtime > SILENT_SECONDS:
            return False
        if news["host"] == socket.gethostname():
            os.kill(news["process"], 0)
    except PermissionError:  # somebody else's, so it is there
        return True
    except OSError:
        return False
    return True


def _tail(log: Path) -> str:
    """The end of a log; empty if it cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _read(path: Path) -> dict[str, Any] | None:
    """A JSON file, or None if it is not there (any more) or damaged."""
    try:
        return dict(read_json(path))
    except (OSError, ValueError, TypeError):
        return None
