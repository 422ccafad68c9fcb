"""Runs whose figures are each within bounds, but not together: an isolation forest over the joint vector.

Liu, Ting and Zhou, "Isolation Forest" (2008), as scikit-learn has it. It needs a long history with all figures, costs
some hundred milliseconds, and is therefore asked now and then (by reports), not for every run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from airflow_provider_wfintel.engine.monitoring.anomalies.findings import AnomalyFinding, score_of
from airflow_provider_wfintel.engine.monitoring.anomalies.points import RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median, spread_of

__all__ = ["FEWEST_JOINT_RUNS", "unusual_mix"]

FEWEST_JOINT_RUNS = 60
_TREES = 100
_FAR = 4.0
"""The run must be this many robust spreads more isolated than the middle run, and more than every run before."""


def unusual_mix(points: Sequence[RunPoint]) -> AnomalyFinding | None:
    """Say whether the last run is unusual as a whole, seen against those before it.

    Args:
        points: the runs, oldest first; those without a duration, rows or delay do not count.

    Returns:
        A finding, or None if the run is usual, lacks a figure, or fewer than 60 complete runs came before.
    """
    complete = [point for point in points if point.ran and _vector(point) is not None]
    if len(complete) <= FEWEST_JOINT_RUNS or not points or complete[-1] is not points[-1]:
        return None
    import numpy as np
    from sklearn.ensemble import IsolationForest

    rows = np.array([_vector(point) for point in complete], dtype=float)
    middle = np.median(rows[:-1], axis=0)
    scale = np.maximum(np.median(np.abs(rows[:-1] - middle), axis=0), 0.01)
    rows = (rows - middle) / scale
    forest = IsolationForest(n_estimators=_TREES, random_state=0, n_jobs=1).fit(rows[:-1])
    isolation = (-forest.score_samples(rows)).tolist()
    past, now = isolation[:-1], isolation[-1]
    usual = median(past)
    distance = (now - usual) / spread_of(past, usual, 0.005)
    if now <= max(past) or distance < _FAR:
        return None
    return _finding(complete[-1], rows[-1].tolist(), len(past), distance)


def _finding(point: RunPoint, rests: list[float], before: int, distance: float) -> AnomalyFinding:
    names = ("duration", "rows", "start delay", "seconds per row")
    parts = sorted(zip(rests, names, strict=True), key=lambda pair: -abs(pair[0]))[:2]
    words = " and ".join(f"{name} {'high' if rest > 0 else 'low'}" for rest, name in parts)
    return AnomalyFinding(
        kind="unusual_mix",
        severity="info",
        first=point.t,
        last=point.t,
        measured="duration",
        observed=point.duration,
        expected=None,
        score=score_of(distance - _FAR),
        reason=f"no run of the {before} before has such a mix of figures: {words}",
        run_id=point.point_id,
    )


def _vector(point: RunPoint) -> tuple[float, float, float, float] | None:
    if point.duration is None or point.rows is None or point.delay is None:
        return None
    duration, rows = math.log(max(point.duration, 1e-3)), math.log(point.rows + 1)
    return duration, rows, math.log(max(point.delay, 0.0) + 1), duration - rows
