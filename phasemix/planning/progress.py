"""What Snakemake says, told to people: a line for every finished cell, the time left, what failed and why."""

import re
import sys
import time
from pathlib import Path
from typing import Any, Self

from tqdm import tqdm

from phasemix.base.files import read_json
from phasemix.planning.jobs import JobKey, jobs
from phasemix.planning.plan import duration, is_finished
from phasemix.planning.status import last_error
from phasemix.study.cell_key import PATTERN, CellKey
from phasemix.study.config import Config
from phasemix.study.layout import Layout

STARTED = re.compile(r"^(?:localrule )?Job (\d+): (.*)$")
FINISHED = re.compile(r"^Finished jobid: (\d+) \(Rule: (\w+)\)$")
COUNT = re.compile(r"^(\d+) of (\d+) steps \(\d+%\) done$")
OF_A_CELL = re.compile(rf"^(train the trunk of|train|evaluate) ({PATTERN}) \((\w+)\)$")
STAGES = {"train the trunk of": "trunk", "train": "train", "evaluate": "evaluate"}
FAILED = re.compile(r"^Error in rule (\w+), jobid: (\d+)")
LOG = re.compile(r"^\s*log: (\S+)")
WARNING = re.compile(r"^(?:Warning|WARNING): ?(.*)$")


class Progress:
    """A context that hears Snakemake's lines and tells people what matters in them.

    Attributes:
        stopped: whether somebody asked it to stop.
        idle: whether there was nothing to be done.
        failure: the one line that matters, if something failed; empty if nothing did.
    """

    def __init__(self, config: Config) -> None:
        self.stopped = False
        self.idle = False
        self.failure = ""
        self._layout = Layout(config.scale)
        results = Path(self._layout.results)
        self._left = {key: job.flops for key, job in jobs(config).items() if not is_finished(key, results)}
        self._done = 0  # FLOPs
        self._messages: dict[str, str] = {}
        self._began: float | None = None
        self._failing: str | None = None
        self._warned: set[str] = set()
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def hear(self, line: str) -> None:
        """Take note of a line."""
        if found := STARTED.match(line):
            self._messages[found[1]] = found[2]
            if OF_A_CELL.match(found[2]):
                self._began = self._began or time.monotonic()
        elif found := FINISHED.match(line):
            self._finished(self._messages.get(found[1], found[2]))
        elif found := COUNT.match(line):
            self._count(int(found[1]), int(found[2]))
        elif found := FAILED.match(line):
            self._failing = self._messages.get(found[2], found[1])
            self.failure = self.failure or f"{self._failing} failed"
        elif self._failing and (found := LOG.match(line)):
            self._explain(Path(found[1]))
        elif line.startswith("error: "):
            self.failure = line.removeprefix("error: ")
        elif found := WARNING.match(line):
            self._warn(found[1])
        elif "Nothing to be done" in line:
            self.idle = True
        elif not self.failure and re.match(r"^\w*(Error|Exception)\b.*", line):
            self.failure = line

    def _finished(self, message: str) -> None:
        found = OF_A_CELL.match(message)
        if found is None:
            return
        key = JobKey(STAGES[found[1]], found[3], CellKey.parse(found[2]))  # type: ignore[arg-type]
        self._done += self._left.pop(key, 0)
        if key.stage == "evaluate":
            left = "" if _terminal() else f" ({self._time_left()})"
            self._say(self._cell_line(key) + left)

    def _cell_line(self, key: JobKey) -> str:
        """A finished cell: its name, its accuracies, how long it was trained."""
        path = Path(self._layout.of_cell("evaluations", key.experiment, key.cell)) / "summary.json"
        try:
            summary = read_json(path)
        except (OSError, ValueError):
            return f"{key.cell.text()}: evaluated"
        if summary["diverged"]:
            return f"{key.cell.text()}: diverged, its loss is not finite"
        parts = [f"accuracy {100 * every['']:.1f} %" for every in (summary["accuracy"] or {}).values()]
        parts += [f"{source} {loss:.3f} nats" for source, loss in summary["loss"].items()]
        return f"{key.cell.text()}: {', '.join(parts)}; {summary['seconds']:.0f} s"

    def _count(self, done: int, total: int) -> None:
        if self._bar is None:
            form = "{n}/{total} jobs |{bar}| {postfix}"
            self._bar = tqdm(total=total, bar_format=form, disable=not _terminal(), leave=False)
        self._bar.total = total
        self._bar.n = done
        self._bar.set_postfix_str(self._time_left())

    def _time_left(self) -> str:
        """How long the rest takes, judged by what was computed since the first cell began."""
        if self._began is None or not self._done:
            return "time left not known yet"
        seconds = (time.monotonic() - self._began) * sum(self._left.values()) / self._done
        return f"about {duration(seconds / 3600)} left"

    def _explain(self, log: Path) -> None:
        why = last_error(log)
        if why and self._failing and self.failure == f"{self._failing} failed":
            self.failure = f"{self._failing}: {why} ({log})"
        self._failing = None

    def _warn(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            self._say(f"warning: {text}")

    def _say(self, line: str) -> None:
        if self._bar is not None and _terminal():
            self._bar.write(line)
        else:
            print(line, flush=True)


def _terminal() -> bool:
    return sys.stderr.isatty()
