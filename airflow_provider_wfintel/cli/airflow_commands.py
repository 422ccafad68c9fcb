"""`airflow wfintel …`: definitions only, since every `airflow` call imports this module.

The commands are those of the console script `wfintel`; their code is loaded when one of them runs.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from airflow.cli.cli_config import ActionCommand, Arg, GroupCommand, lazy_load_command

if TYPE_CHECKING:
    from airflow.cli.cli_config import CLICommand

__all__ = ["COMMANDS", "get_wfintel_cli_commands"]

COMMANDS = {
    "alerts": "List what is wrong now",
    "anomalies": "List what was unusual in this deployment, or in a history file",
    "connections": "List the connections that DAGs use, and how the services behind them are",
    "doctor": "Look whether this deployment can work, and say what to mend",
    "forecast": "Say when running and coming runs will be over and whether they miss their deadline",
    "generate": "Write a DAG file for a description",
    "health": "Score the health of the DAGs of this deployment, or of a history file",
    "insights": "List findings about the performance of this deployment, with evidence",
    "metrics": "Measure run history, as JSON or Prometheus text",
    "monitor": "Collect what ran, until it is stopped",
    "optimize": "Find what makes a DAG slow and what would pay, from its file or from this deployment",
    "patterns": "List the patterns that can be filled, or show one",
    "plan": "Accept, withdraw or judge the plans that optimize has kept",
    "report": "Write the performance report of this deployment",
    "run": "Run DAG files once with stand-ins for all services",
    "services": "List the services that descriptions may name",
    "validate": "Check DAG files",
}


class _CommandArguments(Arg):
    """Stands for all arguments of one command of `wfintel`, which adds them itself."""

    def __init__(self, name: str) -> None:
        super().__init__(flags=(name,))  # type: ignore[no-untyped-call]
        self._name = name

    def add_to_parser(self, parser: argparse.ArgumentParser) -> None:
        """Let the command add its arguments."""
        import_module(f"airflow_provider_wfintel.cli.commands.{self._name}").add_arguments(parser)


def get_wfintel_cli_commands() -> list[CLICommand]:
    """The command group, as Airflow's command line wants it."""
    commands = [
        ActionCommand(
            name=name,
            help=text,
            func=lazy_load_command(f"airflow_provider_wfintel.cli.airflow_run.{name}"),
            args=(_CommandArguments(name),),
        )
        for name, text in COMMANDS.items()
    ]
    return [
        GroupCommand(name="wfintel", help="Workflow intelligence: describe a DAG, get a file", subcommands=commands)
    ]
