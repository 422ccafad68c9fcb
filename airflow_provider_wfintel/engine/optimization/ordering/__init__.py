"""The order in which tasks of a sound graph start when there are fewer slots than tasks."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.ordering.data_edges import DataSets, Untangled, untangle
from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph, build_graph
from airflow_provider_wfintel.engine.optimization.ordering.order import DEFAULT_BUDGET, Ordering, order_tasks
from airflow_provider_wfintel.engine.optimization.ordering.workflow_file import (
    Layout,
    WorkflowFile,
    propose_layout,
    read_workflow,
)

__all__ = [
    "DEFAULT_BUDGET",
    "DataSets",
    "Layout",
    "Ordering",
    "TaskGraph",
    "Untangled",
    "WorkflowFile",
    "build_graph",
    "order_tasks",
    "propose_layout",
    "read_workflow",
    "untangle",
]
