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
    from airflow_provider_wfintel.engine.optimization.service import Goal, Limits

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "optimize"
HELP = "rewrite a DAG file so that its runs take less time, cost less or fail less, or analyze a DAG of the deployment"
_SHOWN_BOTTLENECKS = 12
CONFIRMABLE = ("retry-pauses", "more-retries", "timeouts")
STRATEGIES = ("performance", "cost", "reliability", "hybrid")
PICKS = ("balanced", "fastest", "cheapest", "safest")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", metavar="DAG.py|DAG_ID", help="the DAG file, or a DAG of this deployment")
    parser.add_argument("--dags-folder", metavar="D", help="the folder that its modules come from (default: its own)")
    parser.add_argument(
        "--history", metavar="H.json", default="", help="task instances as the REST API v2 lists them (for a file)"
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
    parser.add_argument("--deadline", type=float, metavar="S", help="seconds within which a run is to be over")
    parser.add_argument("--slot-price", type=float, default=0.0, metavar="P", help="money for one slot and hour (file)")
    parser.add_argument(
        "--weights",
        metavar="T,S,R",
        help="for hybrid: how much time, slot seconds and risk count (default 0.5,0.25,0.25)",
    )
    parser.add_argument(
        "--pick", choices=PICKS, default="balanced", help="for hybrid: which of the layouts to write (file)"
    )
    _add_limits(parser)
    parser.add_argument(
        "--confirm",
        action="append",
        default=[],
        metavar="WORD",
        help="something you have confirmed: pool:NAME (it may grow), first->second (this order is not needed), "
        f"deferrable (sensors may defer); for a "
        f"DAG_ID {', '.join(CONFIRMABLE)}",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    """What must stay, whatever it costs."""
    parser.add_argument(
        "--protect-pool",
        action="append",
        default=[],
        metavar="NAME",
        help="this pool protects something: it never grows",
    )
    parser.add_argument(
        "--keep-order",
        action="append",
        default=[],
        metavar="A->B",
        help="this order stays, also if data do not need it",
    )
    parser.add_argument(
        "--once",
        action="append",
        default=[],
        metavar="TASK",
        help="not idempotent: no more retries, not merged, not split",
    )
    parser.add_argument(
        "--max-active-tasks", type=int, metavar="N", help="no more tasks of a run at once; written into the file"
    )


def _limits_of(args: argparse.Namespace) -> Limits:
    from airflow_provider_wfintel.engine.optimization.service import Limits

    order = set()
    for word in args.keep_order:
        one, arrow, two = (part.strip() for part in word.partition("->"))
        if not (one and arrow and two):
            raise UserInputError(f"--keep-order {word!r} is no order", hint="write it as 'first->second'")
        order.add((one, two))
    return Limits(frozenset(args.protect_pool), frozenset(order), frozenset(args.once), args.max_active_tasks)


def _goal_of(args: argparse.Namespace) -> Goal:
    from airflow_provider_wfintel.engine.optimization.service import Goal

    if args.deadline is not None and not 0 < args.deadline < float("inf"):
        raise UserInputError(f"--deadline {args.deadline} is no time", hint="give seconds above 0")
    if not args.weights:
        return Goal(args.deadline)
    try:
        time, slots, risk = (float(part) for part in args.weights.split(","))
    except ValueError as error:
        raise UserInputError(
            f"--weights {args.weights!r} are not three numbers", hint="such as 0.5,0.25,0.25"
        ) from error
    if min(time, slots, risk) < 0 or not 0 < time + slots + risk < float("inf"):
        raise UserInputError(f"--weights {args.weights!r} weigh nothing", hint="give numbers from 0, not all 0")
    return Goal(args.deadline, (time, slots, risk))


def run(args: argparse.Namespace) -> int:
    """Run the command: 0, whether or not there is something to gain."""
    from airflow_provider_wfintel.app.optimize import OptimizeRequest, optimize, read_history_file, read_pools_file

    path = Path(args.file)
    if not path.is_file():
        if path.suffix or path.name != args.file:
            raise UserInputError(f"there is no file {args.file!r}", hint="name a DAG file, or the id of a DAG")
        return _run_deployed(args)
    if not args.history:
        raise UserInputError("a file needs --history", hint="save task instances as the REST API v2 lists them")
    request = OptimizeRequest(
        path,
        read_history_file(Path(args.history)),
        Path(args.dags_folder) if args.dags_folder else None,
        read_pools_file(Path(args.pools)) if args.pools else (),
        args.slots,
        args.strategy,
        args.dag_id,
        not args.no_import,
        frozenset(args.confirm),
        _goal_of(args),
        _limits_of(args),
        args.pick,
        args.slot_price,
    )
    done = optimize(request)
    if args.write:
        _write_others(args.write, path, request.dags_folder, done)
        _write(args.write, done.after)
    if args.report:
        _write(args.report, dump_json(done.report, indent=2) + "\n")
    if args.diff:
        sys.stdout.write(_diff(done, path.name))
    else:
        print(_as_text(done.report))
    return 0


def _run_deployed(args: argparse.Namespace) -> int:
    """Analyze a DAG of the deployment from its database, and keep the plan."""
    import getpass
    import os

    from airflow_provider_wfintel.app.deployed_optimization import AnalyzeRequest, analyze_deployed
    from airflow_provider_wfintel.engine.optimization.service import StructureRequest
    from airflow_provider_wfintel.host.session import metadata_session

    wrong = [word for word in args.confirm if word not in CONFIRMABLE]
    if wrong:
        raise UserInputError(f"--confirm {wrong[0]!r} means nothing here", hint=f"one of {', '.join(CONFIRMABLE)}")
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    request = AnalyzeRequest(
        StructureRequest(args.strategy, _goal_of(args), _limits_of(args), frozenset(args.confirm)),
        reads_source=True,
        reads_files=True,
        keep_as=f"cli:{getpass.getuser()}",
        others=None,
    )
    with metadata_session() as session:
        report = analyze_deployed(session, args.file, request)
    if args.report:
        _write(args.report, dump_json(report, indent=2) + "\n")
    if args.diff:
        sys.stdout.write(report["patch"])
    else:
        print("\n".join(_deployed_as_text(report)))
    return 0


def _deployed_as_text(report: dict[str, Any]) -> list[str]:
    history, predicted = report["history"], report["predicted"]
    seen = (
        f"{history['runs']} successful runs, median {history['median_makespan_s']} s" if history["runs"] else "no runs"
    )
    lines = [f"{report['dag_id']}: {seen}; simulated {predicted['before']['makespan_s']:.1f} s", *_bottlenecks(report)]
    for item in report["run_time_changes"]:
        lines.append(f"  without editing the file: {item['title']}, because {item['reason']}")
    for item in report["to_confirm"]:
        lines.append(f"  to confirm (--confirm {item['measure']}): {item['title']}; {item['risk_note']}")
    if report["run_time_changes"]:
        lines.append(f"    -> {predicted['after']['makespan_s']:.1f} s by simulation")
    lines += _advice(report)
    if report["source_note"]:
        lines.append(f"  {report['source_note']}")
    if report["summary"]:
        lines.append(f"  the file: {report['summary']}")
    lines += [f"    {item['title']}: {item['reason']}" for item in report["rewrites"]]
    if report["optimization_id"]:
        lines.append(
            f"  kept as {report['optimization_id']}: `airflow wfintel plan apply|patched {report['optimization_id']}`"
        )
    return lines


def _write(target: str, text: str) -> None:
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise TargetNotWritableError(f"cannot write {target!r}: {error.strerror}", hint="name another file") from error


def _write_others(target: str, path: Path, dags_folder: Path | None, done: Optimized) -> None:
    """Write the files that have to change with this one: in their places, or into the folder that `--write` names."""
    if not done.others:
        return
    in_place = Path(target).resolve() == path.resolve()
    folder = (dags_folder or path.parent) if in_place else Path(target).resolve().parent
    for name, (before, after) in done.others.items():
        place = folder / name
        if place.exists() and place.read_text(encoding="utf-8") not in (before, after):
            raise TargetNotWritableError(f"{place} is there and is another file", hint="name another folder in --write")
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(str(place), after)


def _diff(done: Optimized, name: str) -> str:
    lines: list[str] = []
    for file, (before, after) in {name: (done.before, done.after), **done.others}.items():
        lines += difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
    return "".join(lines)


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['dag_id']}: {report['summary']}"]
    for item in report["rewrites"]:
        seconds = item["predicted_makespan_s"]
        lines.append(f"  {item['title']}: {seconds['before']:.1f} -> {seconds['after']:.1f} s")
        lines.append(f"    because {item['reason']}; {item['proof']}")
    lines += _layouts(report["pareto"])
    for item in report["suggestions"]:
        how = f"; --confirm {item['confirm']}" if item["confirm"] else ""
        also = f"; it changes {', '.join(item['other_files'])}, too" if item["other_files"] else ""
        lines.append(f"  to decide: {item['title']} ({item['why_not_applied']}{also}{how})")
    for pool in report["pools_to_create"]:
        if pool["slots"] != pool["slots_before"]:
            lines.append(f"  pool {pool['name']}: {pool['slots']} slots (now {pool['slots_before']})")
    lines += _bottlenecks(report)
    lines += _advice(report)
    unknown = report["dependencies"]["unknown"]
    if unknown:
        lines.append(f"  {unknown} dependencies are not proven either way and stay")
    return "\n".join(lines)


def _advice(report: dict[str, Any]) -> list[str]:
    """Settings of the deployment, apart from everything that a layout gains."""
    found = report["deployment_advice"]
    lines = ["  for whoever runs the deployment (no part of the gains above):"] if found else []
    for item in found:
        seconds = item["makespan_s"]
        lines.append(
            f"    {item['setting']} {item['now']:g} -> {item['suggested']:g}: a run {seconds['before']:.1f} -> "
            f"{seconds['after']:.1f} s; {item['cost']}"
        )
    return lines


def _layouts(found: list[dict[str, Any]]) -> list[str]:
    """The layouts among which a person may choose."""
    lines = ["  layouts that none beats in time, slots and risk (--pick):"] if len(found) > 1 else []
    for item in found if lines else ():
        names = ", ".join(item["picks"]) or "-"
        lines.append(
            f"    p90 {item['p90_s']:.1f} s, {item['slot_seconds']:.0f} slot seconds, risk {item['risk']:.1%}, "
            f"{len(item['rewrites'])} rewrites: {names}"
        )
    return lines


def _bottlenecks(report: dict[str, Any]) -> list[str]:
    """What costs time in the DAG as it is, the costliest first."""
    found = report["bottlenecks"]
    lines = ["  what removing each would save, alone:"] if found else []
    for item in found[:_SHOWN_BOTTLENECKS]:
        lines.append(f"    {item['saves_s']:7.1f} s  {item['kind']}: {item['explanation']}")
    if len(found) > _SHOWN_BOTTLENECKS:
        lines.append(f"    and {len(found) - _SHOWN_BOTTLENECKS} more, in the report")
    return lines
