"""`anomalies` over the tables of this deployment."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.deployment import chosen_session, clock, print_table, wants_json
from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.monitoring.anomalies import KnownAnomaly

__all__ = ["run"]

_DAYS, _LIMIT = 7.0, 200


def run(args: argparse.Namespace) -> int:
    """Print what was unusual in the last days, the newest first, and of which DAGs too little is known.

    Raises:
        NotEnoughDataError: no run of these DAGs has been learned from.
        UserInputError: no DAG is meant.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.anomalies import anomalies
    from airflow_provider_wfintel.app.monitoring.selection import require_learned, runs_to_come
    from airflow_provider_wfintel.store.base import utc_now

    days = args.days or _DAYS
    with chosen_session(args) as (session, dag_ids):
        require_learned(session, dag_ids)
        found = anomalies(session, now=utc_now(), dag_ids=dag_ids, days=days, limit=args.limit or _LIMIT)
        waiting = runs_to_come(session, dag_ids)
    if wants_json(args):
        rows = [{**asdict(item), "at": item.at.isoformat()} for item in found]
        print(dump_json({"anomalies": rows, "runs_needed": dict(waiting)}, indent=2))
    else:
        _show(found, waiting, days)
    return 0


def _show(found: Sequence[KnownAnomaly], waiting: Mapping[str, int], days: float) -> None:
    if found:
        rows = [(clock(item.at), item.severity, item.kind, item.dag_id, _said(item)) for item in found]
        print_table(("seen (UTC)", "severity", "kind", "DAG", "what"), rows)
    else:
        print(f"no anomalies in {days:g} days")
    for dag_id, more in waiting.items():
        print(f"not enough data to judge runs of {dag_id}: at least {more} more are needed")


def _said(item: KnownAnomaly) -> str:
    causes = [f"likely cause: {cause['text']}" for cause in item.causes[:1]]
    marks = [item.mark.replace("_", " ")] if item.mark else []
    return "; ".join((item.message, *causes, *marks))
