"""Lists of names and places that are the literature's own, or the user's."""

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import sha256
from phasemix.tasks.source import spec_of
from phasemix.tasks.synbio import corpus
from phasemix.tasks.synbio.people import draw_people, read_people
from tests.conftest import PEOPLE, SMALL

NAMES = ["Ada", "Grace", "Mary", "Sonia", "Emmy", "Hedy", "Rosa", "Lise", "Maria", "Chien", "Jane", "Ida"]


@pytest.fixture
def listed(tmp_path):
    """Of a list's text, what the configuration says of it."""

    def write(text, name="names.txt"):
        path = tmp_path / name
        path.write_text(text)
        return {"url": path.as_uri(), "sha256": sha256(path)}

    return write


def synbio(**options):
    return spec_of("synbio")(task="synbio", people=PEOPLE, values=SMALL.model_dump(), **options)


def test_people_have_the_names_of_the_lists(tmp_path, listed):
    spec = synbio(lists={"first_names": listed("\n".join(NAMES) + "\n\n Ada \n")})
    assert list(spec.problems()) == []
    corpus.write(spec.corpus, tmp_path, 7, threads=1, relatives=[])
    found = read_people(tmp_path / "people.parquet")
    assert {name.split()[0] for name in found["name"]} == set(NAMES[: SMALL.first_names])
    own = draw_people(PEOPLE, SMALL, 7)
    assert found["major"] == own["major"], "the other lists are those here"
    assert [name.split()[1:] for name in found["name"]] == [name.split()[1:] for name in own["name"]]
    texts = list(corpus.sample(spec.sampled, tmp_path, 0.02, 0))
    assert texts[0].startswith(tuple(NAMES)) or any(name in texts[0] for name in NAMES)


def test_lists_decide_who_the_people_are(listed):
    spec = synbio(lists={"majors": listed("Law\n" * 3)})
    assert spec.about != synbio().about
    assert spec.corpus != synbio().corpus
    assert spec.training == synbio().training, "the people decide training, and are in their corpus"


def test_a_list_may_be_longer_than_those_here(listed):
    values = SMALL.model_dump() | {"majors": 1000}
    [(key, problem)] = spec_of("synbio")(task="synbio", people=9, values=values).problems()
    assert (key, problem) == (("values", "majors"), "must be from 1 to 100")
    majors = listed("\n".join(f"science {i}" for i in range(1000)))
    assert list(spec_of("synbio")(task="synbio", people=9, values=values, lists={"majors": majors}).problems()) == []


def test_a_list_that_cannot_be_had_or_is_another_is_refused(tmp_path, listed):
    good = listed("\n".join(NAMES))

    def refused(match, **changes):
        spec = synbio(lists={"first_names": good | changes})
        with pytest.raises(PhasemixError, match=match):
            corpus.write(spec.corpus, tmp_path, 7, threads=1, relatives=[])
        assert not (tmp_path / "people.parquet").exists()

    refused(
        r"file://.*: cannot be read \(.*No such file.*\); lists.first_names may also name a copy", url="file:///none"
    )
    refused("is not the file that was pinned: its SHA-256 is", sha256="0" * 64)
    short = listed("Ada\nGrace\n", "short.txt")
    refused(f"short.txt: holds 2 values, and values.first_names asks for {SMALL.first_names}: ask for fewer", **short)
    (tmp_path / "picture.txt").write_bytes(b"\xff\xfe\x80")
    picture = {"url": (tmp_path / "picture.txt").as_uri(), "sha256": sha256(tmp_path / "picture.txt")}
    refused("picture.txt: is no list of names, one on a line, in UTF-8", **picture)
