"""From runs and tries as Airflow records them to the outcomes that a health score learns from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.health.tracker import HealthTracker
from airflow_provider_wfintel.engine.monitoring.health.values import RunOutcome
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["outcome_of", "outcomes", "track_history"]


def outcomes(dag_id: str, history: RunHistory, *, deadline: float | None = None) -> tuple[RunOutcome, ...]:
    """How the runs of a DAG ended, in the order in which they were due; runs that go on are left out.

    Raises:
        UserInputError: a time of a run is none, or has no offset.
    """
    tries: dict[str, list[TaskTry]] = {}
    for item in history.tries:
        if item.dag_id == dag_id:
            tries.setdefault(item.run_id, []).append(item)
    over = [run for run in history.runs if run.dag_id == dag_id and run.state in ("success", "failed") and run.ended_at]
    dated = sorted(((_due(run), run) for run in over), key=lambda pair: (pair[0], pair[1].run_id))
    return tuple(
        outcome_of(run, sum(item.try_number > 1 for item in tries.get(run.run_id, ())), deadline=deadline)
        for _, run in dated
    )


def track_history(history: RunHistory, *, deadlines: Mapping[str, float] | None = None) -> dict[str, HealthTracker]:
    """A tracker for every DAG that has ended runs, having seen all of them.

    Args:
        history: runs and tries of any number of DAGs.
        deadlines: seconds after a run is due until which it must be over, by DAG id.
    """
    tasks: dict[str, set[str]] = {}
    for item in history.tries:
        tasks.setdefault(item.dag_id, set()).add(item.task_id)
    trackers = {}
    for dag_id in sorted({run.dag_id for run in history.runs}):
        found = outcomes(dag_id, history, deadline=(deadlines or {}).get(dag_id))
        if found:
            trackers[dag_id] = HealthTracker(max(1, len(tasks.get(dag_id, ()))))
            for outcome in found:
                trackers[dag_id].observe(outcome)
    return trackers


def outcome_of(run: WorkflowRun, retries: int, *, deadline: float | None = None) -> RunOutcome:
    """How a run ended.

    Args:
        run: a run that is over.
        retries: tries beyond the first of each of its tasks.
        deadline: seconds after it was due until which it had to be over.

    Raises:
        UserInputError: a time of the run is none, or has no offset.
    """
    due = _due(run)
    seconds = max(0.0, (_time(run.ended_at) - due).total_seconds())
    return RunOutcome(run.state == "success", seconds, retries, deadline, due.weekday())


def _due(run: WorkflowRun) -> datetime:
    return _time(run.run_after or run.queued_at or run.started_at)


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UserInputError(f"{text!r} is no time", hint="give ISO 8601 with an offset") from error
    if found.tzinfo is None:
        raise UserInputError(f"{text!r} has no offset", hint="give ISO 8601 with an offset, such as +00:00")
    return found
