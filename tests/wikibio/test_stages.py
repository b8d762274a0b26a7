"""Texts, paraphrases and the table: what they hold and what is counted; a killed job goes on to the same bytes."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.tasks.source import spec_of
from phasemix.tasks.wikibio import corpus
from phasemix.tasks.wikibio.biographies import check_table, read_people, read_table
from phasemix.tasks.wikibio_tuples import corpus as tuples_corpus
from phasemix.wikibio.articles import Articles
from phasemix.wikibio.occupations import OCCUPATIONS
from phasemix.wikibio.paraphrases import Asking, write_paraphrases
from phasemix.wikibio.people import write_people
from phasemix.wikibio.table import write_table
from phasemix.wikibio.texts import write_texts
from tests.wikibio.world import ARTICLES, NAMES, Scripted, faithful, write_articles, write_dump

ASKING = Asking(versions=2, tries=3, batch=4, people=None, seed=0)


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The first two stages' files."""
    folder = tmp_path_factory.mktemp("work")
    write_people(write_dump(folder / "dump.json.gz"), OCCUPATIONS, folder / "people.parquet")
    articles = Articles(str(write_articles(folder / "articles")), "", None)
    write_texts(folder / "people.parquet", articles, OCCUPATIONS, folder / "texts.parquet")
    return folder / "texts.parquet"


def made(texts, paraphraser, folder, asking=ASKING):
    shards = write_paraphrases(texts, paraphraser, asking, folder / "paraphrases")
    stages = [texts.with_name("people.parquet"), texts, folder / "paraphrases"]
    record = write_table(texts, shards, asking.versions, folder / "wikibio.parquet", stages)
    return pd.read_parquet(folder / "wikibio.parquet"), record


def test_texts_are_first_paragraphs_that_tell_all(texts):
    rows = {row["name"]: row for row in pq.ParquetFile(texts).read().to_pylist()}
    assert list(rows) == NAMES
    assert rows["Ada Quill"]["text"] == "Ada Jo Quill (born June 26, 1973) is an American actress."
    assert rows["Ben Rook"]["occupation"] == "actor", "a singer first, of which the text does not tell"
    record = read_json(texts.with_suffix(".json"))
    counts = {key: record[key] for key in ("texts", "without_article", "not_tell")}
    assert counts == {"texts": 6, "without_article": 1, "not_tell": {"birth_date": 1, "name": 1, "occupation": 1}}


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.zst"])
def test_articles_of_other_files(tmp_path, ending):
    table = pd.DataFrame({"title": list(ARTICLES), "text": list(ARTICLES.values()), "more": 1})
    table.to_json(tmp_path / f"a.{ending}", orient="records", lines=True)
    assert dict(Articles(str(tmp_path), "", None)) == ARTICLES


def test_the_table_is_what_the_tasks_read(texts, tmp_path):
    """The corpora of biographies and of tuples are made of it."""
    table, record = made(texts, Scripted(faithful), tmp_path)
    path = tmp_path / "wikibio.parquet"
    assert check_table(path) == len(table) == 6
    ben = next(one for one in read_table(path) if one.name == "Ben Rook")
    text = "Ben Rook (3 May 1950 – 4 June 1999) was a poet and actor."
    assert ben == ("Ben Rook", "actor", "May 3, 1950", [text, *(f"In words {i}.0: {text}" for i in (1, 2))])

    spec = spec_of("wikibio")(task="wikibio", people=5, table=str(path))
    tuples = spec_of("wikibio_tuples")(task="wikibio_tuples", people=5, table=str(path))
    for folder, one, write in ((tmp_path / "a", spec, corpus.write), (tmp_path / "b", tuples, tuples_corpus.write)):
        folder.mkdir()
        facts = write(one.corpus, folder, 7, threads=1, relatives=[])
        assert facts["people"] == 5
    assert corpus.write(spec.corpus, tmp_path / "a", 7, threads=1, relatives=[])["texts_without_birth_date"] == 0
    told = list(tuples_corpus.sample(tuples.sampled, tmp_path / "b", 1, "seed"))
    born = {one.name: one for one in read_people(tmp_path / "b" / "people.parquet")}
    assert len(told) == len(born) == 5
    for text in told:
        one = next(one for name, one in born.items() if name in text)
        orders = (f"B {one.birth_date} O {one.occupation}", f"O {one.occupation} B {one.birth_date}")
        assert text in {f"Bio: N {one.name} {order}" for order in orders}

    assert record == read_json(tmp_path / "wikibio.json")
    assert record["table"] == {"sha256": sha256(path), "people": 6}
    assert record["stages"]["paraphrases"]["stamp"]["model"] == {"model": "scripted"}
    assert record["stages"]["people"]["sha256"] == record["stages"]["texts"]["stamp"]["people"]


