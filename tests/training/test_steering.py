"""Runs that a controller steers."""

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.controllers.controller import controllers
from phasemix.controllers.exponentiated_gradient import ExponentiatedGradient
from phasemix.study.mixture import MixtureSpec, Steering
from tests.conftest import SYNBIO, TEXT, small_cell, three_sources
from tests.training.processes import arguments_of
from tests.training.processes import run as script
from tests.training.runs import interrupt, killed_at, metrics, run, weights

FIRST = {"synbio": 0.3, "web": 0.3, "notes": 0.4}
SEGMENT = 5 * 4 * 32


GRAPH = {one: {other: 1.0 if one == other else 0.2 for other in FIRST} for one in FIRST}


def steered(segments=1, tokens=60 * 4 * 32):
    return steered_by("exponentiated-gradient", segments, tokens, options={"rate": 5.0})


def steered_by(controller, segments=1, tokens=60 * 4 * 32, **more):
    steering = Steering(controller=controller, every_tokens=segments * SEGMENT, **more)
    return three_sources(MixtureSpec.constant(FIRST, steering), recipe={"tokens": tokens})


@pytest.fixture(scope="module")
def needed(data, tmp_path_factory):
    """What each controller needs beside its options: a reference that was trained, a graph."""
    folder = tmp_path_factory.mktemp("needed")
    reference = run(three_sources(MixtureSpec.constant(FIRST), recipe={"tokens": 30 * 4 * 32}), data, folder)
    write_json(folder / "graph.json", GRAPH)
    return {"doremi": {"reference": str(reference)}, "skill-it": {"graph": str(folder / "graph.json")}}


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch):
    monkeypatch.setattr("phasemix.corpora.segments.SEGMENT_TOKENS", SEGMENT)


@pytest.fixture
def asked(monkeypatch):
    """What controllers have seen."""
    found, real = [], ExponentiatedGradient.proportions

    def watching(self, seen):
        found.append(seen)
        return real(self, seen)

    monkeypatch.setattr(ExponentiatedGradient, "proportions", watching)
    return found


def mixes(folder):
    rows = metrics(folder)
    return rows[[name for name in rows if name.startswith("mix.")]]


@pytest.mark.parametrize("segments", [1, 3])
def test_a_controller_is_asked_at_every_segment_or_every_few(data, tmp_path, asked, segments):
    folder = run(steered(segments), data, tmp_path)
    assert [seen.tokens for seen in asked] == list(range(0, 60 * 4 * 32, segments * SEGMENT))
    assert asked[0].proportions == FIRST
    assert all(seen.losses.keys() == FIRST.keys() for seen in asked)
    rows = mixes(folder)
    changes = rows.ne(rows.shift()).any(axis=1)
    assert metrics(folder)["step"][changes].tolist() == list(range(1, 61, segments * 5))
    assert rows.sum(axis=1).to_numpy() == pytest.approx(1)
    assert rows.iloc[-1].tolist() != rows.iloc[0].tolist()


@pytest.mark.parametrize("stop", [9, 10, 11, 25])
def test_a_steered_run_that_is_interrupted_ends_in_the_same_bytes(data, tmp_path, monkeypatch, stop):
    """Before a segment's last step, where the controller is to be asked, behind that, and later on."""
    whole = run(steered(), data, tmp_path / "whole")
    interrupt(monkeypatch, stop, lambda: run(steered(), data, tmp_path, checkpoint_seconds=0))
    again = run(steered(), data, tmp_path)
    assert read_json(again / "manifest.json")["resumed_from"] == [stop]
    assert weights(again) == weights(whole)
    pd.testing.assert_frame_equal(metrics(again), metrics(whole), check_exact=True)
    read = [read_json(folder / "manifest.json")["proportions"] for folder in (whole, again)]
    assert read[0] == read[1]
    assert sum(read[0].values()) == pytest.approx(1)


