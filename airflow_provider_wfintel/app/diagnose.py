"""The use case of the fourth verb: why a try failed, as JSON carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import Diagnosis

__all__ = ["diagnose_log", "diagnosis_to_dict", "get_ready"]

_SAMPLE = """\
{"level":"info","event":"DAG bundles loaded","logger":"airflow.models.dagbag"}
{"level":"warning","event":"retrying https://shop.example/orders: connection timed out"}
{"level":"error","event":"Task failed with exception","logger":"task","error_detail":[{"exc_type":"RuntimeError",\
"exc_value":"could not load: no such file, permission denied, connection refused","is_cause":false,\
"frames":[{"filename":"/dags/orders.py","lineno":7,"name":"load"}]}]}
[2026-01-01, 00:00:03 UTC] {taskinstance.py:1} ERROR - failed: password=none, error code 1
Traceback (most recent call last):
  File "/dags/orders.py", line 7, in load
KeyError: 'qty'
"""
_TRANSIENT = {True: "transient", False: "permanent", None: "unknown"}


def diagnose_log(text: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The diagnosis of a log and of what is known beside it; secrets are masked before anything is read."""
    from airflow_provider_wfintel.engine.troubleshooting import service

    return diagnosis_to_dict(service.diagnose(text, facts))


def get_ready() -> None:
    """Load what the first diagnosis of a process needs: modules, the index of signatures, the common patterns."""
    diagnose_log(_SAMPLE)


def diagnosis_to_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as JSON carries it."""
    return {
        "label": diagnosis.label,
        "ranked": [cause.label for cause in diagnosis.ranked] or [diagnosis.label],
        "confidence": round(diagnosis.confidence, 4),
        "group": diagnosis.group,
        "evidence": [item.text for item in diagnosis.evidence],
        "transient": _TRANSIENT[diagnosis.transient],
        "action": diagnosis.action,
        "remedies": list(diagnosis.remedies),
        "explanation": diagnosis.explanation,
        "steps": list(diagnosis.steps),
        "fix_location": diagnosis.fix_location,
        "probabilities": [round(cause.probability, 4) for cause in diagnosis.ranked],
        "signatures": list(diagnosis.signatures),
        "circumstances": list(diagnosis.circumstances),
    }
