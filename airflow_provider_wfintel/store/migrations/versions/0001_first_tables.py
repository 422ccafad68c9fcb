"""The first tables: workflows, runs and tries, plans, metrics, insights, alerts, sessions, remedies, feedback, lease.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

TABLES = (
    # Each after the tables that it refers to.
    "wfintel_alert_rules",
    "wfintel_dag_states",
    "wfintel_feedback",
    "wfintel_learned_state",
    "wfintel_lease",
    "wfintel_performance_insights",
    "wfintel_service_mappings",
    "wfintel_troubleshooting_sessions",
    "wfintel_workflow_monitoring_metrics",
    "wfintel_workflow_optimization",
    "wfintel_workflows",
    "wfintel_alert_inputs",
    "wfintel_alert_memory",
    "wfintel_alert_messages",
    "wfintel_alerts",
    "wfintel_remedy_attempts",
    "wfintel_workflow_executions",
)


def upgrade() -> None:
    """Create all tables."""
    _create_alert_rules()
    _create_dag_states()
    _create_feedback()
    _create_learned_state()
    _create_lease()
    _create_performance_insights()
    _create_service_mappings()
    _create_troubleshooting_sessions()
    _create_workflow_monitoring_metrics()
    _create_workflow_optimization()
    _create_workflows()
    _create_alert_inputs()
    _create_alert_memory()
    _create_alert_messages()
    _create_alerts()
    _create_remedy_attempts()
    _create_workflow_executions()


def downgrade() -> None:
    """Drop all tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_alert_rules() -> None:
    op.create_table(
        "wfintel_alert_rules",
        sa.Column("rule_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("condition", JSON, nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("channels", JSON, nullable=False),
        sa.Column("created_by", sa.String(length=250), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", name="pk_wfintel_alert_rules"),
        sa.UniqueConstraint("name", name="uq_wfintel_alert_rules_name"),
    )


def _create_feedback() -> None:
    op.create_table(
        "wfintel_feedback",
        sa.Column("feedback_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=250), nullable=False),
        sa.Column("author", sa.String(length=250), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("correction", JSON, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_wfintel_feedback"),
        sa.UniqueConstraint("subject", "subject_id", "author", name="uq_wfintel_feedback_subject"),
    )
    op.create_index("ix_wfintel_feedback_subject_created_at", "wfintel_feedback", ["subject", "created_at"])


def _create_learned_state() -> None:
    op.create_table(
        "wfintel_learned_state",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_wfintel_learned_state"),
    )


def _create_lease() -> None:
    op.create_table(
        "wfintel_lease",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=250), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("acquired_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_wfintel_lease"),
    )


def _create_performance_insights() -> None:
    op.create_table(
        "wfintel_performance_insights",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("task_id", sa.String(length=250), nullable=False),
        sa.Column("run_id", sa.String(length=250), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_wfintel_performance_insights"),
    )
    op.create_index(
        "ix_wfintel_performance_insights_dag_id_last_seen_at",
        "wfintel_performance_insights",
        ["dag_id", "last_seen_at"],
    )
    op.create_index(
        "ix_wfintel_performance_insights_status_last_seen_at",
        "wfintel_performance_insights",
        ["status", "last_seen_at"],
    )


def _create_service_mappings() -> None:
    op.create_table(
        "wfintel_service_mappings",
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("target_service", sa.String(length=100), nullable=False),
        sa.Column("operator", sa.String(length=400), nullable=False),
        sa.Column("connection_id", sa.String(length=250), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("service", "action", "target_service", "operator", name="pk_wfintel_service_mappings"),
    )


def _create_troubleshooting_sessions() -> None:
    op.create_table(
        "wfintel_troubleshooting_sessions",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("try_id", sa.String(length=36), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("run_id", sa.String(length=250), nullable=False),
        sa.Column("task_id", sa.String(length=250), nullable=False),
        sa.Column("map_index", sa.Integer(), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("transient", sa.Boolean(), nullable=True),
        sa.Column("ranked", JSON, nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("remedies", JSON, nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("diagnosis", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("catalog_version", sa.String(length=64), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_wfintel_troubleshooting_sessions"),
        sa.UniqueConstraint("try_id", name="uq_wfintel_troubleshooting_sessions_try_id"),
    )
    op.create_index(
        "ix_wfintel_troubleshooting_sessions_dag_id_opened_at",
        "wfintel_troubleshooting_sessions",
        ["dag_id", "opened_at"],
    )
    op.create_index(
        "ix_wfintel_troubleshooting_sessions_label_opened_at",
        "wfintel_troubleshooting_sessions",
        ["label", "opened_at"],
    )
    op.create_index(
        "ix_wfintel_troubleshooting_sessions_phase_updated_at",
        "wfintel_troubleshooting_sessions",
        ["phase", "updated_at"],
    )
    op.create_index(
        "ix_wfintel_troubleshooting_sessions_status_due_at",
        "wfintel_troubleshooting_sessions",
        ["status", "due_at"],
    )


def _create_workflow_monitoring_metrics() -> None:
    op.create_table(
        "wfintel_workflow_monitoring_metrics",
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("window_seconds", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("window_start", MOMENT, nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failed_runs", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("makespan_seconds", sa.Double(), nullable=False),
        sa.Column("task_seconds", sa.Double(), nullable=False),
        sa.Column("wait_seconds", sa.Double(), nullable=False),
        sa.Column("slot_seconds", sa.Double(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("last_success_at", MOMENT, nullable=True),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "dag_id", "window_seconds", "window_start", name="pk_wfintel_workflow_monitoring_metrics"
        ),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE wfintel_workflow_monitoring_metrics SET (toast_tuple_target = 128)")
    op.create_index(
        "ix_wfintel_monitoring_metrics_window",
        "wfintel_workflow_monitoring_metrics",
        ["window_seconds", "window_start"],
    )


def _create_dag_states() -> None:
    op.create_table(
        "wfintel_dag_states",
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("deadline_seconds", sa.Double(), nullable=True),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("last_due_at", MOMENT, nullable=True),
        sa.Column("next_slot_at", MOMENT, nullable=True),
        sa.Column("health", JSON, nullable=False),
        sa.Column("tracker", JSON, nullable=True),
        sa.Column("stream", JSON, nullable=True),
        sa.Column("predictor", JSON, nullable=True),
        sa.Column("predictor_until", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("dag_id", name="pk_wfintel_dag_states"),
    )
    op.create_index("ix_wfintel_dag_states_next_slot_at", "wfintel_dag_states", ["next_slot_at"])
    op.create_index("ix_wfintel_dag_states_score", "wfintel_dag_states", ["score"])


def _create_workflow_optimization() -> None:
    op.create_table(
        "wfintel_workflow_optimization",
        sa.Column("optimization_id", sa.String(length=36), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("strategy", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("fingerprint_before", sa.String(length=64), nullable=False),
        sa.Column("fingerprint_after", sa.String(length=64), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("predicted", JSON, nullable=False),
        sa.Column("measured", JSON, nullable=True),
        sa.Column("patch", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=250), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("measured_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("optimization_id", name="pk_wfintel_workflow_optimization"),
        sa.UniqueConstraint(
            "dag_id", "strategy", "fingerprint_before", "plan_hash", name="uq_wfintel_workflow_optimization_dag_id"
        ),
    )
    op.create_index(
        "ix_wfintel_workflow_optimization_dag_id_created_at", "wfintel_workflow_optimization", ["dag_id", "created_at"]
    )


def _create_workflows() -> None:
    op.create_table(
        "wfintel_workflows",
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("request_text", sa.Text(), nullable=False),
        sa.Column("spec", JSON, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("file_path", sa.String(length=2000), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("dag_version", sa.String(length=36), nullable=False),
        sa.Column("created_by", sa.String(length=250), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("dag_id", name="pk_wfintel_workflows"),
    )
    op.create_index("ix_wfintel_workflows_updated_at", "wfintel_workflows", ["updated_at"])


def _create_alerts() -> None:
    op.create_table(
        "wfintel_alerts",
        sa.Column("alert_id", sa.String(length=36), nullable=False),
        sa.Column("alert_key", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("task_id", sa.String(length=250), nullable=False),
        sa.Column("run_id", sa.String(length=250), nullable=False),
        sa.Column("map_index", sa.Integer(), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=250), nullable=False),
        sa.Column("silenced_until", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_wfintel_alerts"),
        sa.UniqueConstraint("alert_key", name="uq_wfintel_alerts_alert_key"),
    )
    op.create_index("ix_wfintel_alerts_dag_id_last_seen_at", "wfintel_alerts", ["dag_id", "last_seen_at"])
    op.create_index("ix_wfintel_alerts_incident", "wfintel_alerts", ["incident"])
    op.create_index("ix_wfintel_alerts_resolved_at", "wfintel_alerts", ["resolved_at"])
    op.create_index("ix_wfintel_alerts_status_last_seen_at", "wfintel_alerts", ["status", "last_seen_at"])


def _create_alert_memory() -> None:
    op.create_table(
        "wfintel_alert_memory",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("execution_id", sa.String(length=36), nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_wfintel_alert_memory"),
    )


def _create_alert_inputs() -> None:
    op.create_table(
        "wfintel_alert_inputs",
        sa.Column("input_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("said_by", sa.String(length=250), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("input_id", name="pk_wfintel_alert_inputs"),
    )
    op.create_index("ix_wfintel_alert_inputs_said_at", "wfintel_alert_inputs", ["said_at"])


def _create_alert_messages() -> None:
    op.create_table(
        "wfintel_alert_messages",
        sa.Column("message_key", sa.String(length=40), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("receiver", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("notification", JSON, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("message_key", name="pk_wfintel_alert_messages"),
    )
    op.create_index("ix_wfintel_alert_messages_answered_status", "wfintel_alert_messages", ["answered", "status"])
    op.create_index("ix_wfintel_alert_messages_incident_made_at", "wfintel_alert_messages", ["incident", "made_at"])
    op.create_index("ix_wfintel_alert_messages_made_at", "wfintel_alert_messages", ["made_at"])


def _create_remedy_attempts() -> None:
    op.create_table(
        "wfintel_remedy_attempts",
        sa.Column("attempt_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("try_id", sa.String(length=36), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("run_id", sa.String(length=250), nullable=False),
        sa.Column("task_id", sa.String(length=250), nullable=False),
        sa.Column("map_index", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("reruns", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=250), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("change", JSON, nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["wfintel_troubleshooting_sessions.session_id"],
            name="fk_wfintel_remedy_attempts_session_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_wfintel_remedy_attempts"),
        sa.UniqueConstraint("try_id", "attempt_number", name="uq_wfintel_remedy_attempts_try_id"),
    )
    op.create_index(
        "ix_wfintel_remedy_attempts_dag_id_task_id_requested_at",
        "wfintel_remedy_attempts",
        ["dag_id", "task_id", "requested_at"],
    )
    op.create_index("ix_wfintel_remedy_attempts_session_id", "wfintel_remedy_attempts", ["session_id"])
    op.create_index(
        "ix_wfintel_remedy_attempts_label_remedy_status",
        "wfintel_remedy_attempts",
        ["label", "remedy", "status"],
    )
    op.create_index("ix_wfintel_remedy_attempts_requested_at", "wfintel_remedy_attempts", ["requested_at"])


def _create_workflow_executions() -> None:
    op.create_table(
        "wfintel_workflow_executions",
        sa.Column("execution_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("dag_id", sa.String(length=250), nullable=False),
        sa.Column("run_id", sa.String(length=250), nullable=False),
        sa.Column("task_id", sa.String(length=250), nullable=False),
        sa.Column("map_index", sa.Integer(), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("max_tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=1000), nullable=False),
        sa.Column("run_type", sa.String(length=50), nullable=False),
        sa.Column("logical_date", MOMENT, nullable=True),
        sa.Column("run_after", MOMENT, nullable=True),
        sa.Column("scheduled_at", MOMENT, nullable=True),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("pool", sa.String(length=256), nullable=False),
        sa.Column("pool_slots", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=256), nullable=False),
        sa.Column("priority_weight", sa.Integer(), nullable=False),
        sa.Column("hostname", sa.String(length=1000), nullable=False),
        sa.Column("dag_version", sa.String(length=36), nullable=False),
        sa.Column("peak_rss_bytes", sa.BigInteger(), nullable=True),
        sa.Column("cpu_seconds", sa.Double(), nullable=True),
        sa.Column("error_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("optimization_id", sa.String(length=36), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("ended_before", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["optimization_id"],
            ["wfintel_workflow_optimization.optimization_id"],
            name="fk_wfintel_workflow_executions_optimization_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("execution_id", name="pk_wfintel_workflow_executions"),
    )
    op.create_index(
        "ix_wfintel_workflow_executions_batch_execution_id", "wfintel_workflow_executions", ["batch", "execution_id"]
    )
    op.create_index(
        "ix_wfintel_workflow_executions_dag_id_run_after",
        "wfintel_workflow_executions",
        ["dag_id", "run_after"],
    )
    op.create_index("ix_wfintel_workflow_executions_dag_id_run_id", "wfintel_workflow_executions", ["dag_id", "run_id"])
    op.create_index(
        "ix_wfintel_workflow_executions_dag_id_task_id_ended_at",
        "wfintel_workflow_executions",
        ["dag_id", "task_id", "ended_at"],
    )
    op.create_index("ix_wfintel_workflow_executions_kind_ended_at", "wfintel_workflow_executions", ["kind", "ended_at"])
    op.create_index(
        "ix_wfintel_workflow_executions_optimization_id", "wfintel_workflow_executions", ["optimization_id"]
    )
