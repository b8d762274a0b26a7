"""Splicing pre-tokenised pieces is tokenising the text, whatever the tokenizer; where not, that is found out."""

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of, read_json
from phasemix.base.seeds import generator
from phasemix.corpora.make_tokenizer import END_OF_TEXT, save_tokenizer
from phasemix.corpora.tokenizer import Tokenizer as OurTokenizer
from phasemix.tasks.synbio.people import Draws, SynBio, draw_people
from phasemix.tasks.synbio.pieces import ENDINGS, FILES, PREFIXES, Biographies, neighbourhoods, write_pieces
from phasemix.tasks.synbio.pieces import SENTENCES as SENTENCES_AS_WRITTEN
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES, TEMPLATES_PER_ATTRIBUTE
from scripts import tokens as script
from tests.conftest import SMALL

SENTENCES = [(a, t) for a in range(len(ATTRIBUTES)) for t in range(TEMPLATES_PER_ATTRIBUTE)]
UNKNOWN = "<unk>"
CL100K = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def train(model, trainer, pre_tokenizer=None, normalizer=None):
    """A tokenizer trained on biographies."""
    tokenizer = Tokenizer(model)
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    people = SynBio(draw_people(100, SMALL, seed=1))
    tokenizer.train_from_iterator(people.biographies(np.arange(100), generator(0)), trainer)
    return tokenizer


def bpe(*alphabet):
    return trainers.BpeTrainer(
        vocab_size=500, special_tokens=[END_OF_TEXT], initial_alphabet=list(alphabet), show_progress=False
    )


def byte_level(prefix=False):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    return train(models.BPE(), bpe(*alphabet), pre_tokenizers.ByteLevel(add_prefix_space=prefix))


def gpt_neox():
    pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    return train(models.BPE(), bpe(*alphabet), pre_tokenizer, normalizers.NFC())


def llama_3():
    split = pre_tokenizers.Split(Regex(CL100K), "isolated")
    whole = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return train(models.BPE(), bpe(*sorted(pre_tokenizers.ByteLevel.alphabet())), whole)


def llama_2():
    """No pre-tokenizer, but merges that never cross a space: they were learned on words."""
    tokenizer = train(models.BPE(), bpe(), pre_tokenizers.Metaspace(prepend_scheme="always"))
    bare = Tokenizer(tokenizer.model)
    bare.add_special_tokens([END_OF_TEXT])
    bare.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return bare


def unigram(scheme):
    trainer = trainers.UnigramTrainer(
        vocab_size=300, special_tokens=[END_OF_TEXT, UNKNOWN], unk_token=UNKNOWN, show_progress=False
    )
    return train(models.Unigram(), trainer, pre_tokenizers.Metaspace(prepend_scheme=scheme))


def word_piece():
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=[END_OF_TEXT, UNKNOWN], show_progress=False)
    normalizer = normalizers.BertNormalizer(lowercase=True)
    return train(models.WordPiece(unk_token=UNKNOWN), trainer, pre_tokenizers.BertPreTokenizer(), normalizer)


def no_pre_tokenizer():
    """Merges across spaces, learned from text as it is."""
    return train(models.BPE(), bpe())


KINDS = {
    "byte-level": byte_level,
    "byte-level, space before": lambda: byte_level(prefix=True),
    "GPT-NeoX": gpt_neox,
    "Llama 3": llama_3,
    "Llama 2": llama_2,
    "unigram, always ▁": lambda: unigram("always"),
    "unigram, ▁ first": lambda: unigram("first"),
    "unigram, never ▁": lambda: unigram("never"),
    "word pieces, lower case": word_piece,
    "no pre-tokenizer": no_pre_tokenizer,
}


def saved(tokenizer, folder):
    """The tokenizer as the package reads it from a folder."""
    save_tokenizer(PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END_OF_TEXT), folder)
    return OurTokenizer(folder)


@pytest.fixture(scope="module", params=KINDS)
def kind(request, synbio, tmp_path_factory):
    """Biographies in one kind of tokenizer, the tokenizer, and its name."""
    folder = tmp_path_factory.mktemp("kind")
    tokenizer = saved(KINDS[request.param](), folder / "tokenizer")
    write_pieces(synbio.people, tokenizer, folder / "pieces")
    return Biographies(folder / "pieces", synbio, tokenizer), tokenizer, request.param


