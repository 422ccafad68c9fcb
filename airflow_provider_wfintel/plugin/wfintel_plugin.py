"""The class that Airflow's plugin manager loads."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin


class WfIntelPlugin(AirflowPlugin):
    """Registers what the provider adds to Airflow."""

    name = "wfintel"
