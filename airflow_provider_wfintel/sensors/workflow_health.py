"""Sensors that wait until a DAG is well: its health score is high enough, or nothing unusual happened of late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.hooks.wfintel import SEVERITIES, WfIntelHook
from airflow_provider_wfintel.sensors._answers import AnswerSensor

if TYPE_CHECKING:
    from airflow_provider_wfintel.triggers.answers import NoAnomalyTrigger, WorkflowHealthTrigger

__all__ = ["NoAnomalySensor", "WorkflowHealthSensor"]


class _DagSensor(AnswerSensor):
    """What both sensors share: the DAG that is asked about."""

    template_fields: Sequence[str] = ("watched_dag_id", "wfintel_conn_id")

    def __init__(self, *, watched_dag_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.watched_dag_id = watched_dag_id


class WorkflowHealthSensor(_DagSensor):
    """Wait until the health score of a DAG is at least `min_score`.

    The score is 100 x (1 - the probability that the next run fails or misses its deadline). A DAG without a score (it
    has never run) is waited for.

    Args:
        watched_dag_id: the DAG. Templated.
        min_score: from 0 to 100.
        wfintel_conn_id: connection of type `wfintel` whose user may read the DAG's runs. Templated.
        deferrable: wait in the triggerer, without a worker slot.
    """

    def __init__(self, *, min_score: float = 80.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0.0 <= min_score <= 100.0:
            raise ValueError(f"min_score is {min_score}; give a score from 0 to 100")
        self.min_score = min_score

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for the score."""
        return hook.is_healthy(self.watched_dag_id, self.min_score)

    def trigger(self, common: dict[str, Any]) -> WorkflowHealthTrigger:
        """The trigger that asks for the score."""
        from airflow_provider_wfintel.triggers.answers import WorkflowHealthTrigger

        return WorkflowHealthTrigger(**common, watched_dag_id=self.watched_dag_id, min_score=self.min_score)


class NoAnomalySensor(_DagSensor):
    """Wait until a DAG has had no anomaly within the last hours; what people marked as a false alarm does not count.

    Args:
        watched_dag_id: the DAG. Templated.
        hours: how far back.
        kinds: only these kinds, such as `spike` or `missing_run`; empty: all.
        min_severity: `info`, `warning` or `error`; less severe anomalies do not count.
        wfintel_conn_id: connection of type `wfintel` whose user may read the DAG's runs. Templated.
        deferrable: wait in the triggerer, without a worker slot.
    """

    def __init__(
        self, *, hours: float = 24.0, kinds: Sequence[str] = (), min_severity: str = "warning", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if min_severity not in SEVERITIES:
            raise ValueError(f"min_severity is {min_severity!r}; give one of {', '.join(SEVERITIES)}")
        self.hours = hours
        self.kinds = list(kinds)
        self.min_severity = min_severity

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for anomalies."""
        return hook.has_no_anomaly(
            self.watched_dag_id, hours=self.hours, kinds=self.kinds, min_severity=self.min_severity
        )

    def trigger(self, common: dict[str, Any]) -> NoAnomalyTrigger:
        """The trigger that asks for anomalies."""
        from airflow_provider_wfintel.triggers.answers import NoAnomalyTrigger

        return NoAnomalyTrigger(
            **common,
            watched_dag_id=self.watched_dag_id,
            hours=self.hours,
            kinds=self.kinds,
            min_severity=self.min_severity,
        )
