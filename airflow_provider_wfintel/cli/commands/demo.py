"""Start a real Airflow on this machine, generate three DAGs from three descriptions and run them."""

from __future__ import annotations

import argparse

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "demo"
HELP = "start a real Airflow, generate three DAGs and run them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--exit", action="store_true", help="stop everything after the runs (for CI)")
    parser.add_argument("--folder", metavar="DIR", default=".demo", help="the work folder (default: .demo)")
    parser.add_argument(
        "--port", type=int, default=0, metavar="PORT", help="port of the Airflow UI (default: a free one)"
    )


def run(args: argparse.Namespace) -> int:
    """Run the demo: 0 if every run ended as it should, 1 otherwise."""
    from airflow_provider_wfintel.cli.demo.story import run_demo

    return run_demo(args.folder, port=args.port, leave_at_end=args.exit)
