"""Runs that begin with the weights of a finished run, or of a model of the hub."""

import shutil

import huggingface_hub
import pytest
import torch
from huggingface_hub.errors import EntryNotFoundError
from safetensors.torch import load_file, save_file

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.study.cell import Architecture, Start
from phasemix.training.loop import Run
from phasemix.training.start import start_weights
from tests.conftest import small_cell
from tests.training.runs import Killed, interrupt, run, weights

REVISION = "0123456789abcdef0123456789abcdef01234567"


def first_weights(cell, data, folder, monkeypatch):
    """The weights that a cell has before its first step, by name."""
    found = {}

    def stopping(self):
        found.update({name: parameter.detach().clone() for name, parameter in self.held.model.named_parameters()})
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Run, "step", stopping)
        with pytest.raises(Killed):
            run(cell, data, folder)
    return found


def test_a_run_starts_with_the_weights_of_another(uninterrupted, data, tmp_path, monkeypatch):
    cell = small_cell(start=Start(run=str(uninterrupted)))
    found = first_weights(cell, data, tmp_path, monkeypatch)
    saved = load_file(uninterrupted / "model" / "model.safetensors")
    assert found.keys() == saved.keys()
    assert all(torch.equal(found[name], saved[name]) for name in saved)
    fresh = first_weights(small_cell(), data, tmp_path / "fresh", monkeypatch)
    assert not torch.equal(fresh["gpt_neox.embed_in.weight"], saved["gpt_neox.embed_in.weight"])


def test_a_run_of_another_size_is_refused_in_one_line(uninterrupted, data, tmp_path):
    start = Start(run=str(uninterrupted))
    for architecture, name in (
        (Architecture(layers=1, width=24, heads=2, tied=True), "gpt_neox.embed_in.weight"),
        (Architecture(layers=2, width=16, heads=2, tied=True), "gpt_neox.layers.1."),
        (Architecture(layers=1, width=16, heads=2), "lm_head.weight"),
    ):
        with pytest.raises(PhasemixError, match="does not fit this cell's model") as error:
            run(small_cell(start=start, architecture=architecture), data, tmp_path)
        assert str(error.value).startswith(f"start: {uninterrupted} does not fit this cell's model: {name}")
        assert "choose the size and the tokenizer that it was trained with" in str(error.value)
        assert "\n" not in str(error.value)
    assert not (tmp_path / "run").exists()


def test_a_run_that_is_not_there_or_damaged_is_named(uninterrupted, data, tmp_path):
    with pytest.raises(
        PhasemixError, match=r"start\.run: .*none/model/model\.safetensors is not there; train that run"
    ):
        run(small_cell(start=Start(run=str(tmp_path / "none"))), data, tmp_path)
    shutil.copytree(uninterrupted, tmp_path / "damaged")
    file = tmp_path / "damaged" / "model" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(PhasemixError, match=r"start: .*model\.safetensors cannot be read") as error:
        run(small_cell(start=Start(run=str(tmp_path / "damaged"))), data, tmp_path)
    assert "\n" not in str(error.value)


def test_the_weights_belong_to_a_runs_identity_and_their_path_does_not(
    uninterrupted, data, tmp_path, monkeypatch, capsys
):
    """A checkpoint is gone on from if the weights are the same wherever they lie, and not if others lie there."""
    first, moved = tmp_path / "first", tmp_path / "moved"
    shutil.copytree(uninterrupted, first)
    cell = small_cell(start=Start(run=str(first)))
    whole = run(cell, data, tmp_path / "whole")
    interrupt(monkeypatch, 20, lambda: run(cell, data, tmp_path / "a", checkpoint_seconds=0))
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    first.rename(moved)
    again = run(small_cell(start=Start(run=str(moved))), data, tmp_path / "a")
    assert read_json(again / "manifest.json")["resumed_from"] == [20]
    assert weights(again) == weights(whole)
    file = moved / "model" / "model.safetensors"
    changed = load_file(file)
    changed["gpt_neox.final_layer_norm.bias"] += 0.01
    save_file(changed, file)
    capsys.readouterr()
    other = run(small_cell(start=Start(run=str(moved))), data, tmp_path / "b")
    assert "of another configuration, not used (start " in capsys.readouterr().err
    assert read_json(other / "manifest.json")["resumed_from"] == []
    hashes = [read_json(folder / "manifest.json")["cell_hash"] for folder in (whole, again, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def hub_file(folder, name):
    """A file of weights as EleutherAI's stand on the hub: half precision, the head's old name, and buffers."""
    torch.manual_seed(3)
    model = build_model(Dimensions.of(Architecture(layers=1, width=16, heads=2), 400, 32))
    tensors = {name: tensor.half().clone() for name, tensor in model.state_dict().items()}
    tensors["embed_out.weight"] = tensors.pop("lm_head.weight")
    tensors["gpt_neox.layers.0.attention.bias"] = torch.ones(1, 1, 32, 32, dtype=torch.bool)
    tensors["gpt_neox.layers.0.attention.rotary_emb.inv_freq"] = torch.ones(2)
    file = folder / name
    if file.suffix == ".safetensors":
        save_file(tensors, file)
    else:
        torch.save(tensors, file)
    return file, tensors


@pytest.mark.parametrize("there", ["model.safetensors", "pytorch_model.bin"])
def test_a_run_starts_with_a_model_of_the_hub(data, tmp_path, monkeypatch, there):
    file, tensors = hub_file(tmp_path, there)
    asked = []

    def download(name, what, *, revision, local_files_only):
        asked.append((name, what, revision))
        if what != there:
            raise EntryNotFoundError(what)
        return str(file)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    start = Start(hub="EleutherAI/pythia-14m", revision=REVISION)
    cell = small_cell(start=start, architecture=Architecture(layers=1, width=16, heads=2))
    found = first_weights(cell, data, tmp_path, monkeypatch)
    tried = ["model.safetensors", "pytorch_model.bin"][: 1 + (there != "model.safetensors")]
    assert asked == [("EleutherAI/pythia-14m", what, REVISION) for what in tried]
    assert torch.equal(found["lm_head.weight"], tensors["embed_out.weight"].float())
    assert torch.equal(found["gpt_neox.embed_in.weight"], tensors["gpt_neox.embed_in.weight"].float())
    assert found["lm_head.weight"].dtype == torch.float32
    assert start_weights(start, data.tokenizer).checksum == sha256(file)
    with pytest.raises(PhasemixError, match="start: EleutherAI/pythia-14m does not fit this cell's model"):
        run(small_cell(start=start, architecture=Architecture(layers=1, width=24, heads=2)), data, tmp_path)


def test_a_hub_that_cannot_be_reached_is_one_clear_line(data, tmp_path):
    start = Start(hub="nobody/nothing", revision=REVISION)
    with pytest.raises(PhasemixError) as error:
        run(small_cell(start=start), data, tmp_path)
    assert str(error.value).startswith(
        f"start.hub: cannot load model.safetensors of 'nobody/nothing' at revision {REVISION} ("
    )
    assert "check the name and the network" in str(error.value)
    assert "\n" not in str(error.value)
