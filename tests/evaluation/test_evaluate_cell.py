"""The evaluation of finished runs: every question, a summary, and what runs are asked on the way."""

import math
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.corpora.tokens import heldout_tokens
from phasemix.evaluation.answers import answer
from phasemix.evaluation.cloze import cloze_questions
from phasemix.evaluation.evaluate_cell import ASKED, evaluate_run
from phasemix.evaluation.guessing_floor import guessing_floor
from phasemix.evaluation.on_the_way import measure
from phasemix.evaluation.questions import make_questions
from phasemix.evaluation.validation_loss import stream_loss
from phasemix.model.gpt_neox import load_model
from phasemix.study.cell import Curve
from phasemix.study.evaluation import Examination
from phasemix.study.mixture import MixtureSpec
from phasemix.tasks.synbio.templates import ATTRIBUTES
from phasemix.tasks.task import open_task
from phasemix.training.train_cell import run_cell
from tests.conftest import SYNBIO, TEXT, small_cell

CELL = small_cell(synbio={"heldout_templates": 2})


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    run_cell(CELL, data, run=folder, checkpoints=folder / "checkpoints")
    return folder


def test_held_out_words_are_those_that_transformers_generates(finished, data, tokenizer, tmp_path):
    """Words of held-out documents, of which the small model knows some: the same share, decoded one by one."""
    summary, _ = examine(finished, data, tmp_path / "asked", cloze=40)
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    web = open_task(CELL.sources["web"], data.corpora / "web", data.tokens / "web", tokenizer)
    hits = []
    for question in list(cloze_questions(web.heldout_texts(0)))[:40]:
        [prompt], [word] = tokenizer.encode([question.prompt]), tokenizer.encode([question.answer])
        read = [tokenizer.end_of_text, *prompt][-(CELL.recipe.context - len(word)) :]
        read[0] = tokenizer.end_of_text
        said = model.generate(torch.tensor([read]), max_new_tokens=len(word), min_new_tokens=len(word), do_sample=False)
        hits.append(said[0, len(read) :].tolist() == word)
    assert 0 < sum(hits) < 40
    assert summary["cloze"] == {"web": pytest.approx(sum(hits) / 40)}
    assert examine(finished, data, tmp_path / "unasked")[0]["cloze"] == {}


def test_what_something_looked_at_can_be_passed_over(finished, data, tokenizer, tmp_path):
    summary, _ = examine(finished, data, tmp_path, loss_tokens=640, heldout_from=320, cloze=40)
    ids, model = heldout_tokens(data.tokens / "web", 960), load_model(finished / "model")
    assert summary["loss"]["web"] == pytest.approx(stream_loss(model, ids[320:], CELL.recipe.context))
    assert summary["loss"]["web"] != pytest.approx(stream_loss(model, ids[:641], CELL.recipe.context))
    web = open_task(CELL.sources["web"], data.corpora / "web", data.tokens / "web", tokenizer)
    every, later = list(web.heldout_texts(0)), list(web.heldout_texts(320))
    assert later == every[-len(later) :]
    passed = tokenizer.encode_documents(every[: -len(later)])
    assert sum(map(len, passed[:-1])) < 320 <= sum(map(len, passed))


def examine(finished, data, folder, **changes):
    evaluate_run(Examination(**{"loss_tokens": 2000} | changes), data, run=finished, evaluation=folder)
    return read_json(folder / "summary.json"), pd.read_parquet(folder / "answers.parquet")


@pytest.mark.parametrize(("questions", "share"), [("all", 5), ("shown", 3), ("heldout", 2)])
def test_an_evaluation_is_a_summary_and_every_question(finished, data, tmp_path, questions, share):
    summary, answers = examine(finished, data, tmp_path, questions=questions)
    assert list(answers) == ["source", "subject", "attribute", "template", "shown", "correct", "loss"]
    assert len(answers) == 20 * 25
    assert set(answers["source"]) == {"synbio"}
    counted = {"all": answers["shown"] | True, "shown": answers["shown"], "heldout": ~answers["shown"]}[questions]
    assert counted.sum() == 20 * 5 * share
    accuracy = summary["accuracy"]["synbio"]
    assert accuracy[""] == pytest.approx(answers[counted]["correct"].mean())
    for attribute in ATTRIBUTES:
        of_it = answers[counted & (answers["attribute"] == attribute)]
        assert accuracy[attribute] == pytest.approx(of_it["correct"].mean())
    known = (
        math.log2(12) * 4
        + math.log2(28 * 12 * 100)
        - answers[counted].groupby("attribute")["loss"].mean().sum() / math.log(2)
    )
    assert summary["knowledge"]["synbio"][""] == pytest.approx(known)
    assert summary["entropy"]["synbio"]["major"] == pytest.approx(math.log2(12))
    assert 0 < summary["knowledge_floor"]["synbio"] < summary["entropy"]["synbio"][""]
    assert summary["subjects"] == {"synbio": 20}
    assert all(summary[what].keys() == {"synbio"} for what in ASKED if what != "within_accuracy")
    assert summary["within_accuracy"] == {}, "this tokenizer spells a name alike everywhere"
    assert summary["diverged"] is False


