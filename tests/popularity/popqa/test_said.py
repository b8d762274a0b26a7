"""A killed job goes on from its batches and ends in the same bytes; what is of another job is not used."""

import pytest

from phasemix.base.files import read_json
from phasemix.popularity.popqa.answers import write_answers
from phasemix.popularity.popqa.greedy_model import GreedyModel
from phasemix.popularity.popqa.model_file import identify_folder
from phasemix.popularity.popqa.said import said_to

BATCH = 6


class KilledError(Exception):
    pass


@pytest.fixture
def model(knowing_model, tmp_path):
    identify_folder(tmp_path / "model.json", knowing_model, key="models.a.folder")
    return tmp_path / "model.json"


@pytest.fixture
def batches(monkeypatch):
    """The sizes of the batches that were asked, and a list whose number kills the job at that batch."""
    seen, kill = [], []
    lines = GreedyModel.lines

    def counted(self, prompts, most, **how):
        if kill and len(seen) == kill[0]:
            raise KilledError
        seen.append(len(prompts))
        return lines(self, prompts, most, **how)

    monkeypatch.setattr(GreedyModel, "lines", counted)
    return seen, kill


def ask(questions, model, out, **changes):
    how = {"batch_size": BATCH, "max_new_tokens": 8} | changes
    with said_to(questions["prompt"].tolist(), model, out, key="models.a.folder", **how) as (folder, lines):
        write_answers(folder / "answers.parquet", questions, lines)
    return (out / "answers.parquet").read_bytes()


def test_a_killed_job_goes_on_to_the_same_bytes(questions, model, tmp_path, batches):
    seen, kill = batches
    whole = ask(questions, model, tmp_path / "whole")
    assert seen == [6, 6, 6, 6, 6, 6, 4]
    seen.clear()
    kill.append(4)
    with pytest.raises(KilledError):
        ask(questions, model, tmp_path / "killed")
    assert not (tmp_path / "killed").exists()
    kill.clear()
    assert ask(questions, model, tmp_path / "killed") == whole
    assert seen == [6, 6, 6, 6, 6, 6, 4], "no batch is asked twice"
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == ["answers.parquet", "manifest.json"]


@pytest.mark.parametrize("changes", [{"max_new_tokens": 9}, {"batch_size": 5}, {"as_turns": True}])
def test_what_a_job_of_another_kind_left_is_not_used(questions, model, tmp_path, batches, changes):
    seen, kill = batches
    kill.append(1)
    with pytest.raises(KilledError):
        ask(questions[:12], model, tmp_path / "job")
    kill.clear()
    ask(questions[:12], model, tmp_path / "job", **changes)
    assert sum(seen) == 6 + 12


def test_nor_what_one_of_other_weights_or_prompts_left(questions, model, tmp_path, batches):
    seen, kill = batches
    kill.append(1)
    with pytest.raises(KilledError):
        ask(questions[:12], model, tmp_path / "job")
    kill[0] = 2
    model.write_text(model.read_text().replace('"config.json": "', '"config.json": "f'))
    with pytest.raises(KilledError):
        ask(questions[:12], model, tmp_path / "job")
    kill.clear()
    ask(questions[12:24], model, tmp_path / "job")
    assert seen == [6, 6, 6, 6]


def test_the_manifest_names_the_model_and_how_it_was_asked(questions, model, tmp_path):
    ask(questions[:6], model, tmp_path / "job")
    found = read_json(tmp_path / "job/manifest.json")
    assert found["model"]["files"]["model.safetensors"]
    assert (found["batch_size"], found["max_new_tokens"], found["precision"]) == (6, 8, "float32")
    assert found["provenance"]["versions"]["transformers"]
