"""A retry policy that reads the exception: what cannot pass fails at once, what may pass is tried again with patience.

For tasks that history has seen fail and that have retries. What it saves depends on why they fail, which the simulator
does not know, and the file then needs this package where it runs: a person confirms it as `retry-policy`.
"""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites

__all__ = ["CONFIRM", "REWRITE"]

CONFIRM = "retry-policy"
_MODULE, _NAME = "airflow_provider_wfintel.policies.diagnosis_retry_policy", "DiagnosisRetryPolicy"


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    edits = Edits()
    names: list[str] = []
    for tasks in sites(draft):
        if not any(part.task_id in around.failing for task in tasks for part in draft.parts_of(task.task_id)):
            continue
        retries = tasks[0].argument("retries")
        if not isinstance(retries, int) or retries < 1 or tasks[0].argument("retry_policy") is not None:
            continue
        if set_arguments(draft, tasks[0], {"retry_policy": f"{_NAME}()"}, edits):
            names += [task.task_id for task in tasks]
    if not names or not import_name(draft, _MODULE, _NAME, edits):
        return []
    return [
        Proposal(
            "set-retry-policy",
            f"let the exception decide whether {len(names)} failing task{'s are' if len(names) > 1 else ' is'} tried again",
            "a try that fails for good uses up all retries and their pauses before anybody hears of it",
            "below its wanted confidence the policy leaves the task's own settings as they are; it adds no retries",
            tuple(names[:8]),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="low",
            risk_note="the file then imports airflow_provider_wfintel, which has to be installed where tasks run",
            tasks=tuple(names),
            suggestion=CONFIRM not in around.confirmed,
            confirm=CONFIRM,
            unseen=True,
        )
    ]


REWRITE = Rewrite("set-retry-policy", frozenset({"reliability", "hybrid"}), _propose)
