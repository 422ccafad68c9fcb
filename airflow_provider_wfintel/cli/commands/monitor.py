"""Collect what ran into the tables of this package, again and again: runs, tries and how they ended.

For production, beside scheduler and api-server, with `[wfintel] collector = standalone`. Needs Airflow's database, so
this is a command of `airflow` only.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.collect import CollectReport
    from airflow_provider_wfintel.app.collecting.cursors import Cursors

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "monitor"
HELP = "collect what ran, until it is stopped"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--once", action="store_true", help="look once, then stop; the first time imports all history")
    text = "seconds between two looks (default: [wfintel] collector_interval_seconds)"
    parser.add_argument("--interval", type=_seconds, default=None, metavar="S", help=text)


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 if it was stopped or, with `--once`, has looked; 1 if another process collects.

    Raises:
        AlertSettingsError: the settings file of the alerts cannot be followed.
        StoreError: with `--once`, the tables are missing or the database cannot be reached.
    """
    stop = Event()
    before = [(number, signal.signal(number, lambda *_: stop.set())) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        return _collect(args, stop)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _collect(args: argparse.Namespace, stop: Event) -> int:
    from airflow_provider_wfintel.app.alerts import check_alert_settings
    from airflow_provider_wfintel.app.collect import collect_until, make_collector
    from airflow_provider_wfintel.config import read_settings

    # As Airflow's own commands do that need connections which are stored in its database.
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    check_alert_settings()
    collector, interval = make_collector(stop=stop, on_batch=_Progress())
    if args.once:
        try:
            report = collector.poll()
        finally:
            collector.give_back()
        print(_as_text(report))
        return 0 if report.held else 1
    if read_settings().collector != "standalone":
        print(
            "wfintel: note: [wfintel] collector is not `standalone`; an api-server may collect in place of this one",
            file=sys.stderr,
        )
    collect_until(stop, collector, interval=args.interval or interval)
    return 0


def _as_text(report: CollectReport) -> str:
    if not report.held:
        return "another process collects at present; nothing was done"
    parts = [f"{report.tries} tries", f"{report.runs} runs", f"{report.notes} entries of the event log"]
    if report.lost:
        parts.append(f"{report.lost} closed because Airflow has deleted them")
    if report.missing_runs:
        parts.append(f"up to {report.missing_runs} runs were deleted before they were read")
    if report.messages:
        parts.append(f"{report.messages} messages sent")
    return f"written: {', '.join(parts)}" + ("" if report.imported else "; stopped before the end")


class _Progress:
    """Says on stderr how far the first import has come, every few seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 2.0

    def __call__(self, cursors: Cursors) -> None:
        if cursors.imported or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 2.0
        print(f"imported {cursors.done} of about {cursors.total} tries", file=sys.stderr)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"expected seconds from 0.1 to 86400, got {text!r}")
    return value
