"""The tokenizer: exact vocabulary, clean boundaries, saved files, the hub."""

import json

import numpy as np
import pytest
from transformers import AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.corpora.tokenizer import encode_documents, hub_tokenizer, save_tokenizer, train_tokenizer
from phasemix.evaluation.recall_accuracy import make_questions
from phasemix.tasks.synbio.people import Domains, SynBio, draw_people

REVISION = "0" * 40


def test_vocabulary_is_exact_and_end_of_text_is_zero(tokenizer):
    assert len(tokenizer) == 400
    assert tokenizer.eos_token_id == 0


def test_too_little_text_for_the_vocabulary_is_refused():
    with pytest.raises(PhasemixError, match=r"tokenizer\.train\.vocabulary: the text gives \d+ entries only"):
        train_tokenizer(["hello hello"], 2000)


def test_documents_close_with_end_of_text_and_read_back(tokenizer, synbio):
    texts = [*synbio.biographies(np.arange(5), generator(1)), "naïve – 日本 \n\t x"]
    for text, ids in zip(texts, encode_documents(tokenizer, texts), strict=True):
        assert ids[-1] == 0
        assert 0 not in ids[:-1]
        assert tokenizer.decode(ids[:-1]).strip() == text.strip()


def test_training_is_deterministic(tmp_path, synbio):
    texts = synbio.biographies(np.arange(20).repeat(50), generator(1))
    for name in ("a", "b"):
        save_tokenizer(train_tokenizer(texts, 350), tmp_path / name)
    assert (tmp_path / "a/tokenizer.json").read_bytes() == (tmp_path / "b/tokenizer.json").read_bytes()


def test_a_prompt_never_joins_its_answer_for_any_value_of_the_papers_domains(tokenizer):
    people = draw_people(400, Domains(), seed=2)
    questions = make_questions(SynBio(people).facts(np.arange(400)), tokenizer)  # raises where they join
    assert len(questions.ids) == 400 * 25
    for fact, ids, length in list(zip(questions.facts, questions.ids, questions.lengths, strict=True))[:500]:
        assert tokenizer.decode(ids[-length:]) == fact.answer


def test_a_tokenizer_loads_from_the_hubs_layout(tmp_path, tokenizer):
    tokenizer.save_pretrained(tmp_path / "saved")
    loaded = hub_tokenizer(str(tmp_path / "saved"), REVISION)
    assert loaded.get_vocab() == AutoTokenizer.from_pretrained(tmp_path / "saved").get_vocab() == tokenizer.get_vocab()


def test_a_hub_tokenizer_needs_an_end_of_text(tmp_path, tokenizer):
    tokenizer.save_pretrained(tmp_path)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}))
    with pytest.raises(PhasemixError, match="no fast tokenizer with an end-of-text token"):
        hub_tokenizer(str(tmp_path), REVISION)


def test_an_unreachable_hub_is_one_clear_line():
    with pytest.raises(PhasemixError, match=r"tokenizer\.hub\.name: cannot load 'nobody/nothing'.*hub") as error:
        hub_tokenizer("nobody/nothing", REVISION)
    assert "\n" not in str(error.value)
