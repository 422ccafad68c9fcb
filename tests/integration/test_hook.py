"""WfIntelHook against a server that is played by `responses`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
import responses
from airflow.sdk import Connection

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.retrying import RetryRules
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

pytestmark = pytest.mark.integration

BASE = "http://airflow.test:8080"
OWN = f"{BASE}/wfintel/api"
FAST = RetryRules(attempts=3, first_wait=0.001, longest_wait=0.01)


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def hook_with(monkeypatch: pytest.MonkeyPatch, **fields: object) -> WfIntelHook:
    connection = Connection(
        **{"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080, **fields}  # type: ignore[arg-type]
    )
    monkeypatch.setattr(WfIntelHook, "get_connection", classmethod(lambda cls, conn_id: connection))
    return WfIntelHook(retry=FAST)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> WfIntelHook:
    """A hook with a token, so that no login happens."""
    return hook_with(monkeypatch, extra=json.dumps({"token": "t0ken"}))


class TestAddress:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, "http://airflow.test:8080"),
            ({"schema": "https", "port": None}, "https://airflow.test"),
            ({"host": "https://airflow.test/"}, "https://airflow.test:8080"),
            ({"host": "airflow.test", "extra": '{"base_path": "/team/a/"}'}, "http://airflow.test:8080/team/a"),
            ({"host": "https://airflow.test/x", "port": None}, "https://airflow.test/x"),
        ],
    )
    def test_it_is_made_of_the_connections_fields(
        self, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object], expected: str
    ) -> None:
        assert hook_with(monkeypatch, **fields).base_url == expected

    @pytest.mark.parametrize("fields", [{"host": ""}, {"schema": "ftp"}])
    def test_a_connection_that_cannot_be_used_is_named(
        self, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object]
    ) -> None:
        with pytest.raises(RemoteError) as caught:
            hook_with(monkeypatch, **fields).health()
        assert caught.value.hint


class TestCredentials:
    def test_user_and_password_get_a_token(
        self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock
    ) -> None:
        server.post(
            f"{BASE}/auth/token",
            json={"access_token": "fresh"},
            status=201,
            match=[responses.matchers.json_params_matcher({"username": "ann", "password": "pw"})],
        )
        server.get(
            f"{OWN}/health",
            json={"version": "1"},
            match=[responses.matchers.header_matcher({"Authorization": "Bearer fresh"})],
        )
        hook = hook_with(monkeypatch, login="ann", password="pw")
        assert hook.health() == {"version": "1"}
        assert hook.health() == {"version": "1"}
        server.assert_call_count(f"{BASE}/auth/token", 1)

    @pytest.mark.parametrize("fields", [{"extra": '{"token": "given"}'}, {"password": "given"}])
    def test_a_given_token_is_used_as_it_is(
        self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock, fields: dict[str, object]
    ) -> None:
        server.get(
            f"{OWN}/health", json={}, match=[responses.matchers.header_matcher({"Authorization": "Bearer given"})]
        )
        assert hook_with(monkeypatch, **fields).health() == {}

    def test_without_credentials_none_are_sent(
        self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock
    ) -> None:
        server.get(f"{OWN}/health", json={})
        hook_with(monkeypatch).health()
        assert "Authorization" not in server.calls[0].request.headers

    def test_a_token_that_ran_out_is_renewed_once(
        self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock
    ) -> None:
        server.post(f"{BASE}/auth/token", json={"access_token": "old"}, status=201)
        server.post(f"{BASE}/auth/token", json={"access_token": "new"}, status=201)
        server.get(f"{OWN}/health", status=401)
        server.get(
            f"{OWN}/health", json={"ok": 1}, match=[responses.matchers.header_matcher({"Authorization": "Bearer new"})]
        )
        assert hook_with(monkeypatch, login="ann", password="pw").health() == {"ok": 1}

    def test_but_not_again_and_again(self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock) -> None:
        server.post(f"{BASE}/auth/token", json={"access_token": "t"}, status=201)
        server.get(f"{OWN}/health", status=401)
        with pytest.raises(RemoteError, match="401"):
            hook_with(monkeypatch, login="ann", password="pw").health()
        server.assert_call_count(f"{OWN}/health", 2)
        server.assert_call_count(f"{BASE}/auth/token", 2)

    def test_a_refused_login_says_so_without_the_password(
        self, monkeypatch: pytest.MonkeyPatch, server: responses.RequestsMock
    ) -> None:
        server.post(f"{BASE}/auth/token", json={"detail": "Invalid credentials"}, status=401)
        with pytest.raises(RemoteError, match=r"login was refused.*Invalid credentials") as caught:
            hook_with(monkeypatch, login="ann", password="hunter2").health()
        assert "hunter2" not in str(caught.value) + caught.value.hint


class TestErrors:
    def test_our_errors_keep_words_and_hint(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        body = {"error": "tables are missing", "error_type": "StoreError", "hint": "run it", "retryable": True}
        server.get(f"{OWN}/health", json=body, status=503)
        with pytest.raises(RemoteError, match="503 tables are missing") as caught:
            hook.health()
        assert caught.value.hint == "run it"
        assert caught.value.retryable

    def test_airflows_errors_keep_their_detail(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{BASE}/api/v2/dags/no", json={"detail": "no such DAG"}, status=404)
        with pytest.raises(RemoteError, match="404 no such DAG"):
            hook.get("/dags/no")

    def test_a_page_instead_of_json(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/health", body="<html>hello</html>")
        with pytest.raises(RemoteError, match="no JSON"):
            hook.health()

    def test_redirects_are_not_followed(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/health", status=302, headers={"Location": "https://elsewhere.test/"})
        with pytest.raises(RemoteError, match=r"elsewhere\.test"):
            hook.health()

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (requests.ConnectionError("no"), "cannot be reached"),
            (requests.ReadTimeout("slow"), "did not answer"),
            (requests.exceptions.SSLError("bad"), "certificate"),
        ],
    )
    def test_no_answer(self, hook: WfIntelHook, server: responses.RequestsMock, error: Exception, words: str) -> None:
        server.get(f"{OWN}/health", body=error)
        with pytest.raises(RemoteError, match=words):
            hook.health()

    def test_trouble_that_passes_is_waited_for(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/health", status=502)
        server.get(f"{OWN}/health", status=503)
        server.get(f"{OWN}/health", json={"version": "1"})
        assert hook.health() == {"version": "1"}

    def test_starting_a_run_is_not_repeated_blindly(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.post(f"{BASE}/api/v2/dags/a/dagRuns", status=502)
        with pytest.raises(RemoteError):
            hook.post("/dags/a/dagRuns", {"logical_date": None})
        server.assert_call_count(f"{BASE}/api/v2/dags/a/dagRuns", 1)


class TestPages:
    def serve(self, server: responses.RequestsMock, total: int, cap: int) -> None:
        def page(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            params = request.params  # type: ignore[attr-defined]
            start, limit = int(params["offset"]), min(int(params["limit"]), cap)
            dags = [{"dag_id": f"d{number}"} for number in range(start, min(start + limit, total))]
            return 200, {}, json.dumps({"dags": dags, "total_entries": total})

        server.add_callback(responses.GET, f"{BASE}/api/v2/dags", callback=page)

    @pytest.mark.parametrize(("total", "cap", "calls"), [(0, 100, 1), (7, 100, 1), (200, 100, 2), (250, 50, 5)])
    def test_all_items_come_once_even_if_the_server_gives_smaller_pages(
        self, hook: WfIntelHook, server: responses.RequestsMock, total: int, cap: int, calls: int
    ) -> None:
        self.serve(server, total, cap)
        found = [item["dag_id"] for item in hook.iterate("/dags", "dags", tags="x")]
        assert found == [f"d{number}" for number in range(total)]
        assert len(server.calls) == calls
        assert all("tags=x" in str(call.request.url) for call in server.calls)

    def test_a_wrong_key_is_named(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        self.serve(server, 3, 100)
        with pytest.raises(RemoteError, match="'dag_runs'"):
            list(hook.iterate("/dags", "dag_runs"))


class TestOwnRoutes:
    def test_generate(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        sent = {"user_input": "copy it", "enhanced_intelligence": False, "context_aware": False}
        server.post(
            f"{OWN}/workflows/automation/generate",
            json={"source": "x"},
            match=[responses.matchers.json_params_matcher(sent)],
        )
        assert hook.generate("copy it", context_aware=False) == {"source": "x"}

    def test_services_and_templates(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/workflows/automation/services", json={"services": [{"id": "s3"}], "total": 1})
        server.get(f"{OWN}/workflows/automation/templates", json={"templates": [{"id": "a"}], "total": 1})
        assert list(hook.services(q="s3")) == [{"id": "s3"}]
        assert hook.templates() == [{"id": "a"}]

    def test_the_test_button(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/health", json={"version": "0.1.0", "airflow_version": "3.3.2"})
        assert hook.test_connection() == (True, "workflow intelligence 0.1.0 on Airflow 3.3.2")

    def test_the_test_button_on_trouble(self, hook: WfIntelHook, server: responses.RequestsMock) -> None:
        server.get(f"{OWN}/health", status=403, json={"detail": "Forbidden"})
        passed, words = hook.test_connection()
        assert not passed
        assert "Forbidden" in words
