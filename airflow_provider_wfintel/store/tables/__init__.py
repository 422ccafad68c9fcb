"""All tables. Importing this package fills `Base.metadata`."""

from __future__ import annotations

from airflow_provider_wfintel.store.base import Base
from airflow_provider_wfintel.store.tables.answers import KeptAnswer
from airflow_provider_wfintel.store.tables.learning import Feedback, LearnedState, ServiceMapping
from airflow_provider_wfintel.store.tables.lease import Lease
from airflow_provider_wfintel.store.tables.monitoring import (
    Alert,
    AlertInput,
    AlertMemory,
    AlertMessage,
    AlertRule,
    DagState,
    MonitoringMetric,
    PerformanceInsight,
)
from airflow_provider_wfintel.store.tables.services import ServiceCheckRow
from airflow_provider_wfintel.store.tables.troubleshooting import RemedyAttempt, TroubleshootingSession
from airflow_provider_wfintel.store.tables.workflows import Workflow, WorkflowExecution, WorkflowOptimization

__all__ = [
    "Alert",
    "AlertInput",
    "AlertMemory",
    "AlertMessage",
    "AlertRule",
    "Base",
    "DagState",
    "Feedback",
    "KeptAnswer",
    "LearnedState",
    "Lease",
    "MonitoringMetric",
    "PerformanceInsight",
    "RemedyAttempt",
    "ServiceCheckRow",
    "ServiceMapping",
    "TroubleshootingSession",
    "Workflow",
    "WorkflowExecution",
    "WorkflowOptimization",
]
