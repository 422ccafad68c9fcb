"""The demo's work folder and the environment of its processes."""

from __future__ import annotations

import base64
import csv
import json
import os
import secrets
import shutil
import socket
import sqlite3
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from airflow_provider_wfintel.exceptions import TargetExistsError, TargetNotWritableError, UserInputError

__all__ = ["LEDGER_ROWS", "Ports", "Workplace", "free_ports", "prepare_folder"]

MARKER = ".wfintel-demo"
LOOPBACK = "127.0.0.1"

LEDGER_ROWS = ("2026-03-09,rent,-1200.00", "2026-03-02,invoice 17,840.00", "2026-03-05,invoice 18,415.50")
SALES = {
    "north.csv": (("2026-03-02", "north", "lamp", 120), ("2026-03-03", "north", "desk", 410)),
    "south.csv": (("2026-03-02", "south", "chair", 95),),
    "east.csv": (
        ("2026-03-04", "east", "desk", 385),
        ("2026-03-04", "east", "lamp", 60),
        ("2026-03-05", "east", "lamp", 60),
    ),
}
TABLES = (
    "CREATE TABLE orders (id INTEGER, customer TEXT, item TEXT, quantity INTEGER, price REAL)",
    "CREATE TABLE sales (day TEXT, region TEXT, product TEXT, amount REAL)",
    "CREATE TABLE sales_by_region (region TEXT PRIMARY KEY, amount REAL)",
)


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of the demo's processes."""

    airflow: int
    worker_logs: int
    trigger_logs: int
    shop: int


