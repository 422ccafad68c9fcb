"""The same databases with Airflow's tables as the tests of monitoring use."""

from __future__ import annotations

from tests.integration.monitoring.conftest import engine, made_engine, make_world

__all__ = ["engine", "made_engine", "make_world"]
