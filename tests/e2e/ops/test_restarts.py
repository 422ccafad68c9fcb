"""A real database server that goes away and comes back, and a slow network: nothing lost, nothing told twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.exceptions import StoreError
from tests.e2e.topology.deployment import free_port
from tests.e2e.topology.front import Front
from tests.e2e.webhooks import Receiver as Webhook
from tests.integration.monitoring.test_collector import assert_equal_to_truth, collector_of
from tests.integration.monitoring.world import World, make_tables

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SLOW = 10.0


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Server:
    """A PostgreSQL server in a folder and on a port of its own. It refuses to run as root, so not as root."""

    def __init__(self, folder: Path) -> None:
        binaries = _binaries()
        assert binaries is not None
        self.folder, self.port, self._binaries = folder / "cluster", free_port(), binaries
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        folder.chmod(0o755)
        self.folder.mkdir()
        if self._user:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "-D", str(self.folder))

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60,
            **self._user,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "start", "-w", "-D", str(self.folder), "-l", log, "-o", options)

    def stop(self, mode: str) -> None:
        """`immediate` is a crash: the server writes nothing down and recovers at its next start."""
        self._run("pg_ctl", "stop", "-D", str(self.folder), "-m", mode)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/postgres"


def _reachable_as_postgres(folder: Path) -> bool:
    """Whether another user may walk into the folder at all."""
    return os.getuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in folder.parents)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import tempfile

    if _binaries() is None:
        pytest.skip("no initdb: PostgreSQL's server programs are not installed")
    with tempfile.TemporaryDirectory(prefix="wfintel-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if not _reachable_as_postgres(folder):
            pytest.skip("the folder for temporary files is closed to the user postgres")
        made = Server(folder)
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")


@pytest.fixture
def world(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    engine: Engine = create_engine(server.url, pool_pre_ping=True)
    make_tables(engine)
    yield World(engine, 3, monkeypatch)
    engine.dispose()


def finished_run(world: World) -> None:
    run_id = world.new_run(tasks=4)
    for item in world.present(run_id=run_id):
        world.begin_try(item.id)
        world.set(item.id, state="success")
    world.set_run("orders", run_id, state="success")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_the_database_restarts_between_two_looks(server: Server, world: World, mode: str) -> None:
    collector = collector_of(world)
    finished_run(world)
    collector.poll()
    finished_run(world)
    server.stop(mode)
    with pytest.raises(StoreError):
        collector.poll()
    server.start()
    assert collector.poll().held
    assert_equal_to_truth(world)


def test_the_database_crashes_in_the_middle_of_a_look(server: Server, world: World) -> None:
    """After the second batch; what that batch wrote is there, and the rest is read again."""
    for _ in range(5):
        finished_run(world)
    batches: list[Any] = []

    def crash(cursors: Any) -> None:
        batches.append(cursors)
        if len(batches) == 2:
            server.stop("immediate")

    collector = collector_of(world, batch=4, on_batch=crash)
    with pytest.raises(StoreError):
        collector.poll()
    assert len(batches) == 2
    server.start()
    assert collector.poll().held
    assert len(batches) > 2
    assert_equal_to_truth(world)


def test_a_receiver_behind_a_slow_network_gets_the_message_under_one_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten seconds each way: the attempt is given up in time, and repeated under the same key, so that the receiver can
    tell that it is the same message."""
    from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
    from airflow_provider_wfintel.host.channels import channel_of

    message, to = Message("key-1", "i", "firing", "error", "a run failed"), Receiver("duty", "webhook", "slow_hook")
    with Webhook() as webhook, Front(0, [webhook.port], delay=SLOW) as front:
        monkeypatch.setenv("AIRFLOW_CONN_SLOW_HOOK", f"http://127.0.0.1:{front.port}")
        before = time.monotonic()
        with pytest.raises(Exception, match=r"(?i)timed? ?out"):
            channel_of("webhook").send(message, to)
        assert time.monotonic() - before < 2 * SLOW
        front.delay = 0.0
        channel_of("webhook").send(message, to)
    assert set(webhook.keys) == {"key-1"}


def test_a_service_behind_a_slow_network_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_provider_wfintel.host.services.check import check_connection

    with Webhook() as webhook, Front(0, [webhook.port], delay=SLOW) as front:
        monkeypatch.setenv("AIRFLOW_CONN_SLOW_SERVICE", f"http://127.0.0.1:{front.port}")
        before = time.monotonic()
        found = check_connection("slow_service", login_seconds=5.0)
        assert time.monotonic() - before < SLOW
    assert found.state == "refused"
    assert found.latency_seconds is not None, "it can be reached, and that is told too"


def test_the_hook_gives_up_in_time_and_says_that_trying_again_may_help(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_provider_wfintel.exceptions import RemoteError
    from airflow_provider_wfintel.hooks.retrying import RetryRules
    from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

    with Webhook() as webhook, Front(0, [webhook.port], delay=SLOW) as front:
        monkeypatch.setenv("AIRFLOW_CONN_SLOW_AIRFLOW", f"wfintel://127.0.0.1:{front.port}")
        before = time.monotonic()
        with pytest.raises(RemoteError) as caught:
            WfIntelHook("slow_airflow", timeout=2.0, retry=RetryRules(attempts=1)).health()
        assert time.monotonic() - before < SLOW
    assert caught.value.retryable


def test_a_wrong_clock_of_the_database_is_no_reason_to_lose_tries(server: Server, world: World) -> None:
    """Leases and cursors compare our own moments; the server's clock is only looked at by the doctor."""
    from airflow_provider_wfintel.host.deployment import clock_of_database

    with Session(world.engine) as session:
        there = clock_of_database(session)
    assert abs((there - datetime.now(timezone.utc)).total_seconds()) < 60
    finished_run(world)  # the world's own time is in March
    assert collector_of(world).poll().held
    assert_equal_to_truth(world)
