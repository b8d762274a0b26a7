"""Schedules worked out by hand, and their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.planning.jobs import JobKey
from phasemix.planning.timeline import Timed, longest_path, wall_seconds
from phasemix.study.grid import CellKey


def key(name):
    return JobKey("train", str(name), CellKey("a", "1", "0"))


def test_the_longest_first_fills_two_devices():
    jobs = {key(i): Timed(seconds, 1, None, seconds) for i, seconds in enumerate([2.0, 3.0, 4.0, 5.0])}
    assert wall_seconds(jobs, 1) == 14
    assert wall_seconds(jobs, 2) == 7  # 5 + 2 beside 4 + 3
    assert wall_seconds(jobs, 9) == 5


def test_jobs_wait_for_each_other():
    jobs = {key(0): Timed(3, 1, None, 5), key(1): Timed(2, 1, key(0), 2), key(2): Timed(4, 1, None, 4)}
    assert longest_path(jobs) == 5
    assert wall_seconds(jobs, 2) == 5
    assert wall_seconds({key(1): jobs[key(1)]}, 2) == 2  # what it waits for is done


def test_a_job_that_does_not_fit_lets_others_pass():
    jobs = {key(0): Timed(2, 1, None, 9), key(1): Timed(5, 4, None, 8), key(2): Timed(1, 1, None, 7)}
    assert wall_seconds(jobs, 4) == 7  # 0 and 2 side by side, then 1
    assert wall_seconds(jobs, 3) is None


@given(
    st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 4)), min_size=1, max_size=30),
    st.integers(4, 12),
)
def test_no_schedule_beats_the_longest_path_or_the_work(times, devices):
    jobs = {
        key(i): Timed(seconds, held, key(i // 3) if i else None, seconds) for i, (seconds, held) in enumerate(times)
    }
    wall = wall_seconds(jobs, devices)
    work = sum(job.seconds * job.devices for job in jobs.values()) / devices
    assert wall >= max(longest_path(jobs), work) - 1e-6
    assert wall <= sum(job.seconds for job in jobs.values()) + 1e-6
    assert wall_seconds(jobs, 1000) == pytest.approx(longest_path(jobs))
