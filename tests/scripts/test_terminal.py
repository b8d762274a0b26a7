"""What `make reproduce` says, for records as Snakemake logs them."""

import io
import json
import logging
import sys
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from scripts.terminal import Terminal, plugin

SUMMARY = {"diverged": False, "accuracy": {"synbio": {"": 0.4567, "major": 0.5}}, "loss": {"web": 3.2}, "seconds": 38.2}


class Snakemake:
    """Logs to a terminal what Snakemake logs of a run."""

    def __init__(self, folder, seconds_left=lambda devices: None, device="cpu"):
        self.folder = folder
        self.terminal = Terminal(folder / "snakemake.log", device, seconds_left)
        self._number = 0

    def log(self, event, message="", level=logging.INFO, **extra):
        record = logging.LogRecord("snakemake", level, __file__, 1, message, (), None)
        vars(record).update(extra, event=event)
        self.terminal.hear(record)

    def begin(self, **counts):
        self.log(LogEvent.RESOURCES_INFO, cores=2)
        self.log(LogEvent.RUN_INFO, stats={**counts, "total": sum(counts.values())})

    def start(self, rule="train", ratio=0.2, **summary):
        """Start a job of a cell; its number."""
        self._number += 1
        folder = self.folder / str(self._number)
        folder.mkdir()
        (folder / "log").touch()
        (folder / "summary.json").write_text(json.dumps(SUMMARY | summary))
        self.log(
            LogEvent.JOB_INFO,
            jobid=self._number,
            rule_name=rule,
            rule_msg=f"{rule} ratio {ratio}",
            wildcards={"experiment": "transition", "cell": f"size=58k/ratio={ratio}/seed=0"},
            output=[f"{folder}/answers.parquet", f"{folder}/summary.json"],
            log=[f"{folder}/log"],
        )
        return self._number

    def finish(self, number, said=""):
        (self.folder / str(number) / "log").write_text(said)
        self.log(LogEvent.JOB_FINISHED, job_id=number)

    def fail(self, number, said):
        (self.folder / str(number) / "log").write_text(said)
        self.log(LogEvent.ERROR, "RuleException:\nCalledProcessError", logging.ERROR)
        self.log(LogEvent.JOB_ERROR, level=logging.ERROR, jobid=number)


def test_a_line_for_every_finished_cell_with_the_time_left(tmp_path, capsys):
    asked = []
    run = Snakemake(tmp_path, lambda devices: asked.append(devices) or 1200.0)
    run.begin(train=2, evaluate=2)
    for rule in ("train", "evaluate"):
        run.finish(run.start(rule))
    run.finish(run.start("evaluate", 0.4, diverged=True))
    run.terminal.end(0, "results/laptop/report.html")
    assert capsys.readouterr().out.splitlines() == [
        f"4 jobs, 2 cells; Snakemake's log is {tmp_path}/snakemake.log",
        "[1/2] 58k, ratio 0.2, seed 0 (transition): accuracy 45.7 %, 38 s, about 20.0 min left",
        "[2/2] 58k, ratio 0.4, seed 0 (transition): diverged, its loss is not finite, 38 s, about 20.0 min left",
        "done in 0 s: results/laptop/report.html",
    ]
    assert set(asked) == {2}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"accuracy": {"a": {"": 0.5}, "b": {"": 0.25}}}, "a accuracy 50.0 %, b accuracy 25.0 %"),
        ({"accuracy": {}, "loss": {"web": 3.25, "code": 2.0}}, "web 3.250 nats, code 2.000 nats"),
    ],
)
def test_cells_of_several_sources_name_them(tmp_path, capsys, found, words):
    run = Snakemake(tmp_path)
    run.begin(evaluate=1)
    run.finish(run.start("evaluate", **found))
    assert capsys.readouterr().out.splitlines()[1] == f"[1/1] 58k, ratio 0.2, seed 0 (transition): {words}, 38 s"


def test_a_failure_ends_with_the_line_that_matters(tmp_path, capsys):
    """Other jobs go on after it, so it is told at once and again at the end."""
    run = Snakemake(tmp_path)
    run.begin(train=3)
    run.fail(run.start(), "Traceback (most recent call last):\n  File x\nRuntimeError: out of memory\n")
    run.fail(run.start(ratio=0.4), "error: web.train_tokens is too small\n")
    run.log(None, "Exiting because a job execution failed.", logging.ERROR)
    run.terminal.end(1, "")
    out, errors = capsys.readouterr()
    reason = f"train ratio 0.2: RuntimeError: out of memory (log: {tmp_path}/1/log)"
    assert out.splitlines()[1:] == [
        f"failed: {reason}",
        f"failed: train ratio 0.4: web.train_tokens is too small (log: {tmp_path}/2/log)",
    ]
    assert errors == f"error: {reason}; 1 more failed, see {tmp_path}/snakemake.log\n"


