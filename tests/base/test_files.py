"""Files appear complete or not at all, and are not read while somebody writes them."""

import json

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, unchanged, write_checksums, write_json, write_rows


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    write_json(tmp_path / "a.json", {"old": True})

    def fail_half_way():
        with atomic(tmp_path / "a.json") as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert read_json(tmp_path / "a.json") == {"old": True}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_folders_are_replaced_whole(tmp_path):
    for name in ("first", "second"):
        with atomic(tmp_path / "folder") as temporary:
            temporary.mkdir()
            (temporary / name).touch()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["second"]


def test_json_holds_no_nan(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert not list(tmp_path.iterdir())


def test_checksums_depend_on_content_alone(tmp_path):
    (tmp_path / "data").write_text("abc")
    for name in ("one.json", "two.json"):
        (tmp_path / "data").touch()
        write_checksums(tmp_path / name, [tmp_path / "data"], tokens=3)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    found = json.loads((tmp_path / "one.json").read_text())
    assert found["files"]["data"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found["tokens"] == 3


def test_rows_hold_floats_in_full_and_leave_empty_what_is_not_there(tmp_path):
    write_rows(tmp_path / "a.csv", [{"a": 1, "b": 0.1 + 0.2}, {"a": 2}], ["a", "b"])
    assert (tmp_path / "a.csv").read_text() == "a,b\n1,0.30000000000000004\n2,\n"
    with pytest.raises(ValueError, match="c"):
        write_rows(tmp_path / "a.csv", [{"c": 1}], ["a", "b"])
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def read_while(paths, happens):
    with unchanged(paths):
        happens()


def test_files_that_stay_as_they_are_may_be_read(tmp_path):
    (tmp_path / "a").write_text("old")
    read_while([tmp_path / "a"], (tmp_path / "a").read_text)
    read_while([], lambda: None)


@pytest.mark.parametrize("harm", ["written to", "replaced", "removed"])
def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path, harm):
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_text("old")

    def change():
        if harm == "written to":
            with paths[1].open("a") as file:
                file.write("er")
        elif harm == "replaced":
            with atomic(paths[1]) as temporary:
                temporary.write_text("new")
        else:
            paths[1].unlink()

    with pytest.raises(PhasemixError, match=rf"{paths[1]}: was changed while it was read; start again"):
        read_while(paths, change)
