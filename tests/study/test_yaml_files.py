"""YAML is read strictly: what a plain reader passes over in silence is an error with its file and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import update_config

from phasemix.base.errors import PhasemixError
from phasemix.study.yaml_files import merge, read_yaml
from tests.conftest import merged

HORIZONS = ("config.yaml", "scales/smoke.yaml")


def read(tmp_path, text):
    (tmp_path / "a.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(tmp_path / "a.yaml")


def refused(tmp_path, text):
    with pytest.raises(PhasemixError) as error:
        read(tmp_path, text)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{tmp_path / 'a.yaml'}: ")
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "line", "before"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1),
        ("top:\n  a: 1\n\n  a: 1\n", 4, 2),
        ("top: { a: 1,\n  'a': 2 }\n", 2, 1),
        ("list:\n  - { x: 1 }\n  - x: 1\n    y: 2\n    x: 3\n", 5, 3),
    ],
)
def test_a_key_that_stands_twice_is_an_error(tmp_path, text, line, before):
    assert f"line {line}: the key " in refused(tmp_path, text)
    assert f"stands already on line {before}; remove one" in refused(tmp_path, text)


def test_what_is_merged_by_yaml_may_be_overridden(tmp_path):
    found = read(tmp_path, "base: &base { a: 1, b: 2 }\none:\n  <<: *base\n  b: 3\ntwo: *base\n")
    assert found == {"base": {"a": 1, "b": 2}, "one": {"a": 1, "b": 3}, "two": {"a": 1, "b": 2}}
    assert "line 4: the key 'b' stands already" in refused(tmp_path, "x: &x { a: 1 }\none:\n  b: 3\n  b: 4\n  <<: *x\n")


def test_the_same_key_in_different_sections_is_none_twice(tmp_path):
    assert read(tmp_path, "a: { x: 1 }\nb: { x: 1 }\n") == {"a": {"x": 1}, "b": {"x": 1}}


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [1,\nb: 2\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: 1\nb\n", 3), ("a: 1\n? [x]\n: 2\n", 2), ("a: *b", 1)],
)
def test_broken_yaml_names_its_file_and_line(tmp_path, text, line):
    assert f": line {line}: is no YAML: " in refused(tmp_path, text)


def test_bytes_that_are_no_text_name_their_file(tmp_path):
    assert "a.yaml: is no YAML" in refused(tmp_path, b"a: \xff\xfe\n")


@pytest.mark.parametrize(("text", "kind"), [("- a\n- b\n", "list"), ("just words", "str"), ("7", "int")])
def test_a_file_that_holds_no_keys_is_an_error(tmp_path, text, kind):
    assert f"must hold keys and values, not a {kind}" in refused(tmp_path, text)


def test_an_empty_file_holds_no_keys(tmp_path):
    assert read(tmp_path, "# nothing\n") == {}


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PhasemixError, match=rf"{tmp_path}/no\.yaml: is not there"):
        read_yaml(tmp_path / "no.yaml")


CONFIGURATIONS = st.recursive(
    st.one_of(st.none(), st.integers(), st.lists(st.integers(), max_size=2)),
    lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3),
    max_leaves=8,
)


@given(*[st.dictionaries(st.sampled_from("abc"), CONFIGURATIONS, max_size=3)] * 2)
def test_configurations_are_merged_as_snakemake_merges_them(below, above):
    found = merge(below, above)
    snakemakes = {}
    for one in (below, above):
        update_config(snakemakes, one)
    assert found == snakemakes


def test_merging_changes_neither():
    below, above = {"a": {"x": 1}}, {"a": {"y": 2}}
    assert merge(below, above) == {"a": {"x": 1, "y": 2}}
    assert (below, above) == ({"a": {"x": 1}}, {"a": {"y": 2}})
    assert merged(*HORIZONS)["experiments"]["transition"]["kind"] == "transition"
