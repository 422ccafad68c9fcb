"""What can be changed about a DAG without editing its file: values that a cluster policy sets when it is parsed."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.run_time.case import Change, Measure, RunTimeCase, Set
from airflow_provider_wfintel.engine.optimization.run_time.plan import (
    MEASURES,
    RunTimePlan,
    plan_run_time,
    with_changes,
)

__all__ = ["MEASURES", "Change", "Measure", "RunTimeCase", "RunTimePlan", "Set", "plan_run_time", "with_changes"]
