"""Look whether this deployment can work: versions, tables, clocks, collector, workers, alerts, pages, and what to mend.

Exit status: 0 all is well, 1 something is to be looked at, 2 something does not work.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import MissingProviderError, UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.doctor.line import Line

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "doctor"
HELP = "look whether this deployment can work, and say what to mend"
_MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", metavar="CHECK", nargs="+", default=[], help="only these checks")
    parser.add_argument("--send-test", action="store_true", help="send a test message to every receiver of alerts")


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 all is well, 1 something is to be looked at, 2 something does not work.

    Raises:
        MissingProviderError: Airflow is not installed here.
        UserInputError: there is no check of a name.
    """
    from importlib.util import find_spec

    if find_spec("airflow") is None:
        raise MissingProviderError("Airflow is not installed here", hint="run it where Airflow's components run")
    # As Airflow's own commands do that need connections which are stored in its database.
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    from airflow import settings

    from airflow_provider_wfintel.app.doctor.examine import CHECKS, examine, make_scene, status_of

    unknown = sorted(set(args.only) - {check.name for check in CHECKS})
    if unknown:
        raise UserInputError(
            f"there is no check {unknown[0]!r}", hint=f"known: {', '.join(check.name for check in CHECKS)}"
        )

    if getattr(settings, "NonScopedSession", None) is None:
        settings.initialize()  # type: ignore[no-untyped-call]
    checks = [check for check in CHECKS if not args.only or check.name in args.only]
    lines = examine(make_scene(send_test=args.send_test), checks)
    status = status_of(lines)
    if args.json:
        print(dump_json({"status": _words(status), "lines": [asdict(line) for line in lines]}))
    else:
        _print(lines)
    return status


def _print(lines: Sequence[Line]) -> None:
    width = max(len(line.check) for line in lines)
    for line in lines:
        print(f"{_MARKS[line.state]}  {line.check:<{width}}  {line.said}")
        if line.fix:
            print(f"      {'':<{width}}  -> {line.fix}")
    counts = {state: sum(line.state == state for line in lines) for state in ("ok", "warn", "fail")}
    print(f"{counts['ok']} ok, {counts['warn']} to be looked at, {counts['fail']} do not work")


def _words(status: int) -> str:
    return ("ok", "warn", "fail")[status]
