"""Training: exact resumption, divergence, checkpoints, what a run leaves."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from phasemix import runs, training
from phasemix.checkpoints import load_checkpoint, save_checkpoint
from phasemix.files import read_json, sha256
from phasemix.runs import run_cell
from phasemix.sources import sources
from tests.conftest import small_cell

SCRIPT = Path(__file__).parent.parent / "scripts" / "train.py"
STEPS = 60


def run(cell, corpora, folder, **options):
    run_cell(
        cell,
        web=corpora / "tokens",
        people=corpora / "people.parquet",
        tokenizer=corpora / "tokenizer",
        run=folder / "run",
        checkpoints=folder / "checkpoints",
        **options,
    )
    return folder / "run"


@pytest.fixture(scope="module")
def uninterrupted(corpora, tmp_path_factory):
    return run(small_cell(), corpora, tmp_path_factory.mktemp("whole"))


def weights(folder):
    return sha256(folder / "model" / "model.safetensors")


def metrics(folder):
    return pd.read_csv(folder / "metrics.csv").drop(columns="tokens_per_second")


def command(cell, corpora, folder):
    paths = {"web": corpora / "tokens", "people": corpora / "people.parquet", "tokenizer": corpora / "tokenizer"}
    paths |= {"checkpoints": folder / "checkpoints", "out": folder / "run"}
    options = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    return [sys.executable, str(SCRIPT), "--cell", cell.model_dump_json(), "--checkpoint-seconds", "0", *options]


def test_a_run_leaves_loadable_weights_metrics_and_a_manifest(uninterrupted, corpora):
    model = AutoModelForCausalLM.from_pretrained(uninterrupted / "model")
    tokenizer = AutoTokenizer.from_pretrained(uninterrupted / "model")
    manifest = read_json(uninterrupted / "manifest.json")
    assert sum(p.numel() for p in model.parameters()) == manifest["parameters"]
    assert model.config.vocab_size % 128 == 0
    assert len(tokenizer) == 400
    assert manifest["tokens"] == STEPS * 4 * 32
    assert manifest["diverged_at"] is None
    assert manifest["data"]["people"] == sha256(corpora / "people.parquet")
    assert manifest["weights_sha256"] == weights(uninterrupted)
    assert {"git_commit", "versions", "processor", "seconds", "cell_hash"} <= manifest.keys()
    rows = metrics(uninterrupted)
    assert rows["step"].tolist() == list(range(1, STEPS + 1))
    assert rows.dropna()["step"].tolist() == [15, 30, 45, 60]
    assert rows["train_loss"].iloc[-5:].mean() < rows["train_loss"].iloc[:5].mean() - 1
    assert not (uninterrupted.parent / "checkpoints").exists()


def test_the_same_cell_gives_the_same_bytes(uninterrupted, corpora, tmp_path):
    again = run(small_cell(), corpora, tmp_path)
    assert weights(again) == weights(uninterrupted)
    pd.testing.assert_frame_equal(metrics(again), metrics(uninterrupted), check_exact=True)
    other = run(small_cell(seed=1), corpora, tmp_path / "other")
    assert weights(other) != weights(uninterrupted)


def test_a_cell_killed_again_and_again_ends_in_the_same_bytes(corpora, tmp_path):
    """SIGKILL at three moments of its training, each time started again."""
    cell = small_cell(recipe={"tokens": 300 * 4 * 32})
    whole = run(cell, corpora, tmp_path / "whole")
    for _ in range(3):
        process = subprocess.Popen(command(cell, corpora, tmp_path), stderr=subprocess.DEVNULL)
        before = newest(tmp_path)
        while newest(tmp_path) < before + 8 and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert 24 <= newest(tmp_path) < 300
    subprocess.run(command(cell, corpora, tmp_path), check=True, capture_output=True)
    assert weights(tmp_path / "run") == weights(whole)
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(whole), check_exact=True)
    manifest = read_json(tmp_path / "run" / "manifest.json")
    assert len(manifest["resumed_from"]) == 3
    assert manifest["exposures"] == read_json(whole / "manifest.json")["exposures"]


def newest(folder):
    return max((int(path.stem[5:]) for path in (folder / "checkpoints").glob("step-*.pt")), default=0)


class Killed(Exception):
    pass


@pytest.fixture
def interrupted(corpora, tmp_path, monkeypatch):
    """A run that stopped at step 31 with checkpoints at 29 and 30."""
    step = training.optimizer_step
    done = []

    def stopping(*args):
        if len(done) == 30:
            raise Killed
        done.append(1)
        return step(*args)

    with monkeypatch.context() as patch:
        patch.setattr(training, "optimizer_step", stopping)
        with pytest.raises(Killed):
            run(small_cell(), corpora, tmp_path, checkpoint_seconds=0)
    assert sorted(path.name for path in (tmp_path / "checkpoints").glob("step-*")) == [
        "step-000000029.pt",
        "step-000000030.pt",
    ]
    return tmp_path


def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(interrupted, uninterrupted, corpora, capsys):
    newest_one = interrupted / "checkpoints" / "step-000000030.pt"
    newest_one.write_bytes(newest_one.read_bytes()[:1000])
    finished = run(small_cell(), corpora, interrupted)
    assert "step-000000030.pt: unreadable checkpoint passed over" in capsys.readouterr().err
    assert weights(finished) == weights(uninterrupted)
    assert read_json(finished / "manifest.json")["resumed_from"] == [29]


def test_a_checkpoint_of_another_cell_is_passed_over(interrupted, corpora, tmp_path_factory, capsys):
    other = small_cell(ratio=0.4)
    finished = run(other, corpora, interrupted)
    assert "checkpoint of another configuration" in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []
    assert weights(finished) == weights(run(other, corpora, tmp_path_factory.mktemp("fresh")))


def test_a_diverged_run_keeps_its_last_good_weights_and_says_when(corpora, tmp_path, monkeypatch):
    step, done = training.optimizer_step, []

    def exploding(model, *args):
        done.append(1)
        if len(done) == 40:
            with torch.no_grad():
                next(model.parameters()).fill_(float("nan"))
        return step(model, *args)

    monkeypatch.setattr(training, "optimizer_step", exploding)
    finished = run(small_cell(), corpora, tmp_path)
    manifest = read_json(finished / "manifest.json")
    assert manifest["diverged_at"] == 40
    assert manifest["tokens"] == 40 * 4 * 32
    assert metrics(finished)["step"].iloc[-1] == 40
    assert np.isnan(metrics(finished)["train_loss"].iloc[-1])
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_weights_broken_by_the_last_step_are_noticed(corpora, tmp_path, monkeypatch):
    """The loss is taken before the update: only evaluating shows what the last update did."""
    step, done = training.optimizer_step, []

    def exploding(model, *args):
        loss = step(model, *args)
        done.append(1)
        if len(done) == STEPS:
            with torch.no_grad():
                next(model.parameters()).fill_(float("nan"))
        return loss

    monkeypatch.setattr(training, "optimizer_step", exploding)
    finished = run(small_cell(), corpora, tmp_path)
    assert read_json(finished / "manifest.json")["diverged_at"] == STEPS
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_micro_batches_accumulate_to_the_same_step(corpora, tmp_path, uninterrupted):
    split = metrics(run(small_cell(recipe={"micro_batch_size": 3}), corpora, tmp_path))
    whole = metrics(uninterrupted)
    assert np.allclose(split["train_loss"], whole["train_loss"], rtol=1e-3)
    assert np.allclose(split["train_loss"][:5], whole["train_loss"][:5], rtol=1e-5)


def test_edited_code_does_not_go_on_from_old_checkpoints(interrupted, corpora, monkeypatch, capsys):
    edited = interrupted / "edited.py"
    edited.write_text("BETAS = (0.9, 0.99)")
    monkeypatch.setattr(runs, "sources", lambda *modules: [*sources(*modules), edited])
    finished = run(small_cell(), corpora, interrupted)
    assert "checkpoint of another configuration" in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []


def test_two_processes_cannot_train_one_cell(corpora, tmp_path):
    with runs.only_one(tmp_path / "checkpoints"):
        done = subprocess.run(command(small_cell(), corpora, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "another process is training this cell" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_real_divergence_by_a_huge_learning_rate_is_caught(corpora, tmp_path):
    finished = run(small_cell(recipe={"peak_learning_rate": 1e30}), corpora, tmp_path)
    assert read_json(finished / "manifest.json")["diverged_at"] is not None


def test_checkpoints_round_trip_and_only_the_newest_two_stay(tmp_path):
    for step in (1, 2, 10):
        save_checkpoint(tmp_path, "hash", step, {"step": step, "tensor": torch.arange(step)})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000002.pt", "step-000000010.pt"]
    state = load_checkpoint(tmp_path, "hash")
    assert state["step"] == 10
    assert torch.equal(state["tensor"], torch.arange(10))
    assert load_checkpoint(tmp_path, "other") is None
    assert load_checkpoint(tmp_path / "nothing", "hash") is None


def test_the_script_says_bad_input_in_one_line(corpora, tmp_path):
    cell = small_cell(recipe={"tokens": 500_000 * 4 * 32}, ratio=0.01)
    done = subprocess.run(command(cell, corpora, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: at ratio 0.01 the run needs")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()
