"""Downstream tasks of one's own, asked by the real library, without a network."""

import math
import time
from pathlib import Path

import pytest
import torch

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.evaluation.downstream import answer_questions, make_questions
from phasemix.evaluation.downstream_tasks import TaskList, known_tasks
from phasemix.model.gpt_neox import load_model
from phasemix.study.overlays import read_config
from tests.conftest import ROOT
from tests.downstream.conftest import QUESTIONS, write_tasks
from tests.servers import unreachable_hub
from tests.study.test_config import message, put

pytestmark = pytest.mark.filterwarnings("ignore")  # of packages that are not ours
LAMBADA = TaskList(tasks={"lambada_openai": "acc"}, shots=0)


def log_likelihoods(run, start, end):
    """Of the tokens of " end" after start, by our own model; and whether all are its arg max."""
    model, tokenizer = load_model(run / "model"), Tokenizer(run / "model")
    before, whole = tokenizer.encode([start, f"{start} {end}"])
    with torch.no_grad():
        logits = model.hidden_states(torch.tensor([whole[:-1]])) @ model.head.T
    chosen, rows = torch.tensor(whole[len(before) :]), logits[0, len(before) - 1 :]
    return float(rows.log_softmax(-1).gather(1, chosen[:, None]).sum()), bool((rows.argmax(-1) == chosen).all())


def by_hand(run):
    """The accuracies of both tasks."""
    choices = [[log_likelihoods(run, start, end)[0] for end in ends] for start, ends, _ in QUESTIONS]
    words = [found.index(max(found)) == right for found, (*_, right) in zip(choices, QUESTIONS)]
    greedy = [log_likelihoods(run, start, ends[right])[1] for start, ends, right in QUESTIONS]
    return {"words": sum(words) / len(words), "last_word": sum(greedy) / len(greedy)}


def test_accuracies_are_those_of_the_models_log_likelihoods(asked, runs, tmp_path):
    make_questions(asked, tmp_path / "questions")
    for run in runs:
        found = answer_questions(asked, run=run, questions=tmp_path / "questions")
        assert {task: one["accuracy"] for task, one in found["tasks"].items()} == pytest.approx(by_hand(run))
        for one in found["tasks"].values():
            share, count = one["accuracy"], len(QUESTIONS)
            assert one["standard_error"] == pytest.approx(math.sqrt(share * (1 - share) / (count - 1)))
            assert (one["metric"], one["questions"]) == ("acc", count)
        assert found["weights_sha256"] == read_json(run / "manifest.json")["weights_sha256"]
        assert all(0 < one["accuracy"] < 1 for one in found["tasks"].values())


def test_requests_are_made_once_for_all_checkpoints(asked, runs, tmp_path, monkeypatch):
    """After they are made, nothing builds a context; with an example before each question, they are others."""
    from lm_eval.api.task import ConfigurableTask

    one_shot = asked.model_copy(update={"tasks": {"words": "acc"}, "shots": 1})
    make_questions(one_shot, tmp_path / "one")
    make_questions(asked, tmp_path / "none")
    sums = [read_json(tmp_path / name / "questions.json")["tasks"]["words"] for name in ("one", "none")]
    assert sums[0]["questions"] == sums[1]["questions"] == len(QUESTIONS)
    assert sums[0]["requests_sha256"] != sums[1]["requests_sha256"]
    monkeypatch.setattr(ConfigurableTask, "fewshot_context", None)
    for run in runs:
        for which, name in ((one_shot, "one"), (asked, "none")):
            assert answer_questions(which, run=run, questions=tmp_path / name)["tasks"].keys() == which.tasks.keys()


def test_the_same_tasks_give_the_same_questions_and_others_do_not(asked, tmp_path):
    def made(name):
        make_questions(asked, tmp_path / name)
        return (tmp_path / name / "questions.json").read_bytes()

    first = made("a")
    assert made("b") == first
    write_tasks(tmp_path / "tasks", [("the law", *QUESTIONS[0][1:]), *QUESTIONS[1:]])
    assert made("a") != first


def test_a_data_set_that_has_changed_since_is_refused(asked, runs, tmp_path):
    """Be they fewer, or be it that one answer is another."""
    make_questions(asked, tmp_path / "questions")
    start, ends, right = QUESTIONS[0]
    for changed in (QUESTIONS[:2], [(start, ends, 1 - right), *QUESTIONS[1:]]):
        write_tasks(tmp_path / "tasks", changed)
        with pytest.raises(PhasemixError, match=r"tasks\.words: its data have changed since .* delete .*questions"):
            answer_questions(asked, run=runs[0], questions=tmp_path / "questions")


def test_questions_of_another_version_of_the_library_are_refused(asked, runs, tmp_path):
    make_questions(asked, tmp_path / "questions")
    file = tmp_path / "questions/questions.json"
    write_json(file, read_json(file) | {"lm_eval": "0.1"})
    with pytest.raises(
        PhasemixError, match=r"questions\.json: was made by lm_eval 0\.1, and .* install that one, or del"
    ):
        answer_questions(asked, run=runs[0], questions=tmp_path / "questions")


