"""Is what is old deleted, so that the tables do not grow for ever?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, ok, warn

__all__ = ["CHECK", "of_rows"]

_LATE = timedelta(days=2)
_MANY = 20_000_000


def of_rows(rows: int, first_end: datetime | None, days: int, now: datetime) -> Line:
    """The line about runs and tries in our tables.

    Args:
        rows: how many there are.
        first_end: when the one ended that ended first.
        days: `[wfintel] retention_days`.
        now: the present.
    """
    said = f"{rows} runs and tries"
    if first_end is not None:
        said += f", the oldest ended {(now - first_end).days} days ago"
    if days == 0:
        if rows > _MANY:
            return warn(f"{said}, and none is ever deleted", "set [wfintel] retention_days")
        return ok(f"{said}; none is ever deleted ([wfintel] retention_days is 0)")
    if first_end is not None and now - first_end > timedelta(days=days) + _LATE:
        return warn(f"{said}; older than {days} days should be deleted", "see the collector's log: it deletes them")
    return ok(f"{said}; {days} days are kept")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.store.repositories.checkup import Checkup

    with scene.sessions() as session:
        rows, first = Checkup(session).executions()
    yield of_rows(rows, first, scene.settings.retention_days, scene.clock())


CHECK = Check("retention", _look)
