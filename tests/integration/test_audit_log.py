"""Whoever changes something leaves a row in Airflow's audit log, over REST and on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from airflow_provider_wfintel.api.app import create_app
from airflow_provider_wfintel.api.audit import EVENTS
from airflow_provider_wfintel.host.session import metadata_session

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows"
# POSTs that store nothing and change nothing: they have a body because what they work on is long.
PURE = {
    "/api/workflows/automation/generate",
    "/api/workflows/automation/validate",
    "/api/workflows/optimization/predict",
    "/api/workflows/troubleshooting/analyze",
}
ClientAs = Callable[[str], TestClient]


def recorded_by(route: APIRoute) -> list[str]:
    """What the dependencies of a route record."""
    return [
        cell.cell_contents
        for item in route.dependant.dependencies
        for cell in (getattr(item.call, "__closure__", None) or ())
        if isinstance(cell.cell_contents, str) and cell.cell_contents.startswith("wfintel.")
    ]


def rows(event: str = "") -> list[Any]:
    from airflow.models.log import Log

    query = select(Log.event, Log.owner, Log.dag_id, Log.extra).order_by(Log.id)
    with metadata_session() as session:
        found = session.execute(query.where(Log.event == event) if event else query).all()
    return list(found)


@pytest.fixture(autouse=True)
def empty_log(airflow_db: None) -> None:
    from airflow.models.log import Log

    with metadata_session() as session:
        session.execute(delete(Log))


def test_every_route_that_changes_something_leaves_a_row() -> None:
    seen: list[str] = []
    for route in create_app().routes:
        if not isinstance(route, APIRoute):
            continue
        events = recorded_by(route)
        changes = route.methods != {"GET"} and route.path not in PURE
        assert len(events) == changes, f"{route.methods} {route.path} records {events}"
        seen += events
    assert sorted(seen) == sorted(f"wfintel.{name}" for name in EVENTS), "each event has one route"


def test_a_row_says_who_asked_for_what(client_as: ClientAs) -> None:
    body = {"kind": "run.failed", "dag_id": "audited_dag", "run_id": "r1", "at": "2026-03-02T06:00:00Z"}
    assert client_as("user").post(f"{OWN}/monitoring/alerts", json=body).status_code == 202
    ((event, owner, dag_id, extra),) = rows("wfintel.alert.push")
    assert (event, owner, dag_id) == ("wfintel.alert.push", "the_user", "audited_dag")
    assert json.loads(extra) == {"run_id": "r1", "kind": "run.failed", "method": "POST"}


def test_what_was_refused_is_recorded_too(client_as: ClientAs) -> None:
    answer = client_as("viewer").request("DELETE", f"{OWN}/monitoring/alert-rules/quiet")
    assert answer.status_code == 403
    ((_, owner, _, extra),) = rows("wfintel.alert_rule.drop")
    assert (owner, json.loads(extra)["rule_id"]) == ("the_viewer", "quiet")


def test_nobody_without_a_login_fills_the_log(client_as: ClientAs) -> None:
    client = client_as("nobody")
    client.post(f"{OWN}/monitoring/alerts", json={})
    client.headers["Authorization"] = "Bearer garbage"
    client.post(f"{OWN}/monitoring/alerts", json={})
    assert not rows()


def test_no_text_gets_into_a_row(client_as: ClientAs) -> None:
    secret = "password=hunter2hunter2"
    client = client_as("op")
    client.post(f"{OWN}/automation/save", json={"user_input": f"Every day run `x --{secret}`"})
    client.post(
        f"{OWN}/feedback", json={"subject": "generation", "subject_id": "1", "verdict": "accepted", "comment": secret}
    )
    body = {"dag_id": "d", "run_id": "r", "task_id": "t", "error_logs": secret}
    client.post(f"{OWN}/troubleshooting/sessions", json=body)
    assert len(rows()) == 3
    assert "hunter2" not in json.dumps([tuple(row) for row in rows()])


@pytest.mark.parametrize(
    ("content", "recorded"),
    [
        (b"[1]", 1),
        (b"null", 1),
        (b'{"dag_id": {"a": 1}, "rule": 5, "run_id": 7}', 1),
        (b'{"dag_id": 99999999999999999999999999, "task_id": true}', 1),
        (b'{"dag_id": "\\ud800", "run_id": "\\u0000"}', 1),
        # What is no JSON names nothing; it is refused before any dependency is asked.
        (b"{", 0),
        (b"\xff\xfe", 0),
    ],
)
def test_a_body_that_is_wrong_is_recorded_and_then_refused(client_as: ClientAs, content: bytes, recorded: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client_as("op").post(f"{OWN}/monitoring/alerts", content=content, headers=headers)
    assert answer.status_code == 422, answer.text
    assert len(rows("wfintel.alert.push")) == recorded


def test_a_command_that_changes_something_leaves_a_row(airflow_db: None, capsys: pytest.CaptureFixture[str]) -> None:
    from airflow.cli.cli_parser import get_parser

    args = get_parser().parse_args(["wfintel", "plan", "reject", "00000000-0000-4000-8000-000000000000"])
    with pytest.raises(SystemExit):
        args.func(args)
    assert "there is no plan" in capsys.readouterr().err
    assert len(rows("cli_plan")) == 1
