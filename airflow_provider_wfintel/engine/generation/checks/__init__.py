"""Checks of a DAG file that need no Airflow: its text is read, never run."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.checks.service import STATIC_CHECKS, check_source

__all__ = ["STATIC_CHECKS", "check_source"]