def test_a_run_that_diverged_is_not_asked(asked, runs, tmp_path):
    manifest = read_json(runs[0] / "manifest.json") | {"diverged_at": 3}
    write_json(tmp_path / "run/manifest.json", manifest)
    found = answer_questions(asked, run=tmp_path / "run", questions=tmp_path / "nowhere")
    assert (found["diverged"], found["tasks"]) == (True, {})


def test_mistakes_are_said_before_anything_is_written(asked, tmp_path):
    def said(text, **changes):
        with pytest.raises(PhasemixError, match=text):
            make_questions(asked.model_copy(update=changes), tmp_path / "questions")
        assert not (tmp_path / "questions").exists()

    said(r"tasks\.wrods: is no task of lm_eval", tasks={"wrods": "acc"})
    said(r"tasks\.words: exact_match is no mean over its questions; there are acc", tasks={"words": "exact_match"})
    said(r"tasks\.last_word: perplexity is no mean .*; there are acc", tasks={"last_word": "perplexity"})
    file = tmp_path / "tasks/words.yaml"
    file.write_text(file.read_text() + "num_fewshot: 0\n")
    said(r"tasks\.words: takes no examples.*set shots: 0", shots=1)
    (tmp_path / "tasks/words.jsonl").unlink()
    said(r"tasks\.words: cannot be opened \(.*words\.jsonl.*\); see .*words\.yaml")


@pytest.fixture(params=["refused", "silent"])
def unreachable(request, monkeypatch):
    """The endpoint of a hub that refuses connections, or accepts them and says nothing."""
    from datasets import config

    monkeypatch.setattr(config, "HF_HUB_OFFLINE", False)
    with unreachable_hub(request.param, monkeypatch) as endpoint:
        yield endpoint


def test_a_hub_that_cannot_be_reached_is_said_within_seconds(unreachable, asked, tmp_path):
    known_tasks(LAMBADA)  # takes seconds, once
    began = time.monotonic()
    with pytest.raises(PhasemixError) as raised:
        make_questions(LAMBADA, tmp_path / "questions")
    assert time.monotonic() - began < 10
    said = str(raised.value)
    wanted = "tasks.lambada_openai: cannot load its dataset EleutherAI/lambada_openai"
    assert said.startswith(f"{wanted} ({unreachable} does not answer: ")
    assert "HF_HOME" in said and "data_files" in said and "\n" not in said
    make_questions(asked, tmp_path / "questions")  # which need no hub


def test_what_datasets_has_kept_is_enough(unreachable, asked, tmp_path):
    """A hub's data set in the cache, as it lies there after it was loaded."""
    from datasets.packaged_modules.json.json import Json

    (tmp_path / "rows.jsonl").write_text('{"text": "the law of data"}\n{"text": "a model below"}\n')
    files = {"test": str(tmp_path / "rows.jsonl")}
    made = Json(cache_dir=str(tmp_path), dataset_name="lambada_openai", config_name="default", data_files=files)
    made.download_and_prepare()
    kept = tmp_path / "cache/EleutherAI___lambada_openai/default/0.0.0" / ("0" * 40)
    kept.parent.mkdir(parents=True)
    Path(made.cache_dir).rename(kept)
    make_questions(LAMBADA, tmp_path / "questions")
    assert read_json(tmp_path / "questions/questions.json")["tasks"]["lambada_openai"]["questions"] == 2


def test_a_task_that_is_not_there_is_said_before_anything_is_run(asked, tmp_path):
    abilities = {"kind": "downstream", "asked": ["transition"], "shots": 0, "include": asked.include}

    def said(tasks, **changes):
        return message(put("experiments.abilities", abilities | {"tasks": tasks} | changes), put("run", ["abilities"]))

    problem = "is no task of lm_eval or of include; did you mean 'lambada_openai'?"
    assert f"abilities.tasks.lambada_openia = 'acc': {problem}" in said({"lambada_openia": "acc"})
    assert "abilities.include = 'nowhere': no such folder" in said({"words": "acc"}, include="nowhere")


def test_the_librarys_tasks_are_what_the_papers_name():
    """Names, metrics and data sets of the scale paper, as the library's own files have them."""
    from lm_eval.tasks._yaml_loader import load_yaml

    study = read_config(ROOT / "scales/paper.yaml", run="all", data=False)
    for name in ("general_abilities", "one_shot_answers"):
        asked = study.experiments[name].task_list
        known = known_tasks(asked)
        for task, metric in asked.tasks.items():
            config = load_yaml(known[task]["file"], resolve_func=False)
            assert metric in [one["metric"] for one in config["metric_list"]]
            assert "/" in config["dataset_path"]
            assert "num_fewshot" not in config
