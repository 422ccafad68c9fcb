"""Points for the streams, from runs as Airflow keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.engine.monitoring.anomalies.points import RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import Cadence, cadence_of
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["SLOT_SECONDS", "run_points", "with_empty_slots"]

SLOT_SECONDS: dict[str, float] = {"hourly": 3600.0, "daily": 86_400.0, "weekday": 86_400.0}
"""Seconds from one slot to the next, by cadence; an irregular one has no slots."""
_MOST_EMPTY = 60
"""A gap of more slots than this is a pause of the DAG, not so many missing runs."""


def run_points(
    runs: Sequence[WorkflowRun], *, rows: Mapping[str, float] | None = None, tries: Mapping[str, int] | None = None
) -> tuple[RunPoint, ...]:
    """The scheduled runs of one DAG as points, oldest first.

    A run that did not succeed counts as a run without a duration: it is no baseline, and its failure is told elsewhere.

    Args:
        runs: runs of one DAG. Manual runs and backfills follow no calendar and are left out.
        rows: rows by run id, where they are not in the runs themselves.
        tries: the largest try number by run id.

    Raises:
        UserInputError: a time is no ISO 8601 time.
    """
    found = []
    for run in runs:
        due = run.run_after or run.logical_date or run.queued_at
        if run.run_type not in ("", "scheduled") or not due:
            continue
        start = _seconds(run.started_at) if run.started_at else None
        end = _seconds(run.ended_at) if run.ended_at else None
        ended_well = run.state == "success" and start is not None and end is not None
        found.append(
            RunPoint(
                t=_seconds(due),
                duration=max(0.0, end - start) if ended_well and end is not None and start is not None else None,
                rows=(rows or {}).get(run.run_id, run.rows),
                delay=None if start is None else start - _seconds(due),
                try_number=(tries or {}).get(run.run_id, 1),
                point_id=run.run_id,
            )
        )
    return tuple(sorted(found, key=lambda point: point.t))


def with_empty_slots(
    points: Sequence[RunPoint], *, cadence: Cadence | None = None, until: float | None = None
) -> tuple[RunPoint, ...]:
    """The points with one more for each slot of the rhythm that passed without a run.

    Args:
        points: points with runs, oldest first.
        cadence: their rhythm; found from them if it is not given. An irregular one has no slots to miss.
        until: slots up to this time (seconds since the epoch) are looked at; the last run's by default.
    """
    times = [point.t for point in points]
    step = SLOT_SECONDS.get(cadence or cadence_of(times))
    if step is None or not points:
        return tuple(points)
    filled: list[RunPoint] = []
    ends = [*times[1:], max(times[-1], until or 0.0) + step]
    for point, following in zip(points, ends, strict=True):
        filled.append(point)
        empty = round((following - point.t) / step) - 1
        if 0 < empty <= _MOST_EMPTY:
            filled.extend(RunPoint(point.t + step * (place + 1), ran=False) for place in range(empty))
    return tuple(filled)


def _seconds(text: str) -> float:
    try:
        moment = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise UserInputError(f"{text!r} is no time", hint="give ISO 8601 times with an offset") from None
    return moment.replace(tzinfo=moment.tzinfo or dt.timezone.utc).timestamp()
