"""Makes sensors look often enough to notice in time, and gives back the slots that they hold while they wait.

Reschedule mode is proposed with intervals of 10 s and more only: in Airflow 3.3.2 a sensor in that mode whose interval
equals `[workers] min_heartbeat_interval` (5 s) fails (apache/airflow issue 71172; 72716 is the like for deferral).
"""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.draft import (
    Draft,
    Proposal,
    Rewrite,
    Surroundings,
    seconds_in,
)
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.rewrites.text import quoted
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel

__all__ = ["FREE_SLOTS", "LOOK_OFTEN"]

_SHARE_OF_WAIT = 0.05
_SHORTEST = 2.0
_SAFE_RESCHEDULE = 10


def _propose_interval(draft: Draft, around: Surroundings) -> list[Proposal]:
    """Shorter intervals for sensors that look rarely compared with how long they wait."""
    edits = Edits()
    names: list[str] = []
    notes: list[str] = []
    for tasks in sites(draft):
        if tasks[0].role != "sensor" or tasks[0].argument("mode", "poke") != "poke" or tasks[0].argument("deferrable"):
            continue
        interval = seconds_in(tasks[0].argument("poke_interval"), 60.0)
        wait = max((_wait(task, around) for task in tasks), default=0.0)
        wanted = max(_SHORTEST, round(_SHARE_OF_WAIT * wait))
        if (
            wait > 0
            and wanted <= interval / 2
            and set_arguments(draft, tasks[0], {"poke_interval": f"{wanted:g}"}, edits)
        ):
            names += [task.task_id for task in tasks]
            notes.append(f"{tasks[0].task_id} looks every {interval:g} s and usually waits {wait:.0f} s")
    if not names:
        return []
    return [
        Proposal(
            "look-more-often",
            f"let {len(names)} sensor{'s' if len(names) > 1 else ''} look more often",
            "a sensor notices on average half an interval late",
            "what is waited for stays the same; only the time between two looks changes",
            tuple(notes),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="low",
            risk_note="the outside system is asked more often",
            tasks=tuple(names),
        )
    ]


def _wait(task: TaskModel, around: Surroundings) -> float:
    seen = around.profile.task(task.task_id)
    return seen.ends_after if seen is not None else 0.0


def _propose_reschedule(draft: Draft, around: Surroundings) -> list[Proposal]:
    """Reschedule mode for sensors that hold slots for long while other tasks want them."""
    edits = Edits()
    names: list[str] = []
    for tasks in sites(draft):
        if tasks[0].role != "sensor" or tasks[0].argument("mode", "poke") != "poke" or tasks[0].argument("deferrable"):
            continue
        interval = max(_SAFE_RESCHEDULE, round(seconds_in(tasks[0].argument("poke_interval"), 60.0)))
        if max(_wait(task, around) for task in tasks) < 3 * interval:
            continue
        arguments = {"mode": quoted("reschedule"), "poke_interval": str(interval)}
        if set_arguments(draft, tasks[0], arguments, edits):
            names += [task.task_id for task in tasks]
    if not names:
        return []
    return [
        Proposal(
            "free-sensor-slots",
            f"let {len(names)} sensor{'s' if len(names) > 1 else ''} give back the slot between two looks",
            "sensors in poke mode hold slots that other tasks wait for",
            "what is waited for stays the same; the interval is none of those that fail in reschedule mode",
            tuple(names[:5]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="medium",
            risk_note="apache/airflow issue 71172: keep the interval away from [workers] min_heartbeat_interval (5 s)",
            tasks=tuple(names),
        )
    ]


LOOK_OFTEN = Rewrite("look-more-often", frozenset({"performance", "hybrid"}), _propose_interval, 0.02)
FREE_SLOTS = Rewrite("free-sensor-slots", frozenset({"performance", "cost", "hybrid"}), _propose_reschedule, 0.12)
