"""Where the collector runs: in the api-server while it lives, as a command, and never in anybody's way."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app import collect
from airflow_provider_wfintel.app.collect import CollectReport, collect_until
from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.plugin import lifespan
from airflow_provider_wfintel.plugin.lifespan import CollectorLifespan
from airflow_provider_wfintel.store.tables import Lease

pytestmark = pytest.mark.integration


class Scripted:
    """A collector that does what it is told, then stops the loop."""

    def __init__(self, stop: threading.Event, *outcomes: Exception | None) -> None:
        self.stop, self.outcomes, self.polls, self.given_back = stop, list(outcomes), 0, False

    def poll(self) -> CollectReport:
        self.polls += 1
        outcome = self.outcomes.pop(0)
        if not self.outcomes:
            self.stop.set()
        if outcome is not None:
            raise outcome
        return CollectReport()

    def give_back(self) -> None:
        self.given_back = True


class TestLoop:
    def test_errors_are_logged_and_tried_again(self, caplog: pytest.LogCaptureFixture) -> None:
        stop = threading.Event()
        away = StoreError("the database refused the work", hint="see that it is up")
        scripted = Scripted(stop, away, RuntimeError("a fault of ours"), None)
        collect_until(stop, scripted, interval=0.001)  # type: ignore[arg-type]
        assert scripted.polls == 3
        assert scripted.given_back
        assert "the database refused the work" in caplog.text
        assert "a fault of ours" in caplog.text


class TestApiServer:
    @pytest.fixture
    def no_other_holder(self, airflow_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("AIRFLOW__WFINTEL__COLLECTOR", "api-server")
        from airflow import settings
        from sqlalchemy import delete

        def forget() -> None:
            with settings.NonScopedSession() as session:
                session.execute(delete(Lease))
                session.commit()

        forget()
        yield
        forget()

    def lease(self) -> Lease | None:
        from airflow import settings

        with settings.NonScopedSession() as session:
            return session.scalars(select(Lease).where(Lease.name == collect.LEASE)).first()

    def test_it_collects_while_the_server_lives(self, no_other_holder: None, api_server: Any) -> None:
        with TestClient(api_server) as client:
            assert client.get("/api/v2/monitor/health").status_code == 200
            for _ in range(300):
                lease = self.lease()
                if lease is not None and lease.state.get("imported"):
                    break
                time.sleep(0.1)
            assert lease is not None
            assert lease.state["imported"]
            assert self.running()
        assert not self.running()
        ended = self.lease()
        assert ended is not None
        assert ended.expires_at < lease.expires_at, "the lease was not given back"

    @pytest.mark.parametrize("place", ["standalone", "off"])
    def test_unless_it_is_configured_elsewhere(self, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        monkeypatch.setenv("AIRFLOW__WFINTEL__COLLECTOR", place)
        monkeypatch.setattr(collect, "make_collector", lambda **_: pytest.fail("a collector was made"))
        lifespan._collect(threading.Event())

    def running(self) -> bool:
        return any(thread.name == "wfintel-collector" for thread in threading.enumerate())


class TestMiddleware:
    @staticmethod
    def life(middleware: CollectorLifespan) -> list[str]:
        """One life of a server: the types of what it sends."""
        events = iter(["lifespan.startup", "lifespan.shutdown"])
        sent: list[str] = []

        async def receive() -> Any:
            return {"type": next(events)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        asyncio.run(middleware({"type": "lifespan"}, receive, send))
        return sent

    @staticmethod
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def test_work_starts_after_the_server_and_ends_with_it(self) -> None:
        ended: list[bool] = []
        middleware = CollectorLifespan(self.app, lambda stop: ended.append(stop.wait(30)))
        assert self.life(middleware) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert ended == [True]

    def test_what_takes_long_is_got_ready_once_the_server_has_started(self) -> None:
        ready = threading.Event()
        assert len(self.life(CollectorLifespan(self.app, lambda stop: None, ready.set))) == 2
        assert ready.wait(10)

    def test_the_collector_begins_when_that_is_ready(self) -> None:
        order: list[str] = []
        begun = threading.Event()

        def ahead() -> None:
            time.sleep(0.3)
            order.append("ready")

        def work(stop: threading.Event) -> None:
            order.append("collects")
            begun.set()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await asyncio.to_thread(begun.wait, 10)
            await receive()

        self.life(CollectorLifespan(app, work, ahead))
        assert order == ["ready", "collects"]

    def test_what_is_loaded_by_then_is_left_out_of_further_garbage_collections(self) -> None:
        frozen = threading.Event()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gc.freeze", frozen.set)
            assert len(self.life(CollectorLifespan(self.app, lambda stop: None, lambda: None))) == 2
            assert frozen.wait(30)

    def test_what_cannot_be_got_ready_does_not_reach_the_server(self, caplog: pytest.LogCaptureFixture) -> None:
        tried = threading.Event()

        def fault() -> None:
            tried.set()
            raise RuntimeError("no index")

        assert len(self.life(CollectorLifespan(self.app, lambda stop: None, fault))) == 2
        assert tried.wait(10)

    def test_a_fault_does_not_reach_the_server(self, caplog: pytest.LogCaptureFixture) -> None:
        def fault(stop: threading.Event) -> None:
            raise RuntimeError("no configuration")

        assert len(self.life(CollectorLifespan(self.app, fault))) == 2
        assert "no configuration" in caplog.text


class TestCommand:
    def test_once_imports_and_says_what_was_written(
        self, airflow_db: None, session: Session, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from airflow.cli.cli_parser import get_parser

        args = get_parser().parse_args(["wfintel", "monitor", "--once"])
        args.func(args)
        assert capsys.readouterr().out.startswith("written: ")

    def test_a_wrong_interval_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        from airflow.cli.cli_parser import get_parser

        with pytest.raises(SystemExit) as stopped:
            get_parser().parse_args(["wfintel", "monitor", "--interval", "0"])
        assert stopped.value.code == 2
