"""Word vectors are the same for the same seed, and samples are embedded as FastText embeds sentences."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.domains import fasttext_vectors
from phasemix.domains.embedding_entropy import embedding_entropy
from phasemix.domains.fasttext_vectors import DIMENSIONS, WordVectors, load_vectors, train_vectors
from phasemix.domains.von_neumann import SecondMoments
from tests.conftest import ROOT, words

TEXTS = words(150, "vectors")
SAMPLES = [["data", "mixing"], ["unheard-of", "words", "data"], [], ["ratio"] * 3]
TRAIN = """
import json, sys
from phasemix.domains.fasttext_vectors import train_vectors
texts, samples = json.load(sys.stdin)
vectors = train_vectors(texts, 0)
sys.stdout.write(vectors.embed(samples).tobytes().hex())
vectors.write(sys.argv[1])
"""


@pytest.fixture(scope="module")
def vectors():
    return train_vectors(TEXTS, seed=0)


def unit(vectors, word):
    """By gensim itself."""
    found = vectors._vectors.get_vector(word).astype(float)
    return found / np.linalg.norm(found)


def test_one_seed_gives_the_same_bytes_in_any_process(vectors, tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    line, given = [sys.executable, "-c", TRAIN, str(tmp_path / "theirs")], json.dumps([TEXTS, SAMPLES])
    printed = subprocess.run(line, env=environment, cwd=ROOT, check=True, capture_output=True, text=True, input=given)
    assert printed.stdout == vectors.embed(SAMPLES).tobytes().hex()
    assert printed.stderr == ""
    vectors.write(tmp_path / "ours")
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours", "theirs"]


def test_another_seed_gives_other_vectors(vectors):
    assert not np.allclose(vectors.embed(SAMPLES), train_vectors(TEXTS, seed=1).embed(SAMPLES), atol=1e-3)


def test_a_sample_is_the_mean_of_its_words(vectors):
    found = vectors.embed(SAMPLES)
    assert found.shape == (4, DIMENSIONS)
    assert found.dtype == np.float32
    for sample, embedding in zip(SAMPLES, found):
        expected = np.mean([unit(vectors, word) for word in sample], axis=0) if sample else np.zeros(DIMENSIONS)
        np.testing.assert_allclose(embedding, expected, atol=1e-6)


def test_a_word_never_seen_has_a_vector_of_its_ngrams(vectors):
    assert "unheard-of" not in vectors._vectors.key_to_index
    found = vectors.embed([["unheard-of"], ["unheard-off"], ["qqqqqqqqqq"]])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    alike, unlike = found[0] @ found[1], found[0] @ found[2]
    assert alike > 0.5 > unlike


def test_words_too_short_for_ngrams_are_left_out_of_the_mean(vectors):
    assert "é" not in vectors._vectors.key_to_index
    found = vectors.embed([["é"], ["é", "data"]])
    assert not found[0].any()
    np.testing.assert_allclose(found[1], unit(vectors, "data"), atol=1e-6)


def test_forgetting_words_makes_no_difference(vectors, monkeypatch):
    expected = vectors.embed(SAMPLES)
    monkeypatch.setattr(fasttext_vectors, "KEPT_WORDS", 2)
    small = WordVectors(vectors._vectors)
    for _ in range(3):
        for sample, embedding in zip(SAMPLES, expected):
            np.testing.assert_array_equal(small.embed([sample])[0], embedding)
        np.testing.assert_array_equal(small.embed(SAMPLES), expected)
    assert len(small._row) <= 2 + 5


def test_only_the_first_words_are_read_in_lines_that_gensim_does_not_cut():
    read = []

    def texts():
        for text in ("a b c", "d " * 2500, "e " * 100, "f"):
            read.append(text[0])
            yield text

    lines = fasttext_vectors._lines(texts(), 2550)
    assert [(line[0], len(line)) for line in lines] == [("a", 3), ("d", 1000), ("d", 1000), ("d", 500), ("e", 47)]
    assert read == ["a", "d", "e"]


def test_texts_without_frequent_words_are_an_error():
    with pytest.raises(PhasemixError, match="no word occurs 5 times"):
        train_vectors(["one two three"], 0)
    with pytest.raises(PhasemixError, match="no word occurs 5 times"):
        train_vectors([], 0)


def test_vectors_are_read_in_both_formats(vectors, tmp_path):
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import FastText, save_facebook_model

    expected = vectors.embed(SAMPLES)
    vectors.write(tmp_path / "own.kv")
    np.testing.assert_array_equal(load_vectors(tmp_path / "own.kv").embed(SAMPLES), expected)
    small = FastText([text.split() for text in TEXTS], vector_size=8, bucket=500, min_count=2, workers=1)
    save_facebook_model(small, str(tmp_path / "model.bin"))
    loaded = load_vectors(tmp_path / "model.bin")
    assert loaded.dimensions == 8
    np.testing.assert_allclose(loaded.embed(SAMPLES), WordVectors(small.wv).embed(SAMPLES), atol=1e-6)
    plain = KeyedVectors(2)
    plain.add_vectors(["data", "ratio"], [[3, 0], [0, 2]])
    plain.save(str(tmp_path / "plain"))
    np.testing.assert_allclose(load_vectors(tmp_path / "plain").embed(SAMPLES), [[1, 0], [1, 0], [0, 0], [0, 1]])


@pytest.mark.parametrize("name", ["model.bin", "model.kv"])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name):
    with pytest.raises(PhasemixError, match=rf"{name}: cannot be read as word vectors \(.+\)$"):
        load_vectors(tmp_path / name)
    for content in (b"", b"no vectors\n" * 100, bytes(range(256)) * 9):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PhasemixError, match=rf"{name}: cannot be read as word vectors") as caught:
            load_vectors(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_file_of_something_else_is_one_line(tmp_path):
    from gensim.models import FastText

    FastText(vector_size=4, bucket=10).save(str(tmp_path / "model"))
    with pytest.raises(PhasemixError, match=r"model: holds FastText, and not word vectors"):
        load_vectors(tmp_path / "model")


def test_the_entropy_of_texts_is_that_of_their_samples(vectors, monkeypatch):
    monkeypatch.setattr("phasemix.domains.embedding_entropy.BATCH", 7)
    found = embedding_entropy(TEXTS, vectors, words=10)
    moments = SecondMoments(DIMENSIONS)
    for number, text in enumerate(TEXTS):
        split = text.split()
        for first in range(0, max(len(split) - 9, 1), 10):
            moments.add(vectors.embed([split[first : first + 10]]), np.array([number]))
    expected = moments.result()
    assert found.samples == expected.samples > 300
    assert found.entropy == pytest.approx(expected.entropy, abs=1e-9)
    assert found.standard_error == pytest.approx(expected.standard_error, abs=1e-9)
    assert 0 < found.standard_error < found.entropy


def test_texts_that_are_alike_have_less_entropy(vectors):
    narrow = ["data mixing data mixing data mixing data mixing data mixing"] * 50 + ["data ratio " * 5] * 5
    assert embedding_entropy(narrow, vectors, 10).entropy < embedding_entropy(TEXTS, vectors, 10).entropy
