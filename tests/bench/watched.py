"""A process that is watched while it works: memory, open files, connections, and how far the collector is behind.

Memory is the resident set. Growth is the Theil-Sen slope after the warm-up with its interval of 95 % (Sen 1968, by
`scipy.stats.theilslopes`); the interval is too narrow where readings follow one another closely, so the first and the
last tenth are shown too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psutil
from scipy.stats import theilslopes
from sqlalchemy import Engine, text

EVERY = 5.0
"""Seconds between two readings."""
MIB = 1024 * 1024
LAG = """
    SELECT count(*), greatest(0, coalesce(extract(epoch FROM max(now() - there.end_date)), 0)) FROM task_instance there
    LEFT JOIN wfintel_workflow_executions ours ON ours.execution_id = there.id::text
    WHERE there.end_date > now() - interval '10 minutes' AND there.state IN ('success', 'failed')
      AND (ours.execution_id IS NULL OR ours.ended_at IS NULL)
"""
MISSING = """
    SELECT count(*) FROM (
        SELECT id::text AS id FROM task_instance WHERE state IN ('success', 'failed')
        UNION ALL SELECT task_instance_id::text FROM task_instance_history
    ) there LEFT JOIN wfintel_workflow_executions ours ON ours.execution_id = there.id
    WHERE ours.execution_id IS NULL OR ours.ended_at IS NULL
"""


@dataclass(frozen=True)
class Reading:
    """What was seen at a moment.

    Seconds since the start, bytes, numbers of files and connections, seconds of processor time so far; tries that are
    over and not known as over, and how many seconds ago the oldest of them ended.
    """

    at: float
    resident: int
    files: int
    connections: int
    cpu: float
    behind: int
    lag: float


@dataclass
class Watched:
    """The process and what was read of it."""

    process: psutil.Process
    began: float = field(default_factory=time.monotonic)
    readings: list[Reading] = field(default_factory=list)

    def read_when_due(self, lag: Callable[[], tuple[int, float]]) -> None:
        """Take a reading if the last one is long enough ago."""
        at = time.monotonic() - self.began
        if self.readings and at - self.readings[-1].at < EVERY:
            return
        with self.process.oneshot():
            memory, times = self.process.memory_info().rss, self.process.cpu_times()
        files, connections = self.process.num_fds(), len(self.process.net_connections())
        self.readings.append(Reading(at, memory, files, connections, times.user + times.system, *lag()))


def lag_of(engine: Engine) -> tuple[int, float]:
    """Tries that ended in the last ten minutes and are not yet known as over, and seconds since the first of them."""
    with engine.connect() as connection:
        behind, seconds = connection.execute(text(LAG)).one()
    return int(behind), float(seconds)


def tries_that_are_missing(engine: Engine) -> int:
    """Tries of Airflow that are over and that our tables do not know as over."""
    with engine.connect() as connection:
        return int(connection.execute(text(MISSING)).scalar_one())


def summary(readings: Sequence[Reading], warm_up: float) -> dict[str, Any]:
    """Growth and levels after the warm-up (seconds)."""
    counted = [reading for reading in readings if reading.at >= warm_up]
    resident = [reading.resident / MIB for reading in counted]
    slope, _, low, high = theilslopes(resident, [reading.at / 3600.0 for reading in counted], 0.95)
    tenth = max(1, len(counted) // 10)
    lags = sorted(reading.lag for reading in counted)
    first, last = counted[0], counted[-1]
    return {
        "readings": len(counted),
        "first_tenth_mib": round(median(resident[:tenth]), 1),
        "last_tenth_mib": round(median(resident[-tenth:]), 1),
        "most_mib": round(max(resident), 1),
        "growth_mib_per_hour": round(slope, 1),
        "growth_mib_per_hour_low": round(low, 1),
        "growth_mib_per_hour_high": round(high, 1),
        **levels("files", [reading.files for reading in counted], tenth),
        **levels("connections", [reading.connections for reading in counted], tenth),
        "cpu_share": round((last.cpu - first.cpu) / max(1e-9, last.at - first.at), 3),
        "lag_p50_s": round(median(lags), 1),
        "lag_p95_s": round(lags[max(0, round(0.95 * len(lags)) - 1)], 1),
        "lag_most_s": round(lags[-1], 1),
        "lag_last_s": round(last.lag, 1),
        "behind_most": max(reading.behind for reading in counted),
        "behind_last": last.behind,
    }


def levels(name: str, values: Sequence[int], tenth: int) -> dict[str, Any]:
    """The least of the first and of the last tenth, the most of all; it grows if the last tenth never comes down."""
    first, last = min(values[:tenth]), min(values[-tenth:])
    return {f"{name}_first": first, f"{name}_last": last, f"{name}_most": max(values), f"{name}_grow": last > first + 2}
