"""Say why a task failed: the root cause with the lines that prove it, and what to do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.diagnose import diagnosis_to_dict
from airflow_provider_wfintel.cli.inputs import Record, read_records, read_text
from airflow_provider_wfintel.cli.outputs import EXIT_BAD_LINES, as_known_error, dump_json, error_record, line_writer
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import Diagnosis

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "diagnose"
HELP = "say why a task failed, from its log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("log", nargs="?", metavar="LOG", help="a task log, plain or gzip, of any size; - reads stdin")
    given.add_argument("--jsonl", metavar="IN", help='many logs: one {"id", "text", "facts"?} per line; - is stdin')
    parser.add_argument("--facts", metavar="F.json", help="what is known beside the log: state, event-log rows, …")
    parser.add_argument("--out", metavar="OUT", help="with --jsonl: the file for the answers (default: stdout)")
    parser.add_argument("--json", action="store_true", help="print JSON even to a terminal")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if args.jsonl:
        if args.facts:
            args.parser.error("--facts goes with a single LOG; with --jsonl each line has its own")
        return _diagnose_lines(args.jsonl, args.out)
    if args.out:
        args.parser.error("--out goes with --jsonl")
    from airflow_provider_wfintel.engine.troubleshooting import service

    facts = _read_facts(args.facts) if args.facts else None
    if args.log == "-":
        diagnosis = service.diagnose_stream(sys.stdin.buffer, facts)
    else:
        diagnosis = service.diagnose_file(args.log, facts)
    if args.json or not sys.stdout.isatty():
        offers = [{"remedy": name, "title": title} for name, title in _remedies_for(diagnosis)]
        print(dump_json({"id": args.log, **diagnosis_to_dict(diagnosis), "offers": offers}))
    else:
        _print_diagnosis(diagnosis)
    return 0


def _read_facts(path: str) -> Mapping[str, Any]:
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise UserInputError(f"{path!r} is not JSON: {error}", hint="see the reference of --facts") from error
    if not isinstance(data, dict):
        raise UserInputError(f"{path!r} holds no JSON object", hint="see the reference of --facts")
    return data


def _diagnose_lines(source: str, target: str | None) -> int:
    bad = 0
    with line_writer(target) as stream:
        for record in read_records(source):
            try:
                answer = _diagnose_record(record)
            except Exception as error:
                answer = error_record(record.id, as_known_error(error))
                bad += 1
            stream.write(dump_json(answer) + "\n")
    return EXIT_BAD_LINES if bad else 0


def _diagnose_record(record: Record) -> dict[str, Any]:
    from airflow_provider_wfintel.engine.troubleshooting import service

    if record.error is not None:
        raise record.error
    facts = record.data.get("facts")
    if facts is not None and not isinstance(facts, dict):
        raise UserInputError(f"the facts of {record.id!r} are no object", hint='expected "facts": {…}')
    return {"id": record.id, **diagnosis_to_dict(service.diagnose(record.text, facts))}


def _remedies_for(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """Remedies that serve the cause, by name and in words; whether one fits depends on the try."""
    from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES

    wanted = {*diagnosis.remedies, diagnosis.action}
    return [(item.name, item.title) for item in REMEDIES if wanted.intersection(item.serves)]


def _print_diagnosis(diagnosis: Diagnosis) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(
        f"[bold]{diagnosis.label}[/bold]  ({diagnosis.confidence:.0%})  {diagnosis_to_dict(diagnosis)['transient']}"
    )
    console.print(escape(diagnosis.explanation))
    for item in diagnosis.evidence:
        where = f"line {item.first_line}" if item.source == "log" else item.source
        console.print(f"  [dim]{where}:[/dim] {escape(item.text)}")
    for circumstance in diagnosis.circumstances:
        console.print(f"  [dim]beside it:[/dim] {escape(circumstance)}")
    if diagnosis.action:
        console.print(f"first step: {diagnosis.action}; a machine may: {', '.join(diagnosis.remedies)}")
    for number, step in enumerate(diagnosis.steps, start=1):
        console.print(f"  {number}. {escape(step)}")
    for name, title in _remedies_for(diagnosis):
        console.print(f"  [bold]{name}[/bold]: {title}")
    others = ", ".join(f"{cause.label} {cause.probability:.0%}" for cause in diagnosis.ranked[1:4])
    if others:
        console.print(f"[dim]also possible: {others}[/dim]")
