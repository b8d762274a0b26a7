"""Corpora of a family: each is told what stands before it, and no other."""

import json

from phasemix.study.files import Files
from phasemix.study.overlays import load
from tests.conftest import merged

FAMILY = ["docstrings", "code", "tests", "headers", "stubs", "metadata"]
CORPORA = "results/smoke/corpora"


def files(**sources):
    """The files of the smoke study with more sources at the end."""
    config = json.loads(json.dumps(merged("config.yaml", "scales/smoke.yaml")))
    config["sources"] |= {name: config["sources"]["web"] | options for name, options in sources.items()}
    return Files(load(config))


def every(found):
    return {name: found.relatives(name) for name in found.study.sources}


def test_a_source_is_told_those_of_its_family_that_are_named_before_it():
    found = files()
    for place, name in enumerate(FAMILY):
        assert found.relatives(name) == [f"{CORPORA}/{earlier}" for earlier in FAMILY[:place]]


def test_what_stands_beside_the_corpora_can_be_asked_for():
    names = [f"{CORPORA}/{name}.checksums.json" for name in ("docstrings", "code")]
    assert files().relatives("tests", ".checksums.json") == names


def test_sources_without_a_family_have_no_relatives():
    found = files(more={})
    assert found.relatives("web") == found.relatives("more") == []
    assert found.relatives("synbio-120") == []


def test_families_are_told_apart():
    found = files(one={"family": "others"}, two={"family": "domains"}, three={"family": "others"})
    assert found.relatives("one") == []
    assert found.relatives("two") == [f"{CORPORA}/{name}" for name in FAMILY]
    assert found.relatives("three") == [f"{CORPORA}/one"]


def test_a_source_added_at_the_end_changes_no_other():
    before = every(files())
    after = every(files(late={"family": "domains"}))
    assert after.pop("late") == [f"{CORPORA}/{name}" for name in FAMILY]
    assert after == before
