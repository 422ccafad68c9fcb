"""Measure run history: times, waits, retries, success, slots and money, by task, DAG, tag, owner, pool and in all."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.history import present, read_json, read_run_history
from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.monitoring.service import DagFacts

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "metrics"
HELP = "measure run history, as JSON or Prometheus text"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("history", metavar="HISTORY.json", help="dag runs and task instances; - reads stdin")
    parser.add_argument("--dag", default="", metavar="ID", help="only this DAG")
    parser.add_argument("--now", default="", metavar="TIME", help="the present, ISO 8601 with offset (default: now)")
    parser.add_argument("--price", default=0.0, type=_price, metavar="MONEY", help="of one pool slot for an hour")
    parser.add_argument("--facts", default="", metavar="FILE.json", help='{"dag id": {"tags": […], "owner": "…"}}')
    parser.add_argument("--format", choices=("json", "prometheus"), default="json", help="form of the answer")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from airflow_provider_wfintel.engine.monitoring import service

    history, now = read_run_history(args.history, dag_id=args.dag), present(args)
    book = service.Book(service.Prices(args.price), _facts(args.facts))
    book.add(history.runs, history.tries)
    if args.format == "prometheus":
        sys.stdout.write(service.as_prometheus(book, now))
    else:
        print(dump_json(service.summary(book, now)))
    return 0


def _facts(path: str) -> dict[str, DagFacts]:
    from airflow_provider_wfintel.engine.monitoring.service import DagFacts

    data = read_json(path) if path else {}
    hint = 'expected {"dag id": {"tags": ["…"], "owner": "…"}}'
    if not isinstance(data, dict):
        raise UserInputError(f"{path!r} holds no facts about DAGs", hint=hint)
    found = {}
    for dag_id, row in data.items():
        tags = row.get("tags", []) if isinstance(row, dict) else None
        if not isinstance(tags, list) or not isinstance(row.get("owner", ""), str):
            raise UserInputError(f"the facts about {dag_id!r} have another form", hint=hint)
        found[str(dag_id)] = DagFacts(tuple(str(tag) for tag in tags), row.get("owner", ""))
    return found


def _price(text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = -1.0
    if not 0.0 <= price < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a price of at least 0, got {text!r}")
    return price
