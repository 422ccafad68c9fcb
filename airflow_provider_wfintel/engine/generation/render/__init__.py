"""WorkflowSpec → the text of an Airflow 3 DAG file."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.render.service import render_dag, required_distributions

__all__ = ["render_dag", "required_distributions"]
