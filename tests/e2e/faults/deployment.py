"""A real Airflow for the cases: all four components, with PostgreSQL databases, ports and a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text

from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew
from airflow_provider_wfintel.cli.demo.workplace import free_ports
from tests.e2e.faults.services import Services, start_services

__all__ = ["Deployment", "running_airflow"]

POSTGRES = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
HERE = Path(__file__).resolve().parent
COMPONENTS = ("scheduler", "dag-processor", "triggerer")
START_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """A running Airflow and what its tasks talk to.

    Attributes:
        metadata: Airflow's own database.
        shop: the database that tasks work on.
    """

    folder: Path
    api: AirflowApi
    crew: Crew
    services: Services
    metadata: Engine
    shop: Engine

    @property
    def dags(self) -> Path:
        """The DAGs folder."""
        return self.folder / "dags"

    @property
    def task_logs(self) -> Path:
        """The folder of the task logs."""
        return self.folder / "airflow" / "logs"

    def call(self, method: str, path: str, body: object = None, *, missing_ok: bool = False) -> Any:
        """A call of Airflow's API v2."""
        return self.api.call(method, path, body, missing_ok=missing_ok)


@contextlib.contextmanager
def running_airflow(folder: Path, **settings: str) -> Iterator[Deployment]:
    """Start everything, and end everything when the block ends.

    Args:
        folder: an empty folder.
        settings: further settings, as `SECTION__OPTION`.
    """
    for name in ("dags", "airflow", "logs", "data"):
        (folder / name).mkdir()
    with _database("meta") as metadata, _database("shop") as shop, start_services(folder) as services:
        ports = free_ports()
        base_url = f"http://127.0.0.1:{ports.airflow}"
        environment = _environment(folder, metadata, shop, services, ports, base_url) | {
            f"AIRFLOW__{key}": value for key, value in settings.items()
        }
        with Crew(folder, folder / "logs", environment) as crew:
            crew.run("migrate", ["airflow", "db", "migrate"], timeout=START_SECONDS)
            crew.start("api-server", ["airflow", "api-server"])
            for name in COMPONENTS:
                crew.start(name, ["airflow", name])
            api = AirflowApi(base_url)
            wait_for("Airflow", api.healthy, timeout=START_SECONDS, check=crew.check)
            api.warm_up()
            api.log_in()
            yield Deployment(folder, api, crew, services, metadata, shop)


@contextlib.contextmanager
def _database(kind: str) -> Iterator[Engine]:
    """A database of its own, dropped afterwards, whoever is still connected."""
    name = f"faults_{kind}_{secrets.token_hex(4)}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(POSTGRES).set(database=name), isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _environment(
    folder: Path, metadata: Engine, shop: Engine, services: Services, ports: Any, base_url: str
) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    python_path = os.pathsep.join([str(HERE / "modules"), *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = {
        "CORE__DAGS_FOLDER": str(folder / "dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__FERNET_KEY": "",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "CORE__EXECUTION_API_SERVER_URL": f"{base_url}/execution/",
        "DATABASE__SQL_ALCHEMY_CONN": metadata.url.render_as_string(hide_password=False),
        "API__HOST": "127.0.0.1",
        "API__PORT": str(ports.airflow),
        "API__BASE_URL": base_url,
        "API__SECRET_KEY": secrets.token_urlsafe(32),
        "API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
        "LOGGING__WORKER_LOG_SERVER_PORT": str(ports.worker_logs),
        "LOGGING__TRIGGER_LOG_SERVER_PORT": str(ports.trigger_logs),
        "DAG_PROCESSOR__REFRESH_INTERVAL": "2",
        "DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        # A lost task is noticed within half a minute instead of five.
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "4",
        "WORKERS__MISSING_DAG_RETRIES": "0",
        "WORKERS__EXECUTION_API_TIMEOUT": "120",
    }
    return {
        **kept,
        **{f"AIRFLOW__{key}": value for key, value in settings.items()},
        **_connections(shop, services),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "FAULT_FOLDER": str(folder / "data"),
        "FAULT_CLOSED_PORT": str(services.closed),
        "FAULT_LATE_PORT": str(services.late[1].getsockname()[1]),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "PYTHONPATH": python_path,
        "PYTHONUNBUFFERED": "1",
    }


def _connections(shop: Engine, services: Services) -> dict[str, str]:
    url = shop.url
    assert url.database is not None
    database = {"conn_type": "postgres", "host": url.host, "port": url.port, "schema": url.database}
    sftp = {"conn_type": "sftp", "host": "127.0.0.1", "extra": {"no_host_key_check": True}}
    connections: dict[str, dict[str, Any]] = {
        "SHOP_DB": {**database, "login": url.username},
        "SHOP_DB_DOWN": {**database, "login": "etl", "port": services.closed},
        "SHOP_DB_WRONG_USER": {**database, "login": "nobody_of_that_name"},
        "SHOP_DB_NO_HOST": {**database, "login": "etl", "host": "warehouse.invalid"},
        "SHOP_DB_READER": {**database, "login": url.database + "_reader"},
        "SHOP_DB_ONE": {**database, "login": url.database + "_one"},
        "SHOP_API": {"conn_type": "http", "host": f"http://127.0.0.1:{services.http}"},
        "SHOP_TLS": {"conn_type": "http", "host": f"https://127.0.0.1:{services.tls}"},
        "SHOP_DOWN": {"conn_type": "http", "host": f"http://127.0.0.1:{services.closed}"},
        "PARTNER": {**sftp, "port": services.sftp, "login": "partner", "password": "right"},
        "PARTNER_WRONG": {**sftp, "port": services.sftp, "login": "partner", "password": "wr0ng-Passw0rd"},
        "PARTNER_DOWN": {**sftp, "port": services.closed, "login": "partner", "password": "right"},
        "CACHE_DOWN": {"conn_type": "redis", "host": "127.0.0.1", "port": services.closed},
        "SHOP_FILES": {"conn_type": "fs", "extra": {"path": "/"}},
    }
    return {f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in connections.items()}
