"""What the routes answer, and how they say that something is wrong."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.api.routes import automation
from airflow_provider_wfintel.app.catalog import list_examples
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, WorkflowSpec, from_json
from airflow_provider_wfintel.exceptions import GeneratedCodeError, StoreError, TargetExistsError, WfIntelError

pytestmark = pytest.mark.integration

OWN = "/wfintel/api"
AUTOMATION = f"{OWN}/workflows/automation"
TEXT = "Every day at 06:00 run the shell command `date`"

ClientAs = Callable[[str], TestClient]


@pytest.fixture
def client(client_as: ClientAs) -> TestClient:
    return client_as("admin")


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[DeploymentContext | None]:
    """What the engine was told about the deployment."""
    seen: list[DeploymentContext | None] = []

    def fake(request: automation.GenerateRequest) -> Generation:
        seen.append(request.context)
        return Generation(WorkflowSpec("seen"), "x = 1\n", request.text)

    monkeypatch.setattr(automation, "remembered_workflow", fake)
    return seen


class TestGenerate:
    def test_a_sentence_becomes_a_dag_file(self, client: TestClient) -> None:
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        spec = from_json(WorkflowSpec, body["spec"])
        assert spec.schedule.crons == ("0 6 * * *",)
        assert spec.dag_id in body["source"]
        ast.parse(body["source"])
        assert client.post(f"{AUTOMATION}/validate", json={"source": body["source"]}).json()["ok"]

    def test_the_same_text_gives_the_same_answer(self, client: TestClient) -> None:
        body = {"user_input": TEXT, "context_aware": False}
        first, second = (client.post(f"{AUTOMATION}/generate", json=body) for _ in range(2))
        assert first.status_code == second.status_code == 200, first.text
        assert first.content == second.content

    def test_an_empty_text_is_a_typed_error(self, client: TestClient) -> None:
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": "  "})
        assert answer.status_code == 422
        assert answer.json()["error_type"] == "EmptyInputError"

    @pytest.mark.usefixtures("a_connection")
    def test_the_deployment_is_known_to_the_engine(
        self, client: TestClient, contexts: list[DeploymentContext | None]
    ) -> None:
        client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        (context,) = contexts
        assert context is not None
        assert ("orders_db", "postgres") in context.connections
        assert ("default_pool", 128) in context.pools
        assert "airflow-provider-wfintel" in context.providers

    @pytest.mark.usefixtures("a_connection")
    def test_only_as_far_as_the_caller_may_see_it(
        self, client_as: ClientAs, contexts: list[DeploymentContext | None]
    ) -> None:
        client_as("user").post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        (context,) = contexts
        assert context is not None
        assert context.connections == ()
        assert ("default_pool", 128) in context.pools

    def test_without_context_awareness_it_is_not_looked_at(
        self, client: TestClient, contexts: list[DeploymentContext | None]
    ) -> None:
        client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT, "context_aware": False})
        assert contexts == [None]

    @pytest.fixture
    def a_connection(self, airflow_db: None) -> Iterator[None]:
        from airflow.models.connection import Connection
        from airflow.utils.session import create_session

        with create_session(scoped=False) as session:
            session.add(Connection(conn_id="orders_db", conn_type="postgres", password="hidden"))
        yield
        with create_session(scoped=False) as session:
            session.query(Connection).filter_by(conn_id="orders_db").delete()


class TestValidate:
    def test_what_is_wrong_is_said_with_its_line(self, client: TestClient) -> None:
        body = client.post(f"{AUTOMATION}/validate", json={"source": "x = 1\nimport os; os.system('id')\n"}).json()
        assert not body["ok"]
        assert any(issue["line"] == 2 for issue in body["issues"])

    def test_the_file_is_not_executed(self, client: TestClient, tmp_path: object) -> None:
        trace = f"{tmp_path}/trace"
        client.post(f"{AUTOMATION}/validate", json={"source": f"open({trace!r}, 'w').close()\n"})
        assert not Path(trace).exists()


class TestServices:
    def test_pages_cover_the_catalogue_once(self, client: TestClient) -> None:
        seen: list[str] = []
        while True:
            page = client.get(f"{AUTOMATION}/services", params={"limit": 200, "offset": len(seen)}).json()
            if not page["services"]:
                break
            seen += [item["id"] for item in page["services"]]
        assert len(seen) == page["total"] == len(set(seen)) > 700
        assert seen == sorted(seen)

    def test_filters(self, client: TestClient) -> None:
        def ids(**params: object) -> list[str]:
            found = client.get(f"{AUTOMATION}/services", params=params).json()["services"]  # type: ignore[arg-type]
            return [item["id"] for item in found]

        assert "sqlite" in ids(q="SQLite")
        assert ids(q="no such thing anywhere") == []
        with_provider = client.get(f"{AUTOMATION}/services", params={"with_provider": True, "limit": 200}).json()
        assert all(item["provider"] for item in with_provider["services"])

    def test_an_unknown_category_is_answered_with_the_known_ones(self, client: TestClient) -> None:
        answer = client.get(f"{AUTOMATION}/services", params={"category": "no such"})
        assert answer.status_code == 422
        assert "categories:" in answer.json()["hint"]

    @pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 1000}, {"offset": -1}, {"limit": "x"}])
    def test_a_bad_page_is_a_typed_error(self, client: TestClient, params: dict[str, object]) -> None:
        answer = client.get(f"{AUTOMATION}/services", params=params)  # type: ignore[arg-type]
        assert answer.status_code == 422
        assert answer.json()["error_type"] == "InvalidRequestError"


class TestTemplates:
    def test_they_are_the_examples_of_the_catalogue(self, client: TestClient) -> None:
        body = client.get(f"{AUTOMATION}/templates").json()
        assert [item["text"] for item in body["templates"]] == [item.text for item in list_examples()]
        assert body["total"] == len(body["templates"]) >= 3

    def test_patterns_come_with_their_parameters(self, client: TestClient) -> None:
        found = {item["id"]: item for item in client.get(f"{AUTOMATION}/templates").json()["patterns"]}
        assert len(found) >= 30
        names = [item["name"] for item in found["retention"]["parameters"]]
        assert names[:3] == ["table", "date_column", "keep_days"]
        assert "postgres" in found["retention"]["services"][0]["options"]

    def test_a_pattern_with_values_becomes_a_dag(self, client: TestClient) -> None:
        body = {"pattern": "tables_fan_out", "values": {"tables": ["a", "b"], "at_once": 1}, "context_aware": False}
        answer = client.post(f"{AUTOMATION}/generate", json=body)
        assert answer.status_code == 200
        assert answer.json()["patterns"][0]["id"] == "tables_fan_out"
        assert "SELECT * FROM b" in answer.json()["source"]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"pattern": "retentoin"}, "no pattern"),
            ({"pattern": "retention", "values": {"keep_days": "3"}}, "keep_days"),
            ({"pattern": "retention", "values": {"keepdays": 3}}, "no parameter"),
            ({"pattern": "retention", "user_input": TEXT}, "a text and a pattern"),
            ({"user_input": TEXT, "values": {"keep_days": 3}}, "no pattern"),
        ],
    )
    def test_bad_values_are_the_callers_mistake(self, client: TestClient, body: dict, words: str) -> None:
        answer = client.post(f"{AUTOMATION}/generate", json=body)
        assert answer.status_code == client.post(f"{AUTOMATION}/generate", json={"user_input": " "}).status_code
        assert words in answer.text


class TestHealth:
    def test_versions_and_counts(self, client: TestClient) -> None:
        from airflow_provider_wfintel.store.tables import Base

        body = client.get(f"{OWN}/health").json()
        assert body["status"] == "healthy"
        assert body["version"] == __version__
        assert body["airflow_version"].startswith("3.")
        assert body["tables"] == len(Base.metadata.tables) >= 12
        assert body["saves_dags"] is False

    def test_missing_tables_are_a_503_that_says_what_to_do(self, client: TestClient, airflow_db: None) -> None:
        from airflow import settings

        from airflow_provider_wfintel.store.tables import Base

        lease = Base.metadata.tables["wfintel_lease"]
        lease.drop(settings.engine)
        try:
            answer = client.get(f"{OWN}/health")
        finally:
            lease.create(settings.engine)
        assert answer.status_code == 503
        body = answer.json()
        assert body["error_type"] == "StoreError"
        assert body["hint"] == "run `airflow db migrate`"
        assert body["retryable"] is True
        assert client.get(f"{OWN}/health").status_code == 200


class TestErrors:
    BODY_KEYS = frozenset({"error", "error_type", "hint", "retryable"})

    def raising(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        def fail(request: object) -> None:
            raise error

        monkeypatch.setattr(automation, "remembered_workflow", fail)

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (StoreError("x", hint="h"), 503),
            (TargetExistsError("x", hint="h"), 409),
            (GeneratedCodeError("x", hint="h"), 500),
        ],
    )
    def test_our_errors_keep_their_name_and_hint(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch, error: WfIntelError, status: int
    ) -> None:
        self.raising(monkeypatch, error)
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        assert answer.status_code == status
        assert answer.json() == error.as_dict()

    def test_an_unexpected_error_tells_nothing_but_a_reference(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.raising(monkeypatch, RuntimeError("password=hunter2"))
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        assert answer.status_code == 500
        body = answer.json()
        assert set(body) == self.BODY_KEYS
        assert "hunter2" not in answer.text
        reference = body["hint"].split("reference ")[1].split()[0]
        assert reference in caplog.text

    def test_a_database_that_went_away_is_a_503(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.raising(monkeypatch, OperationalError("SELECT secret", {}, Exception("server closed the connection")))
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": TEXT})
        assert answer.status_code == 503
        assert "SELECT" not in answer.text

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"user_input": 5}',
            b'{"user_text": "a"}',
            b'{"user_input": "\\ud800"}',
            b"\xff\xfe",
        ],
    )
    def test_a_bad_body_is_a_typed_error(self, client: TestClient, content: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = client.post(f"{AUTOMATION}/generate", content=content, headers=headers)
        assert answer.status_code in (400, 422), answer.text
        assert set(answer.json()) == self.BODY_KEYS

    def test_the_offending_input_is_not_repeated(self, client: TestClient) -> None:
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": {"token": "hunter2"}})
        assert answer.status_code == 422
        assert "user_input" in answer.json()["error"]
        assert "hunter2" not in answer.text

    def test_an_unknown_path(self, client: TestClient) -> None:
        answer = client.get(f"{OWN}/nothing/here")
        assert answer.status_code == 404
        assert answer.json()["error_type"] == "NotFoundError"


class TestBodyLimit:
    LIMIT = 1_048_576

    def test_a_long_text_is_refused_before_it_is_read(self, client: TestClient) -> None:
        answer = client.post(f"{AUTOMATION}/generate", json={"user_input": "x" * self.LIMIT})
        assert answer.status_code == 413
        assert answer.json()["error_type"] == "InputTooLargeError"

    def test_also_if_its_length_is_not_announced(self, client: TestClient) -> None:
        def chunks() -> Iterator[bytes]:
            yield b'{"user_input": "'
            for _ in range(40):
                yield b"x" * 32_768
            yield b'"}'

        headers = {"Content-Type": "application/json"}
        answer = client.post(f"{AUTOMATION}/generate", content=chunks(), headers=headers)
        assert answer.status_code == 413
        assert answer.json()["error_type"] == "InputTooLargeError"


def test_reading_changes_nothing(client: TestClient, airflow_db: None) -> None:
    from airflow import settings

    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.split(None, 1)[0].upper())

    event.listen(settings.engine, "before_cursor_execute", note)
    try:
        for path in (f"{OWN}/health", f"{AUTOMATION}/services", f"{AUTOMATION}/templates"):
            assert client.get(path).status_code == 200
    finally:
        event.remove(settings.engine, "before_cursor_execute", note)
    assert statements
    assert set(statements) <= {"SELECT", "PRAGMA"}


def test_the_schema_in_the_documentation_is_that_of_the_app() -> None:
    from airflow_provider_wfintel.api.export import openapi_text

    stored = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert json.loads(stored.read_text(encoding="utf-8")) == json.loads(openapi_text()), (
        "run: python -m airflow_provider_wfintel.api.export docs/openapi.json"
    )


def test_every_route_of_the_schema_describes_its_errors(api_server: FastAPI) -> None:
    from airflow_provider_wfintel.api.app import create_app

    for path, methods in create_app().openapi()["paths"].items():
        for method, operation in methods.items():
            told = set(operation["responses"])
            assert {"401", "403", "500", "503"} <= told, (method, path)
            assert any(code.startswith("2") for code in told), (method, path)
