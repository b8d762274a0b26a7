"""Training: exact resumption, divergence, checkpoints, what a run leaves."""

import errno
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.base.seeds import generator
from phasemix.base.sources import code_of
from phasemix.study.mixture import MixtureSpec, Phase
from phasemix.training import train_cell
from phasemix.training.devices import Devices
from phasemix.training.engine import resolve_precision
from phasemix.training.loop import Run
from tests.conftest import small_cell, three_sources
from tests.training.processes import arguments_of, peak, start
from tests.training.processes import run as script
from tests.training.runs import exploding_at, interrupt, killed_at, metrics, newest, run, weights

STEPS = 60


def test_a_run_leaves_loadable_weights_metrics_and_a_manifest(uninterrupted, data):
    model = AutoModelForCausalLM.from_pretrained(uninterrupted / "model")
    tokenizer = AutoTokenizer.from_pretrained(uninterrupted / "model")
    manifest = read_json(uninterrupted / "manifest.json")
    assert sum(p.numel() for p in model.parameters()) == manifest["parameters"]
    assert model.config.vocab_size % 128 == 0
    assert len(tokenizer) == 400
    assert manifest["tokens"] == STEPS * 4 * 32
    assert manifest["diverged_at"] is None
    assert manifest["data"]["synbio/corpus/people.parquet"] == sha256(data.corpora / "synbio" / "people.parquet")
    assert manifest["data"]["web/tokens/train.bin"] == sha256(data.tokens / "web" / "train.bin")
    assert manifest["proportions"] == {"synbio": 0.5, "web": 0.5}
    assert manifest["exposures"].keys() == {"synbio", "web"}
    assert manifest["weights_sha256"] == weights(uninterrupted)
    assert {"git_commit", "versions", "processor", "seconds", "cell_hash"} <= manifest.keys()
    rows = metrics(uninterrupted)
    assert rows["step"].tolist() == list(range(1, STEPS + 1))
    assert list(rows)[4:] == ["mix.synbio", "mix.web", "loss.synbio", "loss.web", "accuracy.synbio", "knowledge.synbio"]
    assert rows.dropna()["step"].tolist() == [15, 30, 45, 60]
    assert rows["train_loss"].iloc[-5:].mean() < rows["train_loss"].iloc[:5].mean() - 1
    assert not (uninterrupted.parent / "checkpoints").exists()


def test_the_same_cell_gives_the_same_bytes(uninterrupted, data, tmp_path):
    again = run(small_cell(), data, tmp_path)
    assert weights(again) == weights(uninterrupted)
    pd.testing.assert_frame_equal(metrics(again), metrics(uninterrupted), check_exact=True)
    other = run(small_cell(seed=1), data, tmp_path / "other")
    assert weights(other) != weights(uninterrupted)


LONG = small_cell(recipe={"tokens": 600 * 4 * 32})


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """The longer cell, trained."""
    return run(LONG, data, tmp_path_factory.mktemp("long"))


def test_a_cell_killed_at_ten_random_points_ends_in_the_same_bytes(data, tmp_path, whole):
    """SIGKILL while it trains and checkpoints at every step, each time started again."""
    points = sorted(generator("points of kills").choice(np.arange(5, 560), size=10, replace=False).tolist())
    reached = [killed_at(point, LONG, data, tmp_path) for point in points]
    assert reached[-1] < 600
    assert script("train", *arguments_of(LONG, data, tmp_path), log=tmp_path / "log").process.exitcode == 0
    assert weights(tmp_path / "run") == weights(whole)
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(whole), check_exact=True)
    manifest = read_json(tmp_path / "run" / "manifest.json")
    # Nothing is trained twice beyond the last checkpoint; a kill may hit while the newest is written.
    assert len(manifest["resumed_from"]) == 10
    assert all(0 <= newest - resumed <= 1 for newest, resumed in zip(reached, manifest["resumed_from"], strict=True))
    assert manifest["exposures"] == read_json(whole / "manifest.json")["exposures"]


def test_a_cell_that_gets_sigterm_saves_its_last_step(data, tmp_path, whole):
    """As schedulers send it: nothing is lost, though no checkpoint was due."""
    line = arguments_of(LONG, data, tmp_path, "--checkpoint-seconds", "1000", "--out", str(tmp_path / "run"))
    process = start("train", *line, log=tmp_path / "log")
    process.until(lambda: "step/s" in process.said)  # its first line of progress
    process.process.terminate()
    assert process.wait() == 1
    last = process.said.strip().splitlines()[-1]
    saved = newest(tmp_path)
    assert last == f"error: stopped by SIGTERM after step {saved} of 600, which is saved"
    assert 60 <= saved < 600
    assert script("train", *line, log=tmp_path / "log").process.exitcode == 0
    assert weights(tmp_path / "run") == weights(whole)
    assert read_json(tmp_path / "run" / "manifest.json")["resumed_from"] == [saved]
    assert not (tmp_path / "checkpoints").exists()


