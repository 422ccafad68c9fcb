"""Propose an order of the tasks, and the dependencies that are needed, for workflows in JSON files.

One proposal is written for each file of the folder, under the same name. Standard output says, per workflow and number
of slots, the makespan of Airflow's default order, of the proposal, and the bound that no order can beat.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.outputs import (
    EXIT_BAD_LINES,
    as_known_error,
    dump_json,
    error_record,
    line_writer,
    output_folder,
)
from airflow_provider_wfintel.exceptions import InputTooLargeError, UserInputError

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "layout"
HELP = "propose the order of tasks for workflows in JSON files"

_DEFAULT_SLOTS = "2,4,8,16,64"
_MAX_BYTES = 200_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--dir", required=True, metavar="WORKFLOWS", help="the folder with the workflows, *.json")
    parser.add_argument(
        "--slots", default=_DEFAULT_SLOTS, type=_slots, metavar="N,…", help=f"slots (default: {_DEFAULT_SLOTS})"
    )
    parser.add_argument("--out-dir", required=True, metavar="OUT", help="the folder for the proposals")
    parser.add_argument("--budget", type=_positive, metavar="N", help="how much work to spend on one order")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    source = Path(args.dir)
    if not source.is_dir():
        raise UserInputError(f"there is no folder {args.dir!r}", hint="name a folder with workflow files")
    files = sorted(path for path in source.glob("*.json") if path.is_file())
    if not files:
        raise UserInputError(f"the folder {args.dir!r} holds no .json file", hint="name a folder with workflow files")
    target = output_folder(args.out_dir)
    if target.resolve() == source.resolve():
        raise UserInputError("the proposals would overwrite the workflows", hint="name another folder with --out-dir")
    bad = 0
    for path in files:
        try:
            answer = _lay_out(path, args.slots, target, args.budget)
        except Exception as error:
            answer = error_record(path.stem, as_known_error(error))
            bad += 1
        print(dump_json(answer), flush=True)
    return EXIT_BAD_LINES if bad else 0


def _lay_out(path: Path, slots: tuple[int, ...], target: Path, budget: int | None) -> dict[str, Any]:
    from airflow_provider_wfintel.engine.optimization import service

    data = _read(path)
    workflow = service.read_workflow(data, path.stem)
    layout = service.propose_layout(workflow, slots, budget=budget or service.DEFAULT_BUDGET)
    with line_writer(str(target / path.name)) as stream:
        stream.write(dump_json(layout.as_proposal()) + "\n")
    removed = len(layout.untangled.removed) if layout.untangled is not None else 0
    return {
        "id": path.stem,
        "tasks": len(workflow.graph.ids),
        "dependencies_removed": removed,
        "slots": {
            str(item.slots): {
                "default_s": round(default, 3),
                "proposal_s": round(item.makespan, 3),
                "bound_s": round(item.bound, 3),
                "method": item.method,
            }
            for item, default in zip(layout.orderings, layout.default_makespans, strict=True)
        },
    }


def _read(path: Path) -> object:
    """What the file holds. A graph of tens of thousands of tasks is far longer than a description may be."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputTooLargeError(f"{path.name!r} holds more than {_MAX_BYTES:,} bytes", hint="split the workflow")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserInputError(f"cannot read {path.name!r}: {error.strerror}", hint="make it readable") from error
    except (ValueError, RecursionError) as error:
        raise UserInputError(f"{path.name!r} is not JSON: {error}", hint="hand in one JSON object per file") from error


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text!r}")
    return number


def _slots(text: str) -> tuple[int, ...]:
    """The numbers of a list such as `2,4,8`, each once, in the order of the list."""
    return tuple(dict.fromkeys(_positive(part.strip()) for part in text.split(",")))
