"""List the remedies, what can be done about each class of failure, and check a policy."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from airflow_provider_wfintel.cli.outputs import dump_json

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "remedies"
HELP = "list the remedies for failed tasks, or check a policy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--classes", action="store_true", help="what can be done about each class of failure, with counts"
    )
    what.add_argument("--check", metavar="POLICY", help="check a policy file (YAML or JSON)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if args.check:
        return _check(args.check)
    return _classes(as_json=args.json) if args.classes else _remedies(as_json=args.json)


def _remedies(*, as_json: bool) -> int:
    from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES

    for item in REMEDIES:
        if as_json:
            row = {"remedy": item.name, "title": item.title, "changes": item.changes, "undoable": item.undoable}
            print(dump_json({**row, "serves": list(item.serves)}))
        else:
            undo = "can be undone" if item.undoable else ""
            print(f"{item.name:<26} {item.changes:<9} {item.title:<60} {undo}".rstrip())
    print(f"{len(REMEDIES)} remedies", file=sys.stderr)
    return 0


def _classes(*, as_json: bool) -> int:
    from airflow_provider_wfintel.app.troubleshooting.coverage import LEVELS, coverage

    found = coverage()
    for item in found:
        if as_json:
            print(dump_json({"label": item.label, "level": item.level, "remedies": list(item.remedies)}))
        else:
            print(f"{item.label:<28} {item.level:<14} {', '.join(item.remedies)}".rstrip())
    counts = Counter(item.level for item in found)
    said = ", ".join(f"{counts[level]} {level}" for level in LEVELS)
    print(f"{len(found)} classes: {said}", file=sys.stderr)
    return 0


def _check(path: str) -> int:
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import read_policy

    policy = read_policy(Path(path))
    print(f"{path}: mode {policy.defaults.mode}, {len(policy.rules)} rules")
    return 0
