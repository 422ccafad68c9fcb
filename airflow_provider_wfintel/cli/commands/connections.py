"""List the connections that DAGs use, and how the services behind them are; with --check look at them now.

Needs Airflow's database, so this is a command of `airflow` only. `--check` connects from this machine.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.service_health import ServiceStatus

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "connections"
HELP = "list the connections that DAGs use, and how the services behind them are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("conn_ids", metavar="CONN_ID", nargs="*", help="only these (default: all that DAGs use)")
    parser.add_argument("--check", action="store_true", help="look now, from this machine, and keep what is seen")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 if all services are well or not known, 1 if one is not.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    import os

    # As Airflow's own commands do that need connections which are stored in its database.
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    from airflow_provider_wfintel.app.service_health import check_services, keep_checks, services_in_use
    from airflow_provider_wfintel.host.session import metadata_session
    from airflow_provider_wfintel.store.base import utc_now

    with metadata_session() as session:
        wanted = [item.conn_id for item in services_in_use(session, now=utc_now())]
    wanted = [conn_id for conn_id in wanted if not args.conn_ids or conn_id in args.conn_ids]
    if args.check:
        looks = check_services(wanted)
        with metadata_session() as session:
            keep_checks(session, looks, now=utc_now())
    with metadata_session() as session:
        found = [item for item in services_in_use(session, now=utc_now()) if item.conn_id in wanted]
    if args.json:
        print(dump_json({"services": [asdict(item) for item in found]}))
    else:
        for item in found:
            print(_as_line(item))
    return int(any(item.last is not None and item.last.state not in ("ok", "unknown") for item in found))


def _as_line(item: ServiceStatus) -> str:
    used = f"used by {', '.join(item.dag_ids[:3])}" + (f" and {len(item.dag_ids) - 3} more" if item.dag_ids[3:] else "")
    if item.last is None:
        return f"{'?':<11} {item.conn_id}: nobody has looked; {used}"
    latency = "" if item.last.latency_seconds is None else f", {1000 * item.last.latency_seconds:.1f} ms"
    share = f", {item.ok} of {item.looks} looks of a day were well" if item.looks else ""
    where = f" at {item.last.address}" if item.last.address else ""
    return f"{item.last.state:<11} {item.conn_id}{where}{latency}: {item.last.message}{share}; {used}"
