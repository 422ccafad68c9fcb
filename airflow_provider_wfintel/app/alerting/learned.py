"""What is learned of a DAG after its runs, told to the alerts: anomalies, that there are none any more, and health."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.alerting.say import tell
from airflow_provider_wfintel.engine.monitoring.service import (
    AnomalyFinding,
    DagLabels,
    HealthScore,
    Reason,
    Seen,
    Verdict,
    seen_of_health,
    seen_of_verdict,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import WorkflowRun
    from airflow_provider_wfintel.store.repositories.dag_states import KnownDag

__all__ = ["tell_learned"]

_TELL_BACK = timedelta(days=1)
"""What ended longer ago is history: nobody is told of it."""
_BY = "collector"


def tell_learned(
    session: Session, known: KnownDag, runs: Iterable[WorkflowRun], found: Sequence[AnomalyFinding], *, now: datetime
) -> None:
    """Keep what was learned for the next step of the alert machine, in the transaction that keeps what was learned.

    Args:
        session: the session of that transaction; the caller commits.
        known: the DAG, with its present health.
        runs: its runs that were taken in.
        found: the anomalies that were found on the way.
        now: the present.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    ended = [(_moment(run.ended_at), run) for run in runs if run.ended_at]
    recent = sorted(((at, run.run_id) for at, run in ended if at >= now - _TELL_BACK), key=lambda item: item[0])
    slots = [item for item in found if not item.run_id and item.last >= (now - _TELL_BACK).timestamp()]
    if not recent and not slots:
        return
    tell(session, _seen(session, known, recent, found, slots), by=_BY, now=now)


def _seen(
    session: Session,
    known: KnownDag,
    recent: Sequence[tuple[datetime, str]],
    found: Sequence[AnomalyFinding],
    slots: Sequence[AnomalyFinding],
) -> Iterator[Seen]:
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    dag_id = known.dag_id
    labels = labels_of(session, [dag_id]).get(dag_id, DagLabels())
    told = bool(found) or _has_open_anomaly(session, dag_id)
    for slot in slots:
        name = f"slot {datetime.fromtimestamp(slot.last, tz=timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        verdict = Verdict("anomaly", findings=(slot,))
        yield from seen_of_verdict(verdict, dag_id=dag_id, run_id=name, at=slot.last, labels=labels)
    for at, run_id in recent:
        mine = tuple(item for item in found if item.run_id == run_id)
        # That all is well is news only where it was not.
        if mine or told:
            verdict = Verdict("anomaly" if mine else "normal", findings=mine)
            yield from seen_of_verdict(verdict, dag_id=dag_id, run_id=run_id, at=at.timestamp(), labels=labels)
    score = _score(known)
    if recent and score is not None:
        at, run_id = recent[-1]
        seen = seen_of_health(score, dag_id=dag_id, run_id=run_id, at=at.timestamp(), labels=labels)
        if seen is not None:
            yield seen


def _has_open_anomaly(session: Session, dag_id: str) -> bool:
    from airflow_provider_wfintel.store.repositories.alerts import AlertFilter, Alerts

    going_on = AlertFilter(dag_id=dag_id, status=("firing", "acknowledged", "silenced", "muted"))
    found, _ = Alerts(session).find(going_on, limit=500, offset=0)
    return any(item.kind.startswith("anomaly.") for item in found)


def _score(known: KnownDag) -> HealthScore | None:
    """The score that was just computed, from the form in which it is kept."""
    kept = known.health
    if known.score is None or not kept:
        return None
    reasons = tuple(Reason(str(item["name"]), str(item["text"]), float(item["points"])) for item in kept["reasons"])
    return HealthScore(
        score=known.score,
        failure_probability=float(kept["failure_probability"]),
        miss_probability=float(kept["miss_probability"]),
        runs=known.runs,
        enough_runs=bool(kept["enough_runs"]),
        reasons=reasons,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
