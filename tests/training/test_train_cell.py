"""Training: exact resumption, divergence, checkpoints, what a run leaves."""

import errno
import random
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

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.base.seeds import generator
from phasemix.base.sources import FOLDER, sources
from phasemix.training import train_cell as runs
from phasemix.training.checkpoints import Checkpoints, differences, flat
from phasemix.training.devices import Devices
from phasemix.training.engine import resolve_precision
from phasemix.training.loop import Run
from phasemix.training.train_cell import run_cell, run_trunk
from tests.conftest import data_in, small_cell

SCRIPT = Path(__file__).parent.parent / "scripts" / "train.py"
STEPS = 60


def run(cell, corpora, folder, **options):
    run_cell(cell, data_in(corpora), run=folder / "run", checkpoints=folder / "checkpoints", **options)
    return folder / "run"


@pytest.fixture(scope="module")
def uninterrupted(corpora, tmp_path_factory):
    return run(small_cell(), corpora, tmp_path_factory.mktemp("whole"))


def weights(folder):
    return sha256(folder / "model" / "model.safetensors")


def metrics(folder):
    return pd.read_csv(folder / "metrics.csv").drop(columns="tokens_per_second")


def command(cell, corpora, folder, *options):
    paths = vars(data_in(corpora)) | {"checkpoints": folder / "checkpoints"}
    arguments = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    options = options or ("--checkpoint-seconds", "0", "--out", str(folder / "run"))
    return [sys.executable, str(SCRIPT), "--cell", cell.model_dump_json(), *arguments, *options]


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


def killed_at(steps, command_line, folder):
    """Start a run, and SIGKILL it once a checkpoint of so many steps is there; returns its newest checkpoint's step."""
    process = subprocess.Popen(command_line, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while newest(folder) < steps and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return newest(folder)


def test_a_cell_killed_at_ten_random_points_ends_in_the_same_bytes(corpora, tmp_path):
    """SIGKILL while it trains and checkpoints at every step, each time started again."""
    cell = small_cell(recipe={"tokens": 600 * 4 * 32})
    whole = run(cell, corpora, tmp_path / "whole")
    points = sorted(generator("points of kills").choice(np.arange(5, 560), size=10, replace=False).tolist())
    reached = [killed_at(point, command(cell, corpora, tmp_path), tmp_path) for point in points]
    assert reached[-1] < 600
    subprocess.run(command(cell, corpora, tmp_path), check=True, capture_output=True)
    assert weights(tmp_path / "run") == weights(whole)
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(whole), check_exact=True)
    manifest = read_json(tmp_path / "run" / "manifest.json")
    # Nothing is trained twice beyond the last checkpoint; a kill may hit while the newest is written.
    assert len(manifest["resumed_from"]) == 10
    assert all(0 <= newest - resumed <= 1 for newest, resumed in zip(reached, manifest["resumed_from"], strict=True))
    assert manifest["exposures"] == read_json(whole / "manifest.json")["exposures"]


def test_a_cell_that_gets_sigterm_saves_its_last_step(corpora, tmp_path):
    """As schedulers send it: nothing is lost, though no checkpoint was due."""
    cell = small_cell(recipe={"tokens": 600 * 4 * 32})
    whole = run(cell, corpora, tmp_path / "whole")
    line = command(cell, corpora, tmp_path, "--checkpoint-seconds", "1000", "--out", str(tmp_path / "run"))
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    first_line_of_progress = process.stderr.readline()
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert "step" in first_line_of_progress
    assert process.returncode == 1
    last = said.strip().splitlines()[-1]
    saved = newest(tmp_path)
    assert last == f"error: stopped by SIGTERM after step {saved} of 600, which is saved"
    assert 60 <= saved < 600
    subprocess.run(line, check=True, capture_output=True)
    assert weights(tmp_path / "run") == weights(whole)
    assert read_json(tmp_path / "run" / "manifest.json")["resumed_from"] == [saved]
    assert not (tmp_path / "checkpoints").exists()


