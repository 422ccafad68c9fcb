"""Cores are shared equally, and no work is lost or won."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.simulation.cores import Cores


def finish_times(cores, jobs):
    """When each job ends; `jobs` are (start, seconds), by start."""
    shared, ends = Cores(cores), {}

    def drain(until):
        while (end := shared.next_end()) <= until and end < math.inf:
            for job in shared.take_done(end):
                ends[job] = end

    for number, (start, seconds) in enumerate(jobs):
        drain(start)
        shared.add(start, seconds, number)
    drain(math.inf)
    return [ends[number] for number in range(len(jobs))]


def test_as_many_jobs_as_cores_do_not_slow_each_other_down():
    assert finish_times(2, [(0, 1), (0, 3)]) == [1, 3]


def test_more_jobs_than_cores_share_them():
    assert finish_times(1, [(0, 1), (0, 1)]) == [2, 2]
    assert finish_times(2, [(0, 1)] * 4) == [2] * 4


def test_a_late_job_slows_only_what_is_left():
    assert finish_times(1, [(0, 2), (1, 1)]) == pytest.approx([3, 3])


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0.01, 5)), min_size=1, max_size=12).map(sorted),
)
def test_no_job_is_faster_than_alone_nor_all_faster_than_the_cores(cores, jobs):
    ends = finish_times(cores, jobs)
    for (start, seconds), end in zip(jobs, ends, strict=True):
        assert end >= start + seconds - 1e-6
    assert max(ends) - jobs[0][0] >= sum(seconds for _, seconds in jobs) / cores - 1e-6
