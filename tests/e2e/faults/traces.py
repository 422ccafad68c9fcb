"""What a remedy leaves in a deployment, and whether it is gone once it was taken back."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.faults.deployment import Deployment
from tests.e2e.faults.trial_records import Trial

__all__ = ["leaves", "take_back"]


def leaves(airflow: Deployment, trial: Trial, run: Any) -> str:
    """`there` or `missing`; empty if the trial names nothing."""
    if not trial.leaves[0]:
        return ""
    return "there" if _is_there(airflow, trial, run) else "missing"


def take_back(airflow: Deployment, trial: Trial, own: Any) -> str:
    """Take back what all sessions of the trial have set: `gone` or `still there`; empty if nothing can be."""
    if trial.leaves[0] not in ("plan", "paused"):
        return ""
    _, found = own("GET", f"/sessions?dag_id={trial.name}&limit=100")
    for session in found["sessions"]:  # the newest first, as it has to be
        own("POST", f"/sessions/{session['session_id']}/undo")  # refused where nothing was set
    return "still there" if _is_there(airflow, trial, None) else "gone"


def _is_there(airflow: Deployment, trial: Trial, run: Any) -> bool:
    what, value = trial.leaves
    if what == "plan":
        path = airflow.folder.parent / "plan.json"
        data = json.loads(path.read_text()) if path.exists() else {"dags": {}}
        return any(value in fields for fields in data["dags"].get(trial.name, {}).get("tasks", {}).values())
    if what == "paused":
        return bool(airflow.call("GET", f"dags/{trial.name}")["is_paused"])
    if what == "run":
        return bool(airflow.api.run_state(run) == value)
    return any(task["task_id"] == "job" and task["state"] == value for task in airflow.api.tasks(run))
