"""Timeouts from quantiles: a task that hangs ends at a time that none of its runs has come near.

The simulator knows no task that hangs, so a person has to confirm it as `timeouts`.
"""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.run_time.timeouts import timeout_of

__all__ = ["CONFIRM", "REWRITE"]

CONFIRM = "timeouts"


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    """One limit for every place where tasks are made: the largest that one of its tasks asks for."""
    edits = Edits()
    names: list[str] = []
    notes: list[str] = []
    for tasks in sites(draft):
        # Sensors wait for others and have a timeout of their own; what was merged or split has no history of its own.
        if any(task.role != "work" or task.task_id in draft.parts for task in tasks):
            continue
        if any(task.argument("execution_timeout") is not None for task in tasks):
            continue
        seen = [list(around.durations.get(task.task_id, ())) for task in tasks]
        limits = [timeout_of(item) for item in seen]
        if any(limit is None for limit in limits):
            continue
        limit = max(limit for limit in limits if limit is not None)
        if set_arguments(draft, tasks[0], {"execution_timeout": f"timedelta(minutes={limit / 60:g})"}, edits):
            names += [task.task_id for task in tasks]
            longest = max(max(item) for item in seen)
            notes.append(
                f"{tasks[0].task_id}: the longest of {sum(map(len, seen))} tries took {longest:.0f} s, "
                f"the limit is {limit:.0f} s"
            )
    if not names or not import_name(draft, "datetime", "timedelta", edits):
        return []
    return [
        Proposal(
            "set-timeouts",
            f"end {len(names)} task{'s' if len(names) > 1 else ''} if {'they hang' if len(names) > 1 else 'it hangs'}, "
            "at limits from the quantiles of their run times",
            "without execution_timeout a task that hangs holds its slot until somebody notices",
            "three times the 99 % quantile and at least twice the longest try: no recorded try would have been ended",
            tuple(notes[:8]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="low",
            risk_note="a run with many times the usual data is ended too",
            tasks=tuple(names),
            suggestion=CONFIRM not in around.confirmed,
            confirm=CONFIRM,
            unseen=True,
        )
    ]


REWRITE = Rewrite("set-timeouts", frozenset({"reliability", "hybrid", "cost"}), _propose)
