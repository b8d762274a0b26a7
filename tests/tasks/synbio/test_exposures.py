"""Exposures: who is shown when, and the tokens of that, the same from wherever one reads them."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.seeds import generator
from phasemix.corpora.exposures import EXPOSURES_PER_DRAW, Exposures
from phasemix.corpora.segments import apportion
from phasemix.tasks.synbio.groups import Groups
from phasemix.tasks.synbio.orders import EqualOrder, GroupedOrder
from phasemix.tasks.synbio.people import SynBio, draw_people
from phasemix.tasks.synbio.pieces import Biographies, write_pieces
from tests.conftest import PEOPLE, SMALL
from tests.corpora.test_tokens import parts

GROUPS = Groups(count=4, exponent=1.5)


def orders(kind):
    return EqualOrder(PEOPLE, 1) if kind == "equal" else GroupedOrder(PEOPLE, GROUPS.proportions, 1)


def shown(order, first, last):
    """Who is shown in exposures ``[first, last)``."""
    found = []
    while first < last:
        persons, skip, _ = order.draw(first)
        found += persons[skip : skip + last - first].tolist()
        first += len(persons) - skip
    return found


def rendered(order, synbio, tokenizer, seed, count):
    """The first exposures, drawn as a whole one after another, rendered and tokenised."""
    found = []
    while len(found) < count:
        persons, skip, name = order.draw(len(found))
        assert skip == 0
        found += tokenizer.encode_documents(synbio.biographies(persons, generator(seed, *name)))
    return found[:count]


@pytest.fixture(scope="module")
def whole(synbio, tokenizer):
    """The first exposures of both orders, rendered."""
    return {kind: rendered(orders(kind), synbio, tokenizer, 1, 1700) for kind in ("equal", "grouped")}


def test_an_order_that_is_equal_is_the_one_it_has_always_been(synbio, tokenizer, biographies):
    """Epoch by epoch, in draws of at most 512 people, each from the seed of its name."""
    expected, epoch = [], 0
    while len(expected) < 100:
        order = generator(7, "epoch", epoch).permutation(PEOPLE)
        texts = synbio.biographies(order, generator(7, "templates", epoch, 0))
        expected += tokenizer.encode_documents(texts)
        epoch += 1
    found = parts(Exposures(biographies, EqualOrder(PEOPLE, 7), 7).take(0, sum(map(len, expected))))
    assert found == expected


def test_every_person_is_shown_once_an_epoch_in_a_fresh_order(biographies, tokenizer):
    exposures = Exposures(biographies, EqualOrder(PEOPLE, 1), seed=1)
    names = [tokenizer.decode(ids) for ids in parts(exposures.take(0, 50 * 200))]
    people = biographies.synbio.people["name"]
    who = [next(i for i, name in enumerate(people) if name in text) for text in names[:40]]
    assert sorted(who[:20]) == sorted(who[20:]) == list(range(20))
    assert who[:20] != who[20:]
    assert who == shown(EqualOrder(PEOPLE, 1), 0, 40)


@pytest.mark.parametrize("kind", ["equal", "grouped"])
@given(first=st.integers(0, 1500), tokens=st.integers(0, 3000))
def test_exposures_are_the_same_from_wherever_one_starts(biographies, whole, kind, first, tokens):
    taken = Exposures(biographies, orders(kind), seed=1).take(first, tokens)
    found = parts(taken)
    assert sum(map(len, found)) == tokens
    expected = whole[kind][first : first + len(found)]
    assert found[:-1] == expected[:-1]
    assert not found or (found[-1] and found[-1] == expected[-1][: len(found[-1])])
    cut = bool(found) and found[-1] != expected[-1]
    assert taken.position == first + max(len(found) - cut, min(len(found), 1))


def test_a_biography_that_is_cut_is_shown_whole_next(biographies, whole):
    """It is no exposure until then; so every biography of the order is shown whole, once."""
    exposures = Exposures(biographies, orders("equal"), seed=1)
    shown_whole, position = [], 0
    for tokens in (700, 333, 290, 2000):
        taken = exposures.take(position, tokens)
        shown_whole += parts(taken)[: taken.position - position]
        position = taken.position
    assert len(shown_whole) == position > 10
    assert shown_whole == whole["equal"][:position]


def test_where_not_even_one_biography_fits_the_stream_gets_on(biographies):
    exposures = Exposures(biographies, orders("equal"), seed=1)
    assert exposures.take(3, 2).position == 4
    assert exposures.take(3, 0).position == 3


def test_exposures_of_more_people_than_a_draw(tmp_path, tokenizer):
    synbio = SynBio(draw_people(EXPOSURES_PER_DRAW + 100, SMALL, seed=2), heldout_templates=2)
    write_pieces(synbio.people, tokenizer, tmp_path / "pieces")
    order = EqualOrder(len(synbio), 3)
    exposures = Exposures(Biographies(tmp_path / "pieces", synbio, tokenizer), order, seed=3)
    expected = rendered(EqualOrder(len(synbio), 3), synbio, tokenizer, 3, 1400)
    for first in (0, 500, 611, 700, 1130):
        found = parts(exposures.take(first, 15_000))
        assert len(found) > 100
        assert found[:-1] == expected[first : first + len(found) - 1]
    assert exposures.exposures(306) == 0.5


def test_groups_are_shown_by_a_power_of_their_rank():
    assert Groups(count=3, exponent=1.0).proportions == pytest.approx([6 / 11, 3 / 11, 2 / 11])
    assert sum(GROUPS.proportions) == pytest.approx(1)


def test_every_draw_holds_the_exact_share_of_every_group():
    order = GroupedOrder(PEOPLE, GROUPS.proportions, 1)
    for number in range(30):
        persons, _, _ = order.draw(number * EXPOSURES_PER_DRAW)
        counts = np.bincount(persons // 5, minlength=4)
        first, last = (apportion(GROUPS.proportions, EXPOSURES_PER_DRAW * each) for each in (number, number + 1))
        assert counts.tolist() == [after - before for before, after in zip(first, last)]
        assert len(persons) == EXPOSURES_PER_DRAW


def test_inside_a_group_people_come_epoch_by_epoch():
    """So nobody of a group is ever more than one exposure ahead of another one of it."""
    counts = Counter()
    for number in range(30):
        persons, _, _ = GroupedOrder(PEOPLE, GROUPS.proportions, 1).draw(number * EXPOSURES_PER_DRAW)
        counts.update(persons.tolist())
        for group in range(4):
            of_group = [counts[person] for person in range(5 * group, 5 * group + 5)]
            assert max(of_group) - min(of_group) <= 1
    often, seldom = counts[0], counts[19]
    assert often / seldom == pytest.approx(4**1.5, rel=0.02)


SHOWN = shown(orders("grouped"), 0, 6500)


@given(first=st.integers(0, 5000), count=st.integers(0, 1500))
def test_groups_are_shown_the_same_from_wherever_one_starts(first, count):
    assert shown(orders("grouped"), first, first + count) == SHOWN[first : first + count]


def test_groups_are_mixed_in_every_draw_and_seeds_decide():
    persons, _, name = GroupedOrder(PEOPLE, GROUPS.proportions, 1).draw(0)
    assert len(set((persons[:100] // 5).tolist())) == 4
    others, _, other = GroupedOrder(PEOPLE, GROUPS.proportions, 2).draw(0)
    assert persons.tolist() != others.tolist()
    assert name == other
    assert len({name for number in range(9) for _, _, name in [orders("grouped").draw(512 * number)]}) == 9
