"""Check DAG files: syntax, imports, calls, templates, secrets; with --import also in a real Airflow."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import ValidationReport

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "validate"
HELP = "check DAG files without running them, or with --import in a child process"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a DAG file")
    parser.add_argument(
        "--import",
        dest="execute",
        action="store_true",
        help="also import each file in a child process of its own (needs Airflow; this executes the file)",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="MODULE",
        help="a further module that files may import, with what is in it; may be given many times",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON report per line")


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 if every file passed, 1 if one did not."""
    from airflow_provider_wfintel.app.validate import validate_file

    for name in args.files:
        if not Path(name).is_file():
            raise UserInputError(f"there is no file {name!r}", hint="name a DAG file")
    passed = True
    for name in args.files:
        report = validate_file(Path(name), execute=args.execute, allow=args.allow)
        passed = passed and report.ok
        print(dump_json(_as_dict(name, report)) if args.json else _as_text(name, report))
    return 0 if passed else 1


def _as_dict(name: str, report: ValidationReport) -> dict[str, object]:
    from airflow_provider_wfintel.engine.model import to_json

    data: dict[str, object] = to_json(report)
    return {"file": name, **data}


def _as_text(name: str, report: ValidationReport) -> str:
    found = f"; DAGs: {', '.join(report.dag_ids)}" if report.dag_ids else ""
    lines = [f"{name}: {'passed' if report.ok else 'not passed'} ({', '.join(report.checks)}){found}"]
    for issue in report.issues:
        hint = f" ({issue.hint})" if issue.hint else ""
        lines.append(f"  {name}:{issue.line}: {issue.check}: {issue.message}{hint}")
    return "\n".join(lines)
