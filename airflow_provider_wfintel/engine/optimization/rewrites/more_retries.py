"""Retries with back-off for tasks that have none, where history shows that they fail and that later runs succeed.

Nothing in a file says that a task may be repeated, so a person has to confirm it as `more-retries`; tasks that are named
as not to be repeated are left out.
"""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.rewrites.stated import without_once
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel

__all__ = ["CONFIRM", "REWRITE"]

CONFIRM = "more-retries"
_RETRIES, _FIRST_SECONDS, _LONGEST_MINUTES = 3, 10, 5


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    edits = Edits()
    names: list[str] = []
    for tasks in sites(draft):
        if not any(_fails_at_times(draft, task, around) for task in tasks):
            continue
        if any(task.argument("retries") not in (None, 0) or task.role != "work" for task in tasks):
            continue
        if not without_once(draft, tasks, around.limits):
            continue
        arguments = {
            "retries": str(_RETRIES),
            "retry_delay": f"timedelta(seconds={_FIRST_SECONDS})",
            "retry_exponential_backoff": "True",
            "max_retry_delay": f"timedelta(minutes={_LONGEST_MINUTES})",
        }
        if set_arguments(draft, tasks[0], arguments, edits):
            names += [task.task_id for task in tasks]
    if not names or not import_name(draft, "datetime", "timedelta", edits):
        return []
    return [
        Proposal(
            "add-retries",
            f"repeat {len(names)} failing task{'s' if len(names) > 1 else ''} up to {_RETRIES} times with growing pauses",
            "they fail at times and succeed at others, and nothing repeats them",
            "a person has confirmed that they may be repeated"
            if CONFIRM in around.confirmed
            else "only a person knows whether they may be repeated",
            tuple(f"{name}: {_share(name, around)} of its tries failed" for name in names[:8]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="medium",
            risk_note="a task that is not idempotent must not be repeated",
            tasks=tuple(names),
            suggestion=CONFIRM not in around.confirmed,
            confirm=CONFIRM,
        )
    ]


def _fails_at_times(draft: Draft, task: TaskModel, around: Surroundings) -> bool:
    return any(
        part.task_id in around.failing and around.durations.get(part.task_id) for part in draft.parts_of(task.task_id)
    )


def _share(name: str, around: Surroundings) -> str:
    seen = around.profile.task(name)
    return f"{seen.failure_rate:.0%}" if seen is not None else "some"


REWRITE = Rewrite("add-retries", frozenset({"reliability", "hybrid"}), _propose)
