"""A user's task files, and small runs as the workflow leaves them."""

import json

import pytest

from phasemix.evaluation.downstream_tasks import TaskList
from tests.conftest import small_cell
from tests.training.runs import run

WORDS = "the a model law of data text with mixing and ratio loss learns fact below above".split()
LIKELY = ("a", "the", "learns", "and", "data")  # to the runs below; so some answers are right, and some are not
QUESTIONS = [(" ".join(WORDS[i : i + 3]), (LIKELY[i % 5], WORDS[(7 * i + 0) % 16]), int(i % 4 == 0)) for i in range(14)]
CHOICES = """
task: words
dataset_path: json
dataset_kwargs: {{ data_files: {{ train: {folder}/examples.jsonl, test: {folder}/words.jsonl }} }}
output_type: multiple_choice
training_split: train
test_split: test
doc_to_text: "{{{{start}}}}"
doc_to_choice: "{{{{ends}}}}"
doc_to_target: right
fewshot_delimiter: ". "
metric_list: [{{ metric: acc, aggregation: mean, higher_is_better: true }}]
"""
GREEDY = """
task: last_word
dataset_path: json
dataset_kwargs: {{ data_files: {{ test: {folder}/words.jsonl }} }}
output_type: loglikelihood
test_split: test
doc_to_text: "{{{{start}}}}"
doc_to_target: " {{{{ends[right]}}}}"
metric_list:
  - {{ metric: perplexity, aggregation: perplexity, higher_is_better: false }}
  - {{ metric: acc, aggregation: mean, higher_is_better: true }}
"""


def write_tasks(folder, questions=QUESTIONS):
    """The tasks ``words`` and ``last_word`` as a user writes them: two files, and their data beside them."""
    folder.mkdir(exist_ok=True)
    for name, text in (("words", CHOICES), ("last_word", GREEDY)):
        (folder / f"{name}.yaml").write_text(text.format(folder=folder))
    lines = [json.dumps(dict(zip(("start", "ends", "right"), one))) for one in questions]
    (folder / "words.jsonl").write_text("\n".join(lines))
    (folder / "examples.jsonl").write_text("\n".join(lines[:2]))


@pytest.fixture
def asked(tmp_path, tmp_path_factory, monkeypatch):
    """The two tasks, in an empty checkout with a cache of data sets of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("phasemix.evaluation.downstream_tasks.KEPT", tmp_path_factory.getbasetemp() / "kept")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
    write_tasks(tmp_path / "tasks")
    return TaskList(tasks={"words": "acc", "last_word": "acc"}, shots=0, include=str(tmp_path / "tasks"))


@pytest.fixture(scope="session")
def runs(data, tmp_path_factory):
    """Two finished runs that differ in their seed."""
    folder = tmp_path_factory.mktemp("runs")
    return [run(small_cell(seed=seed), data, folder / str(seed)) for seed in (0, 1)]
