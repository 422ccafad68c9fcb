"""The figures of one DAG in one window of time, from single tries and runs or from the figures of smaller windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.metrics.book import later
from airflow_provider_wfintel.engine.monitoring.metrics.definitions import run_time, seconds_between
from airflow_provider_wfintel.engine.monitoring.metrics.sketch import Sketch
from airflow_provider_wfintel.engine.monitoring.metrics.values import Prices

__all__ = ["TaskTotals", "WindowFigures"]

_TRY_OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
_RUN_OVER = frozenset({"success", "failed"})


@dataclass
class TaskTotals:
    """Sums over the tries of a task or pool. Times in seconds, `last_success` ISO."""

    tries: int = 0
    failed: int = 0
    retries: int = 0
    run_seconds: float = 0.0
    wait_seconds: float = 0.0
    slot_seconds: float = 0.0
    cost: float = 0.0
    longest: float = 0.0
    last_success: str = ""

    def merge(self, other: TaskTotals) -> None:
        """Take in the sums of another window."""
        # Written out: three times for each try of a history, and by their names it takes four times as long.
        self.tries += other.tries
        self.failed += other.failed
        self.retries += other.retries
        self.run_seconds += other.run_seconds
        self.wait_seconds += other.wait_seconds
        self.slot_seconds += other.slot_seconds
        self.cost += other.cost
        self.longest = max(self.longest, other.longest)
        if other.last_success:
            self.last_success = later(self.last_success, other.last_success)

    def as_row(self) -> list[Any]:
        """The sums as JSON values, without names: there are many of them."""
        values = [getattr(self, name) for name in _NAMES]
        return [round(value, 3) if isinstance(value, float) else value for value in values]


_NAMES = tuple(item.name for item in fields(TaskTotals))


@dataclass
class WindowFigures:
    """What a DAG did in a window. `sketches` are distributions by metric; `tasks` and `pools` sums by name.

    Attributes:
        total: sums over all tries.
        makespan_seconds: summed over the runs that are over.
    """

    runs: int = 0
    failed_runs: int = 0
    makespan_seconds: float = 0.0
    last_success: str = ""
    total: TaskTotals = field(default_factory=TaskTotals)
    sketches: dict[str, Sketch] = field(default_factory=dict)
    tasks: dict[str, TaskTotals] = field(default_factory=dict)
    pools: dict[str, TaskTotals] = field(default_factory=dict)

    def add_try(self, item: TaskTry, prices: Prices) -> None:
        """Take in a try that is over; others are passed over."""
        if item.state not in _TRY_OVER:
            return
        one = _totals_of(item, prices)
        self.total.merge(one)
        self.tasks.setdefault(item.task_id, TaskTotals()).merge(one)
        self.pools.setdefault(item.pool, TaskTotals()).merge(one)
        if item.started_at:
            self._note("run_time_seconds", one.run_seconds)
            self._note("wait_seconds", one.wait_seconds)
        if item.peak_rss_bytes is not None:
            self._note("peak_rss_bytes", float(item.peak_rss_bytes))
        if item.cpu_seconds is not None:
            self._note("cpu_seconds", item.cpu_seconds)

    def add_run(self, run: WorkflowRun) -> None:
        """Take in a run that is over; others are passed over."""
        if run.state not in _RUN_OVER:
            return
        self.runs += 1
        self.failed_runs += run.state == "failed"
        makespan, delay = seconds_between(run.started_at, run.ended_at), seconds_between(run.run_after, run.started_at)
        if makespan is not None:
            self.makespan_seconds += max(0.0, makespan)
            self._note("makespan_seconds", makespan)
        if delay is not None:
            self._note("start_delay_seconds", delay)
        if run.rows is not None:
            self._note("rows", run.rows)
        if run.state == "success":
            self.last_success = later(self.last_success, run.ended_at)

    def merge(self, other: WindowFigures, *, tasks: bool = True) -> None:
        """Take in another window; without its tasks if they are those of several DAGs."""
        self.runs += other.runs
        self.failed_runs += other.failed_runs
        self.makespan_seconds += other.makespan_seconds
        self.last_success = later(self.last_success, other.last_success)
        self.total.merge(other.total)
        for name, sketch in other.sketches.items():
            self.sketches.setdefault(name, Sketch()).merge(sketch)
        for name, one in other.pools.items():
            self.pools.setdefault(name, TaskTotals()).merge(one)
        for name, one in other.tasks.items() if tasks else ():
            self.tasks.setdefault(name, TaskTotals()).merge(one)

    def detail(self) -> dict[str, Any]:
        """What has no column of its own, as JSON values."""
        return {
            "sketches": {name: sketch.as_json() for name, sketch in sorted(self.sketches.items())},
            "tasks": {name: one.as_row() for name, one in sorted(self.tasks.items())},
            "pools": {name: one.as_row() for name, one in sorted(self.pools.items())},
            "longest": round(self.total.longest, 3),
        }

    def take_detail(self, detail: Mapping[str, Any]) -> None:
        """Set what `detail` wrote."""
        self.sketches = {name: Sketch.from_json(item) for name, item in detail.get("sketches", {}).items()}
        self.tasks = {name: TaskTotals(*row) for name, row in detail.get("tasks", {}).items()}
        self.pools = {name: TaskTotals(*row) for name, row in detail.get("pools", {}).items()}
        self.total.longest = float(detail.get("longest", 0.0))

    def _note(self, name: str, value: float) -> None:
        self.sketches.setdefault(name, Sketch()).add(value)


def _totals_of(item: TaskTry, prices: Prices) -> TaskTotals:
    seconds = run_time(item) if item.started_at else None
    seconds = max(0.0, seconds or 0.0)
    waited = seconds_between(item.scheduled_at or item.queued_at, item.started_at)
    slots = seconds * item.pool_slots
    return TaskTotals(
        tries=1,
        failed=int(item.state == "failed"),
        retries=int(item.try_number > 1),
        run_seconds=seconds,
        wait_seconds=max(0.0, waited or 0.0),
        slot_seconds=slots,
        cost=prices.of(item.pool, slots),
        longest=seconds,
        last_success=item.ended_at if item.state == "success" else "",
    )
