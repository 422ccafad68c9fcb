"""What was measured and concluded: metrics, insights, alerts and the rules that raise them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import (
    Base,
    DagId,
    Json,
    LongText,
    Name,
    RunId,
    TaskId,
    Uuid,
    Word,
    new_id,
    utc_now,
)

__all__ = ["Alert", "AlertRule", "MonitoringMetric", "PerformanceInsight"]


class MonitoringMetric(Base):
    """One metric of a DAG (empty `task_id`) or task over one window of time."""

    __tablename__ = "wfintel_workflow_monitoring_metrics"
    __table_args__ = (Index(None, "metric", "window_start"),)

    dag_id: Mapped[DagId] = mapped_column(primary_key=True)
    task_id: Mapped[TaskId] = mapped_column(primary_key=True, default="")
    metric: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]
    samples: Mapped[int] = mapped_column(default=0)
    detail: Mapped[Json | None]
    """Sketches and parts of the metric, such as quantiles."""
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
    """When to raise an alert, and whom to tell."""

    __tablename__ = "wfintel_alert_rules"

    rule_id: Mapped[Uuid] = mapped_column(default=new_id)
    name: Mapped[Name] = mapped_column(unique=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    severity: Mapped[Word]
    condition: Mapped[Json]
    scope: Mapped[Json]
    """Which DAGs, tasks and tags the rule looks at."""
    channels: Mapped[list[Any]] = mapped_column(default=list)
    created_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class Alert(Base):
    """An alert from its first firing to its resolution. `alert_key` is equal for repeats of the same trouble."""

    __tablename__ = "wfintel_alerts"
    __table_args__ = (Index(None, "status", "last_seen_at"), Index(None, "dag_id", "last_seen_at"))

    alert_id: Mapped[Uuid] = mapped_column(default=new_id)
    alert_key: Mapped[str] = mapped_column(String(64), unique=True)
    rule_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey(AlertRule.rule_id, ondelete="SET NULL"), index=True
    )
    dag_id: Mapped[DagId] = mapped_column(default="")
    task_id: Mapped[TaskId] = mapped_column(default="")
    run_id: Mapped[RunId] = mapped_column(default="")
    severity: Mapped[Word]
    status: Mapped[Word]
    """`firing`, `acknowledged`, `silenced` or `resolved`."""
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[Json]
    occurrences: Mapped[int] = mapped_column(default=1)
    deliveries: Mapped[list[Any]] = mapped_column(default=list)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[Name] = mapped_column(default="")
    silenced_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
