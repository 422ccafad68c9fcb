"""List the patterns of data work that can be filled, or show one with its parameters."""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.outputs import dump_json

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.catalog.patterns import Pattern

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "patterns"
HELP = "list the patterns that can be filled, or show one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="list the patterns (this is the default)")
    listing.add_argument("query", nargs="?", default="", metavar="WORD", help="only patterns that hold the word")
    listing.add_argument("--json", action="store_true", help="print one JSON object per line")
    show = actions.add_parser("show", help="show one pattern with its parameters")
    show.add_argument("id", metavar="ID", help="id of the pattern")
    show.add_argument("--json", action="store_true", help="print the pattern as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from airflow_provider_wfintel.app.catalog import list_patterns, pattern_to_dict

    if args.action == "show":
        return _show(args)
    found = list_patterns(getattr(args, "query", ""))
    for item in found:
        if getattr(args, "json", False):
            print(dump_json(pattern_to_dict(item)))
        else:
            print(f"{item.id:<22} {item.category:<17} {item.title}")
    if not getattr(args, "json", False):
        print(f"{len(found)} of {len(list_patterns())} patterns", file=sys.stderr)
    return 0


def _show(args: argparse.Namespace) -> int:
    from airflow_provider_wfintel.app.catalog import pattern_to_dict
    from airflow_provider_wfintel.engine.catalog.patterns import find_pattern

    pattern = find_pattern(args.id)
    if args.json:
        print(dump_json(pattern_to_dict(pattern), indent=2))
    else:
        print("\n".join(_lines(pattern)))
    return 0


def _lines(pattern: Pattern) -> list[str]:
    lines = [f"{pattern.title} ({pattern.id})", *textwrap.wrap(pattern.description, 100), ""]
    lines += [f"use it when     {item}" for item in pattern.use_when]
    lines += [f"avoid it when   {item}" for item in pattern.avoid_when]
    lines += ["", "tasks"]
    for task in pattern.tasks:
        after = f" after {', '.join(task.after)}" if task.after else ""
        lines.append(f"  {task.id:<20} {task.action} {'+'.join(task.services)}{after}")
    lines += ["", "parameters (--set NAME=VALUE)"]
    for role in pattern.services:
        lines.append(f"  {role.role:<20} {role.description} One of {', '.join(role.options)}; default {role.default}")
    for item in pattern.all_parameters:
        default = "must be given" if item.default is None else f"default {item.default.json}"
        lines.append(f"  {item.name:<20} {item.type}: {item.description} {default}")
    return lines
