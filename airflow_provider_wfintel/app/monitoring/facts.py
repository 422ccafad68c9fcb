"""What the learning of a DAG needs beside its runs: deadline, calibration, changes, marks of people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from airflow_provider_wfintel.app.monitoring.learning import Facts
from airflow_provider_wfintel.engine.monitoring.service import AnomalyKind, Change, Mark, Recalibration

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["CALIBRATION", "MARKED", "calibration", "changes_of", "facts_of", "marks_of", "with_history"]

CALIBRATION = "health-calibration"
MARKED = "anomaly."
"""Kinds of insights that can be marked begin so."""
_KINDS = frozenset(get_args(AnomalyKind))


def facts_of(
    session: Session, dag_ids: Collection[str], *, country: str = "", zone: str = "UTC"
) -> Mapping[str, Facts]:
    """The facts that are the same for all runs of these DAGs, by DAG id."""
    from airflow_provider_wfintel.host.dag_facts import deadline_seconds

    deadlines, fitted = deadline_seconds(session, dag_ids), calibration(session)
    return {dag_id: Facts(deadlines.get(dag_id), fitted, country=country, zone=zone) for dag_id in dag_ids}


def with_history(session: Session, dag_id: str, facts: Facts) -> Facts:
    """The facts with what was changed when, and what people said of earlier findings."""
    return replace(facts, changes=changes_of(session, dag_id), marks=marks_of(session, dag_id))


def changes_of(session: Session, dag_id: str) -> Sequence[Change]:
    """The versions of a DAG as changes."""
    from airflow_provider_wfintel.host.dag_facts import versions_of

    return [
        Change("dag_version", item.at.timestamp(), f"version {item.number} of the DAG")
        for item in versions_of(session, dag_id)
        if item.number > 1
    ]


def marks_of(session: Session, dag_id: str) -> Sequence[Mark]:
    """What people said of the anomalies of a DAG: rejected is a false alarm, accepted an incident.

    Of several people's notes on one finding the newest counts.
    """
    from airflow_provider_wfintel.store.repositories.feedback import FeedbackNotes
    from airflow_provider_wfintel.store.repositories.insights import Insights

    rows = Insights(session).stored(dag_ids=[dag_id], kind_prefix=MARKED, limit=1000)
    notes = {n.subject_id: n for n in FeedbackNotes(session).of_each("insight", [row.fingerprint for row in rows])}
    found = []
    for row in rows:
        note, kind = notes.get(row.fingerprint), row.kind.removeprefix(MARKED)
        window = row.evidence[0] if row.evidence else {}
        if note is None or note.verdict == "corrected" or kind not in _KINDS or "first" not in window:
            continue
        opinion = "false_alarm" if note.verdict == "rejected" else "incident"
        found.append(Mark(kind, opinion, float(window["first"]), float(window["last"])))  # type: ignore[arg-type]
    return found


def calibration(session: Session) -> Recalibration | None:
    """What the outcomes of this deployment correct; None before the first fit."""
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

    state = LearnedStates(session).get(CALIBRATION)
    if not state:
        return None
    return Recalibration(float(state["shift"]), float(state["stretch"]), int(state["runs"]))
