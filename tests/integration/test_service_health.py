"""Services behind connections: kept on each dialect, asked and stored over REST, from a hook, a sensor and a DAG."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from airflow import settings
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.sdk import Connection
from airflow.sdk.exceptions import TaskDeferred
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.service_health import (
    bad_services_near,
    history,
    keep_checks,
    services_in_use,
)
from airflow_provider_wfintel.engine.model import ServiceCheck, from_json
from airflow_provider_wfintel.engine.monitoring.service import Seen
from airflow_provider_wfintel.hooks.services import ServiceHealthHook
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.host import airflow_dags
from airflow_provider_wfintel.host import connections_in_use as in_use
from airflow_provider_wfintel.host.services.check import check_connection
from airflow_provider_wfintel.sensors.service_health import ServiceHealthSensor
from airflow_provider_wfintel.store.tables import AlertInput, Base, ServiceCheckRow
from airflow_provider_wfintel.triggers.service_health import ServiceHealthTrigger

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
OWN = "/wfintel/api/workflows/monitoring/services"
ClientAs = Callable[[str], TestClient]


def seen(conn_id: str, state: Any, *, ago: float = 0.0, now: datetime = NOW, **values: Any) -> ServiceCheck:
    return ServiceCheck(conn_id, state, (now - timedelta(minutes=ago)).isoformat(), **values)


@pytest.fixture
def store(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    engine = create_engine(empty_database)
    Base.metadata.create_all(engine)
    used = {"db": ("orders",), "api": ("orders", "web"), "new": ("web",)}
    monkeypatch.setattr(in_use, "connections_in_use", lambda _session, _dag_id="": used)
    monkeypatch.setattr(airflow_dags, "labels_of", lambda _session, _dag_ids: {})
    with Session(engine) as session:
        yield session
    engine.dispose()


class TestStore:
    def test_the_last_look_and_how_the_day_went(self, store: Session) -> None:
        checks = [seen("db", "ok", ago=20, latency_seconds=0.2), seen("db", "unreachable", ago=10), seen("api", "ok")]
        assert keep_checks(store, [*checks, seen("db", "ok", ago=3000), seen("db", "unknown", ago=15)], now=NOW) == 5
        db, api, new = sorted(
            services_in_use(store, now=NOW), key=lambda item: ("db", "api", "new").index(item.conn_id)
        )
        assert (db.last, db.looks, db.ok, db.mean_latency_seconds) == (checks[1], 2, 1, 0.2)
        assert (api.last, api.dag_ids) == (checks[2], ("orders", "web"))
        assert (new.last, new.looks) == (None, 0)

    def test_only_what_the_caller_may_see(self, store: Session) -> None:
        found = services_in_use(store, now=NOW, dag_ids=frozenset({"web"}), may_see=lambda conn_id: conn_id != "new")
        assert [(item.conn_id, item.dag_ids) for item in found] == [("api", ("web",))]

    def test_the_same_look_twice_is_one(self, store: Session) -> None:
        for _ in range(2):
            keep_checks(store, [seen("db", "ok")], now=NOW)
        assert len(history(store, "db", since=NOW - timedelta(days=1))) == 1

    def test_looks_are_told_to_the_alerts_of_the_dags_that_name_the_connection_without_addresses(
        self, store: Session
    ) -> None:
        checks = [seen("api", "unreachable", ago=5, address="10.0.0.1:5432", message="10.0.0.1 refused")]
        checks += [seen("db", "ok", ago=5), seen("new", "unknown", ago=5), seen("api", "unreachable", ago=90)]
        for _ in range(2):
            keep_checks(store, checks, now=NOW)
        told = [from_json(Seen, row.payload) for row in store.scalars(select(AlertInput).order_by(AlertInput.dag_id))]
        assert sorted((item.kind, item.dag_id, item.conn_id, item.task_id) for item in told) == [
            ("service.ill", "orders", "api", ""),
            ("service.ill", "web", "api", ""),
            ("service.well", "orders", "db", ""),
        ]
        ill = [item for item in told if item.kind == "service.ill"]
        assert {(item.cause, item.shared) for item in ill} == {("service api", True)}
        assert "10.0.0.1" not in ill[0].message

    def test_old_looks_are_deleted(self, store: Session) -> None:
        keep_checks(store, [seen("db", "ok", ago=29 * 1440), seen("db", "ok", ago=31 * 1440)], now=NOW)
        keep_checks(store, [], now=NOW)
        assert len(history(store, "db", since=NOW - timedelta(days=90))) == 1

    def test_bad_looks_near_a_moment(self, store: Session) -> None:
        keep_checks(
            store,
            [seen("db", "unreachable", ago=5), seen("api", "refused", ago=8), seen("api", "ok", ago=2),
             seen("new", "refused", ago=40)],
            now=NOW,
        )  # fmt: skip
        assert [item.conn_id for item in bad_services_near(store, ["db", "api", "new"], NOW)] == ["db"]
        assert bad_services_near(store, [], NOW) == ()


SOURCE = """
from airflow.sdk import DAG
with DAG("svc_dag"):
    Operator(task_id="a", conn_id="svc_conn")
