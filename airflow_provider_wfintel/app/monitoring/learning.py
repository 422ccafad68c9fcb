"""What is learned from the runs of one DAG: its health, and what is usual for its scheduled runs.

`rebuilt` learns from the history, `advanced` from runs that ended since; both give the DAG's row and the anomalies
found on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import (
    CHANGE_POINTS,
    SLOT_SECONDS,
    AnomalyFinding,
    Change,
    HealthScore,
    HealthTracker,
    Mark,
    Recalibration,
    RunCalendar,
    RunPoint,
    RunStream,
    cadence_of,
    outcome_of,
    run_points,
    with_causes,
    with_empty_slots,
)

if TYPE_CHECKING:
    from airflow_provider_wfintel.store.repositories.dag_states import EndedRun, KnownDag

__all__ = ["LAST_RUNS", "Facts", "Suspects", "advanced", "missed_slot", "rebuilt", "score_as_json"]

LAST_RUNS = 150
"""So many runs of the history are learned from."""
_MOST_GRACE = 3600.0


@dataclass(frozen=True, slots=True)
class Suspects:
    """More changes than those of the DAG's code, and what was found in the durations of each of its tasks."""

    changes: Sequence[Change] = ()
    tasks: Sequence[Sequence[AnomalyFinding]] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the runs.

    Attributes:
        deadline: seconds after a run is due.
        recalibration: correction of probabilities by this deployment's outcomes.
        changes: what was changed when.
        suspects: what else may have caused a change point; it is asked for those only, since it costs a look at tries.
        marks: what people said of earlier findings.
        country: whose public holidays count, ISO 3166; empty for none.
        zone: time zone in which days begin.
    """

    deadline: float | None = None
    recalibration: Recalibration | None = None
    changes: Sequence[Change] = ()
    suspects: Callable[[AnomalyFinding], Suspects] | None = None
    marks: Sequence[Mark] = ()
    country: str = ""
    zone: str = "UTC"


def rebuilt(known: KnownDag, runs: Sequence[EndedRun], tasks: int, facts: Facts) -> list[AnomalyFinding]:
    """Learn all of a DAG anew; `known` is changed.

    Args:
        known: its row.
        runs: the newest runs that are over, in the order in which they were due.
        tasks: number of its tasks.
        facts: what else is known.

    Returns:
        The anomalies among these runs, oldest first.
    """
    tracker = HealthTracker(max(1, tasks))
    for item in runs:
        tracker.observe(outcome_of(item.run, item.retries, deadline=facts.deadline))
    _take_health(known, tracker, facts)
    points = run_points([item.run for item in runs])
    cadence = cadence_of([point.t for point in points])
    stream = RunStream(RunCalendar(cadence, facts.country, facts.zone))
    found = _watch(known, stream, with_empty_slots(points, cadence=cadence), facts, facts.marks)
    known.seen = max((item.place for item in runs), default=known.seen)
    return found


def advanced(known: KnownDag, runs: Sequence[EndedRun], facts: Facts) -> list[AnomalyFinding]:
    """Take in runs that ended since, in any order; `known` is changed.

    Raises:
        UserInputError: what was stored is damaged or of another version; `rebuilt` learns it anew.
    """
    tracker = HealthTracker.from_json(known.tracker or {})
    stream = RunStream.from_state(known.stream or {})
    new = [item for item in runs if item.place > known.seen]
    for item in sorted(new, key=lambda item: item.run.ended_at):
        tracker.observe(outcome_of(item.run, item.retries, deadline=facts.deadline))
    _take_health(known, tracker, facts)
    points = list(run_points([item.run for item in new]))
    if points and known.last_due_at is not None:
        before = RunPoint(known.last_due_at.timestamp(), ran=False)
        if points[0].t > before.t:
            points = list(with_empty_slots([before, *points], cadence=stream.calendar.cadence))[1:]
    found = _watch(known, stream, points, facts, ())
    known.seen = max((item.place for item in new), default=known.seen)
    return found


def missed_slot(known: KnownDag, now: datetime, facts: Facts) -> list[AnomalyFinding]:
    """Take in that no run came for the next slot until `now`; `known` is changed.

    Raises:
        UserInputError: what was stored is damaged or of another version.
    """
    stream = RunStream.from_state(known.stream or {})
    step = SLOT_SECONDS.get(stream.calendar.cadence)
    if step is None or known.last_due_at is None:
        known.next_slot_at = None
        return []
    t, points = known.last_due_at.timestamp(), []
    while t + step + _grace(step) <= now.timestamp():
        t += step
        points.append(RunPoint(t, ran=False))
    return _watch(known, stream, points, facts, ())


def score_as_json(score: HealthScore) -> dict[str, object]:
    """A score for people: probabilities and reasons."""
    return {
        "failure_probability": round(score.failure_probability, 4),
        "miss_probability": round(score.miss_probability, 4),
        "bad_probability": round(score.bad_probability, 4),
        "enough_runs": score.enough_runs,
        "reasons": [{"name": item.name, "text": item.text, "points": item.points} for item in score.reasons],
    }


def _take_health(known: KnownDag, tracker: HealthTracker, facts: Facts) -> None:
    known.deadline_seconds = facts.deadline
    known.tracker, known.runs = tracker.as_json(), tracker.runs
    if not tracker.runs:
        known.score, known.health = None, {}
        return
    score = tracker.health(deadline=facts.deadline, recalibration=facts.recalibration)
    known.score, known.health = round(score.score, 3), score_as_json(score)


def _watch(
    known: KnownDag, stream: RunStream, points: Sequence[RunPoint], facts: Facts, marks: Sequence[Mark]
) -> list[AnomalyFinding]:
    waiting = sorted(marks, key=lambda mark: mark.last)
    found: list[AnomalyFinding] = []
    before = None if known.last_due_at is None else known.last_due_at.timestamp()
    for point in points:
        while waiting and waiting[0].last < point.t:
            stream.mark(waiting.pop(0))
        for finding in stream.update(point).findings:
            found.append(_explained(finding, facts, stream, before))
        before = point.t if before is None else max(before, point.t)
    for mark in waiting:
        stream.mark(mark)
    known.stream = stream.state_dict()
    known.last_due_at = None if before is None else datetime.fromtimestamp(before, timezone.utc)
    step = SLOT_SECONDS.get(stream.calendar.cadence)
    known.next_slot_at = (
        None if step is None or before is None else datetime.fromtimestamp(before + step + _grace(step), timezone.utc)
    )
    return found


def _explained(finding: AnomalyFinding, facts: Facts, stream: RunStream, before: float | None) -> AnomalyFinding:
    more = Suspects()
    if facts.suspects is not None and finding.kind in CHANGE_POINTS:
        more = facts.suspects(finding)
    changes = (*facts.changes, *more.changes)
    # Not the run before the one that showed it: a shift begins some runs before it is seen.
    first = finding.first
    around = {"run_before": stream.run_before(first) or before, "run_after": stream.run_after(first)}
    return with_causes(finding, changes=changes, **around, siblings=more.tasks, of_dag=True)


def _grace(step: float) -> float:
    """How late a run may come before it counts as missing."""
    return min(_MOST_GRACE, 0.25 * step)