@pytest.mark.parametrize("controller", controllers())
def test_every_controller_steers_and_its_interrupted_run_ends_in_the_same_bytes(
    data, tmp_path, monkeypatch, needed, controller
):
    cell = steered_by(controller, loss_tokens=128, **needed.get(controller, {}))
    whole = run(cell, data, tmp_path / "whole")
    interrupt(monkeypatch, 32, lambda: run(cell, data, tmp_path, checkpoint_seconds=0))
    again = run(cell, data, tmp_path)
    assert weights(again) == weights(whole)
    manifests = [read_json(folder / "manifest.json") for folder in (whole, again)]
    assert manifests[0]["proportions"] == manifests[1]["proportions"] != pytest.approx(FIRST, abs=1e-4)
    assert manifests[0]["overhead_tokens"] > 0


def test_what_steering_cost_is_in_the_manifest(data, tmp_path):
    """Twelve segments, at each of which 3 × 4 rows of 32 tokens go forwards."""
    folder = run(steered_by("exponentiated-gradient", loss_tokens=128), data, tmp_path)
    assert read_json(folder / "manifest.json")["overhead_tokens"] == 12 * 3 * 128 / 3


def test_another_reference_is_another_cell(data, tmp_path, needed):
    cell = steered_by("doremi", loss_tokens=128, **needed["doremi"])
    first = read_json(run(cell, data, tmp_path / "first") / "manifest.json")["cell_hash"]
    other = run(three_sources(MixtureSpec.constant(FIRST), recipe={"tokens": 40 * 4 * 32}), data, tmp_path / "other")
    changed = steered_by("doremi", loss_tokens=128, reference=str(other))
    assert read_json(run(changed, data, tmp_path / "second") / "manifest.json")["cell_hash"] != first


@pytest.mark.parametrize(
    ("controller", "more", "problem"),
    [
        ("doremi", {"reference": "nowhere"}, "nowhere/model holds no model; train that run first"),
        ("skill-it", {"graph": "nowhere.json"}, "nowhere.json: cannot be read"),
    ],
)
def test_what_a_controller_needs_and_is_not_there(data, tmp_path, controller, more, problem):
    with pytest.raises(PhasemixError, match=problem):
        run(steered_by(controller, **more), data, tmp_path)


def test_a_graph_of_other_sources_is_refused(data, tmp_path):
    write_json(tmp_path / "graph.json", {"synbio": {"synbio": 1.0}})
    with pytest.raises(PhasemixError, match="must hold a number for every two of synbio, web, notes"):
        run(steered_by("skill-it", graph=str(tmp_path / "graph.json")), data, tmp_path)


def test_a_steered_run_killed_and_started_again_ends_in_the_same_bytes(data, tmp_path):
    """SIGKILL, in a process that knows of no smaller segments: eight batches of these make one."""
    steering = Steering(controller="exponentiated-gradient", every_tokens=1, options={"rate": 5.0})
    recipe = {"tokens": 48 * 256 * 32, "batch_size": 256, "precision": "float32"}
    sources = {"synbio": SYNBIO, "notes": TEXT | {"repeat": True}}
    cell = small_cell(
        mixture=MixtureSpec.constant({"synbio": 0.5, "notes": 0.5}, steering), sources=sources, recipe=recipe
    )
    line = arguments_of(cell, data, tmp_path / "whole")
    assert script("train", *line, log=tmp_path / "whole" / "log").process.exitcode == 0
    for point in (8, 20):
        assert point <= killed_at(point, cell, data, tmp_path) < 48
    assert script("train", *arguments_of(cell, data, tmp_path), log=tmp_path / "log").process.exitcode == 0
    assert weights(tmp_path / "run") == weights(tmp_path / "whole" / "run")
    pd.testing.assert_frame_equal(metrics(tmp_path / "run"), metrics(tmp_path / "whole" / "run"), check_exact=True)
    assert len(mixes(tmp_path / "run").drop_duplicates()) == 6
    assert len(read_json(tmp_path / "run" / "manifest.json")["resumed_from"]) == 2
