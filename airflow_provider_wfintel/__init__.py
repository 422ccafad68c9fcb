"""Workflow intelligence for Apache Airflow 3: generate, optimize, monitor and troubleshoot DAGs."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
