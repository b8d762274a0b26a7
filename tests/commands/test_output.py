"""Paths to write to are checked before the work."""

import os

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.commands.output import check_out


def test_a_path_that_can_be_written_is_left_as_it_was(tmp_path):
    check_out(tmp_path / "new/folder/law.json", tmp_path / "runs.csv")
    assert list((tmp_path / "new/folder").iterdir()) == []
    (tmp_path / "law.json").write_text("old")
    check_out(tmp_path / "law.json")
    assert (tmp_path / "law.json").read_text() == "old"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (".", "cannot be written: is a folder"),
        ("file/law.json", "cannot be written: File exists"),
        ("file/folder/law.json", "cannot be written: Not a directory"),
        ("x" * 250, "cannot be written: File name too long"),
        ("law\0.json", "cannot be written: embedded null byte"),
        ("pipe", "cannot be written: is not a regular file"),
        ("/proc/none/law.json", "cannot be written: "),
    ],
)
def test_paths_that_cannot_be_written_are_one_line(path, line, tmp_path):
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PhasemixError) as error:
        check_out(tmp_path / path)
    assert str(error.value).startswith(f"--out {tmp_path / path}: {line}")
    assert "\n" not in str(error.value)


def test_an_input_is_not_overwritten(tmp_path):
    (tmp_path / "runs.csv").touch()
    (tmp_path / "link.csv").symlink_to("runs.csv")
    for name in ("runs.csv", "./runs.csv", "link.csv"):
        with pytest.raises(PhasemixError, match="is read from and would be overwritten"):
            check_out(tmp_path / name, tmp_path / "law.json", tmp_path / "runs.csv")