def equal(biographies, tokenizer, persons, draws):
    ids, lengths = biographies.encode(persons, draws)
    expected = tokenizer.encode_documents(biographies.synbio.render(persons, draws))
    return ids.tolist() == list(chain(*expected)) and lengths.tolist() == [len(text) for text in expected]


def test_only_a_tokenizer_that_joins_words_cannot_be_spliced(kind):
    biographies, _, name = kind
    assert biographies.exact == (name != "no pre-tokenizer")


def test_every_sentence_of_every_person_alone_and_after_every_other(kind):
    biographies, tokenizer, _ = kind
    everybody = np.arange(len(biographies.synbio))
    pairs = [[one, other] for one in SENTENCES for other in SENTENCES]
    for sentences in [*([one] for one in SENTENCES), *pairs]:
        persons = everybody if len(sentences) == 1 else everybody[:2]
        attributes, templates = np.repeat(np.array(sentences).T[:, None], len(persons), axis=1)
        assert equal(biographies, tokenizer, persons, Draws(attributes, templates)), sentences


@given(persons=st.lists(st.integers(0, 19), min_size=1, max_size=20), seed=st.integers(0, 2**32))
def test_biographies_are_those_of_the_rendered_text(kind, persons, seed):
    biographies, tokenizer, _ = kind
    draws = biographies.synbio.draw(len(persons), generator(seed))
    assert equal(biographies, tokenizer, np.array(persons), draws)
    ids, lengths = biographies.encode(np.array(persons), draws)
    texts = biographies.synbio.biographies(np.array(persons), generator(seed))
    assert ids.tolist() == list(chain(*tokenizer.encode_documents(texts)))
    assert (ids[np.cumsum(lengths) - 1] == tokenizer.end_of_text).all()


def begin(attribute, template):
    """What tells apart the beginnings of a person's sentences: the words before the name, what is written onto it."""
    sentence = attribute * TEMPLATES_PER_ATTRIBUTE + template
    return PREFIXES[sentence] or ENDINGS[sentence]


def test_all_pieces_that_can_be_neighbours_are():
    order = neighbourhoods()
    assert set(order) == set(SENTENCES)
    assert all(one != other for (one, _), (other, _) in pairwise(order))
    shown = {(one, begin(*sentence)) for (one, _), sentence in pairwise(order)}
    assert shown == {(a, begin(*s)) for a in range(len(ATTRIBUTES)) for s in SENTENCES if s[0] != a}
    assert len(shown) == 30


@pytest.fixture(scope="module")
def base():
    return byte_level().to_str()


def joining(base, joined, folder):
    """A tokenizer with one entry of its own for ``joined``, wherever it stands."""
    tokenizer = Tokenizer.from_str(base)
    tokenizer.add_tokens([joined])
    return saved(tokenizer, folder / "tokenizer")


def seams(synbio):
    """Text across every kind of seam between pieces, for the last person alone."""
    name, *values = (synbio.people[column][-1] for column in ("name", *ATTRIBUTES))
    for a, t in SENTENCES:
        yield TEMPLATES[ATTRIBUTES[a]][t].format(name=name, value=values[a])
        for before, value in enumerate(values):
            if before != a:
                yield f"{value}. {TEMPLATES[ATTRIBUTES[a]][t].partition('{name}')[0]}{name}{ENDINGS[5 * a + t]}"


def test_a_tokenizer_that_joins_at_any_seam_is_found_out(base, synbio, tmp_path):
    for joined in set(seams(synbio)):
        facts = write_pieces(synbio.people, joining(base, joined, tmp_path), tmp_path / "pieces")
        assert not facts["exact"], joined
        assert joined in facts["differs"]


def test_a_join_only_at_a_texts_start_is_found_out(base, synbio, tmp_path):
    name = synbio.people["name"][-1]
    for (attribute, _), sentence in zip(SENTENCES, SENTENCES_AS_WRITTEN):
        written = sentence.partition(" {value}")[0].format(name=name)
        tokenizer = Tokenizer.from_str(base)
        tokenizer.normalizer = normalizers.Replace(Regex(rf"\A{written}"), written.replace(" ", ""))
        facts = write_pieces(synbio.people, saved(tokenizer, tmp_path / "tokenizer"), tmp_path / "pieces")
        assert not facts["exact"]
        assert facts["differs"] == sentence.format(name=name, value=synbio.people[ATTRIBUTES[attribute]][-1])