@pytest.mark.parametrize("damage", ["truncated", "corrupt", "empty"])
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(interrupted, uninterrupted, data, capsys, damage):
    newest_one = interrupted / "checkpoints" / "step-000000030.pt"
    content = bytearray(newest_one.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    newest_one.write_bytes({"truncated": content[:middle], "corrupt": bytes(content), "empty": b""}[damage])
    finished = run(small_cell(), data, interrupted)
    assert "step-000000030.pt: damaged, not used" in capsys.readouterr().err
    assert weights(finished) == weights(uninterrupted)
    assert read_json(finished / "manifest.json")["resumed_from"] == [29]


def test_a_checkpoint_of_another_cell_is_refused_by_name(interrupted, data, tmp_path_factory, capsys):
    other = small_cell(ratio=0.4, recipe={"weight_decay": 0.2})
    finished = run(other, data, interrupted)
    said = (
        "step-000000030.pt: of another configuration, not used (mixture.phases.0.proportions.synbio 0.5, here 0.4;"
        " mixture.phases.0.proportions.web 0.5, here 0.6; recipe.weight_decay 0.1, here 0.2)"
    )
    assert said in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []
    assert weights(finished) == weights(run(other, data, tmp_path_factory.mktemp("fresh")))


def full_disk(folder):
    """A file system of a megabyte and a half, if this user may make one."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)]
    return subprocess.run(options, capture_output=True, check=False).returncode == 0


def test_a_full_disk_is_said_and_the_last_good_checkpoint_stays(data, uninterrupted, tmp_path):
    """A real file system that fills up; where none can be made, a limit on the size of files."""
    store = tmp_path / "checkpoints"
    mounted = full_disk(store)
    line = arguments_of(small_cell(), data, tmp_path)
    limits = {} if mounted else {"RLIMIT_FSIZE": 60 * 1024}
    try:
        if mounted:
            good = killed_at(12, small_cell(), data, tmp_path)
            assert good >= 12
            subprocess.run(["dd", "if=/dev/zero", f"of={store}/filler"], capture_output=True, check=False)
        done = script("train", *line, log=tmp_path / "full", **limits)
        assert done.process.exitcode == 1
        last = done.said.strip().splitlines()[-1]
        assert last.startswith(f"error: {store}/step-0000000")
        assert "cannot be written" in last
        assert "is the disk full? Make room and start again" in last
        assert not list(store.glob(".*.tmp"))
        if mounted:
            assert newest(tmp_path) == good
            (store / "filler").unlink()
        finished = script("train", *line, log=tmp_path / "room")
        assert weights(tmp_path / "run") == weights(uninterrupted), finished.said
        if mounted:
            assert f"resuming at step {good}" in finished.said
    finally:
        if mounted:
            subprocess.run(["umount", str(store)], check=True)


def test_a_diverged_run_keeps_its_last_good_weights_and_says_when(data, tmp_path, monkeypatch, uninterrupted):
    exploding_at(40, monkeypatch, before=True)
    finished = run(small_cell(), data, tmp_path)
    manifest = read_json(finished / "manifest.json")
    assert (manifest["diverged_at"], manifest["good_step"]) == (40, 30)
    assert manifest["tokens"] == 40 * 4 * 32
    assert metrics(finished)["step"].iloc[-1] == 40
    assert np.isnan(metrics(finished)["train_loss"].iloc[-1])
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_weights_broken_by_the_last_step_are_noticed(data, tmp_path, monkeypatch):
    """The loss is taken before the update: only evaluating shows what the last update did."""
    exploding_at(STEPS, monkeypatch, before=False)
    finished = run(small_cell(), data, tmp_path)
    assert read_json(finished / "manifest.json")["diverged_at"] == STEPS
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_micro_batches_accumulate_to_the_same_step(data, tmp_path):
    """In float32, where nothing but the order of sums differs: products in bfloat16 round otherwise in each split."""
    whole, split = (
        metrics(run(small_cell(recipe={"precision": "float32", "micro_batch_size": rows}), data, tmp_path / str(rows)))
        for rows in (None, 3)
    )
    assert np.allclose(split["train_loss"], whole["train_loss"], rtol=1e-6)


def test_edited_code_does_not_go_on_from_old_checkpoints(interrupted, data, monkeypatch, capsys):
    monkeypatch.setattr(train_cell, "code_of", lambda *modules: code_of(*modules) | {"training/loop.py": "0" * 64})
    finished = run(small_cell(), data, interrupted)
    assert "of another configuration, not used (code.training/loop.py " in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []


def test_two_processes_cannot_train_one_cell(data, tmp_path):
    with train_cell.only_one(tmp_path / "checkpoints", Devices(torch.device("cpu"))):
        done = script("train", *arguments_of(small_cell(), data, tmp_path), log=tmp_path / "log")
    assert done.process.exitcode == 1
    assert "another process is training this cell" in done.said
    assert not (tmp_path / "run").exists()


def test_a_real_divergence_by_a_huge_learning_rate_is_caught(data, tmp_path):
    finished = run(small_cell(recipe={"peak_learning_rate": 1e30}), data, tmp_path)
    assert read_json(finished / "manifest.json")["diverged_at"] is not None


def test_going_on_with_other_threads_is_said(data, tmp_path, interrupted, capsys):
    run(small_cell(), data, interrupted, threads=2)
    torch.set_num_threads(1)
    said = "begun with processes 1, device cpu, threads 1, compiled False, precision "
    told = capsys.readouterr().err
    assert said in told
    assert ": from here on equal to rounding, not bit for bit" in told


def test_going_on_in_another_precision_loses_nothing(data, tmp_path, interrupted, monkeypatch, capsys):
    """As after a job was requeued on a node of other hardware."""
    here = resolve_precision("auto", torch.device("cpu"))
    other = torch.float32 if here == torch.bfloat16 else torch.bfloat16
    monkeypatch.setattr("phasemix.training.train_cell.resolve_precision", lambda *_: other)
    folder = run(small_cell(), data, interrupted)
    assert read_json(folder / "manifest.json")["resumed_from"]
    assert f"precision {str(here).removeprefix('torch.')}" in capsys.readouterr().err


def test_a_file_system_without_locks_is_named(data, tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("phasemix.base.files.fcntl.flock", no_locks)
    with pytest.raises(PhasemixError, match=r"cannot be locked \(Function not implemented\); mount"):
        run(small_cell(), data, tmp_path)


def test_memory_does_not_grow_with_the_length_of_a_run(data, tmp_path):
    """Resident peaks of whole processes; the longer run reads 48 segments of the stream, the shorter 16."""
    # Allocators settle within the shorter run; held token ids of the longer one alone would be 5 % more.
    peaks = []
    for steps in (128, 384):
        # The text does not suffice for so many tokens; a stream of biographies alone is endless.
        recipe = {"tokens": steps * 256 * 32, "batch_size": 256, "evaluation_points": 1, "precision": "float32"}
        folder = tmp_path / str(steps)
        line = arguments_of(small_cell(ratio=1.0, recipe=recipe), data, folder, "--out", str(folder / "run"))
        peaks.append(peak("train", *line, log=folder / "log"))
    assert peaks[0] > 150_000
    assert peaks[1] < 1.03 * peaks[0]


def test_training_draws_from_no_global_generator(data, tmp_path, monkeypatch):
    """All randomness after a model's first weights is in the stream, so a checkpoint needs no generator's state."""
    states, real = [], Run.step

    def watching(self):
        states.append((torch.get_rng_state().sum().item(), np.random.get_state()[1].sum(), random.getstate()))  # noqa: NPY002
        real(self)

    monkeypatch.setattr(Run, "step", watching)
    run(small_cell(), data, tmp_path)
    assert all(state == states[0] for state in states)


def test_the_script_says_bad_input_in_one_line(data, tmp_path):
    """In a process as a user starts it."""
    cell = small_cell(recipe={"tokens": 500_000 * 4 * 32}, ratio=0.01)
    line = [sys.executable, "scripts/train.py", *arguments_of(cell, data, tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the run needs 63,388,385 tokens of web, seen once each, and the corpus has ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


PHASES = MixtureSpec(
    phases=[
        Phase(proportions={"synbio": 0.0, "web": 0.5, "notes": 0.5}, until=1500),
        Phase(proportions={"synbio": 0.4, "web": 0.1, "notes": 0.5}, until=3200),
        Phase(proportions={"synbio": 0.8, "web": 0.2, "notes": 0.0}),
    ]
)


@pytest.mark.parametrize("stop", [9, 10, 17])
def test_phases_of_three_sources_killed_and_started_again_end_in_the_same_bytes(data, tmp_path, monkeypatch, stop):
    """Behind a segment's last step, before it, and inside one."""
    monkeypatch.setattr("phasemix.corpora.segments.SEGMENT_TOKENS", 5 * 4 * 32)
    whole = run(three_sources(PHASES), data, tmp_path / "whole")
    interrupt(monkeypatch, stop, lambda: run(three_sources(PHASES), data, tmp_path, checkpoint_seconds=0))
    again = run(three_sources(PHASES), data, tmp_path)
    assert read_json(again / "manifest.json")["resumed_from"] == [stop]
    assert weights(again) == weights(whole)
    pd.testing.assert_frame_equal(metrics(again), metrics(whole), check_exact=True)
    rows = metrics(again)
    changes = rows.loc[rows["mix.synbio"].ne(rows["mix.synbio"].shift()), ["step", "mix.synbio"]]
    assert changes.to_numpy().tolist() == [[1, 0.0], [11, 0.4], [26, 0.8]]
    # 1500 tokens are nearest to two segments of 640, 3200 are five, and a run of 60 steps has twelve.
    found = read_json(again / "manifest.json")["proportions"]
    assert found == pytest.approx({"synbio": (0.4 * 3 + 0.8 * 7) / 12, "web": 2.7 / 12, "notes": 2.5 / 12}, abs=1e-3)
