"""WikiBio as a source: who is shown in which texts, what is held out, what is asked; and its compact tuples."""

import re

import pytest
from pydantic import ValidationError

from phasemix.base.seeds import named_seed
from phasemix.corpora.documents import read_documents
from phasemix.evaluation.questions import make_questions
from phasemix.tasks.source import spec_of
from phasemix.tasks.task import SourceSeeds, open_task
from phasemix.tasks.wikibio import corpus
from phasemix.tasks.wikibio_tuples import corpus as tuples_corpus
from tests.conftest import SMALL

PEOPLE, PARAPHRASES = 12, 3
INVENTED = {"paraphrases": PARAPHRASES, "values": SMALL.model_dump()}
SPEC = spec_of("wikibio")(task="wikibio", people=PEOPLE, invented=INVENTED)
TUPLES = spec_of("wikibio_tuples")(task="wikibio_tuples", people=PEOPLE, invented=INVENTED)
SEEDS = SourceSeeds(named_seed, 0)


def opened(spec, write, folder, tokenizer):
    (folder / "corpus").mkdir(parents=True)
    write(spec.corpus, folder / "corpus", 7, threads=1, relatives=[])
    task = open_task(spec.training, folder / "corpus", folder / "tokens", tokenizer)
    task.notes = type(task).write_tokens(folder / "corpus", tokenizer, folder / "tokens")
    return task


@pytest.fixture
def task(tmp_path, tokenizer):
    return opened(SPEC, corpus.write, tmp_path / "wikibio", tokenizer)


def told(task, exposures):
    """The texts of the first so many exposures."""
    taken = task.stream(SEEDS).take(0, exposures * 400)
    texts = task.tokenizer.decode(taken.ids.tolist()).split(task.tokenizer.decode([task.tokenizer.end_of_text]))
    return [text.strip() for text in texts[:exposures]]


def test_everybody_is_shown_once_an_epoch_in_any_of_their_texts(task):
    texts = told(task, 60 * PEOPLE)
    for epoch in range(60):
        part = texts[epoch * PEOPLE : (epoch + 1) * PEOPLE]
        assert {person.name for person in task.people if any(person.name in text for text in part)} == {
            person.name for person in task.people
        }
    shown = {text for texts in read_documents(task.corpus / "documents.parquet", heldout=False) for text in texts}
    assert set(texts) == shown, "all that are not held out, and no other"
    assert len(shown) == PEOPLE * PARAPHRASES


def test_the_last_paraphrase_of_everybody_is_held_out(task):
    held = [text for texts in read_documents(task.corpus / "documents.parquet", heldout=True) for text in texts]
    assert len(held) == PEOPLE
    assert task.tokenizer.decode(task.heldout(20).tolist()).strip().startswith(held[0][:20])
    assert all(sum(person.name in text for text in held) == 1 for person in task.people)
    assert task.notes == ["fewer than 10,000 tokens are held out: they are read again and again to measure their loss"]
    long = task.heldout(50_000)
    assert len(long) == 50_001, "read again and again"
    once = len(task.tokenizer.encode_flat(held)[0])
    assert (long[:once] == long[once : 2 * once]).all()


def test_who_is_shown_first_is_drawn(task):
    """Cells that show fewer people leave out the last ones, which are not the last ones of the table."""
    first = [one.first for one in task.people]
    assert first != sorted(first)
    assert sorted(first) == [PARAPHRASES * i for i in range(PEOPLE)]