def test_biographies_that_cannot_be_spliced_are_tokenised(base, synbio, tmp_path):
    value = synbio.people["employer"][-1]
    tokenizer = joining(base, f"{value}. The", tmp_path)
    write_pieces(synbio.people, tokenizer, tmp_path / "pieces")
    biographies = Biographies(tmp_path / "pieces", synbio, tokenizer)
    assert not biographies.exact
    persons = np.arange(20)
    for seed in range(20):
        assert equal(biographies, tokenizer, persons, synbio.draw(20, generator(seed)))


def test_the_script_says_which_sentence_cannot_be_spliced(data, base, synbio, tmp_path, monkeypatch, capsys):
    value = synbio.people["employer"][-1]
    joining(base, f"{value}. The", tmp_path)
    folders = {"corpus": data.corpora / "synbio", "tokenizer": tmp_path / "tokenizer", "out": tmp_path / "out"}
    options = [part for name, folder in folders.items() for part in (f"--{name}", str(folder))]
    monkeypatch.setattr("sys.argv", ["tokens.py", "--task", "synbio", *options])
    script.main()
    [line] = capsys.readouterr().err.splitlines()
    assert f"{value}. The" in line
    assert "tokenised on the way" in line
    assert read_json(checksums_of(tmp_path / "out"))["exact"] is False


def test_files_are_as_documented(data, synbio, tokenizer):
    folder = data.tokens / "synbio"
    facts = read_json(checksums_of(folder))
    assert sorted(facts["files"]) == sorted(FILES)
    ids = np.fromfile(folder / "ids.bin", dtype=facts["dtype"])
    offsets = np.fromfile(folder / "offsets.bin", dtype="<i8")
    values = np.fromfile(folder / "values.bin", dtype="<i4").reshape(-1, 5)
    assert (facts["ids"], facts["pieces"] + 1, facts["people"]) == (len(ids), len(offsets), len(values))
    decoded = [tokenizer.decode(part.tolist()).strip() for part in np.split(ids, offsets[1:-1])]
    assert decoded[0] == END_OF_TEXT
    assert decoded[1 + 3 * 3 : 1 + 3 * 4] == ["The birth date of", "The birth date of", "is"]
    for person, (name, *row) in enumerate(zip(*(synbio.people[column] for column in ("name", *ATTRIBUTES)))):
        assert [decoded[piece] for piece in values[person]] == [f"{value}." for value in row]
        first = 1 + 3 * 25 + facts["values"] + 4 * person
        assert decoded[first : first + 4] == [name, f"{name}'s"] * 2
    assert facts["pieces"] == 1 + 3 * 25 + facts["values"] + 4 * len(synbio)


def test_ids_stay_on_disk(biographies):
    assert isinstance(biographies._pieces._ids.base, np.memmap)


@pytest.mark.parametrize("name", [*FILES, "checksums"])
@pytest.mark.parametrize("harm", ["cut", "removed"])
def test_a_harmed_folder_is_said_in_one_line(synbio, tokenizer, tmp_path, name, harm):
    folder = tmp_path / "pieces"
    write_pieces(synbio.people, tokenizer, folder)
    path = checksums_of(folder) if name == "checksums" else folder / name
    if harm == "cut":
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    else:
        path.unlink()
    with pytest.raises(PhasemixError, match=r"make (it|its folder) again") as error:
        Biographies(folder, synbio, tokenizer)
    assert "\n" not in str(error.value)


def test_pieces_of_others_are_refused(data, synbio, tokenizer, base, tmp_path):
    others = SynBio(draw_people(20, SMALL, seed=1))
    for people, spoken in (
        (SynBio({column: values[:19] for column, values in synbio.people.items()}), tokenizer),
        (others, tokenizer),
        (synbio, saved(Tokenizer.from_str(base), tmp_path / "tokenizer")),
    ):
        with pytest.raises(PhasemixError, match="made of other people or with another tokenizer; make it again"):
            Biographies(data.tokens / "synbio", people, spoken)