@dataclass(frozen=True, slots=True)
class Workplace:
    """The demo's folder; everything that the demo writes lies in it."""

    folder: Path

    @property
    def dags(self) -> Path:
        """The DAGs folder of the demo's Airflow."""
        return self.folder / "dags"

    @property
    def airflow_home(self) -> Path:
        """`AIRFLOW_HOME`."""
        return self.folder / "airflow"

    @property
    def logs(self) -> Path:
        """Where the processes of the demo log to, one file each."""
        return self.folder / "logs"

    @property
    def database(self) -> Path:
        """The SQLite file of the connection `demo_sqlite`."""
        return self.folder / "shop.db"

    @property
    def alarms(self) -> Path:
        """What the webhook receiver got, one JSON object per line."""
        return self.folder / "alarms.jsonl"

    @property
    def ledger(self) -> Path:
        """The file that the third DAG sorts."""
        return self.folder / "ledger.csv"

    @property
    def flag(self) -> Path:
        """The file that the third DAG waits for."""
        return self.folder / "inbox" / "ready.flag"

    def write_ledger(self) -> None:
        """Put the ledger in place."""
        self.ledger.write_text("\n".join(LEDGER_ROWS) + "\n", encoding="utf-8")

    def environment(self, ports: Ports) -> dict[str, str]:
        """The environment of every process of the demo: settings, connections, nothing of another Airflow."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
        loopback = ",".join(filter(None, (os.environ.get("no_proxy"), LOOPBACK, "localhost")))
        return {
            **kept,
            **self._airflow_settings(ports),
            **self._connections(ports),
            "PATH": path,
            "NO_PROXY": loopback,
            "no_proxy": loopback,
            "PYTHONUNBUFFERED": "1",
            "DEMO_FOLDER": str(self.folder),
        }

    def _airflow_settings(self, ports: Ports) -> dict[str, str]:
        base_url = f"http://{LOOPBACK}:{ports.airflow}"
        settings = {
            "CORE__DAGS_FOLDER": str(self.dags),
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": "4",
            "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            # Everybody is admin: only because nothing outside this machine can reach the server.
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "CORE__EXECUTION_API_SERVER_URL": f"{base_url}/execution/",
            # SQLite lets one process write at a time; the others wait for it, longer than the default of 5 s.
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.airflow_home / 'airflow.db'}?timeout=60",
            "API__HOST": LOOPBACK,
            "API__PORT": str(ports.airflow),
            "API__BASE_URL": base_url,
            "API__SECRET_KEY": secrets.token_urlsafe(32),
            "API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
            "LOGGING__WORKER_LOG_SERVER_PORT": str(ports.worker_logs),
            "LOGGING__TRIGGER_LOG_SERVER_PORT": str(ports.trigger_logs),
            # A new DAG file is looked for every 2 s, so that it appears within 10 s (Airflow's default is 5 minutes).
            "DAG_PROCESSOR__REFRESH_INTERVAL": "2",
            "DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
            "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
            "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            # The first answers of a fresh api-server can take half a minute on a busy machine; the default of 5 s
            # would fail the first tasks there.
            "WORKERS__EXECUTION_API_TIMEOUT": "120",
            # One process less than with a collector of its own.
            "WFINTEL__COLLECTOR": "api-server",
            "WFINTEL__COLLECTOR_INTERVAL_SECONDS": "5",
        }
        return {"AIRFLOW_HOME": str(self.airflow_home), **{f"AIRFLOW__{key}": value for key, value in settings.items()}}

    def _connections(self, ports: Ports) -> dict[str, str]:
        shop = f"http://{LOOPBACK}:{ports.shop}"
        connections: dict[str, dict[str, object]] = {
            "SHOP_API": {"conn_type": "http", "host": shop},
            "DEMO_WEBHOOK": {"conn_type": "http", "host": shop},
            "DEMO_SQLITE": {"conn_type": "sqlite", "host": str(self.database)},
            "DEMO_FOLDER": {"conn_type": "fs", "extra": {"path": str(self.folder)}},
        }
        return {f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in connections.items()}


def free_ports(airflow: int = 0) -> Ports:
    """Four free loopback ports; `airflow` asks for a certain one for the UI.

    Raises:
        UserInputError: the port asked for is in use or cannot be used.
    """
    with ExitStack() as stack:
        found = []
        for wanted in (airflow, 0, 0, 0):
            listener = stack.enter_context(closing(socket.socket()))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((LOOPBACK, wanted))
            except (OSError, OverflowError) as error:
                raise UserInputError(f"port {wanted} cannot be used: {error}", hint="choose another --port") from error
            found.append(int(listener.getsockname()[1]))
    return Ports(*found)


def prepare_folder(folder: str | Path) -> Workplace:
    """Make or renew the work folder. DAG files of your own in `dags/` stay; everything else is made anew.

    Raises:
        TargetExistsError: the folder holds something that no demo made.
        TargetNotWritableError: it cannot be written.
    """
    workplace = Workplace(Path(folder).expanduser().resolve())
    root = workplace.folder
    try:
        if root.is_dir() and any(root.iterdir()) and not (root / MARKER).exists():
            raise TargetExistsError(f"{str(root)!r} is not a demo folder", hint="name an empty folder with --folder")
        root.mkdir(parents=True, exist_ok=True)
        (root / MARKER).touch()
        for name in ("airflow", "logs", "inbox", "reports"):
            shutil.rmtree(root / name, ignore_errors=True)
            (root / name).mkdir()
        for leftover in (*root.glob("shop.db*"), workplace.alarms):
            leftover.unlink(missing_ok=True)
        workplace.dags.mkdir(exist_ok=True)
        _write_inputs(workplace)
    except OSError as error:
        raise TargetNotWritableError(
            f"cannot write {str(root)!r}: {error.strerror or error}", hint="name another folder with --folder"
        ) from error
    return workplace


def _write_inputs(workplace: Workplace) -> None:
    for name, rows in SALES.items():
        with (workplace.folder / "inbox" / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("day", "region", "product", "amount"))
            writer.writerows(rows)
    workplace.write_ledger()
    with closing(sqlite3.connect(workplace.database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for statement in TABLES:
            connection.execute(statement)
        connection.commit()
