"""Say which services a description names, with the words that name them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.inputs import (
    add_catalog_argument,
    add_text_arguments,
    catalog_folder,
    read_records,
    single_text,
)
from airflow_provider_wfintel.cli.outputs import EXIT_BAD_LINES, as_known_error, dump_json, error_record, line_writer

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "detect"
HELP = "say which services a description names"

_SHOWN_ACTIONS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_text_arguments(parser)
    parser.add_argument("--out", metavar="OUT", help="with --jsonl: the file for the answers (default: stdout)")
    parser.add_argument("--json", action="store_true", help="print JSON even to a terminal")
    add_catalog_argument(parser)
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if args.jsonl:
        return _detect_lines(args.jsonl, args.out, catalog_folder(args))
    if args.out:
        args.parser.error("--out goes with --jsonl")
    text = single_text(args)
    answer = _with_actions(_detect(text, catalog_folder(args)), catalog_folder(args))
    if args.json or not sys.stdout.isatty():
        print(dump_json(answer))
    else:
        _print_table(text, answer)
    return 0


def _detect(text: str, folder: Path | None) -> dict[str, Any]:
    from airflow_provider_wfintel.engine.generation import service

    mentions = service.detect(text, services_folder=folder)
    return {
        "services": list(service.named_services(mentions)),
        "mentions": [
            {
                "service": item.service,
                "span": [item.span.start, item.span.end],
                "role": item.role,
                "confidence": round(item.confidence, 4),
                "alternatives": list(item.alternatives),
            }
            for item in mentions
        ],
    }


def _with_actions(answer: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    """The answer with what can be done with each service that is named."""
    from airflow_provider_wfintel.engine.generation import service

    actions = {name: service.suggested_actions(name, services_folder=folder) for name in answer["services"]}
    return {**answer, "actions": {name: list(found) for name, found in actions.items()}}


def _detect_lines(source: str, target: str | None, folder: Path | None) -> int:
    bad = 0
    with line_writer(target) as stream:
        for record in read_records(source):
            try:
                if record.error is not None:
                    raise record.error
                answer: dict[str, Any] = {"id": record.id, **_detect(record.text, folder)}
            except Exception as error:
                answer = error_record(record.id, as_known_error(error))
                bad += 1
            stream.write(dump_json(answer) + "\n")
    return EXIT_BAD_LINES if bad else 0


def _print_table(text: str, answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("service", "words", "role", "confidence", "can", box=None, pad_edge=False)
    for item in answer["mentions"]:
        start, end = item["span"]
        style = "" if item["service"] in answer["services"] else "dim"
        words = escape(" ".join(text[start:end].split()))
        can = ", ".join(answer["actions"].get(item["service"], ())[:_SHOWN_ACTIONS])
        table.add_row(item["service"], words, item["role"], f"{item['confidence']:.2f}", can, style=style)
    Console().print(table if answer["mentions"] else "no service named")
