"""Sensors that wait until a DAG is well: its health score is high enough, or nothing unusual happened of late."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import conf
from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout, AirflowSkipException

from airflow_provider_wfintel.hooks.wfintel import SEVERITIES, WfIntelHook

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.triggers.answers import NoAnomalyTrigger, WorkflowHealthTrigger

__all__ = ["NoAnomalySensor", "WorkflowHealthSensor"]


class _AnswerSensor(BaseSensorOperator):
    """What both sensors share: asking over REST, as a sensor that pokes or through the triggerer."""

    template_fields: Sequence[str] = ("watched_dag_id", "wfintel_conn_id")
    ui_color = "#e4f2e8"

    def __init__(
        self,
        *,
        watched_dag_id: str,
        wfintel_conn_id: str = "wfintel_default",
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.watched_dag_id = watched_dag_id
        self.wfintel_conn_id = wfintel_conn_id
        self.deferrable = deferrable

    @abstractmethod
    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask once: whether it is good, and the answer in words."""

    @abstractmethod
    def trigger(self, common: dict[str, Any]) -> WorkflowHealthTrigger | NoAnomalyTrigger:
        """The trigger that asks the same."""

    def poke(self, context: Context) -> bool:  # noqa: ARG002 - Airflow's signature
        """Ask once.

        Raises:
            RemoteError: the server does not answer, or the user may not read the DAG.
        """
        hook = WfIntelHook(self.wfintel_conn_id)
        try:
            good, words = self.answer(hook)
        finally:
            hook.close()
        self.log.info("%s", words)
        return good

    def execute(self, context: Context) -> Any:
        """Wait, in the triggerer if `deferrable`.

        Raises:
            RemoteError: see `poke`.
        """
        if not self.deferrable:
            return super().execute(context)
        if self.poke(context):
            return None
        common = {
            "watched_dag_id": self.watched_dag_id,
            "wfintel_conn_id": self.wfintel_conn_id,
            "poke_interval": float(self.poke_interval),
            "end_at": time.time() + float(self.timeout),
        }
        # The trigger ends by itself in time; Airflow's limit is the net below it.
        limit = timedelta(seconds=float(self.timeout) + float(self.poke_interval) + 60.0)
        return self.defer(trigger=self.trigger(common), method_name="execute_complete", timeout=limit)

    def execute_complete(self, context: Context, event: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Go on after the trigger.

        Raises:
            AirflowSensorTimeout: the time was over.
            AirflowSkipException: the time was over, with `soft_fail`.
            AirflowFailException: the server failed again and again.
        """
        found = event or {"state": "error", "message": "the trigger said nothing"}
        if found["state"] == "good":
            self.log.info("%s", found["message"])
            return
        if found["state"] != "timeout":
            raise AirflowFailException(str(found["message"]))
        if self.soft_fail:
            raise AirflowSkipException(str(found["message"]))
        raise AirflowSensorTimeout(str(found["message"]))


class WorkflowHealthSensor(_AnswerSensor):
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

        return WorkflowHealthTrigger(**common, min_score=self.min_score)


class NoAnomalySensor(_AnswerSensor):
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

        return NoAnomalyTrigger(**common, hours=self.hours, kinds=self.kinds, min_severity=self.min_severity)
