"""Recall accuracy and losses against what they mean."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from phasemix.base.files import read_json, write_json
from phasemix.base.seeds import generator
from phasemix.corpora.tokenizer import encode_documents
from phasemix.evaluation.evaluate_cell import COLUMNS, evaluate_run
from phasemix.evaluation.recall_accuracy import answers_correct, make_questions, recall_table, sample_people
from phasemix.evaluation.validation_loss import stream_loss, validation_biographies
from phasemix.model.gpt_neox import build_model, save_model
from phasemix.study.cell import Architecture
from phasemix.study.examination import Examination
from phasemix.tasks.synbio.people import ATTRIBUTES, TEMPLATES, SynBio
from phasemix.training.train_cell import run_cell
from tests.conftest import data_in, small_cell


@pytest.fixture(scope="module")
def half_learned(synbio, tokenizer):
    """A small model taught biographies until it knows some facts and not others."""
    torch.manual_seed(0)
    model = build_model(Architecture(layers=2, width=48, heads=4, tied=True), len(tokenizer), 128)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    rng = generator("teach")
    for _ in range(250):
        texts = synbio.biographies(rng.integers(0, 20, 16), rng)
        documents = [[0, *ids] for ids in encode_documents(tokenizer, texts)]
        longest = max(map(len, documents))
        ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids in documents])
        loss = model(ids[:, :-1], ids[:, 1:], torch.tensor(1 / (len(ids) * (longest - 1))))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def test_accuracy_is_what_greedy_decoding_gives(half_learned, synbio, tokenizer, tmp_path):
    save_model(half_learned, tmp_path)
    reference = AutoModelForCausalLM.from_pretrained(tmp_path)
    questions = make_questions(synbio.facts(np.arange(20)), tokenizer)
    correct = answers_correct(half_learned, questions)
    assert 0.1 < correct.mean() < 0.95  # the comparison means something
    for i in range(0, len(correct), 7):
        ids, length = questions.ids[i], questions.lengths[i]
        prompt = torch.tensor([ids[:-length]])
        decoded = reference.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=length,
            min_new_tokens=length,
            do_sample=False,
            pad_token_id=0,
            eos_token_id=None,
        )
        assert (decoded[0, -length:].tolist() == ids[-length:]) == correct[i]


def test_the_recall_table_names_every_question(half_learned, synbio, tokenizer):
    table = recall_table(half_learned, SynBio(synbio.people, 2), tokenizer, people=4)
    assert len(table) == 4 * 25
    assert table["person"].unique().tolist() == sample_people(20, 4).tolist()
    assert table.groupby("attribute").size().to_dict() == dict.fromkeys(ATTRIBUTES, 20)
    assert table[table["shown"]]["template"].unique().tolist() == [0, 1, 2]


def test_the_sample_of_people_is_always_the_same():
    assert sample_people(1000, 10).tolist() == sample_people(1000, 10).tolist()
    assert len(set(sample_people(1000, 10))) == 10
    assert sample_people(7, None).tolist() == sample_people(7, 9).tolist() == list(range(7))


def test_questions_follow_the_templates(synbio, tokenizer):
    questions = make_questions(synbio.facts(np.array([0])), tokenizer)
    for fact, ids, length in zip(questions.facts, questions.ids, questions.lengths, strict=True):
        name, value = synbio.people["name"][0], synbio.people[fact.attribute][0]
        sentence = TEMPLATES[fact.attribute][fact.template].format(name=name, value=value)
        assert tokenizer.decode(ids[1:]).strip() + "." == sentence
        assert tokenizer.decode(ids[-length:]) == f" {value}"


def test_stream_loss_is_the_mean_over_rows(half_learned):
    ids = np.random.default_rng(0).integers(0, 400, size=32 * 70 + 5)
    x = torch.from_numpy(ids[: 32 * 70 + 1].astype(np.int64))
    logits = half_learned.logits(half_learned.hidden_states(x[:-1].view(70, 32)))
    mean = functional.cross_entropy(logits.flatten(0, 1), x[1:])  # in nats a token
    assert stream_loss(half_learned, ids, 32) == pytest.approx(mean.item(), rel=1e-5)
    with pytest.raises(ValueError, match="do not fill one row"):
        stream_loss(half_learned, ids[:32], 32)


def test_validation_biographies_are_fixed_and_of_the_length_asked(synbio, tokenizer):
    ids = validation_biographies(synbio, tokenizer, 3000)
    assert len(ids) == 3001
    assert np.array_equal(ids, validation_biographies(synbio, tokenizer, 3000))


@pytest.fixture(scope="module")
def finished(corpora, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    cell = small_cell(heldout_templates=2)
    run_cell(cell, data_in(corpora), run=folder, checkpoints=folder / "checkpoints")
    return folder


def examine(finished, corpora, folder, **changes):
    asked = {"people": None, "templates": "all", "web_tokens": 2000, "bio_tokens": 2000, "heldout_templates": 2}
    people = corpora / "people.parquet"
    evaluate_run(Examination(**asked | changes), run=finished, web=corpora / "tokens", people=people, evaluation=folder)
    return read_json(folder / "summary.json"), pd.read_parquet(folder / "recall.parquet")


@pytest.mark.parametrize(("templates", "share"), [("all", 5), ("shown", 3), ("heldout", 2)])
def test_an_evaluation_is_one_row_and_every_question(finished, corpora, tmp_path, templates, share):
    summary, recall = examine(finished, corpora, tmp_path, templates=templates)
    assert list(summary)[: len(COLUMNS)] == list(COLUMNS)
    assert len(recall) == 20 * 25
    counted = {"all": recall["shown"] | True, "shown": recall["shown"], "heldout": ~recall["shown"]}[templates]
    assert counted.sum() == 20 * 5 * share
    assert summary["accuracy"] == pytest.approx(recall[counted]["correct"].mean())
    assert np.mean([summary[f"accuracy_{a}"] for a in ATTRIBUTES]) == pytest.approx(summary["accuracy"])
    assert 1 < summary["bio_loss"] < 6
    assert summary["diverged"] is False


def test_a_diverged_run_is_a_row_without_numbers(finished, corpora, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    write_json(run / "manifest.json", read_json(finished / "manifest.json") | {"diverged_at": 7})
    summary, recall = examine(run, corpora, tmp_path / "evaluation")
    assert summary["diverged"] is True
    assert summary["accuracy"] is summary["bio_loss"] is summary["accuracy_major"] is None
    assert recall.empty


def test_the_saved_model_is_the_trained_one(finished):
    model = AutoModelForCausalLM.from_pretrained(finished / "model")
    assert model.config.tie_word_embeddings
    assert model.lm_head.weight is model.gpt_neox.embed_in.weight
