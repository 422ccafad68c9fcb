"""The topology of production as processes of one machine: two of what there may be two of, and a load balancer."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from tests.e2e.topology.front import Front
from tests.e2e.topology.nodes import Node
from tests.e2e.webhooks import Receiver

__all__ = ["NODES", "Topology", "free_port", "topology"]

ROOT = Path(__file__).resolve().parents[3]
POSTGRES = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
PASSWORD = "only for this test"
NODES = (
    "api-server-1", "api-server-2", "scheduler-1", "scheduler-2", "dag-processor", "triggerer", "worker-1", "worker-2",
    "collector",
)  # fmt: skip
POLICY = {
    "version": 1,
    "defaults": {
        "mode": "allow",
        "allow": ["clear_with_backoff"],
        "cool_down_minutes": 0,
        "bounds": {"backoff_seconds": 1},
    },
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Topology:
    """All nodes, and calls of the REST API through the load balancer."""

    def __init__(self, folder: Path, database: str, front: Front, receiver: Receiver) -> None:
        self.folder, self.database, self.front, self.receiver = folder, database, front, receiver
        self.redis_port = free_port()
        self.api_ports = {"api-server-1": 0, "api-server-2": 0}
        self.base = f"http://127.0.0.1:{front.port}"
        self.token = ""
        self.nodes: dict[str, Node] = {}

    def environment(self, **more: str) -> dict[str, str]:
        home = self.folder
        names = {
            "CORE__EXECUTOR": "CeleryExecutor", "CORE__LOAD_EXAMPLES": "False", "CORE__DAGS_FOLDER": str(home / "dags"),
            "CORE__PARALLELISM": "8", "CORE__EXECUTION_API_SERVER_URL": f"{self.base}/execution/",
            "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin", "API__BASE_URL": self.base, "API__WORKERS": "1",
            "CORE__FERNET_KEY": "c2VjcmV0IG9mIHRoaXMgdGVzdCwgMzIgYnl0ZXMhISE=",
            "API__SECRET_KEY": "only for this test, and long enough", "API__HOST": "127.0.0.1",
            "API_AUTH__JWT_SECRET": "a secret that only this test knows, long enough for HS512: 0123456789abcdef01",
            "DATABASE__SQL_ALCHEMY_CONN": self.database, "CELERY__RESULT_BACKEND": f"db+{self.database}",
            "CELERY__BROKER_URL": f"redis://127.0.0.1:{self.redis_port}/0", "CELERY__WORKER_CONCURRENCY": "2",
            "CELERY__SYNC_PARALLELISM": "1", "CELERY__WORKER_PREFETCH_MULTIPLIER": "1",
            "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5", "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30", "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
            # What a broker forgot is sent again after this time.
            "SCHEDULER__TASK_QUEUED_TIMEOUT": "25", "SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
            "DAG_PROCESSOR__REFRESH_INTERVAL": "5", "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
            "DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "2", "DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()), "WORKERS__EXECUTION_API_TIMEOUT": "60",
            "WFINTEL__COLLECTOR": "standalone", "WFINTEL__COLLECTOR_INTERVAL_SECONDS": "2",
            "WFINTEL__DAGS_SAVE_FOLDER": str(home / "dags"), "WFINTEL__SAVE_OVER_REST": "True",
            "WFINTEL__ALERTS_FILE": str(home / "alerts.json"),
            "WFINTEL__REMEDY_POLICY_FILE": str(home / "remedies.json"),
        }  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
        connections = {
            "WFINTEL_DEFAULT": {
                "conn_type": "wfintel", "host": "127.0.0.1", "port": self.front.port, "login": "admin",
                "password": PASSWORD,
            },
            "GONE": {"conn_type": "http", "host": "http://127.0.0.1:9"},
            "ALERTS": {"conn_type": "http", "host": f"http://127.0.0.1:{self.receiver.port}"},
        }  # fmt: skip
        return {
            **kept,
            **{f"AIRFLOW__{name}": value for name, value in names.items()},
            **{f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in connections.items()},
            "AIRFLOW_HOME": str(home), "AIRFLOW_CONFIG": str(home / "airflow.cfg"), "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", "TOPOLOGY": str(home), **more,
        }  # fmt: skip

    def prepare(self, dags: dict[str, str]) -> None:
        for name in ("dags", "logs", "nodes", "marks"):
            (self.folder / name).mkdir(parents=True)
        for name, source in dags.items():
            (self.folder / "dags" / name).write_text(source, encoding="utf-8")
        (self.folder / "remedies.json").write_text(json.dumps(POLICY))
        receiver = {"name": "duty", "channel": "webhook", "connection": "alerts"}
        route = {"name": "all", "receivers": ["duty"], "group_wait": 0}
        (self.folder / "alerts.json").write_text(json.dumps({"receivers": [receiver], "routes": [route]}))
        (self.folder / "simple_auth_manager_passwords.json.generated").write_text(json.dumps({"admin": PASSWORD}))

    def define(self, redis: str) -> None:
        place, plain = self.folder / "nodes", self.environment()
        command = [redis, "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.nodes["redis"] = Node("redis", command, place, plain)
        for name, port in self.api_ports.items():
            more = self.environment(AIRFLOW__API__PORT=str(port))
            self.nodes[name] = Node.python(name, ["airflow", "api-server", "--port", str(port)], place, more)
        for number in (1, 2):
            name = f"worker-{number}"
            arguments = ["airflow", "celery", "worker", "-H", f"{name}@%h", "--skip-serve-logs"]
            arguments += ["--without-gossip", "--without-mingle", "--pid", str(place / f"{name}.pid")]
            self.nodes[name] = Node.python(name, arguments, place, plain)
            self.nodes[f"scheduler-{number}"] = Node.python(
                f"scheduler-{number}", ["airflow", "scheduler", "--skip-serve-logs"], place, plain
            )
        for name in ("dag-processor", "triggerer"):
            self.nodes[name] = Node.python(name, ["airflow", name], place, plain)
        self.nodes["collector"] = Node.python("collector", ["airflow", "wfintel", "monitor"], place, plain)

    def start(self) -> None:
        self.nodes["redis"].start()
        migrate = [sys.executable, "-m", "airflow", "db", "migrate"]
        subprocess.run(migrate, check=True, env=self.environment(), capture_output=True, timeout=300)
        for name in NODES:
            self.nodes[name].start()
        self.wait("two api-servers", lambda: all(self._answers(port) for port in self.api_ports.values()), 240)
        self.token = self.call("POST", "/auth/token", {"username": "admin", "password": PASSWORD})["access_token"]
        self.wait("all components", self.healthy, 120)

    def restart(self, name: str) -> None:
        """As the supervisor of a real deployment does."""
        pid = self.folder / "nodes" / f"{name}.pid"
        pid.unlink(missing_ok=True)
        self.nodes[name].start()

    def healthy(self) -> bool:
        body = self.call("GET", "/api/v2/monitor/health")
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return all((body.get(part) or {}).get("status") == "healthy" for part in parts)

    def _answers(self, port: int) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/version", timeout=10):
            return True

    def stop(self) -> None:
        for node in reversed(self.nodes.values()):
            node.kill()

    def call(self, method: str, path: str, body: Any = None, *, tries: int = 4) -> Any:
        """A call through the load balancer. As any client of a server that may die, it asks again if it gets no answer:
        only for calls that may be said twice."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        for left in range(tries, 0, -1):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    found = answer.read()
                return json.loads(found) if found else None
            except urllib.error.HTTPError as error:
                if error.code not in (500, 502, 503) or left == 1:
                    raise AssertionError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from error
            except OSError:
                if left == 1:
                    raise
            time.sleep(1)
        raise AssertionError("not reached")

    def wait(self, what: str, condition: Callable[[], Any], seconds: float) -> Any:
        until = time.monotonic() + seconds
        last: Exception | None = None
        while time.monotonic() < until:
            dead = [name for name, node in self.nodes.items() if node.process is not None and not node.alive]
            assert not dead, f"{what}: {dead} ended by itself; see {self.folder / 'nodes'}"
            try:
                found = condition()
                if found:
                    return found
            except (OSError, AssertionError) as error:
                last = error
            time.sleep(0.5)
        raise AssertionError(f"{what}: not within {seconds:g} s ({last}); see {self.folder}")

    def run(self, dag_id: str, run_id: str) -> None:
        body = {"logical_date": None, "dag_run_id": run_id}
        try:
            self.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)
        except AssertionError as error:
            if "409" not in str(error):  # said twice, taken once
                raise

    def state(self, dag_id: str, run_id: str) -> str:
        return str(self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def ended(self, dag_id: str, run_id: str, seconds: float = 180) -> str:
        over = lambda: self.state(dag_id, run_id) in ("success", "failed")  # noqa: E731
        self.wait(f"the end of {dag_id} {run_id}", over, seconds)
        return self.state(dag_id, run_id)

    def rows(self, query: str) -> list[Any]:
        engine = create_engine(self.database)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query)))
        finally:
            engine.dispose()

    def doctor(self) -> tuple[int, str]:
        command = [sys.executable, "-m", "airflow", "wfintel", "doctor"]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr[-2000:]


@contextlib.contextmanager
def topology(folder: Path, dags: dict[str, str]) -> Iterator[Topology]:
    """Start everything, and end everything."""
    redis = shutil.which("redis-server")
    assert redis, "redis-server is needed: apt-get install redis-server"
    name = f"wfintel_topology_{secrets.token_hex(6)}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    ports = {"api-server-1": free_port(), "api-server-2": free_port()}
    receiver = Receiver()
    try:
        with Front(0, list(ports.values())) as front:
            made = Topology(folder, url, front, receiver)
            made.api_ports = ports
            try:
                made.prepare(dags)
                made.define(redis)
                made.start()
                yield made
            finally:
                made.stop()
    finally:
        receiver.close()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()
