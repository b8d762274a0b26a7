"""People of a dump of Wikidata: who is taken, what is passed over, and what is wrong with a dump."""

import gzip
import json
import tracemalloc

import pyarrow.parquet as pq
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.wikibio.occupations import OCCUPATIONS, Occupation, read_occupations
from phasemix.wikibio.people import write_people
from tests.wikibio.world import ACTOR, SINGER, WORLD, entity, write_dump


def people(dump, folder):
    write_people(dump, OCCUPATIONS, folder / "people.parquet")
    return pq.ParquetFile(folder / "people.parquet").read().to_pylist()


@pytest.fixture(scope="module", params=[".json", ".json.gz", ".json.bz2"])
def found(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dump")
    rows = people(write_dump(folder / f"latest-all{request.param}"), folder)
    return rows, read_json(folder / "people.json")


def test_whose_birth_date_and_occupation_are_known(found):
    rows, record = found
    shy = [(f"Q{n}", name, "1950-05-03", [ACTOR]) for n, name in ((36, "No Page"), (37, "Shy Date"), (38, "Shy Job"))]
    assert [tuple(row.values()) for row in rows] == [
        ("Q1", "Ada Quill", "1973-06-26", [ACTOR]),
        ("Q2", "Ben Rook", "1950-05-03", [SINGER, ACTOR]),
        ("Q3", "Cleo Dune", "1961-02-07", [ACTOR]),
        ("Q4", "Dan Pike", "1901-01-03", [ACTOR]),
        ("Q5", "Eve Moss", "1921-03-03", [ACTOR]),
        ("Q6", "Finn Vale", "1980-08-08", [ACTOR]),
        *shy,
        ("Q39", "Shy Name", "1950-05-03", [ACTOR]),
    ]
    assert record["people"] == len(rows)


def test_the_others_are_counted_by_what_is_wrong(found):
    """Films, people without an article and those of other occupations are not counted."""
    _, record = found
    assert record["passed_over"] == {
        "an article that two items claim": 1,
        "article has another title": 2,
        "birth date not known to the day": 5,
        "several birth dates": 1,
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("<html>", r"line 3 is no entity of Wikidata: it must stand between \{ and \}"),
        ('{"id":"Q1"', r"line 3 is no entity"),
        ('{"enwiki" "P569" "Q5" "Q33999"}', r"line 3 is no JSON \(Expecting"),
        (
            '{"id":"Q5","P106":"Q33999","sitelinks":{"enwiki":{}},"P569":1}',
            r"line 3 is no entity of Wikidata: it has no 'claims'",
        ),
        (
            json.dumps(entity(1, "A", "1950-05-03", sitelinks={"enwiki": []}), separators=(",", ":")),
            "line 3 is no entity",
        ),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, words):
    path = write_dump(tmp_path / "dump.json", WORLD[:1])
    path.write_text(path.read_text().replace("\n]", f",\n{line}\n]"))
    with pytest.raises(PhasemixError, match=words) as error:
        people(path, tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert not (tmp_path / "people.parquet").exists()


@pytest.mark.parametrize("ending", ["json", "json.gz", "json.bz2"])
def test_a_dump_that_ends_too_early(tmp_path, ending):
    path = write_dump(tmp_path / f"dump.{ending}")
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b",\n")] if ending == "json" else content[:-20])
    with pytest.raises(PhasemixError, match=r"ends in the middle.*download it again"):
        people(path, tmp_path)


def test_what_is_no_dump(tmp_path):
    with pytest.raises(PhasemixError, match=r"--wikidata .*none.json.gz: no such file"):
        people(tmp_path / "none.json.gz", tmp_path)
    (tmp_path / "dump.ttl").touch()
    with pytest.raises(PhasemixError, match=r"must be a file that ends in \.json, \.json\.gz, \.json\.bz2"):
        people(tmp_path / "dump.ttl", tmp_path)
    (tmp_path / "dump.json.gz").write_text("no gzip")
    with pytest.raises(PhasemixError, match="cannot be read"):
        people(tmp_path / "dump.json.gz", tmp_path)
    damaged = bytearray(write_dump(tmp_path / "dump.json.gz").read_bytes())
    damaged[20:40] = b"\xff" * 20
    (tmp_path / "dump.json.gz").write_bytes(damaged)
    with pytest.raises(PhasemixError, match=r"dump\.json\.gz: cannot be read \(Error -3 while decompressing"):
        people(tmp_path / "dump.json.gz", tmp_path)
    with pytest.raises(PhasemixError, match="holds nobody for the table; several birth dates: 1"):
        people(write_dump(tmp_path / "dump.json", [WORLD[10]]), tmp_path)


def test_a_dump_is_read_as_a_stream(tmp_path):
    """Memory does not grow with a dump: 60 MB of entities that are nobody, of which a gzip file holds little."""
    line = json.dumps({"id": "Q99", "claims": {}, "labels": {"en": {"value": "x" * 20_000}}}).encode() + b",\n"
    path = tmp_path / "dump.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"[\n" + line * 3000 + json.dumps(WORLD[0], separators=(",", ":")).encode() + b"\n]\n")
    tracemalloc.start()
    found = people(path, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row["name"] for row in found] == ["Ada Quill"]
    assert peak < 5e6


def test_a_list_of_occupations(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("item,occupation,words\nQ49757,poet,poet|poetess\n")
    assert read_occupations(path) == [Occupation("Q49757", "poet", "poet|poetess")]
    assert len(read_occupations(None)) == len({one.item for one in OCCUPATIONS}) == 16
    for text, words in (
        ("item,occupation\nQ1,poet\n", "row 1 lacks words; it needs item, occupation, words"),
        ("item,occupation,words\n49757,poet,poet\n", "row 1: '49757' is no item of Wikidata"),
        ("item,occupation,words\nQ1,poet,poet\nQ1,actor,actor\n", "row 2: Q1 stands there twice"),
        ("item,occupation,words\n", "holds no occupation"),
    ):
        path.write_text(text)
        with pytest.raises(PhasemixError, match=words):
            read_occupations(path)
    with pytest.raises(PhasemixError, match="cannot be read as a table"):
        read_occupations(tmp_path / "none.csv")
