"""All rules. A new one is a file beside this and a line in `RULES`."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.insights.rules.cost_mover import COST_MOVER
from airflow_provider_wfintel.engine.monitoring.insights.rules.full_hours import FULL_HOURS
from airflow_provider_wfintel.engine.monitoring.insights.rules.idle_sensor import IDLE_SENSOR
from airflow_provider_wfintel.engine.monitoring.insights.rules.pool_wait import POOL_WAIT
from airflow_provider_wfintel.engine.monitoring.insights.rules.retries_hide import RETRIES_HIDE_FAILURES
from airflow_provider_wfintel.engine.monitoring.insights.rules.slower_version import SLOWER_SINCE_VERSION
from airflow_provider_wfintel.engine.monitoring.insights.values import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    SLOWER_SINCE_VERSION,
    POOL_WAIT,
    RETRIES_HIDE_FAILURES,
    FULL_HOURS,
    IDLE_SENSOR,
    COST_MOVER,
)
