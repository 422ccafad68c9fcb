"""Alerts over REST: what people see is theirs to see, and what they say reaches the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.tables import Alert, AlertInput, AlertMemory, AlertMessage, AlertRule

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows/monitoring"
ClientAs = Callable[[str], TestClient]

SETTINGS = "receivers: [{name: team, channel: log}]\nroutes: [{name: default, receivers: [team], group_wait: 0}]\n"


class Desk:
    """A client whose DAG `orders` may be read, and the machine's turns."""

    def __init__(self, client: TestClient, settings: Path) -> None:
        self.client, self.got, self.later = client, [], timedelta()
        self.alerting = Alerting(metadata_session, SettingsSource(settings), clock=self.now, send=self.take)
        self.turn()

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.later

    def take(self, message: Message, receiver: Receiver) -> None:
        self.got.append(message)

    def turn(self) -> None:
        self.alerting.turn(lambda session: None, written=0)

    def push(self, status: int = 202, **fields: Any) -> dict:
        body = {
            "kind": "task.failed", "dag_id": "orders", "run_id": "r1", "task_id": "load", "event_id": "e1",
            "at": self.now().isoformat(), **fields,
        }  # fmt: skip
        answer = self.client.post(f"{OWN}/alerts", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def alerts(self, **params: Any) -> list[dict]:
        answer = self.client.get(f"{OWN}/alerts", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()["alerts"]

    def post(self, alert: dict, what: str, status: int = 202, **body: Any) -> dict:
        answer = self.client.post(f"{OWN}/alerts/{alert['alert_id']}/{what}", json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def only_orders(airflow_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller may read and edit nothing but the DAG `orders`."""
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

    monkeypatch.setattr(SimpleAuthManager, "get_authorized_dag_ids", lambda self, **_: {"orders"})
    allowed = SimpleAuthManager.is_authorized_dag

    def is_authorized_dag(self: Any, *, details: Any = None, **other: Any) -> bool:
        if details is not None and details.id is not None and details.id != "orders":
            return False
        return allowed(self, details=details, **other)

    monkeypatch.setattr(SimpleAuthManager, "is_authorized_dag", is_authorized_dag)


@pytest.fixture
def desk(client_as: ClientAs, only_orders: None, tmp_path: Path) -> Iterator[Desk]:
    settings = tmp_path / "alerts.yaml"
    settings.write_text(SETTINGS)

    def forget() -> None:
        with metadata_session() as session:
            for table in (Alert, AlertInput, AlertMemory, AlertMessage, AlertRule):
                session.execute(delete(table))

    forget()
    yield Desk(client_as("user"), settings)
    forget()


class TestPushedEvents:
    def test_an_event_becomes_an_alert_that_is_told(self, desk: Desk) -> None:
        desk.push(message="disk is full", cause="disk_full")
        desk.turn()
        (alert,) = desk.alerts()
        assert (alert["dag_id"], alert["task_id"], alert["status"]) == ("orders", "load", "firing")
        assert (alert["message"], alert["cause"]) == ("disk is full", "disk_full")
        assert alert["receivers"] == ["team"]
        assert [item.kind for item in desk.got] == ["firing"]
        detail = desk.client.get(f"{OWN}/alerts/{alert['alert_id']}").json()
        assert [(item["status"], item["attempts"]) for item in detail["deliveries"]] == [("sent", 1)]

    def test_pushing_the_same_event_again_is_pushing_it_once(self, desk: Desk) -> None:
        assert desk.push()["key"] == desk.push(at=(desk.now() + timedelta(seconds=2)).isoformat())["key"]
        desk.turn()
        desk.push()
        desk.turn()
        assert len(desk.alerts()) == len(desk.got) == 1

    def test_secrets_are_masked_before_anything_is_stored(self, desk: Desk) -> None:
        desk.push(message="login failed for password=hunter2hunter2")
        with metadata_session() as session:
            (row,) = session.query(AlertInput).all()
            assert "hunter2" not in str(row.payload)

    @pytest.mark.parametrize(
        ("fields", "what"),
        [
            ({"kind": "anomaly.spike"}, "kind"),
            ({"at": "2999-01-01T00:00:00Z"}, "future"),
            ({"severity": "critical"}, "severity"),
            ({"dag_id": ""}, "dag_id"),
        ],
    )
    def test_what_cannot_be_pushed_is_refused(self, desk: Desk, fields: dict, what: str) -> None:
        assert what in desk.push(status=422, **fields)["error"]

    def test_an_event_of_somebody_elses_dag_is_refused(self, desk: Desk) -> None:
        desk.push(status=403, dag_id="payroll")


class TestAlerts:
    def test_a_list_holds_only_dags_that_the_caller_may_read(self, desk: Desk) -> None:
        desk.push()
        desk.turn()
        with metadata_session() as session:
            (row,) = session.query(Alert).all()
            values = {name: getattr(row, name) for name in Alert.__table__.columns.keys()}  # noqa: SIM118
            session.add(Alert(**{**values, "alert_id": "hidden", "alert_key": "hidden", "dag_id": "payroll"}))
            session.add(Alert(**{**values, "alert_id": "open", "alert_key": "open", "dag_id": ""}))
        assert sorted(item["dag_id"] for item in desk.alerts()) == ["", "orders"]
        assert desk.alerts(dag_id="payroll") == []
        assert desk.client.get(f"{OWN}/alerts/hidden").status_code == 404
        # It is one incident with the one that the caller may edit.
        mine = next(item for item in desk.alerts() if item["dag_id"] == "orders")
        desk.post(mine, "ack", status=403)

    def test_filters_and_pages(self, desk: Desk) -> None:
        for number in range(5):
            desk.push(task_id=f"task_{number}", event_id=f"e{number}")
        desk.turn()
        assert len(desk.alerts(status="firing")) == 5
        assert desk.alerts(status="resolved") == desk.alerts(severity="critical") == desk.alerts(rule="anomaly") == []
        answer = desk.client.get(f"{OWN}/alerts", params={"limit": 2, "offset": 4}).json()
        assert (answer["total"], len(answer["alerts"])) == (5, 1)
        assert desk.client.get(f"{OWN}/alerts", params={"status": "odd"}).status_code == 422

    def test_acknowledge_says_who_has_it(self, desk: Desk) -> None:
        desk.push()
        desk.turn()
        desk.post(desk.alerts()[0], "ack")
        desk.turn()
        (alert,) = desk.alerts()
        assert (alert["status"], alert["acknowledged_by"]) == ("acknowledged", "the_user")

    def test_resolve_ends_it_and_tells_so(self, desk: Desk) -> None:
        desk.push()
        desk.turn()
        desk.turn()
        desk.post(desk.alerts()[0], "resolve")
        desk.turn()
        (alert,) = desk.alerts()
        assert (alert["status"], alert["resolved_by"]) == ("resolved", "the_user")
        assert [item.kind for item in desk.got] == ["firing", "resolved"]
        assert "by the_user" in desk.got[1].title
        assert "is over" in desk.post(alert, "resolve", status=422)["error"]

    def test_a_silence_holds_until_it_is_ended(self, desk: Desk) -> None:
        desk.push()
        desk.turn()
        item = desk.post(desk.alerts()[0], "silence", minutes=60, whole_dag=True, comment="maintenance")
        desk.turn()
        assert desk.alerts()[0]["status"] == "silenced"
        desk.push(task_id="other", event_id="e2")
        desk.turn()
        assert len(desk.got) == 1
        (listed,) = desk.client.get(f"{OWN}/silences").json()["silences"]
        assert (listed["silence_id"], listed["dag_id"], listed["by"]) == (item["silence_id"], "orders", "the_user")
        assert desk.client.delete(f"{OWN}/silences/{item['silence_id']}").status_code == 202
        desk.turn()
        assert desk.client.get(f"{OWN}/silences").json()["silences"] == []
        assert desk.client.delete(f"{OWN}/silences/{item['silence_id']}").status_code == 404
        assert {alert["status"] for alert in desk.alerts()} == {"firing"}


class TestCommandLine:
    @staticmethod
    def run(*arguments: str) -> None:
        import argparse

        from airflow_provider_wfintel.cli.commands import alerts

        parser = argparse.ArgumentParser()
        alerts.add_arguments(parser)
        assert alerts.run(parser.parse_args(arguments)) == 0

    def test_it_lists_what_is_wrong(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        desk.push(message="disk is full")
        desk.turn()
        capsys.readouterr()  # what the server logged
        self.run()
        said = capsys.readouterr().out.splitlines()
        assert said[0].endswith("firing  task failed: orders.load: disk is full")
        assert said[1] == "1 alert"
        self.run("--dag", "other")
        assert capsys.readouterr().out == "0 alerts\n"
        self.run("--json", "--all")
        assert '"dag_id": "orders"' in capsys.readouterr().out


class TestRules:
    RULE: dict[str, Any] = {  # noqa: RUF012
        "id": "retried",
        "title": "was retried",
        "raised_by": ["task.retry"],
        "match": {"dag": ["orders"]},
        "severity": "critical",
    }

    def test_a_rule_holds_from_the_next_turn_on(self, desk: Desk) -> None:
        made = desk.client.post(f"{OWN}/alert-rules", json={"rule": self.RULE})
        assert made.status_code == 201, made.text
        assert made.json()["rule"] == self.RULE
        desk.push(kind="task.retry")
        desk.turn()
        (alert,) = desk.alerts()
        assert (alert["rule"], alert["severity"], alert["title"]) == ("retried", "critical", "was retried: orders.load")

    def test_rules_are_changed_and_dropped(self, desk: Desk) -> None:
        assert desk.client.post(f"{OWN}/alert-rules", json={"rule": self.RULE}).status_code == 201
        assert desk.client.post(f"{OWN}/alert-rules", json={"rule": self.RULE}).status_code == 409
        changed = desk.client.put(f"{OWN}/alert-rules/retried", json={"rule": {**self.RULE, "enabled": False}})
        assert changed.json()["rule"]["enabled"] is False
        assert [item["rule"]["id"] for item in desk.client.get(f"{OWN}/alert-rules").json()["rules"]] == ["retried"]
        assert desk.client.delete(f"{OWN}/alert-rules/retried").status_code == 204
        assert desk.client.delete(f"{OWN}/alert-rules/retried").status_code == 404

    def test_a_rule_with_the_id_of_a_built_in_one_changes_its_fields(self, desk: Desk) -> None:
        answer = desk.client.put(f"{OWN}/alert-rules/task-failed", json={"rule": {"enabled": False}})
        assert answer.status_code == 200, answer.text
        desk.push()
        desk.turn()
        assert desk.alerts() == []

    @pytest.mark.parametrize(
        ("rule", "what"),
        [
            ({"title": "x"}, "has no id"),
            ({"id": "x", "title": "x"}, "'raised_by' is missing"),
            ({"id": "x", "title": "x", "raised_by": ["task.odd"]}, "nothing is of the kind 'task.odd'"),
            ({"id": "x", "title": "x", "raised_by": ["task.retry"], "odd": 1}, "'odd' was unexpected"),
        ],
    )
    def test_a_rule_that_cannot_be_followed_is_refused(self, desk: Desk, rule: dict, what: str) -> None:
        answer = desk.client.post(f"{OWN}/alert-rules", json={"rule": rule})
        assert answer.status_code == 422
        assert what in answer.json()["error"]

    def test_a_receiver_that_is_not_there_is_refused(self, desk: Desk) -> None:
        answer = desk.client.post(f"{OWN}/alert-rules", json={"rule": self.RULE, "receivers": ["nobody"]})
        assert answer.status_code == 422
        assert "no receiver 'nobody'" in answer.json()["error"]
