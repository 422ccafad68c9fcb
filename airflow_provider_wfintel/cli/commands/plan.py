"""Accept, withdraw and judge the plans of this deployment."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "plan"
HELP = "accept, withdraw or judge the plans that `optimize` has kept"
ACTIONS = ("list", "apply", "patched", "withdraw", "reject", "measure")
_TEXT = """\
list [DAG_ID]: plans with the figures before, predicted and measured; apply ID: put the values of a plan into the
plan file; patched ID: its patch was applied to the DAG file; withdraw DAG_ID: take its values out of the plan file;
reject ID: not wanted; measure: store what real runs show for all applied plans"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("action", choices=ACTIONS, help=_TEXT)
    parser.add_argument("what", nargs="?", default="", metavar="ID", help="the plan, or the DAG for list and withdraw")
    parser.add_argument("--plan-file", metavar="P.json", help="the plan file (default: [wfintel] plan_file)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status.

    Raises:
        UserInputError: there is no such plan, or no plan file.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.config import read_settings
    from airflow_provider_wfintel.host.session import metadata_session

    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    if not args.what and args.action not in ("list", "measure"):
        raise UserInputError(f"plan {args.action} needs an id", hint="see `plan list`")
    file = Path(args.plan_file) if args.plan_file else read_settings().plan_file
    with metadata_session() as session:
        done = _done(session, args.action, args.what, file)
    if args.json:
        print(dump_json(done, indent=2))
    elif args.action == "list":
        print("\n".join(_as_text(item) for item in done) or "no plans")
    elif args.action == "measure":
        print(f"{done} applied plans have enough runs")
    else:
        print(f"{done['dag_id']}: {done['status']}")
        if done["written"]:
            print(f"  written to {file}; Airflow sets the values when it parses the DAG again")
    return 0


def _done(session: Session, action: str, what: str, file: Path | None) -> Any:
    from airflow_provider_wfintel.app.optimization_plans import act_on_plan, dag_of_plan, measure_plans, results
    from airflow_provider_wfintel.store.base import utc_now

    if action == "list":
        return results(session, [what] if what else None, plan_file=file)
    if action == "measure":
        return measure_plans(session, now=utc_now())
    if action == "withdraw":
        return act_on_plan(session, what, "withdraw", plan_file=file)
    dag_id = dag_of_plan(session, what)
    if action == "apply":
        return act_on_plan(session, dag_id, "run_time", optimization_id=what, plan_file=file)
    if action == "patched":
        return act_on_plan(session, dag_id, "patched", optimization_id=what)
    return act_on_plan(session, dag_id, "reject", optimization_id=what)


def _as_text(item: dict[str, Any]) -> str:
    measured = item["measured"] or {}
    lines = [f"{item['optimization_id']}  {item['dag_id']}  {item['strategy']}  {item['status']}"]
    lines += [f"    {title}" for title in (*item["changes"], *item["rewrites"])]
    if measured:
        verdict = measured["verdict"]
        if measured.get("reduction") is not None:
            less, low, high = (100 * measured[name] for name in ("reduction", "low", "high"))
            verdict += f": {less:.0f} % less ({low:.0f} to {high:.0f})"
        lines.append(f"    {verdict}, {measured['runs_before']} runs before, {measured['runs_after']} after")
    if item["offer_revert"]:
        lines.append(f"    it did not pay: `airflow wfintel plan withdraw {item['dag_id']}`, or take the patch back")
    return "\n".join(lines)
