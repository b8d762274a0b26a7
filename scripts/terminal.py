"""What `make reproduce` says: a line for every finished cell and for what goes wrong; on a terminal, a bar below.

It hears what Snakemake logs, as Snakemake's logger plugins do. Snakemake's own words go into a file.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from tqdm import tqdm

from phasemix.base.errors import WARNING
from phasemix.base.files import read_json
from phasemix.planning.plan import duration
from phasemix.planning.status import last_words
from phasemix.study.cell_key import CellKey

LAST_OF_A_CELL, SUMMARY = "evaluate", "summary.json"  # the rule, and the file that says what it found
BAR = "{n_fmt}/{total_fmt} jobs |{bar:24}| {elapsed}{postfix}"
LONGEST = 300  # letters of an error of Snakemake's

SecondsLeft = Callable[[int], float | None]
"""From the number of devices to the time that is left, if it is known."""


@dataclass(frozen=True)
class Job:
    """A job that has been started: what it does, in words; its rule and wildcards; its files."""

    words: str
    rule: str
    wildcards: Mapping[str, str]
    output: Sequence[str]
    logs: Sequence[str]

    @property
    def ends_a_cell(self) -> bool:
        """Whether a cell is finished with it."""
        return self.rule == LAST_OF_A_CELL


class Terminal:
    """Tells people how a run of Snakemake goes.

    Args:
        log: the file of Snakemake's own words.
        device: what cells are trained on, "cpu" or "gpu".
        seconds_left: asked after every cell.
    """

    def __init__(self, log: Path, device: str, seconds_left: SecondsLeft) -> None:
        self.interrupted = False
        self._log, self._device, self._seconds_left = log, device, seconds_left
        self._lines, self._errors = sys.stdout, sys.stderr  # also while others' are sent elsewhere
        self._began = time.monotonic()
        self._devices = 0  # not known
        self._ending: float | None = None  # when all cells will have ended, as far as is known
        self._jobs: dict[int, Job] = {}  # that run, by Snakemake's numbers
        self._cells, self._cells_done = 0, 0
        self._failures: dict[int, str] = {}
        self._error = ""  # of Snakemake itself
        self._warnings: set[str] = set()
        self._bar: tqdm[Any] | None = None  # until Snakemake has planned its jobs
        self._ended = threading.Event()

    def hear(self, record: logging.LogRecord) -> None:
        """Take in what Snakemake logs."""
        said: Mapping[str, Any] = vars(record)
        match said.get("event"):
            case LogEvent.RESOURCES_INFO if self._device == "cpu":
                self._devices = said.get("cores") or self._devices
            case LogEvent.RESOURCES_INFO:
                self._devices = said.get("provided_resources", {}).get("gpu") or self._devices
            case LogEvent.RUN_INFO:
                self._begin(said["stats"])
            case LogEvent.JOB_INFO:
                parts = said["rule_name"], said["wildcards"], said["output"], said["log"]
                self._jobs[said["jobid"]] = Job(said["rule_msg"] or said["rule_name"], *parts)
            case LogEvent.JOB_FINISHED:
                self._finish(said["job_id"])
            case LogEvent.JOB_ERROR:
                self._fail(said["jobid"])
            case _ if record.levelno >= logging.ERROR:
                self._error = self._error or _words(record)
            case _ if record.levelno == logging.WARNING and self._bar is not None:  # before, they are its author's
                self._warn(f"{WARNING}{_words(record)}")

    def end(self, code: int | str, made: str) -> None:
        """Say in a line how it ended: with an exit code or words in its place, and, if all went well, with what."""
        self._ended.set()
        if self._bar is not None:
            self._bar.close()
        took = duration((time.monotonic() - self._began) / 3600)
        if self.interrupted:
            line = "interrupted: what is finished stays, and the same command goes on from the last checkpoints"
        elif not code:
            line = f"done in {took}: {made}" if self._bar else f"nothing is left to be done for {made}"
        elif isinstance(code, str):
            line = code
        elif self._failures:
            first, *others = self._failures.values()
            more = f"; {len(others)} more failed, see {self._log}" if others else ""
            line = f"error: {first}{more}"
        else:
            line = f"error: {self._error or 'Snakemake failed'}; see {self._log}"
        print(line, file=self._errors if code else self._lines, flush=True)

    def _begin(self, counts: Mapping[str, int]) -> None:
        self._cells = counts.get(LAST_OF_A_CELL, 0)
        self._say(f"{_many(counts['total'], 'job')}, {_many(self._cells, 'cell')}; Snakemake's log is {self._log}")
        self._bar = tqdm(
            total=counts["total"],
            bar_format=BAR,
            file=self._errors,
            disable=not self._errors.isatty(),
            leave=False,
            dynamic_ncols=True,
        )
        self._estimate()
        threading.Thread(target=self._tick, daemon=True).start()

    def _finish(self, number: int) -> None:
        job = self._jobs.pop(number)
        self._failures.pop(number, None)  # of an earlier attempt
        for log in job.logs:
            for line in Path(log).read_text(encoding="utf-8", errors="replace").splitlines():
                if line.startswith(WARNING):
                    self._warn(line)
        if job.ends_a_cell:
            self._cells_done += 1
            self._estimate()
            left = self._left() if self._bar is None or self._bar.disable else ""
            self._say(f"[{self._cells_done}/{self._cells}] {', '.join(filter(None, (_cell_line(job), left)))}")
        if self._bar is not None:
            self._bar.update()

    def _fail(self, number: int) -> None:
        """Say why a job failed, unless it was interrupted."""
        if self.interrupted:
            return
        job = self._jobs[number]
        reason = next(filter(None, map(last_words, map(Path, job.logs))), "it ended without a word")
        self._failures[number] = f"{job.words}: {reason} (log: {', '.join(job.logs)})"
        self._say(f"failed: {self._failures[number]}")

    def _warn(self, line: str) -> None:
        """Say it, once."""
        if line not in self._warnings:
            self._warnings.add(line)
            self._say(line)

    def _estimate(self) -> None:
        seconds = self._seconds_left(self._devices) if self._devices else None
        self._ending = None if seconds is None else time.monotonic() + seconds

    def _left(self) -> str:
        seconds = 0.0 if self._ending is None else self._ending - time.monotonic()
        return f"about {duration(seconds / 3600)} left" if seconds > 0 else ""

    def _tick(self) -> None:
        """Keep the bar up to date."""
        while self._bar is not None and not self._ended.wait(1.0):
            cells = f"{self._cells_done}/{self._cells} cells" if self._cells else ""
            now = [job.words for job in list(self._jobs.values())][-1:]
            self._bar.set_postfix_str(", ".join(filter(None, (cells, self._left(), *now))))

    def _say(self, line: str) -> None:
        """Print a line, above the bar."""
        with tqdm.get_lock():  # type: ignore[no-untyped-call]
            if self._bar is not None:
                self._bar.clear(nolock=True)
            print(line, file=self._lines, flush=True)
            if self._bar is not None:
                self._bar.refresh(nolock=True)


def _cell_line(job: Job) -> str:
    """A finished cell: its name, its accuracies, or its losses if nothing is asked; how long it was trained."""
    summary = read_json(next(path for path in job.output if path.endswith(SUMMARY)))
    if summary["diverged"]:
        found = {"": "diverged, its loss is not finite"}
    elif summary["accuracy"]:
        found = {source: f"accuracy {100 * each['']:.1f} %" for source, each in summary["accuracy"].items()}
    else:
        found = {source: f"{loss:.3f} nats" for source, loss in summary["loss"].items()}
    words = [f"{source} {what}" if len(found) > 1 else what for source, what in found.items()]
    name = f"{CellKey.parse(job.wildcards['cell']).text()} ({job.wildcards['experiment']})"
    return f"{name}: {', '.join([*words, duration(summary['seconds'] / 3600)])}"


def _many(count: int, what: str) -> str:
    """A number of things."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _words(record: logging.LogRecord) -> str:
    """What a record says, in a line."""
    return " ".join(record.getMessage().split())[:LONGEST]


def plugin(terminal: Terminal, log: TextIO) -> ModuleType:
    """A logger plugin of Snakemake's, in place of its own terminal: it writes its words into ``log``."""

    class LogHandler(LogHandlerBase):
        writes_to_stream = True  # in place of its own
        writes_to_file = has_filter = has_formatter = needs_rulegraph = False

        def emit(self, record: logging.LogRecord) -> None:
            try:
                print(self.format(record), file=log, flush=True)
                terminal.hear(record)
            except Exception:  # what is said must not stop what is done
                self.handleError(record)

    module = ModuleType("plugin")
    module.LogHandler = LogHandler  # type: ignore[attr-defined]
    return module
