"""A person who is asked about a remedy on Airflow's page of required actions, and what comes of the answer."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import requests

from airflow_provider_wfintel.cli.demo.airflow_api import wait_for
from tests.e2e.faults.deployment import Deployment
from tests.e2e.faults.trial_records import Trial

__all__ = ["answer_question", "deploy_own_dags"]

ROOT = Path(__file__).resolve().parents[3]
APPROVAL, PATIENT = "wfintel_remedy_approval", "timedelta(hours=12)"
UNANSWERED = "wfintel_remedy_unanswered"
SECONDS = 180.0


def deploy_own_dags(airflow: Deployment, trials: list[Trial], *names: str) -> None:
    """Put the package's own DAGs into the deployment, and the connection with which they call its server."""
    host, _, port = airflow.api.base_url.removeprefix("http://").partition(":")
    with requests.Session() as session:
        session.trust_env = False
        token = session.get(f"{airflow.api.base_url}/auth/token", timeout=60).json()
    body = {"connection_id": "wfintel_default", "conn_type": "wfintel", "host": host, "port": int(port)}
    airflow.call("POST", "connections", {**body, "password": token["access_token"]})
    wanted = [*names]
    if any(trial.answer for trial in trials):
        wanted.append(APPROVAL)
        text = (ROOT / "dags" / f"{APPROVAL}.py").read_text()
        assert PATIENT in text
        text = text.replace(PATIENT, "timedelta(seconds=10)").replace(APPROVAL, UNANSWERED)
        (airflow.dags / f"{UNANSWERED}.py").write_text(text)
    for name in wanted:
        (airflow.dags / f"{name}.py").write_text((ROOT / "dags" / f"{name}.py").read_text())
    for name in [*wanted, *([UNANSWERED] if APPROVAL in wanted else [])]:
        wait_for(
            name,
            partial(airflow.api.dag_is_there, name, f"{name}.py"),
            timeout=SECONDS,
            check=airflow.crew.check,
        )


def answer_question(airflow: Deployment, trial: Trial, session_id: str, own: Any) -> tuple[str, list[str]]:
    """Ask about a session and answer as the trial says; the session's status afterwards, and what has acted."""
    dag_id = UNANSWERED if trial.answer == "nothing" else APPROVAL
    body = {"logical_date": None, "conf": {"session_id": session_id}}
    run_id = airflow.call("POST", f"dags/{dag_id}/dagRuns", body)["dag_run_id"]
    place = f"dags/{dag_id}/dagRuns/{run_id}"
    if trial.answer != "nothing":
        question = f"{place}/taskInstances/ask/-1/hitlDetails"
        wait_for(
            "the question",
            lambda: airflow.call("GET", question, missing_ok=True) is not None,
            timeout=SECONDS,
            check=airflow.crew.check,
        )
        # Nothing may have been done while the person thinks.
        assert _acted(own, session_id) == [], trial.name
        airflow.call("PATCH", question, {"chosen_options": [trial.answer], "params_input": {}})
    wait_for(
        "the end of the question",
        lambda: airflow.call("GET", place)["state"] in ("success", "failed"),
        timeout=SECONDS,
        check=airflow.crew.check,
    )
    return _verified(own, session_id), _acted(own, session_id)


def _acted(own: Any, session_id: str) -> list[str]:
    _, detail = own("GET", f"/sessions/{session_id}")
    return [item["remedy"] for item in detail["attempts"] if item["applied_at"]]


def _verified(own: Any, session_id: str) -> str:
    until = time.monotonic() + SECONDS
    while True:
        # As the self-diagnosis does: it goes on with what was approved and waits for its pause, and begins nothing.
        own("POST", f"/sessions/{session_id}/resolve", {"mode": "apply"})
        _, answer = own("POST", f"/sessions/{session_id}/verify")
        if answer.get("status") != "in_progress" or time.monotonic() > until:
            return str(answer.get("status"))
        time.sleep(1.0)
