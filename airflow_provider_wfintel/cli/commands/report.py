"""Write the performance report of this deployment: figures, health, anomalies, insights, what took and cost most."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.deployment import add_days_argument, add_scope_arguments, chosen_session, table_text
from airflow_provider_wfintel.cli.outputs import dump_json, line_writer

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.monitoring.service import PerformanceReport

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "report"
HELP = "write the performance report of this deployment"
FORMATS = ("text", "markdown", "html", "json")
_DAYS = 7.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_scope_arguments(parser)
    add_days_argument(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="the form of the report (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write it to this file (default: stdout)")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status.

    Raises:
        NotEnoughDataError: no run of these DAGs has been learned from.
        TargetNotWritableError: the file cannot be written.
        UserInputError: no DAG is meant.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.report import performance_report
    from airflow_provider_wfintel.app.monitoring.selection import require_learned
    from airflow_provider_wfintel.store.base import utc_now

    with chosen_session(args) as (session, dag_ids):
        require_learned(session, dag_ids)
        found = performance_report(session, now=utc_now(), days=args.days or _DAYS, dag_ids=dag_ids)
    with line_writer(args.output) as stream:
        stream.write(_written(found, args.format))
    return 0


def _written(found: PerformanceReport, form: str) -> str:
    from airflow_provider_wfintel.engine.monitoring.service import as_html, as_markdown

    if form == "json":
        return dump_json(asdict(found), indent=2) + "\n"
    if form == "html":
        return as_html(found)
    return as_markdown(found) if form == "markdown" else _as_text(found)


def _as_text(found: PerformanceReport) -> str:
    lines = [found.title, found.period, "", *(f"- {line}" for line in found.summary)]
    for table in found.tables:
        lines += ["", table.title, table_text(table.columns, table.rows) if table.rows else table.empty]
    return "\n".join(lines) + "\n"
