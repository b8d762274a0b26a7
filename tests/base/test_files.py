"""Files appear complete or not at all, and are not read while somebody writes them."""

import json

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import (
    atomic,
    checksums_of,
    read_json,
    resumable,
    sha256,
    sha256_of,
    unchanged,
    write_checksums,
    write_json,
    write_rows,
)


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


def test_a_folder_that_was_not_finished_is_gone_on_with_unless_its_stamp_is_another(tmp_path):
    out = tmp_path / "out"

    def attempt(stamp, name, fails=False):
        with resumable(out, {"made of": stamp}) as folder:
            found = sorted(path.name for path in folder.iterdir())
            (folder / name).write_text(name)
            (folder / "unfinished").mkdir(exist_ok=True)
            write_checksums(checksums_of(folder), [folder / name])
            if fails:
                raise ZeroDivisionError
        return found

    with pytest.raises(ZeroDivisionError):
        attempt(1, "first", fails=True)
    assert not out.exists()
    with pytest.raises(ZeroDivisionError):
        attempt(2, "other", fails=True)
    assert attempt(2, "second") == ["other", "unfinished"]
    assert sorted(path.name for path in out.iterdir()) == ["other", "second"]
    assert json.loads(checksums_of(out).read_text())["files"].keys() == {"second"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.lock", "out", "out.checksums.json"]
    assert attempt(2, "again") == [], "what is finished is made anew"
    assert [path.name for path in out.iterdir()] == ["again"]


def cut_off(out, stamp):
    """The folder that is left when nothing was finished."""
    with pytest.raises(ZeroDivisionError), resumable(out, stamp) as folder:
        raise ZeroDivisionError
    return folder


def test_what_a_kill_leaves_half_written_does_not_get_into_the_folder(tmp_path):
    out, stamp = tmp_path / "out", {"made of": 1}
    folder = cut_off(out, stamp)
    (folder / "part").mkdir()
    for half in (folder / ".data.123.tmp", folder / "part" / ".data.456.tmp"):
        half.write_text("half")
    with resumable(out, stamp) as folder:
        (folder / "data").write_text("whole")
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*")) == ["data", "part"]


def test_checksums_without_their_folder_are_nothing_to_go_on_with(tmp_path):
    out, stamp = tmp_path / "out", {"made of": 1}
    folder = cut_off(out, stamp)
    write_checksums(checksums_of(folder), [])
    folder.rmdir()
    with resumable(out, stamp) as folder:
        assert not checksums_of(folder).exists()


def test_one_process_at_a_time_makes_a_folder(tmp_path):
    with resumable(tmp_path / "out", {}):
        match = r"out: another process is making it; wait for it, or stop it"
        with pytest.raises(PhasemixError, match=match), resumable(tmp_path / "out", {}):
            pass


def test_the_checksum_of_a_folder_is_of_the_names_and_contents_of_its_files(tmp_path):
    found = set()
    for name, content in (("a", "1"), ("a", "2"), ("b", "2")):
        folder = tmp_path / f"{name}{content}"
        folder.mkdir()
        (folder / name).write_text(content)
        found.add(sha256(folder))
    assert len(found) == 3
    (tmp_path / "a1" / "a").touch()
    line = "a 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\n"
    assert sha256(tmp_path / "a1") == sha256_of(line.encode())


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
