"""Worked answers are decoded, and their final answer counts: a run on problems, from training to its evaluation."""

import shutil

import numpy as np
import pandas as pd
import pytest

from phasemix.base.files import checksums_of, read_json, write_checksums
from phasemix.evaluation import evaluate_cell
from phasemix.evaluation.evaluate_cell import evaluate_run
from phasemix.study.evaluation import Examination
from phasemix.study.mixture import mixed_at
from phasemix.tasks.slope import corpus
from phasemix.tasks.slope.task import SlopeTask
from phasemix.tasks.source import spec_of
from phasemix.training.train_cell import Data, run_cell
from tests.conftest import TEXT, small_cell

SPEC = spec_of("slope")(task="slope", numbers=4, heldout=30)
CELL = small_cell(mixture=mixed_at(0.5, "slope", "web"), sources={"slope": SPEC.training, "web": TEXT})


@pytest.fixture(scope="module")
def problems(data, tokenizer, tmp_path_factory) -> Data:
    """The data of all tests, and slopes beside them."""
    folder = tmp_path_factory.mktemp("problems")
    for name in ("corpora", "tokens"):
        shutil.copytree(getattr(data, name), folder / name)
    held = folder / "corpora/slope"
    held.mkdir()
    facts = corpus.write(SPEC.corpus, held, 7, threads=1, relatives=[])
    write_checksums(checksums_of(held), sorted(held.iterdir()), **facts)
    SlopeTask.write_tokens(held, tokenizer, folder / "tokens/slope")
    return Data(folder / "corpora", folder / "tokens", data.tokenizer)


@pytest.fixture(scope="module")
def finished(problems, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    run_cell(CELL, problems, run=folder, checkpoints=folder / "checkpoints")
    return folder


def examined(problems, finished, folder):
    evaluate_run(Examination(loss_tokens=200), problems, run=finished, evaluation=folder)
    return read_json(folder / "summary.json"), pd.read_parquet(folder / "answers.parquet")


def test_a_run_is_asked_about_problems_it_never_saw(problems, finished, tmp_path):
    """It was trained for half a second, so it answers nothing; bits are not counted of problems."""
    summary, answers = examined(problems, finished, tmp_path)
    assert summary["subjects"] == {"slope": 30}
    assert summary["accuracy"]["slope"][""] == answers["correct"].mean() == 0
    finals = [one.final for one in problems.open(CELL)["slope"].questions(None)]
    commonest = max(finals.count(each) for each in finals)
    assert summary["floor"]["slope"] == pytest.approx(commonest / 30)
    assert summary["knowledge"] == summary["entropy"] == summary["knowledge_floor"] == {}
    assert 0 < summary["answer_loss"]["slope"] < 10
    curve = pd.read_csv(finished / "metrics.csv")
    assert "accuracy.slope" in curve
    assert "knowledge.slope" not in curve


def test_the_final_answer_counts_and_not_the_words(problems, finished, tmp_path, monkeypatch):
    """A model that works badly, but comes to the right answer of every other problem."""
    task = problems.open(CELL)["slope"]
    asked = list(task.questions(None))

    def said(model, prompts, most, stop):
        texts = [
            f" The rise is 9, so the slope is {one.final if i % 2 else '17'}. And so on." for i, one in enumerate(asked)
        ]
        assert [task.tokenizer.decode(prompt[1:]).strip() for prompt in prompts] == [one.prompt for one in asked]
        assert min(most) >= 20
        return task.tokenizer.encode(texts)

    monkeypatch.setattr(evaluate_cell, "continuations", said)
    summary, answers = examined(problems, finished, tmp_path)
    assert answers["correct"].tolist() == [False, True] * 15
    assert summary["accuracy"]["slope"][""] == 0.5


def test_the_loss_on_answers_is_per_token(problems, finished, tmp_path):
    summary, answers = examined(problems, finished, tmp_path)
    asked = problems.open(CELL)["slope"].questions(None)
    tokens = sum(map(len, problems.open(CELL)["slope"].tokenizer.encode([one.answer for one in asked])))
    assert summary["answer_loss"]["slope"] == pytest.approx(answers["loss"].sum() / tokens, rel=0.05)
    assert np.isfinite(answers["loss"]).all()
