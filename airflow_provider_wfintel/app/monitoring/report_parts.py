"""Parts of the performance report beyond its figures: what has changed, failures looked into, plans that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import ReportBar, ReportChart, ReportTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.metrics import Overview
    from airflow_provider_wfintel.store.repositories.sums import Sums

__all__ = ["failures_looked_into", "movers", "over_time", "waiting_plans"]

_ROWS = 10
_FEWEST_RUNS = 3
"""Runs on either side below which a change is chance."""
_LONGER, _SHARE = 0.2, 0.1
"""Changes that are told: of the mean length of a run, relative; of the share of failed runs, absolute."""
_BY_REMEDY, _BY_PERSON = "auto_resolved", "resolved"


def over_time(figures: Overview) -> tuple[ReportChart, ...]:
    """Runs and hours of slots by day (or hour)."""
    form = "%Y-%m-%d" if figures.window_seconds >= 86_400 else "%m-%d %H:%M"
    named = [(f"{start:{form}}", one) for start, one in figures.series]
    runs = tuple(ReportBar(label, one.runs, one.failed_runs) for label, one in named)
    slots = tuple(ReportBar(label, round(one.slot_seconds / 3600, 2)) for label, one in named)
    return ReportChart("Runs over time", "runs", runs, "failed"), ReportChart("Use of slots", "slot-hours", slots)


def movers(now: Mapping[str, Sums], before: Mapping[str, Sums], days: float) -> ReportTable:
    """DAGs whose runs changed in length, or in how often they fail, against the time of equal length before."""
    found = [line for dag_id in sorted(now) if dag_id in before for line in _moves(dag_id, now[dag_id], before[dag_id])]
    found.sort(key=lambda item: (-item[0], item[1]))
    columns = ("DAG", "what", "before", "now")
    return ReportTable("Movers", columns, tuple(line for _, line in found[:_ROWS]), f"as in the {days:g} days before")


def _moves(dag_id: str, now: Sums, before: Sums) -> Iterator[tuple[float, tuple[str, ...]]]:
    """How much, and the row."""
    if min(now.runs, before.runs) < _FEWEST_RUNS:
        return
    was, took = before.makespan_seconds / before.runs, now.makespan_seconds / now.runs
    if was > 0 and abs(took / was - 1) >= _LONGER:
        word = "runs take longer" if took > was else "runs are shorter"
        yield abs(took / was - 1), (dag_id, word, f"{was / 60:.1f} min", f"{took / 60:.1f} min")
    failed_before, failed = before.failed_runs / before.runs, now.failed_runs / now.runs
    if abs(failed - failed_before) >= _SHARE:
        word = "fails more often" if failed > failed_before else "fails less often"
        yield abs(failed - failed_before), (dag_id, word, f"{failed_before:.0%}", f"{failed:.0%}")


def failures_looked_into(
    session: Session, *, since: datetime, dag_ids: Collection[str] | None = None
) -> tuple[str, ReportTable]:
    """The share of failed tries that were resolved, in one sentence, and what became of them by cause.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    causes, ends = Counter[str](), Counter[tuple[str, str]]()
    for (label, status), count in TroubleshootingSessions(session).outcomes(since, dag_ids).items():
        causes[label or "unknown"] += count
        ends[label or "unknown", status] += count
    rows = tuple(
        (
            label.replace("_", " "),
            str(count),
            str(ends[label, _BY_REMEDY]),
            str(ends[label, _BY_PERSON]),
            str(count - ends[label, _BY_REMEDY] - ends[label, _BY_PERSON]),
        )
        for label, count in sorted(causes.items(), key=lambda item: (-item[1], item[0]))[:_ROWS]
    )
    columns = ("cause", "failures", "resolved by a remedy", "resolved by a person", "not resolved")
    table = ReportTable("Failures looked into", columns, rows, "no failed try was looked into")
    resolved = sum(count for (_, status), count in ends.items() if status in (_BY_REMEDY, _BY_PERSON))
    whole = causes.total()
    share = f": {resolved / whole:.0%} resolved, {resolved} of {whole}" if whole else ": none"
    return f"failed tries looked into{share}", table


def waiting_plans(session: Session, *, dag_ids: Collection[str] | None = None) -> ReportTable:
    """Plans for better layouts that nobody has accepted yet, with what was predicted.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    rows = []
    for plan in Optimizations(session).of(dag_ids, statuses=("proposed",), limit=_ROWS):
        before, after = plan.before.get("makespan_s"), (plan.predicted.get("after") or {}).get("makespan_s")
        said = f"{before:.0f} s → {after:.0f} s" if _is_number(before) and _is_number(after) else ""
        rows.append((plan.dag_id, plan.strategy, said))
    columns = ("DAG", "what is to become better", "a run, predicted")
    return ReportTable("Suggestions", columns, tuple(rows), "no plan waits for an answer")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
