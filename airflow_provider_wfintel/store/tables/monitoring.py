"""What was measured and concluded: metrics, insights, alerts, the rules that raise them and what is said of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import (
    Base,
    DagId,
    Json,
    Key36,
    LongText,
    Name,
    RunId,
    TaskId,
    Uuid,
    Word,
    new_id,
    utc_now,
)

__all__ = [
    "Alert",
    "AlertInput",
    "AlertMemory",
    "AlertMessage",
    "AlertRule",
    "DagState",
    "MonitoringMetric",
    "PerformanceInsight",
]


class MonitoringMetric(Base):
    """What one DAG (empty `dag_id`: the deployment) did in one window of time: whole hours and days in UTC.

    Recomputed from runs and tries whenever one of that window changes, so that overviews never read those. A window of
    0 seconds holds the sums of the days that were deleted by age: counters go on from there. Negative lengths are sums
    that are kept ready: see `store/repositories/sums.py` and `spans.py`.
    """

    __tablename__ = "wfintel_workflow_monitoring_metrics"
    __table_args__ = (Index("ix_wfintel_monitoring_metrics_window", "window_seconds", "window_start"),)

    dag_id: Mapped[DagId] = mapped_column(primary_key=True)
    window_seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    runs: Mapped[int] = mapped_column(default=0)
    failed_runs: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    failed_tries: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=0)
    makespan_seconds: Mapped[float] = mapped_column(default=0.0)
    task_seconds: Mapped[float] = mapped_column(default=0.0)
    wait_seconds: Mapped[float] = mapped_column(default=0.0)
    """From scheduled to started, summed over the tries."""
    slot_seconds: Mapped[float] = mapped_column(default=0.0)
    cost: Mapped[float] = mapped_column(default=0.0)
    """At the prices of the time at which the window was computed."""
    last_success_at: Mapped[datetime | None]
    detail: Mapped[Json]
    """Distributions, and the figures of tasks and pools."""
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


# `detail` is kept apart from the row: sums over thousands of rows do not read it. Not `postgresql_with`, which
# SQLAlchemy 2.0 does not know.
_apart: Any = DDL("ALTER TABLE %(table)s SET (toast_tuple_target = 128)")  # type: ignore[no-untyped-call]
event.listen(MonitoringMetric.__table__, "after_create", _apart.execute_if(dialect="postgresql"))


class DagState(Base):
    """What is known of a DAG as a whole: its health, and what the detectors of its runs go on from."""

    __tablename__ = "wfintel_dag_states"

    dag_id: Mapped[DagId] = mapped_column(primary_key=True)
    runs: Mapped[int] = mapped_column(default=0)
    """How many runs the health score has seen."""
    score: Mapped[float | None] = mapped_column(index=True)
    """100 x (1 - probability that the next run fails or misses its deadline)."""
    deadline_seconds: Mapped[float | None]
    """Seconds after a run is due, as Airflow's deadline alerts say."""
    seen: Mapped[str] = mapped_column(String(64), default="")
    """Place of the newest run that was taken in, see `Executions`."""
    last_due_at: Mapped[datetime | None]
    """When the newest scheduled run that was judged was due, or the slot that passed without one."""
    next_slot_at: Mapped[datetime | None] = mapped_column(index=True)
    """From when on a scheduled run that has not come counts as missing; none where runs have no rhythm."""
    health: Mapped[Json]
    """The score with its reasons, for people."""
    tracker: Mapped[Json | None]
    stream: Mapped[Json | None]
    predictor: Mapped[Json | None]
    predictor_until: Mapped[datetime | None]
    """When the newest run that the forecasts have learned from was due."""
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class PerformanceInsight(Base):
    """A finding that stays true until it is not seen any more: an anomaly, a trend, a bottleneck."""

    __tablename__ = "wfintel_performance_insights"
    __table_args__ = (Index(None, "dag_id", "last_seen_at"), Index(None, "status", "last_seen_at"))

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of kind, DAG, task and run: the same finding seen again is the same row."""
    kind: Mapped[str] = mapped_column(String(64))
    dag_id: Mapped[DagId]
    task_id: Mapped[TaskId] = mapped_column(default="")
    run_id: Mapped[RunId] = mapped_column(default="")
    severity: Mapped[Word]
    status: Mapped[Word]
    """`open`, `gone` or `dismissed`."""
    message: Mapped[LongText]
    value: Mapped[float | None]
    expected: Mapped[float | None]
    confidence: Mapped[float] = mapped_column(default=1.0)
    samples: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    first_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)


class AlertRule(Base):
    """A rule of alerts that was made over REST; rules of the settings file are not in here."""

    __tablename__ = "wfintel_alert_rules"

    rule_id: Mapped[Uuid] = mapped_column(default=new_id)
    name: Mapped[Name] = mapped_column(unique=True)
    """The id of the rule in the settings: one of a built-in rule changes the fields that it names."""
    enabled: Mapped[bool] = mapped_column(default=True)
    severity: Mapped[Word]
    condition: Mapped[Json]
    """The rule without what the other columns hold."""
    scope: Mapped[Json]
    """Which DAGs, tasks and tags the rule looks at."""
    channels: Mapped[list[Any]] = mapped_column(default=list)
    """Names of receivers; empty: the routes decide."""
    created_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class Alert(Base):
    """An alert from its first firing to its resolution, as people see it; the machine's own state is `AlertMemory`."""

    __tablename__ = "wfintel_alerts"
    __table_args__ = (
        Index(None, "status", "last_seen_at"),
        Index(None, "dag_id", "last_seen_at"),
        Index(None, "incident"),
    )

    alert_id: Mapped[Uuid] = mapped_column(default=new_id)
    alert_key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the rule, of what it watches and of what began it: repeats of the same trouble are the same row."""
    rule: Mapped[Name]
    kind: Mapped[Word]
    incident: Mapped[str] = mapped_column(String(40), default="")
    """What is told, acknowledged and resolved as one; empty while nobody is to be told."""
    dag_id: Mapped[DagId] = mapped_column(default="")
    task_id: Mapped[TaskId] = mapped_column(default="")
    run_id: Mapped[RunId] = mapped_column(default="")
    map_index: Mapped[int] = mapped_column(default=-1)
    severity: Mapped[Word]
    status: Mapped[Word]
    """`firing`, `acknowledged`, `silenced`, `muted` (it follows from another one) or `resolved`."""
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[Json]
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[Name] = mapped_column(default="")
    silenced_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    resolved_by: Mapped[Name] = mapped_column(default="")


class AlertMemory(Base):
    """The state of the alert machine with the place up to which it has read. One row; saved on top of its revision."""

    __tablename__ = "wfintel_alert_memory"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger())
    batch: Mapped[int] = mapped_column(BigInteger())
    """Up to which `WorkflowExecution.batch` it has read, the last one perhaps in part."""
    execution_id: Mapped[Key36] = mapped_column(default="")
    """Up to which key of that batch."""
    state: Mapped[Json]
    saved_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class AlertInput(Base):
    """What people and tasks say to the alert machine, until it has heard it."""

    __tablename__ = "wfintel_alert_inputs"

    input_id: Mapped[Uuid]
    """Given by who says it, so that saying it twice is saying it once."""
    kind: Mapped[Word]
    dag_id: Mapped[DagId] = mapped_column(default="")
    payload: Mapped[Json]
    said_by: Mapped[Name] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class AlertMessage(Base):
    """One message for one receiver and what became of it."""

    __tablename__ = "wfintel_alert_messages"
    __table_args__ = (Index(None, "incident", "made_at"), Index(None, "answered", "status"))

    message_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The idempotency key: what has the same key is the same message."""
    incident: Mapped[str] = mapped_column(String(40))
    receiver: Mapped[Name]
    kind: Mapped[Word]
    status: Mapped[Word]
    """`waiting`; `sending` from before an attempt until its end is known; `sent`."""
    answered: Mapped[bool] = mapped_column(default=True)
    """Whether the machine knows how the last attempt ended."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[LongText] = mapped_column(default="")
    notification: Mapped[Json]
    made_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
