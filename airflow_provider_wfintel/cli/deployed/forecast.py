"""`forecast` over the tables of this deployment."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.deployment import chosen_session, clock, print_table, share, span, wants_json
from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import NotEnoughDataError, UserInputError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.forecast import DeploymentForecast, RunningRun
    from airflow_provider_wfintel.engine.monitoring.service import Forecast

__all__ = ["run"]

_COLUMNS = ("DAG", "run", "so far", "over 10 %", "50 %", "90 % (UTC)", "misses", "because of")
_NOTHING = "not enough data"


def run(args: argparse.Namespace) -> int:
    """Print when running runs are over; of one DAG also of its next run.

    Raises:
        NotEnoughDataError: nothing has been collected, or no task of the DAG has run yet.
        UserInputError: no DAG is meant, or no such run goes on.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.selection import require_collected
    from airflow_provider_wfintel.store.base import utc_now

    now = utc_now()
    with chosen_session(args) as (session, dag_ids):
        require_collected(session)
        running = _running(session, dag_ids, args.run_id, now)
        one = _next(session, args.dag, now) if args.dag and not args.run_id else None
    if wants_json(args):
        rows = [_as_dict(item) for item in running]
        print(dump_json({"running": rows, **({} if one is None else _next_as_dict(one))}, indent=2))
        return 0
    if running:
        print_table(_COLUMNS, [_row(item) for item in running])
    else:
        print("no run goes on")
    if one is not None:
        _show_next(one)
    return 0


def _running(session: Session, dag_ids: frozenset[str] | None, run_id: str, now: datetime) -> Sequence[RunningRun]:
    """The runs that are asked for, with what is foreseen."""
    from airflow_provider_wfintel.app.monitoring.forecast import dags_that_run, running_forecasts

    going = {dag_id: runs for dag_id, runs in dags_that_run(session).items() if dag_ids is None or dag_id in dag_ids}
    wanted = [dag_id for dag_id, runs in going.items() if not run_id or run_id in runs]
    if run_id and not wanted:
        known = sorted(name for runs in going.values() for name in runs)[:5]
        hint = f"going on: {', '.join(known)}" if known else "no run goes on, as of the collector's last look"
        raise UserInputError(f"no run {run_id!r} goes on", hint=hint)
    # All of them: who asks here waits for the answer, and a run without a forecast would look like one without data.
    found = running_forecasts(session, now=now, dag_ids=frozenset(wanted), all_live=True)
    return [item for item in found if not run_id or item.run_id == run_id]


def _next(session: Session, dag_id: str, now: datetime) -> DeploymentForecast:
    from airflow_provider_wfintel.app.monitoring.forecast import forecast

    try:
        return forecast(session, dag_id, now=now)
    except UserInputError as error:
        hint = "it can be told after the first run; `airflow wfintel doctor` says whether runs are collected"
        raise NotEnoughDataError(f"{_NOTHING}: no task of {dag_id!r} has run yet", hint=hint) from error


def _row(item: RunningRun) -> Sequence[str]:
    known = item.forecast
    if known is None:
        return (item.dag_id, item.run_id, "", _NOTHING, "", "", "", "no task of the DAG has run yet")
    said = known.forecast
    ends = [clock(known.due, seconds) for seconds in (said.q10, said.q50, said.q90)]
    blame = [f"{one.task_id} ({span(one.seconds)} later than usual)" for one in said.blame[:2]]
    few = [] if said.enough_runs else [f"{_NOTHING} to be sure, only {said.runs} runs"]
    return (item.dag_id, item.run_id, span(known.elapsed), *ends, _odds(said), "; ".join((*blame, *few)))


def _odds(said: Forecast) -> str:
    return "no deadline" if said.miss_probability is None else share(said.miss_probability)


def _show_next(one: DeploymentForecast) -> None:
    said, due = one.forecast.next_run, one.forecast.next_due
    if said is None:
        print(f"next run: {_NOTHING}, none of its runs has succeeded")
        return
    if due:
        ends = [clock(due, seconds) for seconds in (said.q10, said.q50, said.q90)]
        print(f"next run, due {clock(due)}: over at {ends[1]} (10 to 90 %: {ends[0]} to {ends[2]}) UTC")
    else:
        ends = [span(seconds) for seconds in (said.q10, said.q50, said.q90)]
        print(f"next run: over after {ends[1]} (10 to 90 %: {ends[0]} to {ends[2]})")
    if said.miss_probability is not None:
        print(f"  misses its deadline of {span(one.deadline_seconds)} with {share(said.miss_probability)}")
    if one.failure_probability is not None:
        print(f"  fails with {share(one.failure_probability)}")
    if one.forecast.suggested_deadline is not None:
        print(f"  a deadline of {span(one.forecast.suggested_deadline)} would be missed by 5 % of the runs")
    if not said.enough_runs:
        print(f"  {_NOTHING} to be sure: only {said.runs} runs to learn from")


def _as_dict(item: RunningRun) -> dict[str, Any]:
    known = item.forecast
    body = None
    if known is not None:
        body = {"run_id": known.run_id, "due": known.due, "elapsed": known.elapsed, **_figures(known.forecast)}
    plain = {name: getattr(item, name) for name in ("dag_id", "run_id", "deadline_seconds")}
    return {**plain, "forecast": body}


def _next_as_dict(one: DeploymentForecast) -> dict[str, Any]:
    following = one.forecast.next_run
    return {
        "dag_id": one.forecast.dag_id,
        "deadline_seconds": one.deadline_seconds,
        "suggested_deadline": one.forecast.suggested_deadline,
        "failure_probability": one.failure_probability,
        "next_run": None if following is None else {"due": one.forecast.next_due, **_figures(following)},
    }


def _figures(item: Forecast) -> dict[str, Any]:
    names = ("q10", "q50", "q90", "miss_probability", "runs", "enough_runs")
    return {**{name: getattr(item, name) for name in names}, "blame": [asdict(one) for one in item.blame]}
