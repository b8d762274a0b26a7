"""``phasemix wikibio build``: from a dump, articles and a model behind an endpoint, or here, to a table."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256
from phasemix.cli import run
from phasemix.tasks.wikibio.biographies import check_table
from phasemix.wikibio import paraphrases
from tests.commands.conftest import Answering
from tests.wikibio.world import NAMES, WORLD, faithful, write_articles, write_dump

TOLD = "Ada Quill, an actress, was born in June 1973."


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Run the command in a folder with a dump and articles; returns the folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Answering, "says", staticmethod(faithful))
    monkeypatch.setattr(Answering, "asked", [])
    write_dump(tmp_path / "dump.json.gz")
    write_articles(tmp_path / "articles")
    options = {
        "--wikidata": "dump.json.gz",
        "--articles": "articles",
        "--work": "work",
        "--paraphrases": 2,
        "--batch": 4,
    }

    def build(changes=None, *more):
        given = [text for pair in (options | (changes or {})).items() for text in map(str, pair)]
        run(["wikibio", "build", *given, *more])
        return tmp_path

    return build


def test_from_a_dump_to_a_table(build, endpoint, capsys):
    folder = build({"--model": "someone/writer", "--endpoint": endpoint})
    shown = capsys.readouterr().out
    assert check_table(folder / "wikibio.parquet") == len(NAMES)
    assert "with all paraphrases      6" in shown
    assert "written to wikibio.parquet and wikibio.json" in shown
    asked = [body for body in Answering.asked if "Wikipedia" in body["messages"][0]["content"]]
    assert len(asked) == len({body["seed"] for body in asked}) == len(NAMES)
    assert {body["model"] for body in Answering.asked} == {"someone/writer"}
    record = read_json(folder / "wikibio.json")
    assert record["table"]["sha256"] == sha256(folder / "wikibio.parquet")
    assert record["stages"]["people"]["stamp"]["wikidata"]["bytes"] == (folder / "dump.json.gz").stat().st_size
    assert "transformers" in record["provenance"]["versions"]


def test_stages_that_are_finished_are_not_made_again(build, endpoint, capsys):
    """First without a model; then with one, when the dump is not read again; then nothing is left to ask."""
    folder = build()
    assert capsys.readouterr().out == "6 people have a text; give --model to paraphrase them\n"
    assert not (folder / "wikibio.parquet").exists()
    before = {path: path.stat().st_mtime_ns for path in (folder / "work").iterdir()}
    build({"--model": "writer", "--endpoint": endpoint, "--people": 4})
    build({"--model": "writer", "--endpoint": endpoint, "--people": 9})
    assert before.items() <= {path: path.stat().st_mtime_ns for path in (folder / "work").iterdir()}.items()
    assert "note: 9 people were asked for; a larger --people adds to those that are there" in capsys.readouterr().err
    assert len([body for body in Answering.asked if "Wikipedia" in body["messages"][0]["content"]]) == len(NAMES)
    assert len(pd.read_parquet(folder / "wikibio.parquet")) == len(NAMES)


def test_a_model_that_runs_here(build, tiny, monkeypatch):
    """One that has learned nothing tells nothing; its words become a table where they are taken for others."""
    with pytest.raises(PhasemixError, match="none of 6 people has 2 paraphrases that tell what they must"):
        build({"--model": tiny, "--tries": 1})
    monkeypatch.setattr(paraphrases, "numbered", lambda _: [f"{i}: {TOLD}" for i in (1, 2)])
    with pytest.raises(PhasemixError, match="was made with another tries"):
        build({"--model": tiny, "--tries": 2})
    folder = build({"--model": tiny, "--tries": 1, "--work": "other"})
    assert pd.read_parquet(folder / "wikibio.parquet")["name"].tolist() == ["Ada Quill"]


def test_another_dump_is_refused_and_the_first_ones_work_stays(build):
    folder = build()
    write_dump(folder / "dump.json.gz", WORLD[:3])
    with pytest.raises(
        PhasemixError, match=r"work/people\.json: was made with another wikidata \(.*name another --work"
    ):
        build()
    (folder / "work" / "people.json").unlink()
    with pytest.raises(PhasemixError, match=r"work/texts\.json: was made with another people"):
        build()


def test_a_list_of_occupations(build):
    folder = build()
    (folder / "list.csv").write_text("item,occupation,words\nQ49757,poet,poet\nQ177220,singer,singer\n")
    build({"--occupations": "list.csv", "--work": "other"})
    assert pd.read_parquet(folder / "other" / "texts.parquet")[["name", "occupation"]].to_numpy().tolist() == [
        ["Ben Rook", "poet"]
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--wikidata": "none.json.gz"}, "--wikidata none.json.gz: no such file"),
        ({"--articles": "dump.json.gz"}, "--articles dump.json.gz: is no folder with files that end in"),
        ({"--articles": "wikimedia/wikipedia"}, "--articles-revision must be a full commit hash"),
        ({"--occupations": "none.csv"}, "none.csv: cannot be read as a table"),
        ({"--out": "table.csv"}, "--out table.csv: must be a file that ends in .parquet"),
        ({"--out": "articles"}, "--out articles: "),
        ({"--work": "dump.json.gz"}, "--work dump.json.gz: is a file, and a folder is written"),
        ({"--model": "nobody/nothing"}, "--model-revision must be a full commit hash"),
        ({"--model": "writer", "--endpoint": "http://127.0.0.1:9/v1"}, "--endpoint: http://127.0.0.1:9/v1/chat"),
        ({"--endpoint": "http://127.0.0.1:9/v1"}, "--endpoint: needs --model, the name of the model there"),
        (
            {"--model": "writer", "--endpoint": "http://127.0.0.1:9/v1", "--model-revision": "0" * 40},
            "--model-revision: is of a model of the hub, and --endpoint has its own; leave out one",
        ),
    ],
)
def test_mistakes_are_one_line_before_any_work(build, changes, words):
    with pytest.raises(PhasemixError) as error:
        build(changes)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert not Path("work/people.parquet").exists()


def test_an_unreachable_hub_is_one_line_before_any_work(build, monkeypatch):
    """Be it that it does not answer, or that the hub's library was told not to ask, as it is in tests."""
    pinned = {"--articles": "a/b", "--articles-revision": "0" * 40}
    with pytest.raises(
        PhasemixError, match=r"--articles a/b: cannot be read .*; check the name and the network, or name"
    ):
        build(pinned)
    monkeypatch.setattr("phasemix.wikibio.articles.hub_problem", lambda: "https://hub does not answer: no name")
    with pytest.raises(PhasemixError, match=r"a/b: cannot be read at revision 0+ from the hub \(https://hub does not"):
        build(pinned)
    assert not Path("work/people.parquet").exists()


def test_without_the_workflows_libraries(tmp_path):
    code = (
        "import sys; sys.modules['tqdm'] = None\n"
        "from phasemix.base import errors; from phasemix.cli import run\n"
        "errors.run(lambda: run(['wikibio', 'build', '--wikidata', 'a.json', '--work', 'work']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == 'error: this needs tqdm: pip install "phasemix[workflow]"\n'


def test_the_record_as_json(build, endpoint, capsys):
    folder = build({"--model": "writer", "--endpoint": endpoint}, "--json")
    assert json.loads(capsys.readouterr().out) == read_json(folder / "wikibio.json")


def test_a_stages_file_is_not_overwritten_by_the_table(build):
    build()
    with pytest.raises(PhasemixError, match=r"--out work/texts.parquet: is read from and would be overwritten"):
        build({"--out": "work/texts.parquet"})
