"""A killed job goes on from its batches and ends in the same bytes; what is of another job is not used."""

import pytest

from phasemix.base.files import read_json
from phasemix.popularity.popqa.answers import write_answers
from phasemix.popularity.popqa.greedy_model import GreedyModel
from phasemix.popularity.popqa.model_file import identify_folder
from phasemix.popularity.popqa.resumable import said_to, write_manifest

BATCH = 6


class KilledError(Exception):
    pass


@pytest.fixture
def model(knowing_model, tmp_path):
    identify_folder(tmp_path / "model.json", knowing_model, key="models.a.folder")
    return tmp_path / "model.json"


@pytest.fixture
def batches(monkeypatch):
    """The sizes of the batches that were asked; a number put first kills the job at that batch."""
    seen, kill = [], []
    lines = GreedyModel.lines

    def counted(self, prompts, most, **how):
        if kill and len(seen) == kill[0]:
            raise KilledError
        seen.append(len(prompts))
        return lines(self, prompts, most, **how)

    monkeypatch.setattr(GreedyModel, "lines", counted)
    return seen, kill


def ask(questions, model, folder, **changes):
    how = {"batch_size": BATCH, "max_new_tokens": 8} | changes
    return said_to(questions["prompt"].tolist(), model, key="models.a.folder", checkpoints=folder, **how)


def test_a_killed_job_goes_on_to_the_same_bytes(questions, model, tmp_path, batches):
    seen, kill = batches
    write_answers(tmp_path / "whole.parquet", questions, ask(questions, model, tmp_path / "whole"))
    assert seen == [6, 6, 6, 6, 6, 6, 4]
    seen.clear()
    kill.append(4)
    with pytest.raises(KilledError):
        ask(questions, model, tmp_path / "killed")
    kill.clear()
    write_answers(tmp_path / "resumed.parquet", questions, ask(questions, model, tmp_path / "killed"))
    assert seen == [6, 6, 6, 6, 6, 6, 4], "no batch is asked twice"
    assert (tmp_path / "resumed.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_finished_job_loads_no_model(questions, model, tmp_path, monkeypatch):
    lines = ask(questions, model, tmp_path / "job")
    monkeypatch.setattr(GreedyModel, "__init__", None)
    assert ask(questions, model, tmp_path / "job") == lines


def test_a_damaged_part_is_asked_again(questions, model, tmp_path, batches, capsys):
    lines = ask(questions, model, tmp_path / "job")
    (tmp_path / "job/part-000001.json").write_text('["a"')
    (tmp_path / "job/part-000002.json").write_text('["a"]')
    batches[0].clear()
    assert ask(questions, model, tmp_path / "job") == lines
    assert batches[0] == [6, 6]
    assert "part-000001.json: damaged, asked again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"max_new_tokens": 9}, "max_new_tokens 8, here 9"), ({"batch_size": 5}, "batch_size 6, here 5")],
)
def test_what_another_job_left_is_not_used(questions, model, tmp_path, batches, capsys, changes, words):
    ask(questions[:12], model, tmp_path / "job")
    batches[0].clear()
    ask(questions[:12], model, tmp_path / "job", **changes)
    assert sum(batches[0]) == 12
    assert f"of another configuration, not used ({words})" in capsys.readouterr().err


def test_other_weights_or_prompts_are_another_job(questions, model, tmp_path, batches, capsys):
    ask(questions[:6], model, tmp_path / "job")
    model.write_text(model.read_text().replace('"config.json": "', '"config.json": "f'))
    ask(questions[:6], model, tmp_path / "job")
    ask(questions[6:12], model, tmp_path / "job")
    said = capsys.readouterr().err
    assert "model.files.config.json" in said
    assert "(prompts " in said
    assert batches[0] == [6, 6, 6]


def test_the_manifest_names_the_model_and_how_it_was_asked(model, tmp_path):
    write_manifest(tmp_path / "manifest.json", model, {"batch_size": 3})
    found = read_json(tmp_path / "manifest.json")
    assert found["model"]["files"]["model.safetensors"]
    assert (found["how"], found["precision"]) == ({"batch_size": 3}, "float32")
    assert found["provenance"]["versions"]["transformers"]