def test_a_job_that_was_killed_says_so(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.begin(train=1)
    run.fail(run.start(), "")
    run.terminal.end(1, "")
    assert capsys.readouterr().err == f"error: train ratio 0.2: it ended without a word (log: {tmp_path}/1/log)\n"


def test_a_job_that_succeeds_at_another_attempt_has_not_failed(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.begin(train=2)
    number = run.start()
    run.fail(number, "error: no room\n")
    run.finish(number)
    run.fail(run.start(ratio=0.4), "error: no such file\n")
    run.terminal.end(1, "")
    assert capsys.readouterr().err == f"error: train ratio 0.4: no such file (log: {tmp_path}/2/log)\n"


def test_what_stops_snakemake_itself_is_one_line(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.log(LogEvent.ERROR, "WorkflowError:\nThe folder\n  cannot be locked.", logging.ERROR)
    run.terminal.end(1, "")
    words = "error: WorkflowError: The folder cannot be locked."
    assert capsys.readouterr().err == f"{words}; see {tmp_path}/snakemake.log\n"


def test_a_mistake_in_the_configuration_stays_its_own_line(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.terminal.end("error: config.yaml: seeed: unknown key", "")
    assert capsys.readouterr().err == "error: config.yaml: seeed: unknown key\n"


def test_nothing_to_be_done_is_a_line(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.log(LogEvent.RESOURCES_INFO, cores=2)
    run.terminal.end(0, "results/laptop/report.html")
    assert capsys.readouterr().out == "nothing is left to be done for results/laptop/report.html\n"


def test_an_interruption_is_a_line_and_no_failure(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.begin(train=1)
    number = run.start()
    run.terminal.interrupted = True
    run.fail(number, "KeyboardInterrupt\n")
    run.terminal.end(1, "")
    out, errors = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert errors == "interrupted: what is finished stays, and the same command goes on from the last checkpoints\n"


def test_warnings_of_jobs_and_of_snakemake_are_told_once(tmp_path, capsys):
    run = Snakemake(tmp_path)
    run.log(None, "Workflow defines that rule corpus is eligible for caching", logging.WARNING)  # for its author
    run.begin(train=2)
    for ratio in (0.2, 0.4):
        run.finish(run.start(ratio=ratio), "warning: there is no C++ compiler\nother words\n")
        run.log(None, "the clock\nis wrong", logging.WARNING)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "warning: there is no C++ compiler",
        "warning: the clock is wrong",
    ]


def test_a_terminal_has_a_bar_below_the_lines(tmp_path, capsys, monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", shown)
    run = Snakemake(tmp_path, lambda devices: 1200.0)
    run.begin(train=1, evaluate=1)
    run.finish(run.start())
    run.finish(run.start("evaluate"))
    run.terminal.end(0, "report.html")
    assert "0/2 jobs |" in shown.getvalue()
    assert "1/2 jobs |" in shown.getvalue()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "[1/1] 58k, ratio 0.2, seed 0 (transition): accuracy 45.7 %, 38 s"  # the bar has the time left


def test_the_time_left_is_not_told_before_it_is_known(tmp_path, capsys):
    run = Snakemake(tmp_path, device="gpu", seconds_left=lambda devices: 60.0 * devices)
    run.begin(evaluate=2)  # its resources name no GPU
    run.finish(run.start("evaluate"))
    run.log(LogEvent.RESOURCES_INFO, provided_resources={"gpu": 3})
    run.finish(run.start("evaluate"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith(", 38 s")
    assert lines[2].endswith(", about 3.0 min left")


def test_what_cannot_be_told_stops_nothing(tmp_path, capsys):
    """The plugin writes Snakemake's words into its log, and goes on hearing after an error of its own."""
    run = Snakemake(tmp_path)
    log = io.StringIO()
    handler = plugin(run.terminal, log).LogHandler(SimpleNamespace(), None)
    record = logging.LogRecord("snakemake", logging.INFO, __file__, 1, "some words", (), None)
    vars(record)["event"] = LogEvent.JOB_FINISHED  # without a number
    handler.handle(record)
    assert log.getvalue() == "some words\n"
    assert "KeyError" in capsys.readouterr().err
