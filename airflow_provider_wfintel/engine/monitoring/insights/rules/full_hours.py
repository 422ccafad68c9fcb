"""Collisions at full hours: many DAGs are due at the same minute, and in that hour tries wait longer than in others."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DeploymentPicture, InsightFinding, Rule

__all__ = ["FULL_HOURS"]

_FEWEST_DAGS = 5
_FACTOR = 2.0
_LEAST_WAIT = 30.0


def _find(all_dags: DeploymentPicture) -> Iterator[InsightFinding]:
    mean = {hour: seconds / tries for hour, (tries, seconds) in all_dags.waits.items() if tries}
    if len(mean) < 3:
        return
    usual = statistics.median(mean.values())
    for hour, wait in sorted(mean.items()):
        due = sorted(name for name, at in all_dags.due_minutes.items() if at == (hour, 0))
        if len(due) < _FEWEST_DAGS or wait < _LEAST_WAIT or wait < _FACTOR * usual:
            continue
        yield InsightFinding(
            FULL_HOURS.kind,
            f"{len(due)} DAGs are due at {hour:02d}:00 UTC; tries wait {wait:.0f} s then, {usual:.0f} s usually",
            "warning",
            subject=f"{hour:02d}:00",
            value=round(wait, 1),
            expected=round(usual, 1),
            samples=all_dags.waits[hour][0],
            evidence=[{"hour": hour, "dags": len(due)}],
        )


FULL_HOURS = Rule("full_hour_collisions", of_deployment=_find)
