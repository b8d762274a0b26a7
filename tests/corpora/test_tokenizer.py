"""Tokenizers: made with an exact vocabulary or taken from the hub, and read as transformers reads them."""

import json

import numpy as np
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.corpora.make_tokenizer import END_OF_TEXT, hub_tokenizer, save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer import Tokenizer
from tests.corpora.bytes_tokenizer import bytes_tokenizer

REVISION = "0" * 40


@pytest.fixture(scope="module")
def of_transformers(data):
    return AutoTokenizer.from_pretrained(data.tokenizer)


def test_vocabulary_is_exact_and_end_of_text_is_zero(tokenizer):
    assert len(tokenizer) == 400
    assert tokenizer.end_of_text == 0


def test_too_little_text_for_the_vocabulary_is_refused():
    with pytest.raises(PhasemixError, match=r"train\.vocabulary of the tokenizer: the text gives \d+ entries only"):
        train_tokenizer(["hello hello"], 2000)


def test_documents_close_with_end_of_text_and_read_back(tokenizer, synbio):
    texts = [*synbio.biographies(np.arange(5), generator(1)), "naïve – 日本 \n\t x"]
    for text, ids in zip(texts, tokenizer.encode_documents(texts), strict=True):
        assert ids[-1] == 0
        assert 0 not in ids[:-1]
        assert tokenizer.decode(ids[:-1]).strip() == text.strip()


def test_training_is_deterministic(tmp_path, synbio):
    texts = synbio.biographies(np.arange(20).repeat(50), generator(1))
    for name in ("a", "b"):
        save_tokenizer(train_tokenizer(texts, 350), tmp_path / name)
    assert (tmp_path / "a/tokenizer.json").read_bytes() == (tmp_path / "b/tokenizer.json").read_bytes()


@given(texts=st.lists(st.one_of(st.text(max_size=40), st.sampled_from([f"a{END_OF_TEXT} b", "", "  x"])), max_size=5))
def test_ids_are_those_of_transformers(tokenizer, of_transformers, texts):
    expected = of_transformers(texts, add_special_tokens=False)["input_ids"] if texts else []
    assert tokenizer.encode(texts) == expected
    assert tokenizer.encode_documents(texts) == [[*ids, of_transformers.eos_token_id] for ids in expected]
    assert [tokenizer.decode(ids) for ids in expected] == [of_transformers.decode(ids) for ids in expected]


def test_what_a_tokenizers_own_file_cuts_off_or_adds_is_not(tmp_path):
    """Such files are on the hub; transformers reads them so, too."""
    folder = tmp_path / "tokenizer"
    plain = bytes_tokenizer(folder).encode(["a text", "another text"])
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.enable_truncation(3)
    backend.enable_padding(length=20)
    backend.post_processor = tokenizers.processors.TemplateProcessing(
        single=f"{END_OF_TEXT} $A", special_tokens=[(END_OF_TEXT, 0)]
    )
    backend.save(str(folder / "tokenizer.json"))
    assert Tokenizer(folder).encode(["a text", "another text"]) == plain
    of_transformers = AutoTokenizer.from_pretrained(folder)
    assert of_transformers(["a text", "another text"], add_special_tokens=False)["input_ids"] == plain


def test_an_end_of_text_may_be_written_as_older_versions_do(data, tmp_path, tokenizer):
    tokenizer.copy(tmp_path)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"eos_token": {"content": END_OF_TEXT, "__type": "AddedToken"}}))
    assert Tokenizer(tmp_path).end_of_text == 0


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("tokenizer.json", None, "holds no tokenizer that can be read"),
        ("tokenizer.json", "{", "holds no tokenizer that can be read"),
        ("tokenizer_config.json", None, "holds no tokenizer that can be read"),
        ("tokenizer_config.json", "{}", "has no end-of-text token"),
        ("tokenizer_config.json", '{"eos_token": "<no such entry>"}', "has no end-of-text token"),
    ],
)
def test_a_folder_that_is_no_tokenizer_is_named_in_one_line(tmp_path, tokenizer, name, text, problem):
    tokenizer.copy(tmp_path)
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(PhasemixError, match=problem) as error:
        Tokenizer(tmp_path)
    assert str(error.value).startswith(f"{tmp_path}: ")
    assert "\n" not in str(error.value)


def test_a_copy_is_the_same_tokenizer(tokenizer, tmp_path):
    tokenizer.copy(tmp_path)
    assert Tokenizer(tmp_path).encode(["the law of data"]) == tokenizer.encode(["the law of data"])
    assert AutoTokenizer.from_pretrained(tmp_path).eos_token_id == 0


def test_a_tokenizer_loads_from_the_hubs_layout(tmp_path, data, of_transformers):
    of_transformers.save_pretrained(tmp_path / "saved")
    loaded = hub_tokenizer(str(tmp_path / "saved"), REVISION)
    assert loaded.get_vocab() == AutoTokenizer.from_pretrained(tmp_path / "saved").get_vocab()
    assert loaded.get_vocab() == of_transformers.get_vocab()
    save_tokenizer(loaded, tmp_path / "ours")
    assert Tokenizer(tmp_path / "ours").encode(["a law"]) == of_transformers(["a law"])["input_ids"]


def test_a_hub_tokenizer_needs_an_end_of_text(tmp_path, of_transformers):
    of_transformers.save_pretrained(tmp_path)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}))
    with pytest.raises(PhasemixError, match="no fast tokenizer with an end-of-text token"):
        hub_tokenizer(str(tmp_path), REVISION)


def test_an_unreachable_hub_is_one_clear_line():
    with pytest.raises(PhasemixError, match=r"hub\.name of the tokenizer: cannot load 'nobody/nothing'.*hub") as error:
        hub_tokenizer("nobody/nothing", REVISION)
    assert "\n" not in str(error.value)
