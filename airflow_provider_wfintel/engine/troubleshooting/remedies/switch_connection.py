"""Point a connection at its declared fallback, then run the task again."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import PatchConnection
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.connections import connection_of
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import clear_of, why_no_rerun

__all__ = ["FIELDS", "SwitchConnection"]

FIELDS = ("host", "port", "schema", "login")
"""What a fallback may set. Passwords stay as they are: a policy is no place for them."""
_LOST = frozenset(
    {"dns_failure", "connection_refused", "connection_timeout", "connection_dropped", "upstream_service_error",
     "too_many_connections"}
)  # fmt: skip


class SwitchConnection:
    """Set host, port, schema or login of the connection to what the policy declares; undo sets them back."""

    name = "switch_connection"
    title = "switch the connection to its declared fallback"
    serves = ("retry_backoff",)
    changes = "settings"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a lost server whose connection has a fallback in the policy, if running again alone did not help."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label not in _LOST:
            return Inapplicable("no server was lost")
        conn_id = connection_of(case)
        declared = case.bounds.fallbacks.get(conn_id, {})
        fields = tuple((name, declared[name]) for name in FIELDS if name in declared)
        if not fields:
            return Inapplicable(f"the policy declares no fallback for the connection {conn_id or '(unknown)'}")
        if not any(item.status == "failed" and item.run_id == case.target.run_id for item in case.past):
            return Inapplicable("first the server itself is waited for")
        return RemedyPlan(
            self.name,
            (PatchConnection(conn_id, fields), clear_of(case)),
            because=f"the server of {conn_id} does not come back",
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
