"""Use case: the anomalies of this deployment's DAGs, as the collector found them, and what people said of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.monitoring.facts import MARKED
from airflow_provider_wfintel.engine.monitoring.service import AnomalyFinding
from airflow_provider_wfintel.store.repositories.insights import Insight

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.paging import Place
    from airflow_provider_wfintel.store.repositories.insights import StoredInsight

__all__ = ["KnownAnomaly", "anomalies", "insight_of"]


@dataclass(frozen=True, slots=True)
class KnownAnomaly:
    """An anomaly with what is said about it. `mark` is `false_alarm`, `incident` or empty."""

    anomaly_id: str
    dag_id: str
    run_id: str
    kind: str
    severity: str
    message: str
    observed: float | None
    expected: float | None
    first: float | None
    last: float | None
    score: float | None
    causes: Sequence[Any]
    at: datetime
    mark: str


def insight_of(dag_id: str, finding: AnomalyFinding) -> Insight:
    """An anomaly as a row of the insights; the same anomaly found again is the same row."""
    window = {
        "first": finding.first,
        "last": finding.last,
        "measured": finding.measured,
        "score": round(finding.score, 3),
        "causes": [
            {"kind": item.kind, "at": item.t, "text": item.text, "confidence": item.confidence}
            for item in finding.causes
        ],
    }
    return Insight(
        kind=f"{MARKED}{finding.kind}",
        message=finding.reason,
        severity=finding.severity,
        dag_id=dag_id,
        run_id=finding.run_id,
        subject=f"{finding.last:.0f}",
        value=finding.observed,
        expected=finding.expected,
        samples=finding.runs,
        evidence=[window],
    )


def anomalies(
    session: Session,
    *,
    now: datetime,
    dag_ids: Collection[str] | None = None,
    days: float = 7.0,
    limit: int = 200,
    offset: int = 0,
    after: Place | None = None,
) -> Sequence[KnownAnomaly]:
    """Anomalies of runs that were due within the last days, the newest first.

    Args:
        session: a session on the metadata database.
        now: the present.
        dag_ids: only of these DAGs; None: of all.
        days: how far back.
        limit: at most so many.
        offset: how many to leave out.
        after: only those after this place.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.feedback import FeedbackNotes
    from airflow_provider_wfintel.store.repositories.insights import Insights

    rows = Insights(session).stored(
        dag_ids=dag_ids,
        kind_prefix=MARKED,
        since=now - timedelta(days=days),
        limit=limit,
        offset=offset,
        after=after,
    )
    notes = FeedbackNotes(session).of_each("insight", [row.fingerprint for row in rows])
    said = {note.subject_id: note.verdict for note in notes}
    words = {"rejected": "false_alarm", "accepted": "incident"}
    return [_known(row, words.get(said.get(row.fingerprint, ""), "")) for row in rows]


def _known(row: StoredInsight, mark: str) -> KnownAnomaly:
    window = row.evidence[0] if row.evidence else {}
    return KnownAnomaly(
        anomaly_id=row.fingerprint,
        dag_id=row.dag_id,
        run_id=row.run_id,
        kind=row.kind.removeprefix(MARKED),
        severity=row.severity,
        message=row.message,
        observed=row.value,
        expected=row.expected,
        first=window.get("first"),
        last=window.get("last"),
        score=window.get("score"),
        causes=window.get("causes", ()),
        at=row.last_seen_at,
        mark=mark,
    )
