"""Likely causes of a change point, from facts: what was changed when, and which other tasks changed with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from airflow_provider_wfintel.engine.monitoring.anomalies.findings import AnomalyFinding, Cause

__all__ = ["CHANGE_POINTS", "Change", "with_causes"]

CHANGE_POINTS = ("level_shift", "drift", "variance")
_TOGETHER = 0.5
"""From this share of the sibling tasks on, a change is not the task's own."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the deployment at the time `t` (seconds since the epoch), said in words: `version 7 of the DAG`."""

    kind: Literal["dag_version", "code", "connection"]
    t: float
    text: str


def with_causes(
    finding: AnomalyFinding,
    *,
    changes: Sequence[Change] = (),
    run_before: float | None = None,
    run_after: float | None = None,
    siblings: Sequence[Sequence[AnomalyFinding]] = (),
    of_dag: bool = False,
) -> AnomalyFinding:
    """The finding with its likely causes, the surest first. Findings that are no change points come back as they are.

    A change is a suspect if it came after the last run at the old level and not after the first at the new one. Each
    suspect has an equal share of what is left when sibling tasks that changed together have had theirs.

    Args:
        finding: the change point; `first` is its first run.
        changes: all known changes, in any order.
        run_before: due time of the last run before the change point; without it, suspects lie within the length of
            the finding's window before it, a day at least.
        run_after: due time of the run after the first at the new level: the place of a shift is known within a run.
        siblings: for each other task of the DAG its findings; of a finding about the DAG, for each task.
        of_dag: whether the finding is about the runs of the DAG and not of one task.
    """
    if finding.kind not in CHANGE_POINTS:
        return finding
    begin = run_before if run_before is not None else finding.first - max(86_400.0, finding.last - finding.first)
    # A drift or a scatter starts before it is seen, so its window is searched as well.
    shifted = finding.first if run_after is None else run_after
    end = shifted if finding.kind == "level_shift" else finding.last
    causes = _siblings(finding, siblings, begin, of_dag=of_dag)
    left = 1.0 - sum(cause.confidence for cause in causes)
    suspects = sorted((change for change in changes if begin <= change.t <= end), key=lambda change: -change.t)
    for change in suspects:
        share = 0.8 * left / len(suspects)
        causes.append(Cause(change.kind, change.t, f"{change.text} came right before", round(share, 3)))
    causes.sort(key=lambda cause: -cause.confidence)
    return replace(finding, causes=tuple(causes))


def _siblings(
    finding: AnomalyFinding, siblings: Sequence[Sequence[AnomalyFinding]], begin: float, *, of_dag: bool
) -> list[Cause]:
    """The share of the other tasks with a change point in the same time and direction, if it is large."""
    same = [findings for findings in siblings if any(_changed_with(finding, other, begin) for other in findings)]
    if not siblings or len(same) < 2 or len(same) / len(siblings) < _TOGETHER:
        return []
    others, rest = ("tasks", "not one of them") if of_dag else ("other tasks", "not this task")
    text = f"{len(same)} of {len(siblings)} {others} changed at the same time: something they share, {rest}"
    return [Cause("siblings", finding.first, text, round(0.6 * len(same) / len(siblings), 3))]


def _changed_with(finding: AnomalyFinding, other: AnomalyFinding, begin: float) -> bool:
    """Whether another task's finding is a change point of the same time and direction."""
    same_time = other.last >= begin and other.first <= finding.last
    return other.kind in CHANGE_POINTS and same_time and _rose(other) == _rose(finding)


def _rose(finding: AnomalyFinding) -> bool:
    return (finding.observed or 0.0) >= (finding.expected or 0.0)
