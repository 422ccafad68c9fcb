"""Retries for tasks that have none, where history shows that they fail and that the next run of them succeeds."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set

__all__ = ["MEASURE"]

_RETRIES, _FIRST_SECONDS = 3, 10.0


def _find(case: RunTimeCase) -> Change | None:
    over: dict[str, set[str]] = {}
    for item in case.history.tries:
        over.setdefault(item.task_id, set()).add(item.state)
    names = [
        task.task_id
        for task in case.workload.tasks
        if task.retries == 0 and task.task_id in case.failing and "success" in over.get(task.task_id, ())
    ]
    if not names:
        return None
    sets = [
        item
        for name in names
        for item in (
            Set(name, "retries", _RETRIES, 0),
            Set(name, "retry_delay_seconds", _FIRST_SECONDS),
            Set(name, "retry_exponential_backoff", True),
        )
    ]
    return Change(
        "more-retries",
        f"give {len(names)} failing task{'s' if len(names) > 1 else ''} {_RETRIES} retries",
        "they fail at times and succeed at others, and nothing repeats them",
        tuple(sets),
        tuple(names[:8]),
        "a task that is not idempotent must not be repeated",
        confirm=True,
    )


MEASURE = Measure("more-retries", frozenset({"reliability", "hybrid"}), _find)
