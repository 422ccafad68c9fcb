"""List the alerts of this deployment: what is wrong now, since when, and who has it.

Needs Airflow's database, so this is a command of `airflow` only.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.alert_desk import StoredAlert

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "alerts"
HELP = "list what is wrong now"
_GOING_ON = ("firing", "acknowledged", "silenced", "muted")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--dag", default="", metavar="ID", help="only of this DAG")
    parser.add_argument("--all", action="store_true", help="also what is over")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many, the newest first")
    parser.add_argument("--json", action="store_true", help="a JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Run the command: 0, whether or not something is wrong.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app import alert_desk
    from airflow_provider_wfintel.host.session import metadata_session

    wanted = alert_desk.AlertFilter(dag_id=args.dag, status=() if args.all else _GOING_ON)
    with metadata_session() as session:
        found, total = alert_desk.find_alerts(session, wanted, limit=max(1, args.limit), offset=0)
    for alert in found:
        print(dump_json(_as_dict(alert)) if args.json else _as_line(alert))
    if not args.json:
        print(f"{total} alerts" if total > len(found) or total != 1 else "1 alert")
    return 0


def _as_dict(alert: StoredAlert) -> dict[str, object]:
    plain = ("alert_id", "rule", "kind", "incident", "dag_id", "task_id", "run_id", "severity", "status", "title")
    return {
        **{name: getattr(alert, name) for name in plain},
        "message": alert.body["message"],
        "acknowledged_by": alert.acknowledged_by,
        "started_at": alert.started_at.isoformat(),
        "resolved_at": None if alert.resolved_at is None else alert.resolved_at.isoformat(),
    }


def _as_line(alert: StoredAlert) -> str:
    said = f": {alert.body['message']}" if alert.body["message"] else ""
    who = f" by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    return f"{alert.started_at:%Y-%m-%d %H:%M} UTC  {alert.severity:8}  {alert.status}{who}  {alert.title}{said}"
