"""Many pieces of work of one kind, side by side in processes of their own."""

import ctypes
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl


def side_by_side(work: Callable[[int], None], numbers: Sequence[int], processes: int, doing: str) -> None:
    """Call ``work``, which can be pickled, for every number; on stderr it says how many are done.

    Processes start afresh and not as copies of this one, which may have threads; a single one is this one itself. If
    one piece fails, those that have not begun are left out, and its error is raised.

    Args:
        work: what to do for a number.
        numbers: each stands for a piece of work.
        processes: how many at once.
        doing: what is done, in words, such as "gathered shards of web".
    """
    for done, _ in enumerate(_finished(work, numbers, min(processes, len(numbers))), 1):
        print(f"{doing}: {done} of {len(numbers)}", file=sys.stderr, flush=True)


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
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """A process whose parent is killed must not work on; only Linux can be asked for that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
