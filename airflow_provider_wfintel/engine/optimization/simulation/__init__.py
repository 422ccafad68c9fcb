"""How long a DAG takes on a deployment: profile from history, event simulation, Monte Carlo, calibration."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.simulation.calibrate import (
    Calibration,
    calibrate,
    fit_overheads,
    scaled,
)
from airflow_provider_wfintel.engine.optimization.simulation.history_file import read_history
from airflow_provider_wfintel.engine.optimization.simulation.model import (
    Deployment,
    SimulatedTask,
    SimulationResult,
    TaskTimes,
    Workload,
)
from airflow_provider_wfintel.engine.optimization.simulation.monte_carlo import simulate
from airflow_provider_wfintel.engine.optimization.simulation.profile import Profile, TaskProfile, profile_of
from airflow_provider_wfintel.engine.optimization.simulation.workload import (
    apply_profile,
    graph_of,
    slots_of,
    with_downstream_weights,
    with_weights,
    workload_of,
)

__all__ = [
    "Calibration",
    "Deployment",
    "Profile",
    "SimulatedTask",
    "SimulationResult",
    "TaskProfile",
    "TaskTimes",
    "Workload",
    "apply_profile",
    "calibrate",
    "fit_overheads",
    "graph_of",
    "profile_of",
    "read_history",
    "scaled",
    "simulate",
    "slots_of",
    "with_downstream_weights",
    "with_weights",
    "workload_of",
]
