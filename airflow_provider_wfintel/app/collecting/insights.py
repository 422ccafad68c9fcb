"""After a poll, once an hour: the insights of all DAGs, some at a time; what is not found any more is closed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.monitoring.service import DagPicture, DeploymentPicture, InsightFinding

__all__ = ["STATE", "FindInsights"]

STATE = "insights"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAGS = 100
_WRITTEN = 25
"""Findings written in one transaction."""
_SPAN = timedelta(days=14)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FindInsights:
    """The step. After `budget_seconds` it goes on with the next DAGs after the next poll."""

    every: timedelta = timedelta(hours=1)
    budget_seconds: float = 10.0
    keep: timedelta = timedelta(days=180)

    def __call__(self, work: AfterPoll) -> None:
        """Look at the next DAGs, if a round is due or goes on."""
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        started, now = time.monotonic(), work.clock()
        while True:
            with work.sessions() as session:
                states = LearnedStates(session)
                state = dict(states.get(STATE))
                if not state.get("going"):
                    if timedelta(0) <= now - _moment(state.get("began", "")) < self.every:
                        return
                    state = {"began": now.isoformat(), "going": True, "after": ""}
                state = self._chunk(work, session, state, now)
                states.keep(STATE, state)
                work.keep(session)
            if not state["going"] or time.monotonic() - started > self.budget_seconds:
                return

    def _chunk(self, work: AfterPoll, session: Session, state: dict[str, object], now: datetime) -> dict[str, object]:
        from airflow_provider_wfintel.engine.monitoring.service import (
            insight_kinds,
            insights_of_dag,
            insights_of_deployment,
        )
        from airflow_provider_wfintel.store.repositories.dag_states import DagStates
        from airflow_provider_wfintel.store.repositories.insights import Insights

        dag_ids, insights = DagStates(session).after(str(state["after"]), limit=_DAGS), Insights(session)
        found = [item for picture in _pictures(session, dag_ids, now) for item in insights_of_dag(picture)]
        last = len(dag_ids) < _DAGS
        if last:
            found += insights_of_deployment(_deployment(session, now))
        for start in range(0, len(found), _WRITTEN):
            _keep(insights, found[start : start + _WRITTEN], now)
            work.keep(session)
        if not last:
            return {**state, "after": dag_ids[-1]}
        insights.close_unseen(insight_kinds(), before=_moment(str(state["began"])))
        insights.drop_before(now - self.keep)
        return {**state, "going": False}


def _keep(insights: object, found: Sequence[InsightFinding], now: datetime) -> None:
    from airflow_provider_wfintel.store.repositories.insights import Insight, Insights

    assert isinstance(insights, Insights)  # noqa: S101 - imported where it is used
    for item in found:
        insights.keep(
            Insight(
                item.kind,
                item.message,
                item.severity,
                item.dag_id,
                item.task_id,
                subject=item.subject,
                value=item.value,
                expected=item.expected,
                samples=item.samples,
                evidence=[dict(one) for one in item.evidence],
            ),
            now=now,
        )


def _pictures(session: Session, dag_ids: Sequence[str], now: datetime) -> list[DagPicture]:
    """The last two weeks of some DAGs, from their days; single runs are read only of DAGs with a new version."""
    from airflow_provider_wfintel.app.monitoring.timed_runs import timed_runs
    from airflow_provider_wfintel.engine.monitoring.service import DagPicture, WindowFigures
    from airflow_provider_wfintel.host.dag_facts import versions_since
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.rollups import DAY, Rollups

    merged = {dag_id: WindowFigures() for dag_id in dag_ids}
    weeks: dict[str, list[float]] = {dag_id: [0.0, 0.0, 0.0, 0.0] for dag_id in dag_ids}
    for window in Rollups(session).windows(DAY, now - _SPAN, now, dag_ids):
        merged[window.dag_id].merge(window.figures)
        place = 0 if window.start >= now - _WEEK else 2
        weeks[window.dag_id][place] += window.figures.total.slot_seconds
        weeks[window.dag_id][place + 1] += window.figures.total.cost
    versions: Mapping[str, Sequence[tuple[int, float]]] = versions_since(session, dag_ids, now - _SPAN)
    sensors = DagStates(session).sensors(dag_ids, since=now - timedelta(days=2))
    return [
        DagPicture(
            dag_id,
            one.runs,
            one.failed_runs,
            one.tasks,
            one.pools,
            sensors.get(dag_id, frozenset()),
            (weeks[dag_id][0], weeks[dag_id][1]),
            (weeks[dag_id][2], weeks[dag_id][3]),
            versions.get(dag_id, ()),
            timed_runs(session, dag_id) if dag_id in versions else (),
        )
        for dag_id, one in merged.items()
    ]


def _deployment(session: Session, now: datetime) -> DeploymentPicture:
    from airflow_provider_wfintel.engine.monitoring.service import DeploymentPicture
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.rollups import HOUR, Rollups

    waits: dict[int, tuple[int, float]] = {}
    for start, sums in Rollups(session).by_window(HOUR, now - _WEEK, now):
        tries, seconds = waits.get(start.hour, (0, 0.0))
        waits[start.hour] = (tries + sums.tries, seconds + sums.wait_seconds)
    dues = {name: (at.hour, at.minute) for name, at in DagStates(session).last_dues().items()}
    return DeploymentPicture(dues, waits)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else _EPOCH
