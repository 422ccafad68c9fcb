"""Metrics: how long, how often, how much, per task, DAG, tag, owner, pool and deployment."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.metrics.book import Book, Figures
from airflow_provider_wfintel.engine.monitoring.metrics.render import (
    CONTENT_TYPE,
    as_prometheus,
    summary,
    totals_as_prometheus,
)
from airflow_provider_wfintel.engine.monitoring.metrics.sketch import Sketch
from airflow_provider_wfintel.engine.monitoring.metrics.values import DagFacts, Prices, Scope
from airflow_provider_wfintel.engine.monitoring.metrics.windows import TaskTotals, WindowFigures

__all__ = [
    "CONTENT_TYPE",
    "Book",
    "DagFacts",
    "Figures",
    "Prices",
    "Scope",
    "Sketch",
    "TaskTotals",
    "WindowFigures",
    "as_prometheus",
    "summary",
    "totals_as_prometheus",
]