def newest(folder):
    return max((int(path.stem[5:]) for path in (folder / "checkpoints").glob("step-*.pt")), default=0)


class Killed(Exception):
    pass


@pytest.fixture
def interrupted(corpora, tmp_path, monkeypatch):
    """A run that stopped at step 31 with checkpoints at 29 and 30."""
    real = Run.step

    def stopping(self):
        if self.progress.step == 30:
            raise Killed
        real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "step", stopping)
        with pytest.raises(Killed):
            run(small_cell(), corpora, tmp_path, checkpoint_seconds=0)
    assert sorted(path.name for path in (tmp_path / "checkpoints").glob("step-*")) == [
        "step-000000029.pt",
        "step-000000030.pt",
    ]
    return tmp_path


@pytest.mark.parametrize("damage", ["truncated", "corrupt", "empty"])
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(interrupted, uninterrupted, corpora, capsys, damage):
    newest_one = interrupted / "checkpoints" / "step-000000030.pt"
    content = bytearray(newest_one.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    newest_one.write_bytes({"truncated": content[:middle], "corrupt": bytes(content), "empty": b""}[damage])
    finished = run(small_cell(), corpora, interrupted)
    assert "step-000000030.pt: damaged, not used" in capsys.readouterr().err
    assert weights(finished) == weights(uninterrupted)
    assert read_json(finished / "manifest.json")["resumed_from"] == [29]


def test_a_checkpoint_of_another_cell_is_refused_by_name(interrupted, corpora, tmp_path_factory, capsys):
    other = small_cell(ratio=0.4, recipe={"weight_decay": 0.2})
    finished = run(other, corpora, interrupted)
    said = (
        "step-000000030.pt: of another configuration, not used (ratio 0.5, here 0.4; recipe.weight_decay 0.1, here 0.2)"
    )
    assert said in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []
    assert weights(finished) == weights(run(other, corpora, tmp_path_factory.mktemp("fresh")))


def full_disk(folder):
    """A file system of a megabyte and a half, if this user may make one."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)]
    return subprocess.run(options, capture_output=True, check=False).returncode == 0


def test_a_full_disk_is_said_and_the_last_good_checkpoint_stays(corpora, uninterrupted, tmp_path):
    """A real file system that fills up; where none can be made, a limit on the size of files."""
    store = tmp_path / "checkpoints"
    mounted = full_disk(store)
    line = command(small_cell(), corpora, tmp_path)
    if not mounted:
        line = ["bash", "-c", 'ulimit -f 60; exec "$@"', "bash", *line]
    try:
        if mounted:
            good = killed_at(12, line, tmp_path)
            assert good >= 12
            subprocess.run(["dd", "if=/dev/zero", f"of={store}/filler"], capture_output=True, check=False)
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        last = done.stderr.strip().splitlines()[-1]
        assert last.startswith(f"error: {store}/step-0000000")
        assert "cannot be written" in last
        assert "is the disk full? Make room and start again" in last
        assert not list(store.glob(".*.tmp"))
        if mounted:
            assert newest(tmp_path) == good
            (store / "filler").unlink()
        finished = subprocess.run(command(small_cell(), corpora, tmp_path), capture_output=True, text=True, check=False)
        assert weights(tmp_path / "run") == weights(uninterrupted), finished.stderr
        if mounted:
            assert f"resuming at step {good}" in finished.stderr
    finally:
        if mounted:
            subprocess.run(["umount", str(store)], check=True)


def exploding_at(step, monkeypatch, *, before):
    """Make weights NaN before or after the update of a step."""
    real = Run.step

    def exploding(self):
        if before and self.progress.step == step - 1:
            self._flats[0].data.fill_(float("nan"))
        real(self)
        if not before and self.progress.step == step:
            self._flats[0].data.fill_(float("nan"))

    monkeypatch.setattr(Run, "step", exploding)


def test_a_diverged_run_keeps_its_last_good_weights_and_says_when(corpora, tmp_path, monkeypatch, uninterrupted):
    exploding_at(40, monkeypatch, before=True)
    finished = run(small_cell(), corpora, tmp_path)
    manifest = read_json(finished / "manifest.json")
    assert (manifest["diverged_at"], manifest["good_step"]) == (40, 30)
    assert manifest["tokens"] == 40 * 4 * 32
    assert metrics(finished)["step"].iloc[-1] == 40
    assert np.isnan(metrics(finished)["train_loss"].iloc[-1])
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_weights_broken_by_the_last_step_are_noticed(corpora, tmp_path, monkeypatch):
    """The loss is taken before the update: only evaluating shows what the last update did."""
    exploding_at(STEPS, monkeypatch, before=False)
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
    edited = FOLDER / "cli.py"  # as good as any that training does not use
    monkeypatch.setattr(runs, "sources", lambda *modules: [*sources(*modules), edited])
    finished = run(small_cell(), corpora, interrupted)
    assert "of another configuration, not used (code." in capsys.readouterr().err
    assert read_json(finished / "manifest.json")["resumed_from"] == []


def test_two_processes_cannot_train_one_cell(corpora, tmp_path):
    with runs.only_one(tmp_path / "checkpoints", Devices(torch.device("cpu"))):
        done = subprocess.run(command(small_cell(), corpora, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "another process is training this cell" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_real_divergence_by_a_huge_learning_rate_is_caught(corpora, tmp_path):
    finished = run(small_cell(recipe={"peak_learning_rate": 1e30}), corpora, tmp_path)
    assert read_json(finished / "manifest.json")["diverged_at"] is not None


def test_checkpoints_round_trip_and_only_the_newest_two_stay(tmp_path):
    store = Checkpoints(tmp_path, {"ratio": "0.1"})
    for step in (1, 2, 10):
        store.save(step, {"step": step, "tensor": torch.arange(step)})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000002.pt", "step-000000010.pt"]
    state = store.load()
    assert state["step"] == 10
    assert torch.equal(state["tensor"], torch.arange(10))
    assert Checkpoints(tmp_path, {"ratio": "0.2"}).load() is None
    assert Checkpoints(tmp_path / "nothing", {"ratio": "0.1"}).load() is None


def test_identities_are_flat_and_their_differences_named():
    a = flat({"recipe": {"tokens": 5, "schedule": "wsd"}, "code": {"x.py": "0" * 64}, "seed": 0})
    assert a == {"recipe.tokens": "5", "recipe.schedule": "wsd", "code.x.py": "0" * 64, "seed": "0"}
    b = a | {"recipe.tokens": "6", "code.x.py": "1" * 64}
    assert differences(a, b) == "code.x.py 00000000…, here 11111111…; recipe.tokens 5, here 6"
    many = {str(i): str(i) for i in range(5)}
    assert differences(many, {}) == "0 0, here none; 1 1, here none; 2 2, here none; and 2 more"
    assert differences(a, dict(reversed(a.items()))) == ""


def test_checkpoints_of_another_configuration_do_not_crowd_out_ones_own(tmp_path):
    """Passed over at steps 490 and 500, they must not be taken for newer ones than those of steps 10 and 20."""
    for step in (490, 500):
        Checkpoints(tmp_path, {"ratio": "0.1"}).save(step, {"step": step})
    own = Checkpoints(tmp_path, {"ratio": "0.2"})
    assert own.load() is None
    for step in (10, 20, 30):
        own.save(step, {"step": step})
        assert own.load() == {"step": step}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000020.pt", "step-000000030.pt"]


HORIZONS = [small_cell(recipe={"tokens": steps * 4 * 32}) for steps in (200, 300, 450)]


def trunk_of(cell, corpora, folder, start=None, **options):
    run_trunk(cell, data_in(corpora), trunk=folder, start=start, checkpoints=folder / "checkpoints", **options)
    return folder / "state.pt"


def test_horizons_branched_off_a_trunk_are_the_runs_they_would_be_alone(corpora, tmp_path):
    """Bit for bit, from a chain of links; and they train far fewer tokens together."""
    state, trained = None, 0
    for i, cell in enumerate(HORIZONS):
        state = trunk_of(cell, corpora, tmp_path / f"trunk{i}", state)
        branch = run(cell, corpora, tmp_path / f"branch{i}", start=state)
        alone = run(cell, corpora, tmp_path / f"alone{i}")
        assert weights(branch) == weights(alone)
        manifests = [read_json(folder / "manifest.json") for folder in (branch, alone)]
        assert manifests[0]["tokens"] == manifests[1]["tokens"] == cell.recipe.tokens
        assert manifests[0]["exposures"] == manifests[1]["exposures"]
        assert metrics(branch)["step"].is_monotonic_increasing
        assert metrics(branch)["step"].iloc[-1] == cell.recipe.steps
        trained += manifests[0]["trained_tokens"] + read_json(state.parent / "manifest.json")["trained_tokens"]
    steps = [cell.recipe.steps for cell in HORIZONS]
    assert trained == 4 * 32 * (HORIZONS[-1].recipe.cooldown_step + sum(round(0.1 * n) for n in steps))
    assert trained < 0.6 * 4 * 32 * sum(steps)


def test_a_trunk_and_a_branch_killed_and_started_again_end_in_the_same_bytes(corpora, tmp_path):
    """SIGKILL before and after the branch point."""
    first, second = HORIZONS[:2]
    whole = run(second, corpora, tmp_path / "whole")
    start = trunk_of(first, corpora, tmp_path / "first")
    trunk, options = tmp_path / "second", ("--checkpoint-seconds", "0")
    link = command(second, corpora, tmp_path, *options, "--start", str(start), "--trunk", str(trunk))
    assert 200 <= killed_at(200, link, tmp_path) < 270
    subprocess.run(link, check=True, capture_output=True)
    assert read_json(trunk / "manifest.json")["resumed_from"][0] >= 199
    state = str(trunk / "state.pt")
    branch = command(second, corpora, tmp_path, *options, "--start", state, "--out", str(tmp_path / "run"))
    assert 271 <= killed_at(271, branch, tmp_path) < 300
    subprocess.run(branch, check=True, capture_output=True)
    assert weights(tmp_path / "run") == weights(whole)


def test_a_trunk_of_another_configuration_is_refused_by_name(corpora, tmp_path):
    state = trunk_of(HORIZONS[0], corpora, tmp_path / "trunk")
    other = small_cell(seed=1, recipe={"tokens": 300 * 4 * 32})
    with pytest.raises(PhasemixError, match=r"state.pt: of another configuration, not used \(seed 0, here 1\)"):
        run(other, corpora, tmp_path, start=state)
    assert not (tmp_path / "run").exists()


def test_a_trunk_beyond_the_cooldown_or_of_another_schedule_is_refused(corpora, tmp_path):
    long = trunk_of(HORIZONS[2], corpora, tmp_path / "trunk")
    with pytest.raises(PhasemixError, match="stands at step 405, and this cell cools down from step 180 on"):
        run(HORIZONS[0], corpora, tmp_path, start=long)
    with pytest.raises(PhasemixError, match="runs of schedule cosine share no trunk"):
        run(small_cell(recipe={"schedule": "cosine"}), corpora, tmp_path, start=long)
    with pytest.raises(PhasemixError, match="is not there; train the trunk first"):
        run(HORIZONS[0], corpora, tmp_path, start=tmp_path / "none.pt")
    assert not (tmp_path / "run").exists()


def test_going_on_with_other_threads_is_said(corpora, tmp_path, interrupted, capsys):
    run(small_cell(), corpora, interrupted, threads=2)
    torch.set_num_threads(1)
    said = "begun with processes 1, device cpu, threads 1, compiled False, precision "
    told = capsys.readouterr().err
    assert said in told
    assert ": from here on equal to rounding, not bit for bit" in told


def test_going_on_in_another_precision_loses_nothing(corpora, tmp_path, interrupted, monkeypatch, capsys):
    """As after a job was requeued on a node of other hardware."""
    here = resolve_precision("auto", torch.device("cpu"))
    other = torch.float32 if here == torch.bfloat16 else torch.bfloat16
    monkeypatch.setattr("phasemix.training.train_cell.resolve_precision", lambda *_: other)
    folder = run(small_cell(), corpora, interrupted)
    assert read_json(folder / "manifest.json")["resumed_from"]
    assert f"precision {str(here).removeprefix('torch.')}" in capsys.readouterr().err


def test_a_file_system_without_locks_is_named(corpora, tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("phasemix.training.train_cell.fcntl.flock", no_locks)
    with pytest.raises(PhasemixError, match=r"cannot be locked \(Function not implemented\); mount"):
        run(small_cell(), corpora, tmp_path)


def test_a_diverged_trunk_ends_its_branches(corpora, tmp_path, monkeypatch):
    exploding_at(100, monkeypatch, before=True)
    state = trunk_of(HORIZONS[0], corpora, tmp_path / "trunk")
    branch = run(HORIZONS[0], corpora, tmp_path, start=state)
    assert read_json(state.parent / "manifest.json")["diverged_at"] == 100
    assert read_json(branch / "manifest.json")["diverged_at"] == 100
    assert read_json(branch / "manifest.json")["trained_tokens"] == 0


def test_the_compiled_step_trains_like_the_eager_one_and_is_exact(corpora, tmp_path):
    cell = small_cell()
    found = [run(cell, corpora, tmp_path / name, compiled=tmp_path / "steps") for name in ("one", "two")]
    assert weights(found[0]) == weights(found[1])
    eager = metrics(run(cell, corpora, tmp_path / "eager"))
    assert np.allclose(metrics(found[0])["train_loss"], eager["train_loss"], rtol=5e-3)
    off = run(small_cell(recipe={"compile": False}), corpora, tmp_path / "off", compiled=tmp_path / "steps")
    assert weights(off) == weights(tmp_path / "eager" / "run")


# A process's own peak: what wait4 reports of a child includes its parent's.
PEAK = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


def test_memory_does_not_grow_with_the_length_of_a_run(corpora, tmp_path):
    """Resident peaks of whole processes; the longer run reads 19 segments of the stream, the shorter one."""
    peaks = []
    for steps in (100, 2400):
        # The web text does not suffice for so many tokens; a stream of biographies alone is endless.
        cell = small_cell(ratio=1.0, recipe={"tokens": steps * 16 * 32, "batch_size": 16, "evaluation_points": 1})
        line = command(cell, corpora, tmp_path / str(steps), "--out", str(tmp_path / str(steps) / "run"))
        wrapper = [sys.executable, "-c", PEAK, *line[1:]]
        done = subprocess.run(wrapper, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.splitlines()[-1]))
    assert peaks[0] > 150_000
    assert peaks[1] < 1.03 * peaks[0]


def test_training_draws_from_no_global_generator(corpora, tmp_path, monkeypatch):
    """All randomness after a model's first weights is in the stream, so a checkpoint needs no generator's state."""
    states, real = [], Run.step

    def watching(self):
        states.append((torch.get_rng_state().sum().item(), np.random.get_state()[1].sum(), random.getstate()))  # noqa: NPY002
        real(self)

    monkeypatch.setattr(Run, "step", watching)
    run(small_cell(), corpora, tmp_path)
    assert all(state == states[0] for state in states)


def test_the_script_says_bad_input_in_one_line(corpora, tmp_path):
    cell = small_cell(recipe={"tokens": 500_000 * 4 * 32}, ratio=0.01)
    done = subprocess.run(command(cell, corpora, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: at ratio 0.01 the run needs")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()
