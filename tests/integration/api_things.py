"""One of each thing that a path of the REST routes names, and a request to each route that is about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from sqlalchemy import delete

from airflow_provider_wfintel.engine.model import RunChange, TryChange
from airflow_provider_wfintel.engine.monitoring.service import AlertMachine, AlertSettings, Match, Silence
from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.tables import (
    Alert,
    AlertMemory,
    AlertRule,
    Base,
    DagState,
    TroubleshootingSession,
    WorkflowOptimization,
)
from tests.integration.monitoring.histories import run_with_tries

OWN = "/wfintel/api"
AUTOMATION = f"{OWN}/workflows/automation"
FEEDBACK = f"{OWN}/workflows/feedback"
MONITORING = f"{OWN}/workflows/monitoring"
OPTIMIZATION = f"{OWN}/workflows/optimization"
TROUBLESHOOTING = f"{OWN}/workflows/troubleshooting"
SESSIONS = f"{TROUBLESHOOTING}/sessions"

THING = "matrix"
"""The id of each thing, and of the DAG that it belongs to."""
NAMED = {"conn_id": THING, "alert_id": THING, "silence_id": THING, "rule_id": THING, "session_id": THING}
RULE = {"id": THING, "title": "retried", "raised_by": ["task.retry"]}
TEXT = "Run the shell command `date` every day at 06:00"
WORKFLOW = {
    "dag_id": THING,
    "tasks": [{"task_id": "a", "label": "a", "action": "none", "operator": {"kind": "operator", "path": "x:A"}}],
}
DUE = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Ask:
    """A request: its body and its query."""

    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)


_OF_DAG = Ask(query={"dag_id": THING})
ASKS: dict[tuple[str, str], Ask] = {
    ("GET", f"{OWN}/health"): Ask(),
    ("GET", f"{OWN}/health/checks"): Ask(),
    ("GET", f"{AUTOMATION}/services"): Ask(),
    ("GET", f"{AUTOMATION}/templates"): Ask(),
    ("POST", f"{AUTOMATION}/generate"): Ask({"user_input": TEXT}),
    ("POST", f"{AUTOMATION}/save"): Ask({"user_input": TEXT}),
    ("POST", f"{AUTOMATION}/try"): Ask({"user_input": TEXT}),
    ("POST", f"{AUTOMATION}/validate"): Ask({"source": "x = 1\n"}),
    ("POST", FEEDBACK): Ask({"subject": "generation", "subject_id": THING, "verdict": "accepted"}),
    ("GET", f"{FEEDBACK}/summary"): Ask(),
    ("POST", f"{OPTIMIZATION}/analyze"): Ask({"workflow": WORKFLOW}),
    ("POST", f"{OPTIMIZATION}/predict"): Ask({"workflow": WORKFLOW}),
    ("POST", f"{OPTIMIZATION}/apply"): Ask({"dag_id": THING, "action": "reject", "optimization_id": THING}),
    ("GET", f"{OPTIMIZATION}/results"): Ask(),
    ("GET", f"{MONITORING}/health"): Ask(),
    ("GET", f"{MONITORING}/metrics"): Ask(),
    ("GET", f"{MONITORING}/metrics/dag"): _OF_DAG,
    ("GET", f"{MONITORING}/anomalies"): Ask(),
    ("GET", f"{MONITORING}/insights"): Ask(),
    ("GET", f"{MONITORING}/report"): Ask(),
    ("GET", f"{MONITORING}/schedule"): Ask(),
    ("GET", f"{MONITORING}/forecast"): _OF_DAG,
    ("GET", f"{MONITORING}/forecasts"): Ask(),
    ("POST", f"{MONITORING}/refit"): Ask({}),
    ("POST", f"{TROUBLESHOOTING}/analyze"): Ask({"error_logs": "MemoryError"}),
    ("GET", f"{TROUBLESHOOTING}/rates"): Ask(),
    ("GET", SESSIONS): Ask(),
    ("POST", SESSIONS): Ask({"dag_id": THING, "run_id": "r", "task_id": "t"}),
    ("GET", f"{SESSIONS}/{{session_id}}"): Ask(),
    ("POST", f"{SESSIONS}/{{session_id}}/resolve"): Ask({}),
    ("POST", f"{SESSIONS}/{{session_id}}/verify"): Ask(),
    ("POST", f"{SESSIONS}/{{session_id}}/undo"): Ask(),
    ("POST", f"{SESSIONS}/{{session_id}}/close"): Ask({}),
    ("GET", f"{MONITORING}/services"): Ask(),
    ("POST", f"{MONITORING}/services"): Ask({"checks": []}),
    ("GET", f"{MONITORING}/services/{{conn_id}}"): Ask(),
    ("GET", f"{MONITORING}/alerts"): Ask(),
    ("POST", f"{MONITORING}/alerts"): Ask(
        {"kind": "run.failed", "dag_id": THING, "run_id": "r", "at": "2026-03-02T06:00:00Z"}
    ),
    ("GET", f"{MONITORING}/alerts/{{alert_id}}"): Ask(),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/ack"): Ask(),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/resolve"): Ask(),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/silence"): Ask({"minutes": 5}),
    ("GET", f"{MONITORING}/silences"): Ask(),
    ("DELETE", f"{MONITORING}/silences/{{silence_id}}"): Ask(),
    ("GET", f"{MONITORING}/alert-rules"): Ask(),
    ("POST", f"{MONITORING}/alert-rules"): Ask({"rule": {**RULE, "id": "matrix-new"}}),
    ("GET", f"{MONITORING}/alert-rules/schema"): Ask(),
    ("PUT", f"{MONITORING}/alert-rules/{{rule_id}}"): Ask({"rule": RULE}),
    ("DELETE", f"{MONITORING}/alert-rules/{{rule_id}}"): Ask(),
}


def forget_things() -> None:
    """Empty all of our tables."""
    with metadata_session() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        session.execute(delete(DagModel).where(DagModel.dag_id == THING))


def put_things() -> None:
    """Empty our tables and store one of each thing."""
    forget_things()
    machine = AlertMachine(AlertSettings())
    silence = Silence(THING, Match(dag=(THING,)), 0.0, 9e9, "ann")
    state, _ = machine.step(machine.start(1.0), [silence], 1.0)
    known = dict.fromkeys(("message", "cause", "follows_from"), "") | {"value": None, "tags": [], "owners": []}
    incidents = [{"incident": "i", "receivers": ["log"]}]
    rows = [
        Alert(
            alert_id=THING, alert_key=THING, rule="r", kind="run.failed", incident="i", dag_id=THING,
            severity="error", status="firing", title="t", body={**known, "told": True, "incidents": incidents},
        ),
        AlertMemory(name="alerts", revision=1, batch=0, state=state.as_json()),
        AlertRule(name=THING, severity="", scope={}, condition={"title": "x", "raised_by": ["task.retry"]}),
        DagState(dag_id=THING, runs=30, score=97.0, health={"failure_probability": 0.03, "enough_runs": True}),
        TroubleshootingSession(
            session_id=THING, try_id=THING, dag_id=THING, run_id="r", task_id="t", phase="diagnosis",
            label="out_of_memory",
        ),
        WorkflowOptimization(
            optimization_id=THING, dag_id=THING, strategy="hybrid", status="proposed", fingerprint_before="",
            plan_hash=THING, plan={}, before={}, predicted={}, patch="", created_by="ann",
        ),
    ]  # fmt: skip
    run, tries = run_with_tries(THING, DUE)
    with metadata_session() as session:
        session.merge(DagBundleModel(name=THING))
        session.flush()
        session.merge(DagModel(dag_id=THING, bundle_name=THING, fileloc="x", owners="ada", is_stale=False))
        session.add_all(rows)
        changes = [TryChange(item, changed_at=item.ended_at) for item in tries]
        Executions(session).write(changes, [RunChange(run, 1, run.ended_at)], batch=1)
