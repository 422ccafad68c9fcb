"""What the engines conclude about DAGs, tasks and runs: findings with evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model.diagnoses import Evidence

__all__ = ["Finding", "Severity"]

Severity: TypeAlias = Literal["info", "warning", "error", "critical"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement about a DAG, task or run with what supports it.

    `kind` is the detector's name, `value` the measured figure and `expected` what it should be, if there is one.
    """

    kind: str
    dag_id: str
    message: str
    severity: Severity = "warning"
    task_id: str = ""
    run_id: str = ""
    value: float | None = None
    expected: float | None = None
    confidence: float = 1.0
    samples: int = 0
    evidence: tuple[Evidence, ...] = ()
