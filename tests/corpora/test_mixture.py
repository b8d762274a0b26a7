"""The mixture of any number of sources: every token accounted for, the same wherever one resumes."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.corpora import segments as segments_module
from phasemix.corpora.document_packing import IGNORED
from phasemix.corpora.exposures import Exposures
from phasemix.corpora.mixture import Mixture
from phasemix.corpora.segments import Segments, Shares
from phasemix.corpora.tokens import DocumentStream
from phasemix.study.mixture import MixtureSpec, Phase, mixed_at
from phasemix.tasks.synbio.orders import EqualOrder
from phasemix.training.train_cell import make_mixture
from tests.conftest import SYNBIO, TEXT, small_cell, three_sources
from tests.corpora.test_tokens import parts

BATCH, CONTEXT = 4, 32
SEGMENT = 5 * BATCH * CONTEXT
TWO = mixed_at(0.4, "synbio", "web")
THREE = MixtureSpec.constant({"synbio": 0.3, "web": 0.45, "notes": 0.25})
PHASES = MixtureSpec(
    phases=[
        Phase(proportions={"synbio": 0.0, "web": 1.0, "notes": 0.0}, until=SEGMENT),
        Phase(proportions={"synbio": 0.6, "web": 0.1, "notes": 0.3}, until=3 * SEGMENT),
        Phase(proportions={"synbio": 0.2, "web": 0.7, "notes": 0.1}),
    ]
)
MIXTURES = {"two sources": TWO, "three sources": THREE, "three phases": PHASES}


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch):
    monkeypatch.setattr(segments_module, "SEGMENT_TOKENS", SEGMENT)


@pytest.fixture
def streams(data, biographies):
    """Fresh streams of all sources."""

    def make():
        return {
            "synbio": Exposures(biographies, EqualOrder(20, 7), 7),
            "web": DocumentStream(data.tokens / "web", 0),
            "notes": DocumentStream(data.tokens / "notes", 0, repeat=True),
        }

    return make


def make(streams, spec=TWO, batches=18, seed=7):
    chosen = {name: stream for name, stream in streams.items() if name in spec.sources}
    shares = Shares.of(spec, Segments(BATCH * CONTEXT))
    return Mixture(chosen, shares, batches=batches, batch_size=BATCH, context=CONTEXT, seed=seed)


def drain(mixture):
    batches = []
    while True:
        try:
            batches.append(next(mixture))
        except StopIteration:
            return batches


def same(batches, others):
    return len(batches) == len(others) and all(
        np.array_equal(a, b) for one, other in zip(batches, others) for a, b in zip(one, other)
    )


@given(ratio=st.floats(0, 1), batches=st.integers(1, 20))
def test_the_stream_has_as_many_batches_as_asked_for(data, biographies, ratio, batches):
    streams = {"synbio": Exposures(biographies, EqualOrder(20, 7), 7), "web": DocumentStream(data.tokens / "web", 0)}
    found = drain(make(streams, mixed_at(ratio, "synbio", "web"), batches))
    assert [inputs.shape for inputs, _ in found] == [(BATCH, CONTEXT)] * batches
    assert {array.dtype for pair in found for array in pair} == {np.dtype(np.int64)}


@pytest.mark.parametrize("kind", MIXTURES)
def test_a_mixture_holds_exactly_the_next_documents_of_every_source(streams, kind):
    """Every token of whole segments is accounted for, and the sources' positions go on behind them."""
    mixture = make(streams(), MIXTURES[kind], batches=25)
    got = np.sort(np.concatenate([inputs.ravel() for inputs, _ in drain(mixture)]))
    shares, fresh, expected = Shares.of(MIXTURES[kind], Segments(BATCH * CONTEXT)), streams(), []
    positions = dict.fromkeys(shares.sources, 0)
    for k in range(5):
        for name, first, last in zip(shares.sources, shares.before(k), shares.before(k + 1)):
            taken = fresh[name].take(positions[name], last - first)
            assert len(taken.ids) == last - first
            positions[name] = taken.position
            expected.append(taken.ids)
    assert np.array_equal(got, np.sort(np.concatenate(expected)))
    assert mixture.state["sources"] == positions
    assert sum(shares.before(5)) == len(got)
    assert mixture.exposures == {name: fresh[name].exposures(positions[name]) for name in shares.sources}


def test_no_document_of_a_source_that_must_not_repeat_is_seen_twice(streams):
    """The first segments of text are the first tokens of one permutation of its documents."""
    mixture = make(streams(), THREE, batches=25)
    drain(mixture)
    read = mixture.state["sources"]["web"]
    documents = parts(streams()["web"].take(0, read))
    assert len({str(document) for document in documents}) == len(documents)
    assert 0 < mixture.exposures["web"] < 1


