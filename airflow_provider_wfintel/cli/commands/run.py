"""Run DAG files once with a recording stand-in for every outside service, and show the calls that they would make."""

from __future__ import annotations

import argparse
from pathlib import Path

from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import NotTextError, UserInputError

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "run"
HELP = "run DAG files in a child process, with stand-ins for all services"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a DAG file; it is executed (needs Airflow)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="N", help="what one run may take (default: 60)")


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 if no task of any file failed, 1 otherwise."""
    from airflow_provider_wfintel.app.trial import trial_to_dict, try_dags
    from airflow_provider_wfintel.cli.trial_view import print_trial

    trials = try_dags({name: _read(name) for name in args.files}, seconds=args.seconds)
    for name, trial in trials.items():
        if args.json:
            print(dump_json({"file": name, **trial_to_dict(trial)}))
        else:
            print_trial(trial, name=name)
    return 0 if all(trial.ok for trial in trials.values()) else 1


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotTextError(f"{name} is no UTF-8 text", hint="name a Python file") from error
    except OSError as error:
        raise UserInputError(f"{name}: {error.strerror or error}", hint="name a DAG file that can be read") from error
