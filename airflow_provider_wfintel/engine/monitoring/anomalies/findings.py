"""What is reported: an anomaly with its window, both values, a score and the reason in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Evidence, Finding, Severity
from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Measured
from airflow_provider_wfintel.engine.monitoring.anomalies.points import AnomalyKind

__all__ = ["AnomalyFinding", "Cause", "Verdict", "VerdictState", "score_of", "severity_of"]

VerdictState: TypeAlias = Literal["not_enough_runs", "normal", "anomaly", "no_run_due"]


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause of a change point: what changed, when, and how sure that is."""

    kind: Literal["dag_version", "code", "connection", "siblings"]
    t: float
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class AnomalyFinding:
    """One anomaly.

    `first` and `last` are the due times of its window in seconds since the epoch; `observed` and `expected` are in
    seconds (`duration`, `delay`), rows, or runs. `score` is 2 / (1 + e^-x) for log odds x beyond the threshold: 1 is
    just an alert, 2 is certain.
    """

    kind: AnomalyKind
    severity: Severity
    first: float
    last: float
    measured: Measured
    observed: float | None
    expected: float | None
    score: float
    reason: str
    runs: int = 1
    run_id: str = ""
    causes: tuple[Cause, ...] = ()

    def as_finding(self, dag_id: str, *, task_id: str = "", samples: int = 0) -> Finding:
        """The same in the words that all engines share."""
        evidence = (Evidence("history", self.reason), *(Evidence("change", cause.text) for cause in self.causes))
        return Finding(
            kind=f"anomaly.{self.kind}",
            dag_id=dag_id,
            task_id=task_id,
            run_id=self.run_id,
            message=self.reason,
            severity=self.severity,
            value=self.observed,
            expected=self.expected,
            confidence=min(1.0, self.score / 2),
            samples=samples,
            evidence=evidence,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one point.

    `score` is the largest score of all detectors, also under 1; `runs_needed` says how many more runs a judgement
    takes where the state is `not_enough_runs`.
    """

    state: VerdictState
    score: float = 0.0
    findings: tuple[AnomalyFinding, ...] = ()
    runs_needed: int = 0

    @property
    def alert(self) -> bool:
        """Whether there is anything to report."""
        return bool(self.findings)


def score_of(log_odds: float) -> float:
    """Log odds beyond the threshold as a score from 0 to 2 with the threshold at 1."""
    return 2.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def severity_of(kind: AnomalyKind, observed: float | None, expected: float | None) -> Severity:
    """How bad it is, by consequence: nothing done and no run are errors, the rest is a warning unless it is huge."""
    if kind in ("missing_run", "too_short", "row_drop"):
        return "error"
    if observed and expected and max(observed / expected, expected / observed) >= 3 and kind != "late_start":
        return "error"
    return "warning"
