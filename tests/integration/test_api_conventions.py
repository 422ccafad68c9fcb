"""What holds for all routes: entity tags, limits of rates, writes that are sent twice; and the schema that says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update

from airflow_provider_wfintel.api.app import create_app
from airflow_provider_wfintel.api.once import once
from airflow_provider_wfintel.api.rates import Rates, costly
from airflow_provider_wfintel.api.routes import alerts
from airflow_provider_wfintel.api.schema import asks, routes_of
from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.tables import AlertInput, AlertRule, KeptAnswer

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows"
RULES = f"{OWN}/monitoring/alert-rules"
ClientAs = Callable[[str], TestClient]

# Routes that compute from what the caller sends and change nothing; a trial has a stand-in for all that it touches.
COMPUTE = {"/generate", "/automation/try", "/validate", "/predict", "/troubleshooting/analyze"}


@pytest.fixture
def client(client_as: ClientAs) -> TestClient:
    return client_as("admin")


@pytest.fixture
def own_app(api_server: FastAPI, client: TestClient) -> FastAPI:
    """Our app inside Airflow's, which is made at the first request."""
    client.get("/wfintel/api/health")
    lazy: Any = next(route for route in api_server.routes if getattr(route, "path", "") == "/wfintel")
    app: FastAPI = lazy.app._app
    return app


