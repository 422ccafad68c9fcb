"""Pauses before retries that grow, instead of one long pause, with as much patience in all."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.retries import growing_pauses
from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set

__all__ = ["MEASURE"]

_LONG = 15.0


def _find(case: RunTimeCase) -> Change | None:
    """Tasks with failed tries and a long fixed pause."""
    sets: list[Set] = []
    notes: list[str] = []
    for task in case.workload.tasks:
        if task.task_id not in case.failing or task.retries < 1 or task.exponential or task.retry_delay < _LONG:
            continue
        count, first = growing_pauses(task.retries, task.retry_delay)
        if count <= task.retries and first >= task.retry_delay:
            continue
        sets += [
            Set(task.task_id, "retries", count, task.retries),
            Set(task.task_id, "retry_delay_seconds", first, task.retry_delay),
            Set(task.task_id, "retry_exponential_backoff", True, False),
            Set(task.task_id, "max_retry_delay_seconds", task.retry_delay),
        ]
        notes.append(
            f"{task.task_id}: {task.retries} retries every {task.retry_delay:g} s become {count} from {first:g} s"
        )
    if not sets:
        return None
    return Change(
        "retry-pauses",
        f"let the pauses before retries of {len(notes)} task{'s' if len(notes) > 1 else ''} grow",
        "history shows failed tries, and each waited a long fixed pause",
        tuple(sets),
        tuple(notes[:8]),
        "a task that is not idempotent is repeated more often; a system that is down is asked more often at first",
        confirm=True,
    )


MEASURE = Measure("retry-pauses", frozenset({"performance", "reliability", "hybrid"}), _find)
