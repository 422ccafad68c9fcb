"""Every route by every role: exactly who is let in, and to what.

A column of its own is somebody who may read one DAG only, which is not the one that the requests are about: to them it
must be as if it did not exist, also in lists and sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow.api_fastapi.app import get_auth_manager
from fastapi.testclient import TestClient

from airflow_provider_wfintel.api.app import create_app
from airflow_provider_wfintel.api.schema import routes_of
from airflow_provider_wfintel.engine.model import Trial
from tests.integration.api_things import (
    ASKS,
    AUTOMATION,
    FEEDBACK,
    MONITORING,
    NAMED,
    OPTIMIZATION,
    OWN,
    SESSIONS,
    THING,
    TROUBLESHOOTING,
    forget_things,
    put_things,
)

pytestmark = pytest.mark.integration

ROLES = ("nobody", "viewer of another DAG", "viewer", "user", "op", "admin")
# Statuses in the order of ROLES. With 404 the thing is hidden, not its absence told.
_ALL = (401, 200, 200, 200, 200, 200)
_AUTHORS = (401, 403, 403, 200, 200, 200)
_OF_THE_DAG = (401, 403, 200, 200, 200, 200)
_HIDDEN = (401, 404, 200, 200, 200, 200)
_ACT = (401, 404, 403, 200, 200, 200)
_SAID = (401, 404, 403, 202, 202, 202)

MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", f"{OWN}/health"): _ALL,
    ("GET", f"{OWN}/health/checks"): (401, 403, 403, 403, 200, 200),
    ("GET", f"{AUTOMATION}/services"): _ALL,
    ("GET", f"{AUTOMATION}/templates"): _ALL,
    ("POST", f"{AUTOMATION}/generate"): _AUTHORS,
    ("POST", f"{AUTOMATION}/save"): _AUTHORS,
    ("POST", f"{AUTOMATION}/try"): _AUTHORS,
    ("POST", f"{AUTOMATION}/validate"): _AUTHORS,
    ("POST", FEEDBACK): _AUTHORS,
    ("GET", f"{FEEDBACK}/summary"): _AUTHORS,
    ("POST", f"{OPTIMIZATION}/analyze"): _AUTHORS,
    ("POST", f"{OPTIMIZATION}/predict"): _AUTHORS,
    ("POST", f"{OPTIMIZATION}/apply"): _AUTHORS,
    ("GET", f"{OPTIMIZATION}/results"): _ALL,
    ("GET", f"{MONITORING}/health"): _ALL,
    ("GET", f"{MONITORING}/metrics"): _ALL,
    ("GET", f"{MONITORING}/metrics/dag"): _OF_THE_DAG,
    ("GET", f"{MONITORING}/anomalies"): _ALL,
    ("GET", f"{MONITORING}/insights"): _ALL,
    ("GET", f"{MONITORING}/report"): _ALL,
    ("GET", f"{MONITORING}/schedule"): _ALL,
    ("GET", f"{MONITORING}/forecast"): _OF_THE_DAG,
    ("GET", f"{MONITORING}/forecasts"): _ALL,
    ("POST", f"{MONITORING}/refit"): _AUTHORS,
    ("POST", f"{TROUBLESHOOTING}/analyze"): _AUTHORS,
    ("GET", f"{TROUBLESHOOTING}/rates"): _ALL,
    ("GET", SESSIONS): _ALL,
    # Airflow itself has no such task instance: whoever may look is told so.
    ("POST", SESSIONS): (401, 403, 404, 404, 404, 404),
    ("GET", f"{SESSIONS}/{{session_id}}"): _HIDDEN,
    ("POST", f"{SESSIONS}/{{session_id}}/resolve"): (401, 404, 403, 404, 404, 404),
    ("POST", f"{SESSIONS}/{{session_id}}/verify"): _ACT,
    ("POST", f"{SESSIONS}/{{session_id}}/undo"): (401, 404, 403, 422, 422, 422),  # no remedy has set anything
    ("POST", f"{SESSIONS}/{{session_id}}/close"): _ACT,
    ("GET", f"{MONITORING}/services"): _ALL,
    # Connections are those of operators.
    ("POST", f"{MONITORING}/services"): (401, 403, 403, 403, 200, 200),
    ("GET", f"{MONITORING}/services/{{conn_id}}"): (401, 403, 403, 403, 200, 200),
    ("GET", f"{MONITORING}/alerts"): _ALL,
    ("POST", f"{MONITORING}/alerts"): (401, 403, 403, 202, 202, 202),
    ("GET", f"{MONITORING}/alerts/{{alert_id}}"): _HIDDEN,
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/ack"): _SAID,
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/resolve"): _SAID,
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/silence"): _SAID,
    ("GET", f"{MONITORING}/silences"): _ALL,
    ("DELETE", f"{MONITORING}/silences/{{silence_id}}"): _SAID,
    ("GET", f"{MONITORING}/alert-rules"): _AUTHORS,
    ("POST", f"{MONITORING}/alert-rules"): (401, 403, 403, 201, 201, 201),
    ("GET", f"{MONITORING}/alert-rules/schema"): _ALL,
    ("PUT", f"{MONITORING}/alert-rules/{{rule_id}}"): _AUTHORS,
    ("DELETE", f"{MONITORING}/alert-rules/{{rule_id}}"): (401, 403, 403, 204, 204, 204),
}
CELLS = [
    pytest.param(role, method, path, expected, id=f"{role}-{method}-{path.removeprefix(OWN)}")
    for (method, path), row in MATRIX.items()
    for role, expected in zip(ROLES, row, strict=True)
]
# Lists in which the thing is, so that its absence says something.
HOLDING = (
    f"{MONITORING}/health", f"{MONITORING}/alerts", f"{MONITORING}/silences", f"{OPTIMIZATION}/results", SESSIONS,
)  # fmt: skip
ClientAs = Callable[[str], TestClient]


@pytest.fixture(autouse=True)
def things(airflow_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One of each thing, and a folder that DAGs may be saved to, so that the permission decides."""
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    monkeypatch.setenv("AIRFLOW__WFINTEL__TRIAL_OVER_REST", "True")
    # Who may is asked here, not what a run shows (see test_api_try): nothing is run for each of the roles.
    trials = "airflow_provider_wfintel.api.routes.automation.try_dags"
    monkeypatch.setattr(trials, lambda sources, **_: dict.fromkeys(sources, Trial("d")))
    put_things()
    yield
    forget_things()


