"""What the demo's runs came to: how they ended, what they left behind, why one failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run
from airflow_provider_wfintel.cli.demo.workplace import Workplace

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Outcome", "print_report", "received_alarms"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended."""

    title: str
    run: Run
    state: str
    expected: str
    seconds: float
    tasks: tuple[dict[str, Any], ...]


def received_alarms(workplace: Workplace) -> list[str]:
    """The calls that the webhook receiver got, one line of JSON each."""
    if not workplace.alarms.exists():
        return []
    return workplace.alarms.read_text(encoding="utf-8").splitlines()


def print_report(console: Console, api: AirflowApi, workplace: Workplace, outcomes: Sequence[Outcome]) -> bool:
    """Print how the runs ended and what they left behind, and tell whether all is as it should be."""
    from rich.table import Table

    table = Table("run", "DAG", "tasks", "state", "as it should", "s", header_style="dim")
    for item in outcomes:
        states = sorted({str(task["state"]) for task in item.tasks})
        counts = ", ".join(f"{sum(str(t['state']) == state for t in item.tasks)} {state}" for state in states)
        right = "yes" if item.state == item.expected else "[red]no[/red]"
        table.add_row(item.title, item.run.dag_id, counts, item.state, right, f"{item.seconds:.0f}")
    console.print(table)
    for label, value in _evidence(workplace).items():
        console.print(f"  {label}: [bold]{value}[/bold]", soft_wrap=True)
    wrong = [item for item in outcomes if item.state != item.expected]
    for item in wrong:
        _print_failure(console, api, item)
    alarm_is_missing = any(item.expected == "failed" for item in outcomes) and not received_alarms(workplace)
    if alarm_is_missing:
        console.print(f"[red]no alarm came[/red]; see {workplace.logs / 'dag-processor.log'}", soft_wrap=True)
    return not wrong and not alarm_is_missing


def _print_failure(console: Console, api: AirflowApi, item: Outcome) -> None:
    from rich.markup import escape

    for task in item.tasks:
        if task["state"] == "failed":
            console.print(f"[red]{item.run.dag_id}.{task['task_id']} failed[/red]; the end of its log:")
            for line in api.log_lines(item.run, task):
                console.print(f"  {escape(line)}", soft_wrap=True)


def _evidence(workplace: Workplace) -> dict[str, str]:
    """What the runs left behind, read from the files themselves."""
    with closing(sqlite3.connect(workplace.database)) as connection:
        orders = connection.execute("SELECT count(*) FROM orders").fetchone()[0]
        sales = connection.execute("SELECT count(*) FROM sales").fetchone()[0]
        regions = connection.execute("SELECT region, amount FROM sales_by_region ORDER BY region").fetchall()
    reports = sorted(path.name for path in (workplace.folder / "reports").iterdir())
    return {
        "rows in orders": str(orders),
        "rows in sales": str(sales),
        "sales by region": ", ".join(f"{region} {amount:g}" for region, amount in regions) or "none",
        "files in reports/": ", ".join(reports) or "none",
        "webhook calls": "; ".join(received_alarms(workplace)) or "none",
    }
