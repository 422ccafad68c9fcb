"""Say when running and coming runs will be over, and how likely they miss their deadline.

Of this deployment, from its own tables; or of a history file: learns from its successful runs, and forecasts those that
go on and the next one. Its times are seconds after a run is due.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import (
    add_output_argument,
    add_scope_arguments,
    only_with_history,
    only_without_history,
    wants_json,
)
from airflow_provider_wfintel.cli.history import (
    add_deadline_argument,
    add_history_arguments,
    deadlines_of,
    present,
    read_json,
    read_run_history,
)
from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import RunHistory
    from airflow_provider_wfintel.engine.monitoring.service import DagForecast, Forecast

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "forecast"
HELP = "when runs will be over and whether they miss their deadline"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_history_arguments(parser, optional=True)
    add_scope_arguments(parser, dag=False)
    parser.add_argument("--run-id", default="", metavar="ID", help="only the runs with this id (of the deployment)")
    add_output_argument(parser, short=False)
    parser.add_argument("--tasks", default="", metavar="FILE.json", help="dependencies: {task_id: [upstream task ids]}")
    add_deadline_argument(parser)
    parser.add_argument("--next", default="", metavar="TIME", help="when the next run is due (default: as usual)")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if not args.history:
        from airflow_provider_wfintel.cli.deployed import forecast

        only_with_history(args, "tasks", "deadline", "next", "now")
        return forecast.run(args)
    only_without_history(args, "tag", "owner", "team", "run_id")
    return _of_file(args)


def _of_file(args: argparse.Namespace) -> int:
    from airflow_provider_wfintel.engine.monitoring import service

    history = read_run_history(args.history, dag_id=args.dag)
    upstream = _upstream(args.tasks)
    dag_ids = sorted({item.dag_id for item in history.runs})
    if upstream and len(dag_ids) != 1:
        raise UserInputError("--tasks is about one DAG", hint="name it with --dag")
    deadlines, now = deadlines_of(args.deadline, history), present(args)
    trackers = service.track_history(history, deadlines=deadlines)
    for dag_id in dag_ids:
        shape = service.shape_of_history(dag_id, history, upstream)
        found = service.forecast_dag(shape, history, now, deadline=deadlines.get(dag_id), next_due=args.next)
        health = trackers[dag_id].health() if dag_id in trackers else None
        failure = None if health is None else round(health.failure_probability, 4)
        if wants_json(args):
            print(dump_json(_as_dict(found, failure)))
        else:
            _show(found, failure, history)
    return 0


def _upstream(path: str) -> dict[str, list[str]]:
    """Dependencies of a file: `{task_id: [upstream]}`, or the answer of REST about a DAG's tasks."""
    if not path:
        return {}
    data = read_json(path)
    hint = 'expected {"task_id": ["upstream task id", …]}, or what GET /dags/{id}/tasks answers'
    if isinstance(data, Mapping) and isinstance(data.get("tasks"), list):
        found: dict[str, list[str]] = {}
        for row in data["tasks"]:
            if not isinstance(row, Mapping) or not isinstance(row.get("task_id"), str):
                raise UserInputError(f"a task in {path!r} has no task_id", hint=hint)
            found.setdefault(row["task_id"], [])
            for task in row.get("downstream_task_ids") or []:
                found.setdefault(str(task), []).append(row["task_id"])
        return found
    if not isinstance(data, Mapping) or not all(isinstance(row, list) for row in data.values()):
        raise UserInputError(f"{path!r} holds no dependencies", hint=hint)
    return {str(task): [str(up) for up in row] for task, row in data.items()}


def _as_dict(found: DagForecast, failure: float | None) -> dict[str, Any]:
    running = [
        {"run_id": item.run_id, "due": item.due, "elapsed": round(item.elapsed, 1), **_figures(item.forecast)}
        for item in found.running
    ]
    following = None if found.next_run is None else {"due": found.next_due, **_figures(found.next_run)}
    return {
        "dag_id": found.dag_id,
        "running": running,
        "next_run": following,
        "failure_probability": failure,
        "suggested_deadline": found.suggested_deadline,
    }


def _figures(forecast: Forecast) -> dict[str, Any]:
    miss = forecast.miss_probability
    return {
        "q10": round(forecast.q10, 1),
        "q50": round(forecast.q50, 1),
        "q90": round(forecast.q90, 1),
        "miss_probability": None if miss is None else round(miss, 4),
        "runs": forecast.runs,
        "enough_runs": forecast.enough_runs,
        "blame": [{"task_id": item.task_id, "seconds": item.seconds} for item in forecast.blame],
    }


def _show(found: DagForecast, failure: float | None, history: RunHistory) -> None:
    print(found.dag_id)
    for item in found.running:
        print(f"  {item.run_id} ({item.elapsed:.0f} s so far): {_words(item.forecast)}")
        for blame in item.forecast.blame:
            print(f"    {blame.task_id}: {blame.seconds:.0f} s later than usual because of it")
    if found.next_run is None:
        runs = sum(run.dag_id == found.dag_id for run in history.runs)
        print(f"  no forecast: none of {runs} runs has succeeded")
        return
    print(f"  next run, due {found.next_due}: {_words(found.next_run)}")
    if failure is not None:
        print(f"  it fails with {failure:.1%}")
    if found.suggested_deadline is not None:
        print(f"  a deadline of {found.suggested_deadline:.0f} s would be missed by 5 % of the runs")


def _words(forecast: Forecast) -> str:
    text = f"over after {forecast.q50:.0f} s (10 to 90 %: {forecast.q10:.0f} to {forecast.q90:.0f} s)"
    if forecast.miss_probability is not None:
        text += f", misses its deadline with {forecast.miss_probability:.1%}"
    if not forecast.enough_runs:
        text += f"; only {forecast.runs} runs to learn from"
    return text
