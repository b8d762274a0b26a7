"""Keys of cells: one spelling, read back as it was, whatever the axes."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from phasemix.study.cell_key import PATTERN, CellKey, axis_values, common_axes, unique

AXES = st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
VALUES = st.one_of(
    st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), NAMES, st.text(max_size=8)
)


@given(st.dictionaries(AXES, VALUES, min_size=1, max_size=5))
def test_a_key_is_read_back_as_it_was_or_refused(values):
    try:
        key = CellKey.of(**values)
    except ValueError:
        assume(False)
    assert CellKey.parse(key.format()) == key
    assert re.fullmatch(PATTERN, key.format())
    assert key.values == values  # 1.0 == 1
    assert list(key.axes) == list(values)


@given(st.dictionaries(AXES, st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9)), min_size=1, max_size=5))
def test_numbers_can_always_name_a_cell_and_stay_numbers(values):
    read = CellKey.parse(CellKey.of(**values).format()).values
    assert read == values
    assert all(isinstance(value, int | float) for value in read.values())


@given(st.text(max_size=12).filter(lambda text: not re.fullmatch(PATTERN, text)))
def test_what_is_not_the_spelling_of_a_key_is_refused(text):
    with pytest.raises(ValueError, match="names no cell"):
        CellKey.parse(text)


def test_whole_numbers_have_one_spelling():
    assert CellKey.of(ratio=1.0) == CellKey.of(ratio=1)
    assert CellKey.of(size="58k", ratio=0.2, seed=0).format() == "size=58k/ratio=0.2/seed=0"
    assert type(CellKey.parse("tokens=700000").values["tokens"]) is int
    assert CellKey.parse("a=0.20").values == {"a": "0.20"}  # nobody spells a number so, so it is a name
    assert CellKey.parse("a=1e3/b=007/c=1_000").values == {"a": "1e3", "b": "007", "c": "1_000"}


@pytest.mark.parametrize("value", ["1", "0.5", "", "a/b", "a=b", "nan", "inf", float("nan"), True, None, "-1"])
def test_a_value_that_would_be_read_back_differently_is_refused(value):
    with pytest.raises(ValueError, match=r"names no cell|cannot name a cell"):
        CellKey.of(size=value)


@pytest.mark.parametrize(
    "text", ["", "size", "size=", "=58k", "size=58k/", "/size=58k", "Size=58k", "1a=2", "size=58k/size=39k", "a=b=c"]
)
def test_a_spelling_with_a_fault_is_refused(text):
    with pytest.raises(ValueError, match="names no cell"):
        CellKey.parse(text)


def test_size_seed_and_horizon():
    key = CellKey.parse("size=58k/ratio=0.2/seed=3/tokens=700000")
    assert (key.size, key.seed, key.horizon) == ("58k", 3, 700_000)
    assert CellKey.of(size="58k", seed=0).horizon is None
    assert CellKey.of(size=70, seed=0).size == "70"
    assert key.text() == "58k, ratio 0.2, seed 3, tokens 700,000"


def test_another_value_stays_in_its_place_and_a_new_axis_comes_last():
    key = CellKey.of(size="58k", ratio=0.2, seed=0)
    assert key.at(ratio=0.5, tokens=9).format() == "size=58k/ratio=0.5/seed=0/tokens=9"


def test_keys_are_told_apart_and_gathered_by_axis():
    keys = [CellKey.of(size=size, seed=seed) for size in ("b", "a") for seed in (1, 0)]
    assert unique([*keys, *keys[::-1]]) == keys
    assert axis_values(keys) == {"size": ["b", "a"], "seed": [1, 0]}
    assert common_axes(keys) == ["size", "seed"]
    assert common_axes([]) == []
    with pytest.raises(ValueError, match="different axes"):
        common_axes([*keys, CellKey.of(size="a", seed=0, ratio=1)])