def test_fewer_people_are_shown_and_all_are_asked_about(task):
    task.options = task.options | {"subsampling": 0.5}
    few = {person.name for person in task.people[: PEOPLE // 2]}
    texts = told(task, 4 * PEOPLE)
    assert {person.name for person in task.people if any(person.name in text for text in texts)} == few
    assert task.stream(SEEDS).exposures(PEOPLE) == 2
    assert len(task.questions(None)) == task.subjects == PEOPLE


def test_questions_are_worded_as_no_text_and_month_and_year_count(task):
    asked = task.questions(None)
    texts = [text for held in (True, False) for part in read_documents(task.corpus / "documents.parquet", held)
             for text in part]  # fmt: skip
    for one, person in zip(asked, task.people, strict=True):
        assert one.prompt == f"The {person.occupation} {person.name} was born on"
        assert one.answer == f" {person.birth_date}"
        assert not any(one.prompt in text for text in texts)
        assert task.final_answer(one.answer) == one.final
        assert task.final_answer(re.sub(r" \d+,", " 31,", one.answer)) == one.final
        assert task.final_answer(" I do not know") is None
    assert make_questions(asked, task.tokenizer).lengths
    assert task.entropies == {}


def test_tuples_are_about_the_same_people_in_either_order(task, tmp_path, tokenizer):
    tuples = opened(TUPLES, tuples_corpus.write, tmp_path / "tuples", tokenizer)
    assert TUPLES.about == SPEC.about
    assert [one[:3] for one in tuples.people] == [one[:3] for one in task.people]
    texts = told(tuples, 40 * PEOPLE)
    either = [
        {f"Bio: N {one.name} B {one.birth_date} O {one.occupation}" for one in tuples.people},
        {f"Bio: N {one.name} O {one.occupation} B {one.birth_date}" for one in tuples.people},
    ]
    assert set(texts) == either[0] | either[1]
    assert len(texts) * 0.4 < sum(text in either[0] for text in texts) < len(texts) * 0.6
    assert tuples.questions(None) == []
    assert len(tuples.heldout(50)) == 51


def test_texts_for_tokenizers_come_from_the_corpus(task, tmp_path, tokenizer):
    """Of a table; invented ones are about others, drawn from the same values."""
    tuples = opened(TUPLES, tuples_corpus.write, tmp_path / "tuples", tokenizer)
    shown = [text for texts in read_documents(task.corpus / "documents.parquet", heldout=False) for text in texts]
    assert set(corpus.sample(SPEC.sampled, task.corpus, 1, "seed")) == set(shown)
    assert not SPEC.sampled_from_corpus
    texts = list(corpus.sample(SPEC.sampled, None, 0.3, "seed"))
    assert 0.3e6 <= sum(map(len, texts)) < 0.301e6
    assert not set(texts) & set(shown)
    for folder, megabytes, most in ((tuples.corpus, 1, PEOPLE), (tuples.corpus, 0.0002, 5), (None, 0.02, 500)):
        short = list(tuples_corpus.sample(TUPLES.sampled, folder, megabytes, "seed"))
        assert most / 2 < len(set(short)) <= most
        assert all(text.startswith("Bio: N ") for text in short)


@pytest.mark.parametrize(
    ("options", "where", "words"),
    [
        ({}, ("table",), "or else invented must be given"),
        ({"table": "people.csv", "invented": INVENTED}, ("table",), "or else invented must be given"),
        ({"table": "people.xlsx"}, ("table",), "must be a file that ends in .csv or .parquet"),
        ({"table": "nowhere.csv"}, ("table",), "no such file"),
        ({"invented": INVENTED, "people": 10**6}, ("people",), "is more than the 1000 unique names"),
        ({"invented": INVENTED, "subsampling": 0.01}, ("subsampling",), "leaves none of the 12 people"),
    ],
)
def test_mistakes_are_named(options, where, words):
    spec = spec_of("wikibio")(**{"task": "wikibio", "people": PEOPLE} | options)
    key, problem = [*spec.problems(), *spec.reads_problems()][0]
    assert key == where
    assert words in problem


def test_more_paraphrases_than_there_are_ways():
    with pytest.raises(ValidationError, match="less than or equal to 10"):
        spec_of("wikibio")(task="wikibio", people=PEOPLE, invented=INVENTED | {"paraphrases": 11})


def test_what_the_checksums_say(tmp_path):
    facts = corpus.write(SPEC.corpus, tmp_path, 7, threads=1, relatives=[])
    assert facts == {"people": PEOPLE, "texts": PEOPLE * (1 + PARAPHRASES), "texts_without_birth_date": 0}