def test_a_summary_says_what_was_trained_on_and_measured(finished, data, tmp_path, synbio):
    summary, _ = examine(finished, data, tmp_path)
    manifest = read_json(finished / "manifest.json")
    assert (summary["parameters"], summary["tokens"]) == (manifest["parameters"], 60 * 4 * 32)
    assert summary["seconds"] == manifest["seconds"]
    assert summary["curve_seconds"] == manifest["evaluation_seconds"]
    assert summary["mix"] == {"synbio": 0.5, "web": 0.5}
    assert summary["epochs"] == manifest["exposures"]
    assert summary["floor"]["synbio"] == guessing_floor(synbio.questions(np.arange(20)), {})
    model, tasks = load_model(finished / "model"), data.open(CELL)
    for name, task in tasks.items():
        assert summary["loss"][name] == stream_loss(model, task.heldout(2000), 32)
    assert all(1 < loss < 6 for loss in summary["loss"].values())


def test_a_name_is_also_asked_as_it_is_spelled_within_a_text(data, tmp_path, synbio):
    """With a tokenizer that puts no space before a text; the model's answers are those that transformers decodes."""
    longer, finished = {"tokens": 500 * 8 * 32, "batch_size": 8, "peak_learning_rate": 2e-2}, tmp_path / "run"
    run_cell(small_cell(0.9, longer), data, run=finished, checkpoints=tmp_path / "checkpoints")
    folder = tmp_path / "tokenizer"
    shutil.copytree(data.tokenizer, folder)
    options = read_json(folder / "tokenizer.json")
    options["pre_tokenizer"]["add_prefix_space"] = False
    write_json(folder / "tokenizer.json", options)
    other = replace(data, tokenizer=folder)
    summary, answers = examine(finished, other, tmp_path / "asked")
    model, tokenizer = AutoModelForCausalLM.from_pretrained(finished / "model"), AutoTokenizer.from_pretrained(folder)
    for key, space in (("accuracy", ""), ("within_accuracy", " ")):
        hits = []
        for one in synbio.questions(np.arange(20)):
            ids = [tokenizer.eos_token_id, *tokenizer(space + one.prompt + one.answer)["input_ids"]]
            prompt = 1 + len(tokenizer(space + one.prompt)["input_ids"])
            said = model(torch.tensor([ids])).logits[0, prompt - 1 : -1].argmax(-1)
            hits.append(said.tolist() == ids[prompt:])
        assert summary[key]["synbio"][""] == pytest.approx(np.mean(hits))
    assert answers["correct"].mean() == pytest.approx(summary["accuracy"]["synbio"][""])
    assert summary["within_accuracy"]["synbio"][""] > summary["accuracy"]["synbio"][""], (
        "it was trained on this spelling"
    )
    assert examine(finished, data, tmp_path / "alike")[0]["within_accuracy"] == {}


def test_a_sample_of_subjects_is_asked(finished, data, tmp_path):
    _, everybody = examine(finished, data, tmp_path / "all")
    _, few = examine(finished, data, tmp_path / "few", subjects=4)
    assert len(few) == 4 * 25
    rows = everybody[everybody["subject"].isin(few["subject"].unique())].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, rows)


def test_held_out_text_that_is_too_short_is_named(finished, data, tmp_path):
    with pytest.raises(PhasemixError, match="held-out tokens, and the evaluation reads 20,000"):
        examine(finished, data, tmp_path, loss_tokens=20_000)


def of_another(finished, folder, **changes):
    """A run like the finished one, with other facts in its manifest."""
    folder.mkdir()
    write_json(folder / "manifest.json", read_json(finished / "manifest.json") | changes)
    return folder


def is_empty(summary, answers):
    assert summary["diverged"] is True
    assert all(summary[what] is None for what in ("loss", *ASKED))
    assert summary["tokens"] == 60 * 4 * 32
    assert answers.empty
    return True


def test_a_diverged_run_is_a_row_without_numbers(finished, data, tmp_path):
    run = of_another(finished, tmp_path / "run", diverged_at=7)
    assert is_empty(*examine(run, data, tmp_path / "evaluation"))