@pytest.fixture
def client_of(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> ClientAs:
    """Clients by the roles of the matrix."""

    def make(role: str) -> TestClient:
        if role != "viewer of another DAG":
            return client_as(role)
        _narrow(monkeypatch)
        return client_as("viewer")

    return make


def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let viewers read the DAG `mine` only, as auth managers with rights on single DAGs do."""
    manager = type(get_auth_manager())
    asked = manager.is_authorized_dag

    def is_authorized_dag(self: Any, *, method: str, user: Any, details: Any = None, **more: Any) -> bool:
        one = getattr(details, "id", None)
        return one in (None, "mine") and asked(self, method=method, user=user, details=details, **more)

    monkeypatch.setattr(manager, "is_authorized_dag", is_authorized_dag)
    monkeypatch.setattr(manager, "get_authorized_dag_ids", lambda _self, **_: {"mine"})
    monkeypatch.setattr(manager, "filter_authorized_dag_ids", lambda _self, **_: {"mine"})


def test_no_route_is_missing_in_the_matrix() -> None:
    routes = {(method, f"/wfintel{route.path_format}") for route in routes_of(create_app()) for method in route.methods}
    assert set(MATRIX) == set(ASKS) == routes


@pytest.mark.parametrize(("role", "method", "path", "expected"), CELLS)
def test_role_against_route(client_of: ClientAs, role: str, method: str, path: str, expected: int) -> None:
    ask = ASKS[method, path]
    answer = client_of(role).request(method, path.format(**NAMED), json=ask.body, params=ask.query)
    assert answer.status_code == expected, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error", "error_type", "hint", "retryable"}
    elif role == "viewer of another DAG":
        assert f'"{THING}"' not in answer.text


@pytest.mark.parametrize("path", HOLDING)
def test_who_may_read_the_dag_finds_the_thing_in_the_list(client_of: ClientAs, path: str) -> None:
    assert f'"{THING}"' in client_of("viewer").get(path).text