class TestEntityTags:
    def test_who_has_the_answer_is_not_sent_it_again(self, client: TestClient) -> None:
        first = client.get(f"{OWN}/automation/templates")
        tag = first.headers["etag"]
        again = client.get(f"{OWN}/automation/templates", headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "private, no-cache"

    def test_another_answer_has_another_tag(self, client: TestClient) -> None:
        tags = {client.get(f"{OWN}/automation/services", params={"limit": n}).headers["etag"] for n in (1, 2)}
        assert len(tags) == 2
        stale = client.get(f"{OWN}/automation/services", params={"limit": 1}, headers={"If-None-Match": 'W/"x"'})
        assert stale.status_code == 200
        assert stale.json()["services"]

    def test_who_may_not_read_learns_nothing_from_a_tag(self, client_as: ClientAs, client: TestClient) -> None:
        tag = client.get(RULES).headers["etag"]
        for value in (tag, "*"):
            assert client_as("viewer").get(RULES, headers={"If-None-Match": value}).status_code == 403
            assert client_as("nobody").get(RULES, headers={"If-None-Match": value}).status_code == 401

    def test_errors_and_writes_have_none(self, client: TestClient) -> None:
        assert "etag" not in client.get(f"{OWN}/automation/services", params={"limit": 0}).headers
        assert "etag" not in client.post(f"{OWN}/automation/validate", json={"source": "x = 1\n"}).headers


class TestRates:
    @pytest.fixture(autouse=True)
    def three_a_minute(self, own_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(own_app.state._state, "rates", Rates("3/minute", "memory://"))

    def ask(self, client: TestClient) -> Any:
        return client.post(f"{OWN}/automation/validate", json={"source": "x = 1\n"})

    def test_after_the_limit_it_is_said_when_to_come_again(self, client: TestClient) -> None:
        assert [self.ask(client).status_code for _ in range(3)] == [200] * 3
        refused = self.ask(client)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.json()["error_type"] == "TooManyRequestsError"
        assert refused.json()["retryable"] is True

    def test_each_user_has_a_limit_of_their_own_over_all_costly_routes(self, client_as: ClientAs) -> None:
        for _ in range(3):
            client_as("op").post(f"{OWN}/troubleshooting/analyze", json={"error_logs": "MemoryError"})
        assert self.ask(client_as("op")).status_code == 429
        assert self.ask(client_as("user")).status_code == 200

    def test_cheap_routes_are_not_limited(self, client: TestClient) -> None:
        assert {client.get(f"{OWN}/automation/templates").status_code for _ in range(8)} == {200}

    def test_without_a_limit_nobody_waits(self) -> None:
        rates = Rates("", "memory://")
        assert {rates.wait("ann") for _ in range(500)} == {0.0}

    def test_a_storage_that_is_down_takes_nothing_with_it(self) -> None:
        pytest.importorskip("redis")
        assert Rates("1/minute", "redis://127.0.0.1:1/0").wait("ann") == 0.0

    @pytest.mark.parametrize(("limits", "storage"), [("often", "memory://"), ("1/minute", "paper://")])
    def test_a_setting_that_cannot_be_followed_says_which(self, limits: str, storage: str) -> None:
        with pytest.raises(UserInputError, match="rate_limit"):
            Rates(limits, storage)


class TestIdempotencyKeys:
    RULE: ClassVar[dict] = {"rule": {"id": "once", "title": "retried", "raised_by": ["task.retry"]}}

    @pytest.fixture(autouse=True)
    def forget(self, airflow_db: None) -> Iterator[None]:
        yield
        with metadata_session() as session:
            for table in (KeptAnswer, AlertRule, AlertInput):
                session.execute(delete(table))

    def make(self, client: TestClient, key: str = "k1", body: dict | None = None) -> Any:
        return client.post(RULES, json=body or self.RULE, headers={"Idempotency-Key": key})

    def test_a_write_that_is_sent_twice_is_done_once_and_answered_twice(self, client: TestClient) -> None:
        first, second = self.make(client), self.make(client)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert client.post(RULES, json=self.RULE).status_code == 409  # without the key it is a second rule

    def test_an_answer_without_a_body_is_repeated_too(self, client: TestClient) -> None:
        self.make(client)
        answers = [client.delete(f"{RULES}/once", headers={"Idempotency-Key": "gone"}) for _ in range(2)]
        assert [item.status_code for item in answers] == [204, 204]
        assert client.delete(f"{RULES}/once").status_code == 404

    def test_another_request_with_the_key_is_refused(self, client: TestClient) -> None:
        self.make(client)
        other = {"rule": {**self.RULE["rule"], "id": "other"}}
        assert self.make(client, body=other).status_code == 422
        assert client.put(f"{RULES}/once", json=self.RULE, headers={"Idempotency-Key": "k1"}).status_code == 422

    def test_the_keys_of_two_users_have_nothing_to_do_with_each_other(self, client_as: ClientAs) -> None:
        assert self.make(client_as("admin")).status_code == 201
        assert self.make(client_as("op")).status_code == 409  # served, not replayed: the rule is there

    def test_what_was_refused_may_be_sent_again(self, client: TestClient) -> None:
        bad = {"rule": {**self.RULE["rule"], "raised_by": ["no such thing"]}}
        assert self.make(client, body=bad).status_code == 422
        assert self.make(client).status_code == 201

    def test_a_request_that_is_being_served_is_waited_for(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        began, go_on = threading.Event(), threading.Event()

        class SlowDesk:
            def __getattr__(self, name: str) -> Any:
                return getattr(original, name)

            def keep_rule(self, *args: Any, **named: Any) -> Any:
                began.set()
                assert go_on.wait(20)
                return original.keep_rule(*args, **named)

        original = alerts.alert_desk
        monkeypatch.setattr(alerts, "alert_desk", SlowDesk())
        answers: list[Any] = []
        thread = threading.Thread(target=lambda: answers.append(self.make(client)))
        thread.start()
        assert began.wait(20)
        meanwhile = self.make(client)
        go_on.set()
        thread.join(20)
        assert meanwhile.status_code == 409
        assert meanwhile.headers["retry-after"] == "1"
        assert meanwhile.json()["retryable"] is True
        assert answers[0].status_code == 201
        assert self.make(client).headers["idempotency-replayed"] == "true"

    def test_a_write_that_fails_leaves_neither_effect_nor_answer(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails_afterwards(*args: Any, **named: Any) -> Any:
            original(*args, **named)
            raise RuntimeError("after the write")

        original = alerts.alert_desk.keep_rule
        with monkeypatch.context() as patch:
            patch.setattr(alerts.alert_desk, "keep_rule", fails_afterwards)
            assert self.make(client).status_code == 500
        assert self.make(client).status_code == 201

    def test_the_key_of_a_process_that_died_is_free_after_a_while(self, client: TestClient) -> None:
        self.make(client)
        with metadata_session() as session:
            session.execute(delete(AlertRule))
            session.execute(update(KeptAnswer).values(status=0, made_at=utc_now() - timedelta(minutes=5)))
        assert self.make(client).status_code == 409
        with metadata_session() as session:
            session.execute(update(KeptAnswer).values(made_at=utc_now() - timedelta(hours=1)))
        assert self.make(client).status_code == 201

    def test_answers_are_forgotten_after_a_day(self, client: TestClient) -> None:
        self.make(client)
        with metadata_session() as session:
            session.execute(update(KeptAnswer).values(made_at=utc_now() - timedelta(days=2)))
        assert self.make(client, key="k2").status_code == 409
        with metadata_session() as session:
            assert session.scalars(select(KeptAnswer)).all() == []

    @pytest.mark.parametrize("key", ["", "x" * 300, "a b"])
    def test_a_key_that_is_none_is_refused(self, client: TestClient, key: str) -> None:
        assert self.make(client, key=key).status_code == 422


class TestTheSchemaSaysSo:
    def test_every_write_can_be_sent_twice_and_every_computation_is_limited(self) -> None:
        for route in routes_of(create_app()):
            for method in route.methods:
                computes = any(route.path.endswith(name) for name in COMPUTE)
                assert asks(route, once) == (method != "GET" and not computes), route.path
                if computes:
                    assert asks(route, costly), route.path

    def test_routes_say_what_they_do(self) -> None:
        app = create_app()
        paths = app.openapi()["paths"]
        for route in routes_of(app):
            (method,) = route.methods
            told = paths[route.path_format][method.lower()]
            headers = {item["name"] for item in told.get("parameters", ()) if item["in"] == "header"}
            assert ("304" in told["responses"]) == ("If-None-Match" in headers) == (method == "GET")
            assert ("429" in told["responses"]) == asks(route, costly)
            assert ("Idempotency-Key" in headers) == asks(route, once)

    def test_every_list_with_a_cursor_names_the_next(self) -> None:
        schema = create_app().openapi()
        for path, methods in schema["paths"].items():
            told = methods.get("get", {})
            if any(item["name"] == "cursor" for item in told.get("parameters", ())):
                name = told["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
                assert "next_cursor" in schema["components"]["schemas"][name]["properties"], path