def test_a_run_whose_loss_is_not_finite_has_diverged(finished, data, tmp_path):
    run = of_another(finished, tmp_path / "run")
    (run / "model").mkdir()
    (run / "model" / "config.json").write_bytes((finished / "model" / "config.json").read_bytes())
    weights = load_file(finished / "model" / "model.safetensors")
    weights["gpt_neox.final_layer_norm.weight"][:] = math.nan
    save_file(weights, run / "model" / "model.safetensors")
    assert is_empty(*examine(run, data, tmp_path / "evaluation"))


def test_several_sources_may_be_asked_and_some_not(data, finished, tmp_path):
    """The second one holds no wording out, so it has no accuracy where held-out ones count."""
    sources = {"synbio": SYNBIO | {"heldout_templates": 2}, "again": SYNBIO, "web": TEXT}
    cell = CELL.model_copy(
        update={"mixture": MixtureSpec.constant({"synbio": 0.4, "again": 0.3, "web": 0.3}), "sources": sources}
    )
    run = of_another(finished, tmp_path / "run", cell=cell.model_dump(mode="json"))
    (run / "model").symlink_to(finished / "model")
    folders = {}
    for name in ("corpora", "tokens"):
        folders[name] = tmp_path / name
        folders[name].mkdir()
        for source, real in (("synbio", "synbio"), ("again", "synbio"), ("web", "web")):
            for ending in ("", ".checksums.json"):
                (folders[name] / f"{source}{ending}").symlink_to(getattr(data, name) / f"{real}{ending}")
    both = type(data)(folders["corpora"], folders["tokens"], data.tokenizer)
    summary, answers = examine(run, both, tmp_path / "all")
    assert answers["source"].value_counts().to_dict() == {"synbio": 500, "again": 500}
    assert summary["accuracy"].keys() == summary["floor"].keys() == {"synbio", "again"}
    assert summary["loss"].keys() == {"synbio", "again", "web"}
    heldout, answers = examine(run, both, tmp_path / "heldout", questions="heldout")
    assert heldout["accuracy"].keys() == heldout["floor"].keys() == {"synbio"}
    assert len(answers) == 1000


def test_the_saved_model_is_the_trained_one(finished):
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert model.config.tie_word_embeddings
    assert model.lm_head.weight is model.gpt_neox.embed_in.weight


@pytest.mark.parametrize(("questions", "share"), [("all", 5), ("shown", 3), ("heldout", 2)])
def test_on_the_way_those_questions_are_asked_that_the_curve_counts(
    finished, data, tokenizer, questions, share, monkeypatch
):
    tasks, asked = data.open(CELL), []
    real = answer

    def watching(model, these):
        asked.append(len(these.asked))
        return real(model, these)

    monkeypatch.setattr("phasemix.evaluation.on_the_way.answer", watching)
    evaluate, columns = measure(tasks, Curve(subjects=4, questions=questions, loss_tokens=500), 32)
    model = load_model(finished / "model")
    found = evaluate(model)
    assert columns == ["accuracy.synbio", "knowledge.synbio"]
    assert asked == [4 * 5 * share]
    assert list(found) == ["loss.synbio", "loss.web", *columns]
    assert found["loss.web"] == stream_loss(model, tasks["web"].heldout(500), 32)
    shown = {"all": (True, False), "shown": (True,), "heldout": (False,)}[questions]
    these = [one for one in tasks["synbio"].questions(4) if one.shown in shown]
    with torch.no_grad():
        answers = real(model, make_questions(these, tokenizer))
    assert found["accuracy.synbio"] == answers.correct.mean()
    bits = sum(tasks["synbio"].entropies.values()) - 5 * answers.loss.mean() / math.log(2)
    assert found["knowledge.synbio"] == pytest.approx(bits)


def test_on_the_way_a_source_is_not_asked_of_which_no_question_counts(data):
    tasks = data.open(small_cell())
    _, columns = measure(tasks, Curve(subjects=4, questions="heldout", loss_tokens=500), 32)
    assert columns == []
    _, columns = measure({"web": tasks["web"]}, Curve(loss_tokens=500), 32)
    assert columns == []


def test_a_run_whose_held_out_wordings_count_says_their_accuracy_in_its_metrics(data, tmp_path):
    cell = small_cell(synbio={"heldout_templates": 2}, curve=Curve(subjects=5, questions="heldout", loss_tokens=200))
    run_cell(cell, data, run=tmp_path / "run", checkpoints=tmp_path / "checkpoints")
    rows = pd.read_csv(tmp_path / "run" / "metrics.csv").dropna()
    model, task = load_model(tmp_path / "run" / "model"), data.open(cell)["synbio"]
    these = [one for one in task.questions(5) if not one.shown]
    assert rows["accuracy.synbio"].iloc[-1] == answer(model, make_questions(these, task.tokenizer)).correct.mean()