def test_paraphrases_that_do_not_tell_are_refused_and_asked_for_again(texts, tmp_path):
    def answer(request, before):
        text = request.split("\n\n")[-1]
        if "Dan Pike" in request:  # never gets there
            return f"1. {text}\n2. He acted."
        if "Eve Moss" in request and not before:  # one good one first, and as often as it takes
            return (
                f"1. Fine: {text}\n2. Fine: {text}\n3. {text.replace('March', 'May')}\n4. {text.replace('actr', 'w')}"
            )
        return faithful(request, before)

    model = Scripted(answer)
    table, record = made(texts, model, tmp_path)
    assert set(table["name"]) == set(NAMES) - {"Dan Pike"}
    eve = table.set_index("name").loc["Eve Moss"]
    assert eve["paraphrase_1"] == f"Fine: {eve['text']}"
    assert eve["paraphrase_2"] == f"In words 1.1: {eve['text']}"
    assert record["too_few_paraphrases"] == 1
    assert record["refused"] == {"birth_date": 1, "name": 3, "occupation": 1, "repeated": 4}
    asked = [sum(name in request for request in model.asked) for name in ("Dan Pike", "Eve Moss", "Ben Rook")]
    assert asked == [3, 2, 1]
    assert len(set(model.seeds)) == len(model.seeds), "no two times the same seed"


def test_nobody_is_left(texts, tmp_path):
    with pytest.raises(
        PhasemixError, match="none of 6 people has 2 paraphrases that tell what they must; refused: name: 18"
    ):
        made(texts, Scripted(lambda *_: "1. No."), tmp_path)
    assert not (tmp_path / "wikibio.parquet").exists()


class Killed(BaseException):
    pass


def test_a_killed_job_goes_on_to_the_same_bytes(texts, tmp_path):
    whole, killed = Scripted(faithful), Scripted(faithful)
    made(texts, whole, tmp_path / "whole")
    ask = killed.answers

    def once(*arguments):
        if killed.seeds:
            raise Killed
        return ask(*arguments)

    killed.answers = once
    with pytest.raises(Killed):
        made(texts, killed, tmp_path / "killed")
    assert sorted(path.name for path in (tmp_path / "killed" / "paraphrases").iterdir()) == ["00000.jsonl"]
    assert not (tmp_path / "killed" / "wikibio.parquet").exists()
    killed.answers = ask
    made(texts, killed, tmp_path / "killed")
    assert len(killed.asked) == len(whole.asked) == 6, "nobody is asked about twice"
    for name in ("wikibio.parquet", "wikibio.json", "paraphrases/00000.jsonl", "paraphrases/00001.jsonl"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "killed" / name).read_bytes()


def test_more_people_are_added_to_those_that_are_there(texts, tmp_path):
    model = Scripted(faithful)
    few, _ = made(texts, model, tmp_path, Asking(**(vars(ASKING) | {"people": 3})))
    assert len(few) == 4, "whole batches"
    assert list(few["name"]) != NAMES[:4]
    more, _ = made(texts, model, tmp_path, Asking(**(vars(ASKING) | {"people": 600})))
    assert list(more["name"])[:4] == list(few["name"])
    assert set(more["name"]) == set(NAMES)
    assert len(model.asked) == 6


@pytest.mark.parametrize(
    ("change", "words"),
    [({"seed": 1}, r"another seed \(0, and not 1\)"), ({"versions": 3}, r"another paraphrases \(2, and not 3\)")],
)
def test_shards_of_another_configuration_are_refused(texts, tmp_path, change, words):
    made(texts, Scripted(faithful), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(PhasemixError, match=f"paraphrases.json: was made with {words}; name another --work"):
        made(texts, Scripted(faithful), tmp_path, Asking(**(vars(ASKING) | change)))
    other = Scripted(faithful)
    other.stamp = {"model": "other"}
    with pytest.raises(PhasemixError, match="was made with another model"):
        made(texts, other, tmp_path)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "paraphrases.json").unlink()
    with pytest.raises(
        PhasemixError, match=r"paraphrases: lacks its record, .*; remove the folder, or name another --work"
    ):
        made(texts, other, tmp_path)


def test_articles_that_tell_nothing_and_that_are_none(texts, tmp_path):
    people = texts.with_name("people.parquet")
    empty = Articles(str(write_articles(tmp_path / "other", dict.fromkeys(("A", "B", "C", "Shy Date"), ""))), "", None)
    with pytest.raises(
        PhasemixError, match="no first paragraph tells what it must; people without article: 9, name: 1"
    ):
        write_texts(people, empty, OCCUPATIONS, tmp_path / "texts.parquet")
    assert not (tmp_path / "texts.parquet").exists()
    with pytest.raises(PhasemixError, match=r"is no folder with files that end in \.jsonl, \.jsonl\.zst, \.parquet"):
        Articles(str(texts.parent / "people.json"), "", None)
    with pytest.raises(PhasemixError, match=r"must be pinned: --articles-revision must be a full commit hash"):
        Articles("wikimedia/wikipedia", "20231101.en", "main")
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "a.jsonl").write_text(json.dumps({"title": "A", "body": "B"}))
    with pytest.raises(PhasemixError, match="has no column 'text'; it needs title, text"):
        Articles(str(tmp_path / "lines"), "", None).open()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.parquet").write_text("no parquet")
    with pytest.raises(PhasemixError, match=r"--articles .*broken: cannot be read \("):
        Articles(str(tmp_path / "broken"), "", None).open()
