"""What may have caused a change point, beside a new version: changed connections, tasks that shifted together.

Both are looked for only when there is a change point that will be told of, since they cost a look at single tries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.monitoring.learning import Suspects
from airflow_provider_wfintel.engine.monitoring.service import (
    AnomalyFinding,
    Change,
    RunCalendar,
    RunStream,
    cadence_of,
    run_points,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import RunHistory, TaskTry

__all__ = ["suspects_of"]

_RUNS, _TASKS = 60, 12
"""So many runs and tasks, those that take longest, are looked at: that takes less than a second."""
_BEFORE = timedelta(days=7)


def suspects_of(session: Session, dag_id: str, finding: AnomalyFinding, *, since: float) -> Suspects:
    """Changes of connections that the DAG names, around a change point, and findings in each of its tasks.

    Args:
        session: a session on the metadata database.
        dag_id: the DAG.
        finding: the change point.
        since: seconds since the epoch; for a change point before, nothing is looked for.
    """
    if finding.last < since:
        return Suspects()
    from airflow_provider_wfintel.host.connections_in_use import connections_in_use
    from airflow_provider_wfintel.host.fact_changes import connection_changes
    from airflow_provider_wfintel.store.repositories.executions import Executions

    names = connections_in_use(session, dag_id)
    first = datetime.fromtimestamp(finding.first, timezone.utc) - _BEFORE
    changes = [
        Change("connection", at.timestamp(), f"a change of the connection {name}")
        for name, at in connection_changes(session, names, since=first)
    ]
    return Suspects(changes, _task_findings(Executions(session).history(dag_id, last=_RUNS)))


def _task_findings(history: RunHistory) -> Sequence[Sequence[AnomalyFinding]]:
    """What is odd in the durations of each task, as if the task alone were the DAG."""
    last: dict[str, dict[str, TaskTry]] = {}
    for item in history.tries:
        if item.state == "success" and item.started_at and item.ended_at and item.map_index < 0:
            last.setdefault(item.task_id, {})[item.run_id] = item
    spent = {task: sum(item.duration or 0.0 for item in of.values()) for task, of in last.items()}
    found = []
    for task in sorted(last, key=lambda name: (-spent[name], name))[:_TASKS]:
        runs = [
            replace(run, state="success", started_at=found_try.started_at, ended_at=found_try.ended_at, rows=None)
            for run in history.runs
            if (found_try := last[task].get(run.run_id)) is not None
        ]
        points = run_points(runs)
        stream = RunStream(RunCalendar(cadence_of([point.t for point in points])))
        found.append([one for point in points for one in stream.update(point).findings])
    return found
