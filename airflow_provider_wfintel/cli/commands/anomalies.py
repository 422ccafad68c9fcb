"""Say which runs were unusual, in what, and what may have caused it: of this deployment, or of a history file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import (
    add_days_argument,
    add_limit_argument,
    add_output_argument,
    add_scope_arguments,
    only_with_history,
    only_without_history,
    wants_json,
)
from airflow_provider_wfintel.cli.history import add_history_arguments, read_json, read_run_history, run_history_of
from airflow_provider_wfintel.cli.inputs import read_records
from airflow_provider_wfintel.cli.outputs import EXIT_BAD_LINES, as_known_error, dump_json, error_record, line_writer
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import RunHistory
    from airflow_provider_wfintel.engine.monitoring.service import AnomalyFinding, Change, WatchedRuns

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "anomalies"
HELP = "which runs were unusual, and what may have caused it"

_FACTS = 'expected {"cadence"?, "country"?, "zone"?, "rows"?: {run id: rows}, "changes"?: [{"kind", "at", "text"}]}'
_CHANGE_KINDS = ("dag_version", "code", "connection")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_history_arguments(parser, optional=True)
    add_scope_arguments(parser, dag=False)
    add_days_argument(parser)
    add_limit_argument(parser)
    add_output_argument(parser, short=False)
    parser.add_argument("--facts", default="", metavar="FILE.json", help="rhythm, country, rows by run id, changes")
    parser.add_argument("--jsonl", default="", metavar="IN", help="many DAGs: one history with its facts per line")
    parser.add_argument("--out", metavar="OUT", help="with --jsonl: the file for the answers (default: stdout)")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if (args.jsonl and args.history) or (args.out and not args.jsonl):
        args.parser.error("give HISTORY.json or --jsonl IN; --out goes with --jsonl")
    if not args.jsonl and not args.history:
        from airflow_provider_wfintel.cli.deployed import anomalies

        only_with_history(args, "facts", "now")
        return anomalies.run(args)
    only_without_history(args, "tag", "owner", "team", "days", "limit")
    return _lines(args.jsonl, args.out) if args.jsonl else _of_file(args)


def _of_file(args: argparse.Namespace) -> int:
    history = read_run_history(args.history, dag_id=args.dag)
    facts = read_json(args.facts) if args.facts else {}
    for dag_id in sorted({item.dag_id for item in history.runs}):
        found = _watch(dag_id, history, facts, until=_time(args.now, "--now") if args.now else None)
        if wants_json(args):
            print(dump_json(_as_dict(dag_id, found)))
        else:
            _show(dag_id, found)
    return 0


def _lines(source: str, target: str | None) -> int:
    bad = 0
    with line_writer(target) as stream:
        for record in read_records(source, text=False):
            try:
                if record.error is not None:
                    raise record.error
                history = run_history_of(record.data)
                dag_ids = {item.dag_id for item in history.runs}
                if len(dag_ids) != 1:
                    raise UserInputError(
                        f"a line is about one DAG, not {len(dag_ids)}", hint="make a line for each DAG"
                    )
                answer = {"id": record.id, **_as_dict(dag_ids.pop(), _watch("", history, record.data))}
            except Exception as error:
                answer = error_record(record.id, as_known_error(error))
                bad += 1
            stream.write(dump_json(answer) + "\n")
    return EXIT_BAD_LINES if bad else 0


def _watch(dag_id: str, history: RunHistory, facts: object, *, until: float | None = None) -> WatchedRuns:
    from airflow_provider_wfintel.engine.monitoring import service

    if not isinstance(facts, Mapping):
        raise UserInputError("the facts are no object", hint=_FACTS)
    runs = [item for item in history.runs if not dag_id or item.dag_id == dag_id]
    points = service.run_points(runs)
    calendar = service.RunCalendar(
        _cadence(facts) or service.cadence_of([point.t for point in points]),
        country=str(facts.get("country", "")),
        zone=str(facts.get("zone", "UTC")),
    )
    rows = facts.get("rows", {})
    if not isinstance(rows, Mapping) or not all(isinstance(value, int | float) for value in rows.values()):
        raise UserInputError("rows are no numbers by run id", hint=_FACTS)
    return service.watch_runs(
        runs, calendar=calendar, rows=rows, changes=_changes(facts.get("changes", [])), until=until
    )


def _cadence(facts: Mapping[str, Any]) -> Any:
    """The rhythm that was given, if any; what it may be is checked by the calendar."""
    return str(facts["cadence"]) if facts.get("cadence") else None


def _changes(given: object) -> list[Change]:
    from airflow_provider_wfintel.engine.monitoring.service import Change

    if not isinstance(given, list):
        raise UserInputError("the changes are no list", hint=_FACTS)
    found = []
    for item in given:
        if not isinstance(item, Mapping) or item.get("kind") not in _CHANGE_KINDS:
            raise UserInputError(f"{item!r} is no change", hint=f"its kind is one of {', '.join(_CHANGE_KINDS)}")
        found.append(
            Change(item["kind"], _time(str(item.get("at", "")), "a change"), str(item.get("text", item["kind"])))
        )
    return found


def _time(text: str, of: str) -> float:
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise UserInputError(f"the time {text!r} of {of} is none", hint="give ISO 8601 with an offset") from None
    return time.replace(tzinfo=time.tzinfo or timezone.utc).timestamp()


def _as_dict(dag_id: str, found: WatchedRuns) -> dict[str, Any]:
    return {
        "dag_id": dag_id,
        "cadence": found.calendar.cadence,
        "runs": found.runs,
        "runs_needed": found.runs_needed,
        "findings": [_finding(item) for item in found.findings],
    }


def _finding(item: AnomalyFinding) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "severity": item.severity,
        "run_id": item.run_id,
        "first": _iso(item.first),
        "last": _iso(item.last),
        "measured": item.measured,
        "observed": _rounded(item.observed),
        "expected": _rounded(item.expected),
        "score": round(item.score, 3),
        "reason": item.reason,
        "causes": [{"kind": c.kind, "at": _iso(c.t), "text": c.text, "confidence": c.confidence} for c in item.causes],
    }


def _iso(t: float) -> str:
    return datetime.fromtimestamp(t, timezone.utc).isoformat()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _show(dag_id: str, found: WatchedRuns) -> None:
    if found.runs_needed:
        print(f"{dag_id}: {found.runs} runs are not enough to judge one; {found.runs_needed} more are needed")
        return
    print(f"{dag_id}: {len(found.findings)} findings in {found.runs} runs ({found.calendar.cadence})")
    for item in found.findings:
        print(f"  {_iso(item.last)[:16]}  {item.kind:<12} {item.severity:<8} {item.reason}")
        for cause in item.causes:
            print(f"  {'':<16}  likely cause: {cause.text} ({cause.confidence:.0%})")
