"""Many pieces of work of one kind, side by side in processes of their own."""

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process

from phasemix.base.errors import PhasemixError

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl
FULL = {errno.ENOSPC, errno.EDQUOT}


def side_by_side(work: Callable[[int], None], numbers: Sequence[int], processes: int, doing: str) -> None:
    """Call ``work``, which can be pickled, for every number; on stderr it says how many are done.

    Processes start afresh and not as copies of this one, which may have threads; a single one is this one itself. If
    one piece fails, or this process is interrupted, all others are killed: a piece of work leaves nothing half done.

    Args:
        work: what to do for a number.
        numbers: each stands for a piece of work.
        processes: how many at once.
        doing: what is done, in words, such as "gathered shards".

    Raises:
        PhasemixError: a process was killed from outside, or the disk is full; besides what ``work`` raises.
    """
    try:
        for done, _ in enumerate(_finished(work, numbers, min(processes, len(numbers))), 1):
            print(f"{doing}: {done} of {len(numbers)}", file=sys.stderr, flush=True)
    except BrokenProcessPool as error:
        raise PhasemixError(
            f"{doing}: one of {processes} processes was killed, probably as the memory was full: give fewer cores"
            " (hardware.text_cores, or make reproduce CORES=…) and start again; what is finished stays"
        ) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise PhasemixError(
            f"{doing}: the disk is full ({error.filename or error.strerror}): make room and start again; what is"
            " finished stays"
        ) from error


def _finished(work: Callable[[int], None], numbers: Sequence[int], processes: int) -> Iterator[None]:
    """Nothing, each time that a piece is finished."""
    if processes <= 1:
        yield from map(work, numbers)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        try:
            for finished in as_completed([pool.submit(work, number) for number in numbers]):
                yield finished.result()
        except BaseException:
            for child in active_children():
                child.kill()
            raise


def _end_with_parent() -> None:
    """A process whose parent is killed must not work on; only Linux can be asked for that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    parent = parent_process()
    if parent is None or os.getppid() != parent.pid:  # it was killed before that
        os._exit(1)
