"""After a poll: health and anomalies of the DAGs whose runs ended, and slots that passed without a run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.learning import Facts
    from airflow_provider_wfintel.engine.monitoring.service import AnomalyFinding
    from airflow_provider_wfintel.store.repositories.dag_states import EndedRun, KnownDag

__all__ = ["MARKS", "STATE", "LearnDags"]

STATE = "dag-states"
MARKS = "anomaly-marks"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_RUNS = 500
_REBUILT_AT = frozenset({5, 10, 20, 40})
"""After so many runs a young DAG is learned anew: its rhythm shows only then."""
_TELL_BACK = timedelta(days=14)
"""Anomalies that are found while the history is learned are told only if they are not older."""


@dataclass(frozen=True, slots=True)
class LearnDags:
    """The step. After `budget_seconds` it goes on after the next poll, as in the first import."""

    budget_seconds: float = 20.0
    country: str = ""
    zone: str = "UTC"

    def __call__(self, work: AfterPoll) -> None:
        """Take in the runs that ended since, and the slots that passed."""
        self._marks(work)
        began, more = time.monotonic(), True
        while more and time.monotonic() - began < self.budget_seconds:
            with work.sessions() as session:
                more = self._runs(work, session, began)
                work.keep(session)
        if not more:
            with work.sessions() as session:
                self._slots(work, session)
                work.keep(session)

    def _runs(self, work: AfterPoll, session: Session, began: float) -> bool:
        """Take in the next runs; whether there are more.

        What was learned of a DAG is one transaction, with the runs that were taken in; the place is written last.
        """
        from airflow_provider_wfintel.app.monitoring.facts import facts_of
        from airflow_provider_wfintel.store.repositories.dag_states import DagStates
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        states, places = DagStates(session), LearnedStates(session)
        runs, until, more = states.ended_since(str(places.get(STATE).get("until", "")), limit=_RUNS)
        by_dag: dict[str, list[EndedRun]] = {}
        for item in runs:
            by_dag.setdefault(item.run.dag_id, []).append(item)
        known = states.get(list(by_dag))
        facts = facts_of(session, list(by_dag), country=self.country, zone=self.zone) if by_dag else {}
        for dag_id, ended in by_dag.items():
            if dag_id in known and all(item.place <= known[dag_id].seen for item in ended):
                continue
            if time.monotonic() - began > 2 * self.budget_seconds:
                # The place stays: DAGs that are done are not done again, their runs were taken in.
                return True
            self._learn(work, session, known.get(dag_id), dag_id, ended, facts[dag_id])
            work.keep(session)
        places.keep(STATE, {"until": until})
        return more

    def _learn(
        self,
        work: AfterPoll,
        session: Session,
        known: KnownDag | None,
        dag_id: str,
        ended: Sequence[EndedRun],
        facts: Facts,
    ) -> None:
        from airflow_provider_wfintel.app.alerting.learned import tell_learned
        from airflow_provider_wfintel.app.monitoring.facts import changes_of, with_history
        from airflow_provider_wfintel.app.monitoring.learning import LAST_RUNS, advanced, rebuilt
        from airflow_provider_wfintel.app.monitoring.suspects import suspects_of
        from airflow_provider_wfintel.store.repositories.dag_states import DagStates, KnownDag

        states = DagStates(session)
        recent = (work.clock() - _TELL_BACK).timestamp()
        suspects = partial(suspects_of, session, dag_id, since=recent)
        found: list[AnomalyFinding] | None = None
        if known is not None and known.tracker and known.stream and known.runs + len(ended) not in _REBUILT_AT:
            try:
                found = advanced(known, ended, replace(facts, changes=changes_of(session, dag_id), suspects=suspects))
            except UserInputError:
                found = None  # of another version: learned anew below
        if found is None:
            known = replace(known or KnownDag(dag_id), last_due_at=None)
            history = states.last_ended(dag_id, last=LAST_RUNS)
            tasks = states.task_count(dag_id, [item.run.run_id for item in history[-10:]])
            found = rebuilt(known, history, tasks, replace(with_history(session, dag_id, facts), suspects=suspects))
        assert known is not None  # noqa: S101 - set above
        self._tell(work, session, dag_id, found)
        states.keep(known)
        tell_learned(session, known, [item.run for item in ended], found, now=work.clock())

    def _marks(self, work: AfterPoll) -> None:
        """Learn DAGs anew of whose anomalies people said something since."""
        from airflow_provider_wfintel.app.monitoring.facts import MARKED, facts_of
        from airflow_provider_wfintel.store.repositories.dag_states import DagStates
        from airflow_provider_wfintel.store.repositories.feedback import FeedbackNotes
        from airflow_provider_wfintel.store.repositories.insights import Insights
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        with work.sessions() as session:
            places = LearnedStates(session)
            said = FeedbackNotes(session).changed_since("insight", _moment(places.get(MARKS).get("until", "")))
            if not said:
                return
            rows = Insights(session).stored(
                fingerprints=[name for name, _ in said], kind_prefix=MARKED, limit=len(said)
            )
            dag_ids = sorted({row.dag_id for row in rows})
            known = DagStates(session).get(dag_ids)
            facts = facts_of(session, dag_ids, country=self.country, zone=self.zone)
            for dag_id in known:
                self._learn(work, session, replace(known[dag_id], tracker=None), dag_id, (), facts[dag_id])
                work.keep(session)
            places.keep(MARKS, {"until": said[-1][1].isoformat()})
            work.keep(session)

    def _slots(self, work: AfterPoll, session: Session) -> None:
        from airflow_provider_wfintel.app.alerting.learned import tell_learned
        from airflow_provider_wfintel.app.monitoring.facts import facts_of
        from airflow_provider_wfintel.app.monitoring.learning import missed_slot
        from airflow_provider_wfintel.host.dag_facts import read_dags
        from airflow_provider_wfintel.store.repositories.dag_states import DagStates

        states, now = DagStates(session), work.clock()
        waiting = states.waiting_for_a_slot(now, limit=_RUNS)
        if not waiting:
            return
        dags, facts = read_dags(session, waiting), facts_of(session, waiting, country=self.country, zone=self.zone)
        for dag_id, known in states.get(waiting).items():
            dag, due = dags.get(dag_id), known.last_due_at
            if dag is None or dag.paused or dag.stale or due is None:
                known.next_slot_at = None  # its next run starts the watch again
            elif states.has_run_after(dag_id, due):
                known.next_slot_at = now + timedelta(hours=1)  # it goes on: judged when it is over
            else:
                try:
                    found = missed_slot(known, now, facts[dag_id])
                    self._tell(work, session, dag_id, found)
                    tell_learned(session, known, (), found, now=now)
                except UserInputError:
                    known.next_slot_at = None  # of another version: learned anew with the next run
            states.keep(known)
            work.keep(session)

    def _tell(self, work: AfterPoll, session: Session, dag_id: str, found: Sequence[AnomalyFinding]) -> None:
        from airflow_provider_wfintel.app.monitoring.anomalies import insight_of
        from airflow_provider_wfintel.store.repositories.insights import Insights

        now, insights = work.clock(), Insights(session)
        times = [(datetime.fromtimestamp(finding.last, timezone.utc), finding) for finding in found]
        told = [(at, insight_of(dag_id, finding)) for at, finding in times if at >= now - _TELL_BACK]
        for at, insight in told:
            insights.keep(insight, now=min(at, now))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else _EPOCH
