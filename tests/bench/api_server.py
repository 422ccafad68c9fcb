"""A real api-server on a database of `tests/bench/scale.py`, for measurements over HTTP."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from sqlalchemy import Engine, text

from airflow_provider_wfintel.cli.demo.airflow_api import wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew
from airflow_provider_wfintel.cli.demo.workplace import free_ports
from tests.bench.scale import environment_of

START_SECONDS = 300.0


@dataclass(frozen=True)
class Server:
    """An api-server that answers.

    Attributes:
        base_url: where it is.
        token: of an administrator.
        process: the process that was started; workers are its children.
        engine: its database.
    """

    base_url: str
    token: str
    process: psutil.Process
    engine: Engine

    def session(self) -> requests.Session:
        """A client that is logged in."""
        client = requests.Session()
        client.trust_env = False  # no proxy stands between us and loopback
        client.headers["Authorization"] = f"Bearer {self.token}"
        return client

    def processes(self) -> list[psutil.Process]:
        """Those of the server."""
        return [self.process, *self.process.children(recursive=True)]

    def backends(self) -> list[int]:
        """The database's processes for it."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with self.engine.connect() as connection:
            return list(connection.scalars(text(query)))

    def goes_first(self) -> None:
        """Let it and the database's processes for it go before other work (SCHED_RR; for root)."""
        threads = [thread.id for process in self.processes() for thread in process.threads()]
        for number in (*threads, *self.backends()):
            with suppress(ProcessLookupError):
                os.sched_setscheduler(number, os.SCHED_RR, os.sched_param(1))

    def cpu_seconds(self) -> float:
        """Processor time of it and of the database's processes for it so far, which must be on the same machine."""
        total = 0.0
        for process in (*self.processes(), *(psutil.Process(number) for number in self.backends())):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def resident(self) -> int:
        """Bytes of memory of all of its processes, shared pages counted for each."""
        return sum(process.memory_info().rss for process in self.processes())


@contextmanager
def serving(engine: Engine, *, workers: int = 1) -> Iterator[Server]:
    """Start an api-server; everybody is an administrator. It is stopped at the end."""
    ports = free_ports()
    base_url = f"http://127.0.0.1:{ports.airflow}"
    settings = {
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True", "API__HOST": "127.0.0.1", "API__PORT": str(ports.airflow),
        "API__BASE_URL": base_url, "API__WORKERS": str(workers), "API__SECRET_KEY": secrets.token_urlsafe(32),
        "API_AUTH__JWT_SECRET": secrets.token_urlsafe(48), "WFINTEL__COLLECTOR": "off",
        # What one user may ask for is not what is measured.
        "WFINTEL__RATE_LIMIT": "",
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="wfintel-bench-") as folder:
        home = Path(folder)
        environment = environment_of(engine.url.render_as_string(hide_password=False), home)
        airflow = {f"AIRFLOW__{name}": value for name, value in settings.items()}
        with Crew(home, home, {**environment, **airflow}) as crew:
            child = crew.start("api-server", ["airflow", "api-server"])
            token = wait_for("an api-server", lambda: _token(base_url), timeout=START_SECONDS, check=crew.check)
            yield Server(base_url, token, psutil.Process(child.process.pid), engine)


def _token(base_url: str) -> str:
    with requests.Session() as client, suppress(requests.RequestException):
        client.trust_env = False
        answer = client.get(f"{base_url}/auth/token", timeout=60)
        if answer.ok:
            return str(answer.json()["access_token"])
    return ""
