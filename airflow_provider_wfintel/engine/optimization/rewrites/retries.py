"""Replaces a long fixed pause before a retry by pauses that grow, with as much patience in all.

Only where history shows failed tries that a later try made good. The number of retries grows with the pauses getting
shorter, so that an outage that the old setting would have outlasted is outlasted by the new one, too.
"""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.optimization.rewrites.draft import (
    Draft,
    Proposal,
    Rewrite,
    Surroundings,
    seconds_in,
)
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.rewrites.stated import without_once

__all__ = ["REWRITE", "growing_pauses"]

_FIRST_SECONDS = 2.0
_LEAST_PAUSE = 8.0
_MOST_RETRIES = 12


def growing_pauses(retries: int, delay: float) -> tuple[int, float]:
    """Number of retries and first pause (s), doubling up to `delay`, whose sum is no less than `retries * delay`."""
    first = max(1.0, min(_FIRST_SECONDS, delay / 4))
    patience, total, count, pause = retries * delay, 0.0, 0, first
    while total < patience and count < _MOST_RETRIES:
        total += min(pause, delay)
        pause *= 2
        count += 1
    return max(count, retries), first


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    edits = Edits()
    names: list[str] = []
    notes: list[str] = []
    for tasks in sites(draft):
        if not any(part.task_id in around.failing for task in tasks for part in draft.parts_of(task.task_id)):
            continue
        if not without_once(draft, tasks, around.limits):
            continue
        task = tasks[0]
        retries, delay = task.argument("retries"), seconds_in(task.argument("retry_delay"), 300.0)
        if (
            not isinstance(retries, int)
            or retries < 1
            or delay < _LEAST_PAUSE
            or task.argument("retry_exponential_backoff")
        ):
            continue
        if task.argument("retry_policy") is not None:
            continue
        count, first = growing_pauses(retries, delay)
        arguments = {
            "retries": str(count),
            "retry_delay": f"timedelta(seconds={first:g})",
            "retry_exponential_backoff": "True",
            "max_retry_delay": f"timedelta(seconds={math.ceil(delay)})",
        }
        if set_arguments(draft, task, arguments, edits):
            names += [item.task_id for item in tasks]
            notes.append(
                f"{task.task_id}: {retries} retries every {delay:g} s become {count}, from {first:g} s up to {delay:g} s"
            )
    if not names or not import_name(draft, "datetime", "timedelta", edits):
        return []
    return [
        Proposal(
            "grow-retry-pauses",
            f"let the pauses before retries of {len(names)} task{'s' if len(names) > 1 else ''} grow instead of being long at once",
            "history shows failed tries that were made good later; each cost a long fixed pause",
            "the task is tried at least as often and for at least as long as before",
            tuple(notes[:8]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="low",
            risk_note="a system that is down is asked more often at first",
            tasks=tuple(names),
        )
    ]


REWRITE = Rewrite("grow-retry-pauses", frozenset({"performance", "reliability", "hybrid"}), _propose)
