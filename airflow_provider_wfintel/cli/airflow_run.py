"""What `airflow wfintel …` runs: the commands of `wfintel`, with their exit status.

Those that change something leave a row in Airflow's audit log, as Airflow's own commands do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from types import ModuleType

from airflow.utils.cli import action_cli

from airflow_provider_wfintel.cli.commands import alerts as alerts_command
from airflow_provider_wfintel.cli.commands import anomalies as anomalies_command
from airflow_provider_wfintel.cli.commands import connections as connections_command
from airflow_provider_wfintel.cli.commands import doctor as doctor_command
from airflow_provider_wfintel.cli.commands import forecast as forecast_command
from airflow_provider_wfintel.cli.commands import generate as generate_command
from airflow_provider_wfintel.cli.commands import health as health_command
from airflow_provider_wfintel.cli.commands import insights as insights_command
from airflow_provider_wfintel.cli.commands import metrics as metrics_command
from airflow_provider_wfintel.cli.commands import monitor as monitor_command
from airflow_provider_wfintel.cli.commands import optimize as optimize_command
from airflow_provider_wfintel.cli.commands import patterns as patterns_command
from airflow_provider_wfintel.cli.commands import plan as plan_command
from airflow_provider_wfintel.cli.commands import report as report_command
from airflow_provider_wfintel.cli.commands import run as run_command
from airflow_provider_wfintel.cli.commands import services as services_command
from airflow_provider_wfintel.cli.commands import validate as validate_command
from airflow_provider_wfintel.cli.main import EXIT_ERROR, leave_quietly, print_error
from airflow_provider_wfintel.exceptions import WfIntelError

__all__ = [
    "alerts",
    "anomalies",
    "connections",
    "doctor",
    "forecast",
    "generate",
    "health",
    "insights",
    "metrics",
    "monitor",
    "optimize",
    "patterns",
    "plan",
    "report",
    "run",
    "services",
    "validate",
]


def _recorded(command: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], None]:
    """The command with a row in the audit log, under its name; secrets in its arguments are masked by Airflow."""
    recorded: Callable[[argparse.Namespace], None] = action_cli(command, check_db=False)  # type: ignore[no-untyped-call]
    return recorded


def alerts(args: argparse.Namespace) -> None:
    """Run `alerts`."""
    _run(alerts_command, args)


def anomalies(args: argparse.Namespace) -> None:
    """Run `anomalies`."""
    _run(anomalies_command, args)


def connections(args: argparse.Namespace) -> None:
    """Run `connections`."""
    _run(connections_command, args)


def doctor(args: argparse.Namespace) -> None:
    """Run `doctor`."""
    _run(doctor_command, args)


def forecast(args: argparse.Namespace) -> None:
    """Run `forecast`."""
    _run(forecast_command, args)


def health(args: argparse.Namespace) -> None:
    """Run `health`."""
    _run(health_command, args)


def insights(args: argparse.Namespace) -> None:
    """Run `insights`."""
    _run(insights_command, args)


def metrics(args: argparse.Namespace) -> None:
    """Run `metrics`."""
    _run(metrics_command, args)


def generate(args: argparse.Namespace) -> None:
    """Run `generate`."""
    _run(generate_command, args)


@_recorded
def monitor(args: argparse.Namespace) -> None:
    """Run `monitor`."""
    _run(monitor_command, args)


@_recorded
def optimize(args: argparse.Namespace) -> None:
    """Run `optimize`."""
    _run(optimize_command, args)


def patterns(args: argparse.Namespace) -> None:
    """Run `patterns`."""
    _run(patterns_command, args)


@_recorded
def plan(args: argparse.Namespace) -> None:
    """Run `plan`."""
    _run(plan_command, args)


def report(args: argparse.Namespace) -> None:
    """Run `report`."""
    _run(report_command, args)


def run(args: argparse.Namespace) -> None:
    """Run `run`."""
    _run(run_command, args)


def services(args: argparse.Namespace) -> None:
    """Run `services`."""
    _run(services_command, args)


def validate(args: argparse.Namespace) -> None:
    """Run `validate`."""
    _run(validate_command, args)


def _run(command: ModuleType, args: argparse.Namespace) -> None:
    try:
        status = int(command.run(args))
        sys.stdout.flush()
    except WfIntelError as error:
        print_error(error)
        status = EXIT_ERROR
    except BrokenPipeError:
        status = leave_quietly()
    if status:
        sys.exit(status)
