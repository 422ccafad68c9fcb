"""Wait until the server that was lost answers again, then run the task again."""

from __future__ import annotations

from datetime import timedelta

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Probe
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.connections import connection_of
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of, why_no_rerun

__all__ = ["WaitForSource"]

_REMOTE = frozenset(
    {"dns_failure", "connection_refused", "connection_timeout", "connection_dropped", "upstream_service_error"}
)
_DATA = frozenset({"missing_file_or_partition", "sensor_timeout", "missing_table_or_column", "data_quality_failed"})


class WaitForSource:
    """Probe the task's connection, and clear the task once its server answers."""

    name = "wait_for_source"
    title = "wait for the source, then run the task again"
    serves = ("wait_upstream_data", "retry_backoff")
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a lost server whose connection is known, and data that are late."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        label = case.diagnosis.label
        if label in _REMOTE:
            conn_id = connection_of(case)
            if not conn_id:
                return Inapplicable("no connection is known whose server could be probed")
            gate: Probe | None = Probe("connection", conn_id)
            because = f"the server of {conn_id} was lost; it makes no sense to run again before it answers"
        elif label in _DATA and case.diagnosis.transient is not False:
            gate, because = None, "the data were not there yet"
        else:
            return Inapplicable("the cause is neither a lost server nor late data")
        return RemedyPlan(
            self.name,
            (clear_of(case),),
            because=because,
            not_before=backoff_until(case),
            gate=gate,
            give_up_at=case.now + timedelta(seconds=case.bounds.wait_seconds) if gate else None,
            fallback="switch_connection" if gate else "escalate",
            reruns=(case.target.task_id,),
        )
