"""How long jobs take together on some devices, by simulating the schedule."""

import heapq
from collections.abc import Mapping
from typing import NamedTuple

from phasemix.planning.jobs import JobKey


class Timed(NamedTuple):
    """A job's time on the devices it holds, what it waits for, and its rank: the highest goes first."""

    seconds: float
    devices: int
    after: JobKey | None
    rank: float


def wall_seconds(jobs: Mapping[JobKey, Timed], devices: int) -> float | None:
    """How long all jobs take on so many devices, each started as soon as there is room, the highest rank first.

    None: one of them needs more devices than there are. A job that does not fit lets later ones pass, as
    Snakemake does.
    """
    if any(job.devices > devices for job in jobs.values()):
        return None
    waiting: dict[JobKey, list[JobKey]] = {}
    for key, job in jobs.items():
        if job.after is not None and job.after in jobs:
            waiting.setdefault(job.after, []).append(key)
    ready: dict[int, list[tuple[float, int, JobKey]]] = {}  # by the devices they need
    number = 0

    def release(key: JobKey) -> None:
        nonlocal number
        number += 1
        heapq.heappush(ready.setdefault(jobs[key].devices, []), (-jobs[key].rank, number, key))

    for key, job in jobs.items():
        if job.after not in jobs:
            release(key)
    running: list[tuple[float, int, JobKey]] = []
    now, free = 0.0, devices
    while running or any(ready.values()):
        while heaps := [heap for need, heap in ready.items() if heap and need <= free]:
            key = heapq.heappop(min(heaps))[2]
            number += 1
            heapq.heappush(running, (now + jobs[key].seconds, number, key))
            free -= jobs[key].devices
        now, _, key = heapq.heappop(running)
        free += jobs[key].devices
        for next_key in waiting.get(key, ()):
            release(next_key)
    return now


def longest_path(jobs: Mapping[JobKey, Timed]) -> float:
    """The seconds of the longest chain of jobs that wait for each other: no number of devices is faster."""
    ends: dict[JobKey, float] = {}
    for key, job in jobs.items():
        ends[key] = job.seconds + (ends.get(job.after, 0.0) if job.after else 0.0)
    return max(ends.values(), default=0.0)
