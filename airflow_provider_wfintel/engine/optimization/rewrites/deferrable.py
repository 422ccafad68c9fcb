"""Hands the waiting of sensors to the triggerer: no slot is held, and no process either.

Only suggested, and done once a person confirms it as `deferrable`: a triggerer has to run, and apache/airflow issue 72716
(a deferred task whose worker reports late) is open in Airflow 3.3.2. Only classes that are known to take the argument.
"""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites

__all__ = ["REWRITE"]

CONFIRM = "deferrable"
_LEAST_WAIT = 30.0
_ABLE = frozenset(
    {
        "BigQueryTableExistenceSensor",
        "ExternalTaskSensor",
        "FileSensor",
        "GCSObjectExistenceSensor",
        "HttpSensor",
        "S3KeySensor",
        "TimeDeltaSensor",
        "WasbBlobSensor",
    }
)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    edits = Edits()
    names: list[str] = []
    for tasks in sites(draft):
        first = tasks[0]
        if first.operator.rpartition(".")[2] not in _ABLE or first.argument("deferrable") is not None:
            continue
        seen = [around.profile.task(task.task_id) for task in tasks]
        if max((item.ends_after for item in seen if item is not None), default=0.0) < _LEAST_WAIT:
            continue
        if set_arguments(draft, first, {"deferrable": "True"}, edits):
            names += [task.task_id for task in tasks]
    if not names:
        return []
    return [
        Proposal(
            "defer-sensors",
            f"let the triggerer wait instead of {len(names)} sensor{'s' if len(names) > 1 else ''}",
            "a waiting sensor holds a slot and a process",
            "what is waited for stays the same; a triggerer has to run",
            tuple(names[:5]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="medium",
            risk_note="needs a running triggerer; apache/airflow issue 72716 is open",
            tasks=tuple(names),
            suggestion=CONFIRM not in around.confirmed,
            confirm=CONFIRM,
        )
    ]


REWRITE = Rewrite("defer-sensors", frozenset({"performance", "cost", "hybrid"}), _propose, 0.05)