"""


@pytest.fixture
def dag(airflow_db: None) -> Iterator[None]:
    """A DAG of which Airflow has stored a version with its source."""
    from airflow.models.dag_version import DagVersion
    from airflow.models.dagcode import DagCode

    with Session(settings.engine) as session:
        session.merge(DagBundleModel(name="svc"))
        session.flush()
        session.merge(DagModel(dag_id="svc_dag", bundle_name="svc", is_stale=False, fileloc="svc.py", owners="ada"))
        session.flush()
        version = DagVersion(dag_id="svc_dag", version_number=1, bundle_name="svc")
        session.add(version)
        session.flush()
        code = DagCode.__new__(DagCode)
        DagCode.__mapper__.class_manager.setup_instance(code)
        code.dag_version_id, code.dag_id, code.fileloc = version.id, "svc_dag", "svc.py"
        code.source_code, code.source_code_hash = SOURCE, "0" * 32
        session.add(code)
        session.commit()
    yield
    with Session(settings.engine) as session:
        for table in (DagCode, DagVersion, DagModel):
            session.execute(delete(table).where(table.dag_id == "svc_dag"))
        session.execute(delete(ServiceCheckRow))
        session.commit()


class TestRest:
    def test_what_was_stored_is_listed_with_the_dags_that_use_it(self, dag: None, client_as: ClientAs) -> None:
        now = datetime.now(timezone.utc)
        look = {"conn_id": "svc_conn", "state": "unreachable", "checked_at": now.isoformat(), "message": "refused"}
        client = client_as("op")
        assert client.post(OWN, json={"checks": [look]}).json() == {"kept": 1}
        (found,) = [item for item in client.get(OWN).json()["services"] if item["conn_id"] == "svc_conn"]
        assert found["dag_ids"] == ["svc_dag"]
        assert (found["last"]["state"], found["looks"], found["ok"]) == ("unreachable", 1, 0)
        assert len(client.get(f"{OWN}/svc_conn").json()["checks"]) == 1

    def test_who_may_not_read_connections_sees_none_and_stores_none(self, dag: None, client_as: ClientAs) -> None:
        client = client_as("viewer")
        assert client.get(OWN).json()["services"] == []
        assert client.get(f"{OWN}/svc_conn").status_code == 403
        look = {"conn_id": "svc_conn", "state": "ok", "checked_at": NOW.isoformat()}
        assert client.post(OWN, json={"checks": [look]}).status_code == 403

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "fine"},
            {"checked_at": "2026-03-02T12:00:00"},
            {"latency_seconds": -1},
            {"password": "x"},
            {"conn_id": ""},
        ],
    )
    def test_a_look_that_is_none_is_refused(self, client_as: ClientAs, change: dict[str, Any]) -> None:
        look = {"conn_id": "c", "state": "ok", "checked_at": NOW.isoformat(), **change}
        assert client_as("op").post(OWN, json={"checks": [look]}).status_code == 422

    def test_a_look_from_the_future_is_not_kept(self, client_as: ClientAs) -> None:
        look = {"conn_id": "c", "state": "ok", "checked_at": "2999-01-01T00:00:00Z"}
        assert client_as("op").post(OWN, json={"checks": [look]}).json() == {"kept": 0}

    def test_no_route_takes_an_address(self, client_as: ClientAs) -> None:
        """The server connects to nothing: there is no route that looks, only one that keeps what workers saw."""
        from airflow_provider_wfintel.api.routes.services import router

        assert {method for route in router.routes for method in route.methods} == {"GET", "POST"}  # type: ignore[attr-defined]
        assert "check_services" not in Path(__file__).parents[2].joinpath(
            "airflow_provider_wfintel/api/routes/services.py"
        ).read_text(encoding="utf-8")


class TestRealClients:
    @pytest.fixture
    def web(self) -> Iterator[tuple[int, list[str]]]:
        """A web server that lets in who has the password, and counts what it is asked."""
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                here = {"/moved": 302, "/broken": 503}.get(self.path)
                known = self.headers.get("Authorization", "").endswith("YW5uOnNlY3JldA==")
                self.send_response(here or (200 if known else 401))
                if here == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], asked
        server.shutdown()
        server.server_close()

    @pytest.mark.parametrize(
        ("path", "password", "state"),
        [
            ("/", "secret", "ok"),
            ("/", "wrong", "refused"),
            ("/broken", "secret", "refused"),
            ("/moved", "secret", "ok"),
        ],
    )
    def test_http(
        self, web: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch, path: str, password: str, state: str
    ) -> None:
        port, asked = web
        values = {"conn_type": "http", "host": f"http://127.0.0.1:{port}{path}", "login": "ann", "password": password}
        monkeypatch.setenv("AIRFLOW_CONN_SVC_WEB", json.dumps(values))
        found = check_connection("svc_web")
        assert (found.state, found.conn_type) == (state, "http"), found
        assert [item.rstrip("/") for item in asked] == [path.rstrip("/")], "a redirect is not followed"

    def test_a_login_goes_nowhere_that_a_look_may_not(
        self, web: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The name may point elsewhere when the login resolves it again."""
        from airflow_provider_wfintel.host.services import guarded

        monkeypatch.setattr(guarded, "is_allowed", lambda _: False)
        port, asked = web
        values = {"conn_type": "http", "host": f"http://127.0.0.1:{port}/", "login": "ann", "password": "secret"}
        monkeypatch.setenv("AIRFLOW_CONN_SVC_WEB", json.dumps(values))
        assert check_connection("svc_web").state == "refused"
        assert asked == []

    def test_postgresql(self, postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        from sqlalchemy import make_url

        url = make_url(postgres_server)
        values = {"conn_type": "postgres", "host": url.host, "port": url.port, "login": url.username}
        monkeypatch.setenv("AIRFLOW_CONN_SVC_DB", json.dumps({**values, "schema": url.database}))
        assert check_connection("svc_db").state == "ok"
        monkeypatch.setenv("AIRFLOW_CONN_SVC_DB", json.dumps({**values, "schema": "no_such_database"}))
        assert check_connection("svc_db").state == "refused"

    def test_sqlite_has_no_address_and_is_tried_all_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = {"conn_type": "sqlite", "host": str(tmp_path / "shop.db")}
        monkeypatch.setenv("AIRFLOW_CONN_SVC_FILE", json.dumps(values))
        assert check_connection("svc_file").state == "ok"

    @pytest.mark.parametrize("conn_type", ["redis", "ssh", "sftp", "kafka", "postgres", "mongo"])
    def test_nobody_listens(self, conn_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
        values = {"conn_type": conn_type, "host": "127.0.0.1", "port": port}
        monkeypatch.setenv("AIRFLOW_CONN_SVC_GONE", json.dumps(values))
        assert check_connection("svc_gone").state == "unreachable"

    def test_a_connection_that_nobody_has_made(self, airflow_db: None) -> None:
        assert check_connection("svc_nobody_made_this").state == "missing"


class TestSensor:
    @pytest.fixture
    def answers(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
        checks: list[dict[str, Any]] = []

        def request(_hook: Any, method: str, path: str, **_more: Any) -> Any:
            assert (method, path) == ("GET", f"{OWN}/shop%2Fdb")
            return {"checks": checks}

        async def found(_cls: Any, conn_id: str) -> Connection:
            return Connection(conn_id=conn_id, conn_type="wfintel", host="localhost")

        monkeypatch.setattr(WfIntelHook, "request", request)
        monkeypatch.setattr(WfIntelHook, "aget_connection", classmethod(found))
        return checks

    @pytest.mark.parametrize(
        ("state", "minutes", "good"), [("ok", 1, True), ("ok", 31, False), ("refused", 1, False), (None, 0, False)]
    )
    def test_a_young_good_look_is_waited_for(
        self, answers: list[dict[str, Any]], state: str | None, minutes: float, good: bool
    ) -> None:
        if state:
            at = datetime.now(timezone.utc) - timedelta(minutes=minutes)
            answers.append({"state": state, "checked_at": at.isoformat(), "message": "x"})
        sensor = ServiceHealthSensor(task_id="s", service_conn_id="shop/db")
        assert sensor.poke({}) is good

    def test_it_can_defer_and_the_trigger_asks_the_same(self, answers: list[dict[str, Any]]) -> None:
        import asyncio

        sensor = ServiceHealthSensor(task_id="s", service_conn_id="shop/db", deferrable=True, poke_interval=0.01)
        with pytest.raises(TaskDeferred) as caught:
            sensor.execute({})
        path, arguments = caught.value.trigger.serialize()
        assert path == "airflow_provider_wfintel.triggers.service_health.ServiceHealthTrigger"
        answers.append({"state": "ok", "checked_at": datetime.now(timezone.utc).isoformat(), "message": "x"})

        async def first() -> Any:
            async for event in ServiceHealthTrigger(**arguments).run():
                return event.payload
            raise AssertionError("no event")

        assert asyncio.run(first())["state"] == "good"

    def test_an_age_that_nothing_can_have_is_refused(self) -> None:
        with pytest.raises(ValueError, match="more than 0"):
            ServiceHealthSensor(task_id="s", service_conn_id="x", max_age_minutes=0)


def test_the_hook_looks_and_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(WfIntelHook, "request", lambda _hook, *_args, **more: sent.append(more["json"]))
    monkeypatch.setenv("AIRFLOW_CONN_SVC_A", json.dumps({"conn_type": "http", "host": "http://127.0.0.1:9"}))
    (check,) = ServiceHealthHook().check(["svc_a"])
    assert check.state == "unreachable"
    assert sent[0]["checks"][0]["conn_id"] == "svc_a"


def test_the_command_lists_and_looks(
    dag: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from airflow.cli.cli_parser import get_parser

    monkeypatch.setenv("AIRFLOW_CONN_SVC_CONN", json.dumps({"conn_type": "http", "host": "http://127.0.0.1:9"}))
    args = get_parser().parse_args(["wfintel", "connections", "svc_conn", "--check"])
    with pytest.raises(SystemExit) as stopped:
        args.func(args)
    assert stopped.value.code == 1
    assert "unreachable svc_conn at 127.0.0.1:9" in capsys.readouterr().out
