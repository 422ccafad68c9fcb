"""Find what makes the DAG of a file slow, rewrite the file with proof that nothing is lost, and predict the gain."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import TargetNotWritableError, UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.optimize import Optimized

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "optimize"
HELP = "rewrite a DAG file so that its runs take less time, cost less or fail less"
_SHOWN_BOTTLENECKS = 12
STRATEGIES = ("performance", "cost", "reliability", "hybrid")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", metavar="DAG.py", help="the DAG file")
    parser.add_argument("--dags-folder", metavar="D", help="the folder that its modules come from (default: its own)")
    parser.add_argument(
        "--history", metavar="H.json", required=True, help="task instances as the REST API v2 lists them"
    )
    parser.add_argument("--pools", metavar="P.json", help="pools as the REST API v2 lists them")
    parser.add_argument("--slots", type=int, metavar="N", help="tasks that may run at once")
    parser.add_argument("--strategy", choices=STRATEGIES, default="performance", help="what is to become better")
    parser.add_argument("--dag-id", default="", metavar="ID", help="the DAG, if the file has several")
    parser.add_argument("--write", metavar="OUT.py", help="write the rewritten file (the original, if nothing pays)")
    parser.add_argument("--report", metavar="R.json", help="write the report")
    parser.add_argument("--diff", action="store_true", help="print the changes")
    parser.add_argument(
        "--no-import", action="store_true", help="do not import the files in a child process to compare"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command: 0, whether or not there is something to gain."""
    from airflow_provider_wfintel.app.optimize import OptimizeRequest, optimize, read_history_file, read_pools_file

    path = Path(args.file)
    if not path.is_file():
        raise UserInputError(f"there is no file {args.file!r}", hint="name a DAG file")
    request = OptimizeRequest(
        path,
        read_history_file(Path(args.history)),
        Path(args.dags_folder) if args.dags_folder else None,
        read_pools_file(Path(args.pools)) if args.pools else (),
        args.slots,
        args.strategy,
        args.dag_id,
        not args.no_import,
    )
    done = optimize(request)
    if args.write:
        _write(args.write, done.after)
    if args.report:
        _write(args.report, dump_json(done.report, indent=2) + "\n")
    if args.diff:
        sys.stdout.write(_diff(done, path.name))
    else:
        print(_as_text(done.report))
    return 0


def _write(target: str, text: str) -> None:
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise TargetNotWritableError(f"cannot write {target!r}: {error.strerror}", hint="name another file") from error


def _diff(done: Optimized, name: str) -> str:
    lines = difflib.unified_diff(
        done.before.splitlines(keepends=True), done.after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(lines)


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['dag_id']}: {report['summary']}"]
    for item in report["rewrites"]:
        seconds = item["predicted_makespan_s"]
        lines.append(f"  {item['title']}: {seconds['before']:.1f} -> {seconds['after']:.1f} s")
        lines.append(f"    because {item['reason']}; {item['proof']}")
    for item in report["suggestions"]:
        lines.append(f"  to decide: {item['title']} ({item['why_not_applied']})")
    for pool in report["pools_to_create"]:
        if pool["slots"] != pool["slots_before"]:
            lines.append(f"  pool {pool['name']}: {pool['slots']} slots (now {pool['slots_before']})")
    lines += _bottlenecks(report)
    unknown = report["dependencies"]["unknown"]
    if unknown:
        lines.append(f"  {unknown} dependencies are not proven either way and stay")
    return "\n".join(lines)


def _bottlenecks(report: dict[str, Any]) -> list[str]:
    """What costs time in the DAG as it is, the costliest first."""
    found = report["bottlenecks"]
    lines = ["  what removing each would save, alone:"] if found else []
    for item in found[:_SHOWN_BOTTLENECKS]:
        lines.append(f"    {item['saves_s']:7.1f} s  {item['kind']}: {item['explanation']}")
    if len(found) > _SHOWN_BOTTLENECKS:
        lines.append(f"    and {len(found) - _SHOWN_BOTTLENECKS} more, in the report")
    return lines
