"""Pieces of work in processes of their own: what is done, and what is said when one of them ends."""

import errno
import multiprocessing
import os
import signal
from functools import partial

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.side_by_side import side_by_side


def write(folder, number):
    (folder / str(number)).write_text(str(os.getpid()))


def killed(folder, number):
    write(folder, number)
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def full(folder, number):
    if number == 1:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder / "data"))
    write(folder, number)


@pytest.mark.parametrize("processes", [1, 2])
def test_every_piece_is_done_and_counted(tmp_path, capsys, processes):
    side_by_side(partial(write, tmp_path), range(3), processes, "wrote files")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]
    assert capsys.readouterr().err.splitlines() == [f"wrote files: {done} of 3" for done in (1, 2, 3)]
    here = {int(path.read_text()) == os.getpid() for path in tmp_path.iterdir()}
    assert here == {processes == 1}
    side_by_side(partial(write, tmp_path), [], processes, "wrote files")


def test_a_process_that_is_killed_is_told_in_one_line(tmp_path):
    match = r"wrote files: one of 2 processes was killed, probably as the memory was full: give fewer cores"
    with pytest.raises(PhasemixError, match=match):
        side_by_side(partial(killed, tmp_path), range(4), 2, "wrote files")
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_full_disk_is_told_in_one_line_and_the_others_are_stopped(tmp_path, processes):
    with pytest.raises(PhasemixError, match=r"wrote files: the disk is full \(.*data\): make room and start again"):
        side_by_side(partial(full, tmp_path), range(4), processes, "wrote files")
    assert not multiprocessing.active_children()
