"""Made histories: a DAG that takes what the test says, at the times of a calendar."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from airflow_provider_wfintel.engine.monitoring.service import RunCalendar, RunPoint, RunStream

DAY, HOUR = 86_400.0, 3_600.0
MONDAY = dt.datetime(2026, 3, 2, 6, tzinfo=dt.timezone.utc).timestamp()


def quiet(number, *, seed=1, step=DAY, base=600.0, sd=0.03, rows=None, delay=4.0, start=MONDAY):
    """So many runs of a steady DAG."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
    return [
        RunPoint(
            start + index * step,
            duration=base * 2.718281828 ** chance.gauss(0, sd),
            rows=None if rows is None else round(rows * 2.718281828 ** chance.gauss(0, 0.05)),
            delay=delay * (1 + 0.2 * chance.random()),
            point_id=f"run-{index}",
        )
        for index in range(number)
    ]


def changed(point, **more):
    """The point with other values."""
    values = {name: getattr(point, name) for name in RunPoint.__slots__} | more
    return RunPoint(**values)


def kinds(points, *, cadence="daily", stream=None):
    """The kinds that a stream reports, by the number of the point."""
    stream = stream or RunStream(RunCalendar(cadence))
    found = {}
    for index, point in enumerate(points):
        verdict = stream.update(point)
        if verdict.findings:
            found[index] = [finding.kind for finding in verdict.findings]
    return found


@pytest.fixture
def daily():
    return RunStream(RunCalendar("daily"))
