"""The console script `wfintel`: parse the arguments, run one command, turn errors into one line and a status.

Exit status: 0 done; 1 an error, or a file that did not pass its checks; 2 wrong usage; 3 all lines of a JSON lines
input were worked through, and some of them were bad; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.cli.commands import (
    anomalies,
    demo,
    detect,
    diagnose,
    doctor,
    forecast,
    generate,
    health,
    insights,
    layout,
    metrics,
    optimize,
    patterns,
    remedies,
    report,
    run,
    services,
    validate,
)
from airflow_provider_wfintel.exceptions import WfIntelError

__all__ = ["COMMANDS", "EXIT_ERROR", "EXIT_INTERRUPTED", "build_parser", "leave_quietly", "main", "print_error"]

COMMANDS: tuple[ModuleType, ...] = (
    detect,
    generate,
    layout,
    optimize,
    forecast,
    health,
    anomalies,
    insights,
    report,
    metrics,
    diagnose,
    remedies,
    doctor,
    patterns,
    validate,
    run,
    services,
    demo,
)
EXIT_ERROR = 1
EXIT_INTERRUPTED = 130

DESCRIPTION = "Describe a workflow in words, get an Airflow 3 DAG file that is checked and says what it assumed."


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="wfintel", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in COMMANDS:
        command = commands.add_parser(
            module.NAME, help=module.HELP, description=(module.__doc__ or module.HELP).split("\n\n")[0]
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def print_error(error: WfIntelError) -> None:
    """Say on one line of stderr what is wrong and what to do about it."""
    line = f"wfintel: error: {error.message}"
    if error.hint:
        line += f" ({error.hint})"
    print(" ".join(line.split()), file=sys.stderr)


def leave_quietly() -> int:
    """The status for when whoever read the output (head, less) has seen enough; stdout does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_ERROR


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. Wrong usage ends in `SystemExit(2)`, as argparse does."""
    args = build_parser().parse_args(arguments)
    try:
        status = int(args.run(args))
        sys.stdout.flush()
    except WfIntelError as error:
        print_error(error)
        return EXIT_ERROR
    except BrokenPipeError:
        return leave_quietly()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return status


if __name__ == "__main__":
    raise SystemExit(main())
