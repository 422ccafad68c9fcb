"""Notifications that others wait for: what follows a message does not need it to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.needless import REWRITE
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named, with_edges

__all__ = ["DETECTOR"]

_NAME = re.compile(
    r"^(?:send_|post_)?(?:notify|notification|mail|email|slack|alert|announce|message|teams|sms|ping|inform)(?:_|$)"
)
_OPERATOR = re.compile(r"^(?:Slack|Email|Smtp|Teams|Discord|Telegram|Opsgenie|Pagerduty|PagerDuty|Webhook).*Operator$")


def _find(case: Case) -> Iterable[Candidate]:
    """Tasks that send a message, and that others follow; without: these follow its predecessors."""
    notices = {
        task.task_id
        for task in case.workload.tasks
        if case.children[task.task_id] and task.kind == "task"
        and (_NAME.search(task.task_id.rpartition(".")[2].lower()) or _OPERATOR.match(case.operator_of(task.task_id)))
    }  # fmt: skip
    if not notices:
        return
    above = {task.task_id: task.upstream for task in case.workload.tasks}

    def real(name: str) -> Iterable[str]:
        return (found for parent in above[name] for found in real(parent)) if name in notices else (name,)

    edges = {
        (found, task.task_id) for task in case.workload.tasks for parent in task.upstream for found in real(parent)
    }
    names = sorted(notices)
    yield Candidate(
        f"{len(names)} task{'s' if len(names) > 1 else ''} send a message and others wait for it ({named(names)})",
        tuple(names),
        ((with_edges(case.workload, edges), case.deployment),),
    )


DETECTOR = Detector("notification in the way", _find, REWRITE)
