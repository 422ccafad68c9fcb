"""List what is worth knowing about the performance of this deployment, with evidence."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import (
    add_limit_argument,
    add_output_argument,
    add_scope_arguments,
    chosen_session,
    clock,
    print_table,
    wants_json,
)
from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.store.repositories.insights import StoredInsight

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "insights"
HELP = "list findings about the performance of this deployment, with evidence"
STATUS = ("open", "gone", "dismissed", "any")
_LIMIT = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_scope_arguments(parser)
    parser.add_argument("--status", choices=STATUS, default="open", help="which findings (default: open)")
    add_limit_argument(parser)
    add_output_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status.

    Raises:
        NotEnoughDataError: no run of these DAGs has been learned from.
        UserInputError: no DAG is meant.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.insights import insights
    from airflow_provider_wfintel.app.monitoring.selection import require_learned

    status = "" if args.status == "any" else args.status
    with chosen_session(args) as (session, dag_ids):
        require_learned(session, dag_ids)
        found = insights(session, dag_ids=dag_ids, status=status, limit=args.limit or _LIMIT)
    if wants_json(args):
        print(dump_json({"insights": [_as_dict(item) for item in found]}, indent=2))
    elif found:
        rows = [(clock(item.last_seen_at), item.severity, item.kind, _where(item), item.message) for item in found]
        print_table(("last seen (UTC)", "severity", "kind", "where", "what"), rows)
    else:
        print("no insights" if not status else f"no insights that are {status}")
    return 0


def _where(item: StoredInsight) -> str:
    return ".".join(name for name in (item.dag_id, item.task_id) if name) or "deployment"


def _as_dict(item: StoredInsight) -> dict[str, Any]:
    times = {name: getattr(item, name).isoformat() for name in ("first_seen_at", "last_seen_at")}
    return {**asdict(item), **times}
