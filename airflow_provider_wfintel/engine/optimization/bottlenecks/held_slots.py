"""Sensors that hold a slot while they wait, and sensors that look so rarely that they notice late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named

__all__ = ["DETECTOR", "RARE_LOOKS"]

_LEAST_WAIT = 5.0
_OFTEN = 2.0


def _held(case: Case) -> Iterable[Candidate]:
    """All sensors in poke mode together, as if they gave their slots back while they wait."""
    holding = [task for task in case.workload.tasks if task.kind == "poke" and task.awaited_after >= _LEAST_WAIT]
    if not holding:
        return
    names = [task.task_id for task in holding]
    freed = tuple(replace(task, kind="deferrable") if task.task_id in names else task for task in case.workload.tasks)
    longest = max(task.awaited_after for task in holding)
    yield Candidate(
        f"{len(names)} sensor{'s' if len(names) > 1 else ''} in poke mode hold a slot for up to {longest:.0f} s "
        f"({named(names)})",
        tuple(names),
        ((replace(case.workload, tasks=freed), case.deployment),),
    )


def _rare(case: Case) -> Iterable[Candidate]:
    """Sensors as if they looked every two seconds."""
    rare = [
        task
        for task in case.workload.tasks
        if task.kind in ("poke", "deferrable", "reschedule") and task.awaited_after > 0
        and task.poke_interval > 2 * _OFTEN
    ]  # fmt: skip
    if not rare:
        return
    names = [task.task_id for task in rare]
    often = tuple(
        replace(task, poke_interval=_OFTEN) if task.task_id in names else task for task in case.workload.tasks
    )
    longest = max(task.poke_interval for task in rare)
    yield Candidate(
        f"{len(names)} sensor{'s' if len(names) > 1 else ''} look every {longest:.0f} s and notice on average half of "
        f"that late ({named(names)})",
        tuple(names),
        ((replace(case.workload, tasks=often), case.deployment),),
    )


DETECTOR = Detector("sensors hold slots", _held, "free-sensor-slots")
RARE_LOOKS = Detector("sensor looks rarely", _rare, "look-more-often")