def test_a_segment_is_what_loops_make_of_its_documents(streams):
    fresh = streams()
    dense, base = Shares.of(TWO, Segments(BATCH * CONTEXT)).before(1)
    documents = [*parts(fresh["synbio"].take(0, dense)), *parts(fresh["web"].take(0, base))]
    rng = generator(7, "segment", 0)
    ids = [token for i in rng.permutation(len(documents)).tolist() for token in documents[i]]
    rows = rng.permutation(len(ids) // CONTEXT).tolist()
    inputs, targets = (np.concatenate(arrays).tolist() for arrays in zip(*drain(make(streams(), batches=5))))
    assert inputs == [ids[row * CONTEXT : (row + 1) * CONTEXT] for row in rows]
    assert targets == [[*ids, IGNORED][row * CONTEXT + 1 : (row + 1) * CONTEXT + 1] for row in rows]


@pytest.mark.parametrize("kind", MIXTURES)
def test_runs_that_differ_only_in_length_share_their_beginning(streams, kind):
    long = drain(make(streams(), MIXTURES[kind], batches=23))
    for batches in (1, 5, 7, 18):
        assert same(drain(make(streams(), MIXTURES[kind], batches=batches)), long[:batches])


@pytest.mark.parametrize("kind", MIXTURES)
def test_a_mixture_goes_on_from_any_batch_bit_for_bit(streams, kind):
    """Inside segments, at their ends and where phases change; the state is what a checkpoint keeps of it."""
    spec = MIXTURES[kind]
    whole = drain(make(streams(), spec, batches=23))
    for stop in range(24):
        first = make(streams(), spec, batches=23)
        for _ in range(stop):
            next(first)
        file = io.BytesIO()
        torch.save(first.state, file)
        file.seek(0)
        second = make(streams(), spec, batches=23)
        second.state = torch.load(file, weights_only=True)
        assert second.exposures == first.exposures
        assert second.proportions == first.proportions
        assert same(drain(second), whole[stop:])
        assert second.state["batch"] == 23


def test_a_state_is_no_view_of_the_mixture_it_is_of(streams):
    mixture = make(streams(), THREE)
    state = mixture.state
    before = str(state)
    drain(mixture)
    assert str(state) == before


def test_exposures_go_on_inside_a_segment(streams):
    mixture = make(streams(), batches=8)
    seen = [mixture.exposures["synbio"] * 20]
    for _ in range(8):
        next(mixture)
        seen.append(mixture.exposures["synbio"] * 20)
    whole = mixture.state["sources"]["synbio"]
    assert seen[:6] == pytest.approx([round(whole * done / 5) for done in range(6)])
    assert sorted(seen) == seen
    resumed = make(streams(), batches=8)
    resumed.state = mixture.state
    assert resumed.exposures["synbio"] * 20 == seen[-1] > whole


def test_targets_are_the_next_tokens(streams):
    for inputs, targets in drain(make(streams())):
        assert np.array_equal(inputs[:, 1:], targets[:, :-1])
    rows = {tuple(row): target for row, target in zip(inputs.tolist(), targets[:, -1].tolist(), strict=True)}
    starts = {row[0] for row in rows}
    assert all(target in starts or target == IGNORED or target >= 0 for target in rows.values())


def test_the_text_is_the_same_at_every_ratio(streams):
    asked = {}

    class Recording:
        def __init__(self, stream, ratio):
            self.stream, self.ratio, self.tokens = stream, ratio, stream.tokens

        def take(self, position, tokens):
            taken = self.stream.take(position, tokens)
            asked.setdefault(self.ratio, []).append(taken.ids)
            return taken

    for ratio in (0.1, 0.5):
        watched = streams()
        watched["web"] = Recording(watched["web"], ratio)
        drain(make(watched, mixed_at(ratio, "synbio", "web")))
    few, many = (np.concatenate(asked[ratio]) for ratio in (0.5, 0.1))
    assert np.array_equal(few, many[: len(few)])
    assert len(many) > len(few)


def test_seeds_decide(streams):
    batches = {seed: drain(make(streams(), seed=seed))[0][0] for seed in (1, 2)}
    assert np.array_equal(batches[1], drain(make(streams(), seed=1))[0][0])
    assert not np.array_equal(batches[1], batches[2])


def test_too_little_text_is_refused_before_training(streams):
    """The tokens of whole segments count, of which a run may read a part."""
    with pytest.raises(
        PhasemixError, match=r"the run needs .* tokens of web, seen once each, and the corpus has .*: lower"
    ):
        make(streams(), mixed_at(0.1, "synbio", "web"), batches=10_000)
    held = streams()["web"].tokens
    alone = MixtureSpec.constant({"web": 1.0})
    fitting = held // SEGMENT * 5
    make(streams(), alone, batches=fitting)
    with pytest.raises(PhasemixError, match="tokens of web, seen once each"):
        make(streams(), alone, batches=fitting + 1)
    make(streams(), MixtureSpec.constant({"notes": 1.0}), batches=10_000)  # which repeats


def test_the_proportions_of_a_batch_and_of_all_that_was_read(streams):
    mixture = make(streams(), PHASES, batches=25)
    seen = []
    for _ in range(25):
        seen.append(mixture.proportions)
        next(mixture)
    expected = [dict(phase.proportions) for phase, batches in zip(PHASES.phases, (5, 10, 10)) for _ in range(batches)]
    assert seen == expected
    assert mixture.read_proportions == pytest.approx({"synbio": 0.32, "web": 0.52, "notes": 0.16}, abs=1e-3)
    constant = make(streams(), THREE, batches=7)
    drain(constant)
    assert constant.read_proportions == THREE.proportions  # not only nearly


def test_steering_takes_effect_from_the_next_segment_and_survives_in_the_state(streams):
    new = {"synbio": 0.1, "web": 0.1, "notes": 0.8}
    mixture = make(streams(), THREE, batches=20)
    before = [next(mixture) for _ in range(3)]
    assert not mixture.at_a_segment
    with pytest.raises(ValueError, match="at the beginning of a segment"):
        mixture.steer(new)
    before += [next(mixture) for _ in range(2)]
    assert same(before, drain(make(streams(), THREE, batches=5)))
    assert (mixture.at_a_segment, mixture.segment, mixture.proportions) == (True, 1, THREE.proportions)
    mixture.steer(new)
    assert mixture.proportions == new
    resumed = make(streams(), THREE, batches=20)
    resumed.state = mixture.state
    positions = dict(mixture.state["sources"])
    rest = [next(mixture) for _ in range(5)]
    assert mixture.state["sources"]["notes"] - positions["notes"] == pytest.approx(0.8 * SEGMENT, abs=1)
    rest += drain(mixture)
    assert same(drain(resumed), rest)
    assert not same(rest, drain(make(streams(), THREE, batches=20))[5:])


def batch_of(data, sources, proportions):
    """The first batch of a cell's mixture of sources that are all the same people or the same text."""
    cell = small_cell(mixture=MixtureSpec.constant(proportions), sources=sources)
    one = {"synbio": "synbio", "text": "web"}
    opened = data.open(small_cell())
    return next(make_mixture(cell, {name: opened[one[options["task"]]] for name, options in sources.items()}))


@pytest.mark.parametrize("options", [SYNBIO, TEXT])
def test_two_sources_of_one_task_have_different_streams(data, options):
    sources = {"first": options, "second": options}
    first, second = ({"first": part, "second": 1 - part} for part in (1.0, 0.0))
    assert not np.array_equal(batch_of(data, sources, first)[0], batch_of(data, sources, second)[0])
    alone = {"other": options}
    assert np.array_equal(batch_of(data, sources, first)[0], batch_of(data, alone, {"other": 1.0})[0])


def test_the_order_of_sources_of_different_tasks_does_not_bear_on_their_streams(data):
    """Only the place among those of the same task does."""
    dense_first = batch_of(data, {"a": SYNBIO, "b": TEXT}, {"a": 1.0, "b": 0.0})
    dense_last = batch_of(data, {"b": TEXT, "a": SYNBIO}, {"b": 0.0, "a": 1.0})
    assert np.array_equal(dense_first[0], dense_last[0])


def test_a_cell_reads_what_its_sources_options_say(data):
    cell = three_sources(MixtureSpec.constant({"synbio": 0.1, "web": 0.1, "notes": 0.8}))
    mixture = make_mixture(cell, data.open(cell))
    assert len(drain(mixture)) == cell.recipe.steps
    assert mixture.exposures["notes"] > 1 > mixture.exposures["web"] > 0
    forbidden = cell.model_copy(update={"sources": cell.sources | {"notes": TEXT}})
    with pytest.raises(PhasemixError, match="tokens of notes, seen once each"):
        make_mixture(forbidden, data.open(forbidden))
