"""Reading run history from JSON: as the REST API lists it, or as the package writes its own values."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.inputs import read_text
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import RunHistory, TaskTry, WorkflowRun

__all__ = [
    "add_deadline_argument",
    "add_history_arguments",
    "deadlines_of",
    "present",
    "read_json",
    "read_run_history",
    "run_history_of",
]

_FORM = 'expected {"dag_runs": […], "task_instances": […]} as the REST API v2 lists them'
_GOING_ON = frozenset({"running", "queued", "scheduled", "restarting", "up_for_retry", "up_for_reschedule", "deferred"})
_FAILED = frozenset({"failed", "upstream_failed"})


def add_history_arguments(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add the arguments that commands about run history share; `optional` where there is another way to hand it in."""
    parser.add_argument(
        "history",
        metavar="HISTORY.json",
        nargs="?" if optional else None,
        help="dag runs and task instances; - reads stdin",
    )
    parser.add_argument("--dag-id", "--dag", dest="dag", default="", metavar="ID", help="only this DAG")
    parser.add_argument("--now", default="", metavar="TIME", help="the present, ISO 8601 with offset (default: now)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_deadline_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option for deadlines, see `deadlines_of`."""
    text = "deadline in seconds after a run is due, or a JSON file: {dag_id: seconds}"
    parser.add_argument("--deadline", default="", metavar="SECONDS", help=text)


def present(args: argparse.Namespace) -> str:
    """The time of `--now`, or the present.

    Raises:
        UserInputError: it is no ISO time with an offset.
    """
    if not args.now:
        return datetime.now(tz=timezone.utc).isoformat()
    try:
        time = datetime.fromisoformat(str(args.now).replace("Z", "+00:00"))
    except ValueError as error:
        raise UserInputError(f"--now {args.now!r} is no time", hint="give ISO 8601 with an offset") from error
    if time.tzinfo is None:
        raise UserInputError(f"--now {args.now!r} has no offset", hint="give ISO 8601 with an offset, such as +00:00")
    return time.isoformat()


def read_json(path: str) -> Any:
    """The JSON value of a file, or of stdin for `-`.

    Raises:
        UserInputError: it cannot be read or is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise UserInputError(f"{path!r} is not JSON: {error}", hint="hand in a JSON file") from error


def read_run_history(path: str, *, dag_id: str = "") -> RunHistory:
    """Runs and tries of a file, of one DAG if `dag_id` is given.

    Raises:
        UserInputError: the file cannot be read, does not have that form, or holds no run of the DAG.
    """
    return run_history_of(read_json(path), dag_id=dag_id)


def run_history_of(data: Any, *, dag_id: str = "") -> RunHistory:
    """Runs and tries of JSON data in the form of such a file.

    Raises:
        UserInputError: it does not have that form, or holds no run of the DAG.
    """
    from airflow_provider_wfintel.engine.model import RunHistory, from_json
    from airflow_provider_wfintel.engine.optimization.service import read_history

    if isinstance(data, Mapping) and "tries" in data:
        history = from_json(RunHistory, data)
    else:
        tries = read_history(data).tries
        rows = data.get("dag_runs", []) if isinstance(data, Mapping) else []
        if not isinstance(rows, list):
            raise UserInputError("dag_runs is no list", hint=_FORM)
        history = RunHistory(tuple(_run(row) for row in rows) or _runs_of(tries), tries)
    if not dag_id:
        return history
    runs = tuple(run for run in history.runs if run.dag_id == dag_id)
    if not runs:
        known = ", ".join(sorted({run.dag_id for run in history.runs})[:10])
        raise UserInputError(f"no run of {dag_id!r} in the history", hint=f"DAGs of the history: {known or 'none'}")
    return RunHistory(runs, tuple(item for item in history.tries if item.dag_id == dag_id))


def deadlines_of(text: str, history: RunHistory) -> dict[str, float]:
    """Deadlines by DAG id: from `--deadline SECONDS` for all DAGs, or `--deadline FILE.json` with `{dag_id: seconds}`.

    Raises:
        UserInputError: it is neither.
    """
    if not text:
        return {}
    try:
        given: Any = float(text)
    except ValueError:
        given = read_json(text)
    if isinstance(given, float):
        given = dict.fromkeys({run.dag_id for run in history.runs}, given)
    hint = 'give seconds after a run is due, or a file with {"dag_id": seconds}'
    if not isinstance(given, dict):
        raise UserInputError(f"{text!r} holds no deadlines", hint=hint)
    for dag_id, seconds in given.items():
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
            raise UserInputError(f"the deadline of {dag_id!r} is {seconds!r}", hint=hint)
    return {str(dag_id): float(seconds) for dag_id, seconds in given.items()}


def _run(row: object) -> WorkflowRun:
    from airflow_provider_wfintel.engine.model import WorkflowRun

    if not isinstance(row, Mapping):
        raise UserInputError("a DAG run of the history is no object", hint=_FORM)
    values = {key: value for key, value in row.items() if isinstance(value, str)}
    dag_id, run_id = values.get("dag_id", ""), values.get("dag_run_id") or values.get("run_id", "")
    state = values.get("state", "")
    if not dag_id or not run_id or state not in ("queued", "running", "success", "failed"):
        raise UserInputError(f"the DAG run {run_id or '?'!r} has no dag_id, id or known state", hint=_FORM)
    return WorkflowRun(
        dag_id,
        run_id,
        state,  # type: ignore[arg-type]
        run_type=values.get("run_type", ""),
        logical_date=values.get("logical_date", ""),
        run_after=values.get("run_after", ""),
        queued_at=values.get("queued_at", ""),
        started_at=values.get("start_date", ""),
        ended_at=values.get("end_date", ""),
    )


def _runs_of(tries: tuple[TaskTry, ...]) -> tuple[WorkflowRun, ...]:
    """The runs that tries belong to, where only tries are known: due when the first of them was scheduled."""
    from airflow_provider_wfintel.engine.model import WorkflowRun

    groups: dict[tuple[str, str], list[TaskTry]] = {}
    for item in tries:
        groups.setdefault((item.dag_id, item.run_id), []).append(item)
    runs = []
    for (dag_id, run_id), group in groups.items():
        newest: dict[tuple[str, int], TaskTry] = {}
        for item in sorted(group, key=lambda item: item.try_number):
            newest[item.task_id, item.map_index] = item
        states = {item.state for item in newest.values()}
        over = not states & _GOING_ON
        times = [time for item in group for time in (item.scheduled_at, item.queued_at, item.started_at) if time]
        due = min(times, key=_moment, default="")
        starts = [item.started_at for item in group if item.started_at]
        ends = [item.ended_at for item in group if item.ended_at]
        runs.append(
            WorkflowRun(
                dag_id,
                run_id,
                "running" if not over else "failed" if states & _FAILED else "success",
                run_after=due,
                started_at=min(starts, key=_moment, default=""),
                ended_at=max(ends, key=_moment, default="") if over else "",
            )
        )
    return tuple(run for run in runs if run.run_after)


def _moment(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
