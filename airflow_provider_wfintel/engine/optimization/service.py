"""Front door of the optimizer. Nothing above this floor imports past it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.ordering import (
    DEFAULT_BUDGET,
    DataSets,
    Layout,
    Ordering,
    TaskGraph,
    Untangled,
    WorkflowFile,
    build_graph,
    order_tasks,
    propose_layout,
    read_workflow,
    untangle,
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
