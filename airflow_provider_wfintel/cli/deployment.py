"""What the commands about this deployment share: which DAGs, in which form, and the session that they read with."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.exceptions import MissingProviderError, UserInputError

if TYPE_CHECKING:
    from rich.table import Table
    from sqlalchemy.orm import Session

__all__ = [
    "add_days_argument",
    "add_limit_argument",
    "add_output_argument",
    "add_scope_arguments",
    "chosen_session",
    "clock",
    "only_with_history",
    "only_without_history",
    "print_table",
    "share",
    "span",
    "table_text",
    "wants_json",
]

MOST_DAYS, MOST_ROWS = 400, 1000
_WIDEST = 100_000
"""Columns that no line of a table for a file or another program needs."""
_SCOPE = ("tag", "owner", "team")


def add_scope_arguments(parser: argparse.ArgumentParser, *, dag: bool = True) -> None:
    """Add the options that say which DAGs of the deployment are meant; `--dag-id` only with `dag`."""
    if dag:
        parser.add_argument("--dag-id", "--dag", dest="dag", default="", metavar="ID", help="only this DAG")
    for name in _SCOPE:
        parser.add_argument(
            f"--{name}", default="", metavar="NAME", help=f"only DAGs with this {name} (of the deployment)"
        )


def add_output_argument(parser: argparse.ArgumentParser, *, short: bool = True) -> None:
    """Add `--output table|json`, and with `short` the `--json` that means the same."""
    parser.add_argument("--output", choices=("table", "json"), default="table", help="the form of the answer")
    if short:
        parser.add_argument("--json", action="store_true", help="the same as --output json")


def add_days_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--days`."""
    parser.add_argument("--days", type=_days, default=None, metavar="N", help="how far back (default: 7 days)")


def add_limit_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--limit`."""
    parser.add_argument(
        "--limit", type=_rows, default=None, metavar="N", help="at most so many, the newest first (default: 200)"
    )


def wants_json(args: argparse.Namespace) -> bool:
    """Whether the answer is for a program."""
    return bool(args.json or args.output == "json")


def only_with_history(args: argparse.Namespace, *names: str) -> None:
    """Refuse options that mean something for a history file only.

    Raises:
        UserInputError: one of them is given.
    """
    for name in names:
        if getattr(args, name):
            hint = "hand in HISTORY.json, or leave it out to read this deployment's own tables"
            raise UserInputError(f"--{name} goes with a history file", hint=hint)


def only_without_history(args: argparse.Namespace, *names: str) -> None:
    """Refuse options that mean something for the deployment only.

    Raises:
        UserInputError: one of them is given.
    """
    for name in names:
        if getattr(args, name):
            option = name.replace("_", "-")
            raise UserInputError(f"--{option} is about this deployment", hint="leave HISTORY.json or the option out")


@contextmanager
def chosen_session(args: argparse.Namespace) -> Iterator[tuple[Session, frozenset[str] | None]]:
    """A session on Airflow's database, and the DAGs that the options mean; None for all.

    Raises:
        MissingProviderError: there is no Airflow here.
        UserInputError: no DAG is meant.
        StoreError: the tables are missing or the database cannot be reached.
    """
    import os
    from importlib.util import find_spec

    if find_spec("airflow") is None:
        hint = "hand in HISTORY.json, or call it where Airflow is installed and configured"
        raise MissingProviderError("there is no Airflow here whose tables could be read", hint=hint)
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    from airflow_provider_wfintel.app.monitoring.selection import choose_dags
    from airflow_provider_wfintel.host.session import metadata_session

    scope = {name: getattr(args, name, "") for name in _SCOPE}
    with metadata_session() as session:
        yield session, choose_dags(session, dag_id=args.dag, **scope)


def print_table(columns: Sequence[str], rows: Collection[Sequence[str]]) -> None:
    """Print rows below names of columns; on a terminal long words are folded."""
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        console.print(_table(columns, rows))
    else:
        print(table_text(columns, rows))


def table_text(columns: Sequence[str], rows: Collection[Sequence[str]]) -> str:
    """Rows below names of columns, each on one line, however long."""
    from rich.console import Console

    table = _table(columns, rows)
    console = Console(color_system=None, force_terminal=False, width=_WIDEST)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _table(columns: Sequence[str], rows: Collection[Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        # As text and without control characters: what users named is no markup and controls no terminal.
        table.add_row(*(Text(_one_line(cell), overflow="fold") for cell in row))
    return table


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))


def clock(moment: datetime | str, seconds: float = 0.0) -> str:
    """A moment, or one so many seconds after it, for people: in UTC, as all that we store is."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at.replace(tzinfo=at.tzinfo or timezone.utc).astimezone(timezone.utc)
    return f"{at + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def span(seconds: float | None) -> str:
    """A time span for people."""
    return "" if seconds is None else str(timedelta(seconds=round(seconds)))


def share(value: float | None) -> str:
    """A probability for people."""
    return "" if value is None else f"{value:.1%}"


def _days(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"expected days above 0 and up to {MOST_DAYS}, got {text!r}")
    return value


def _rows(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_ROWS}, got {text!r}")
    return int(text)
