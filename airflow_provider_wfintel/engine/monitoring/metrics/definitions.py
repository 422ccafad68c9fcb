"""The metrics: name, unit in the name, what it means, and how it is read from a try or a run. None: not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.metrics.values import Prices

__all__ = ["RUN_METRICS", "TRY_METRICS", "RunMetric", "TryMetric", "run_time", "seconds_between"]


@dataclass(frozen=True, slots=True)
class TryMetric:
    """A figure of one try. `rows` is what the try reported, if it did."""

    name: str
    text: str
    value: Callable[[TaskTry, Prices, int | None], float | None]


@dataclass(frozen=True, slots=True)
class RunMetric:
    """A figure of one DAG run."""

    name: str
    text: str
    value: Callable[[WorkflowRun], float | None]


def seconds_between(before: str, after: str) -> float | None:
    """Seconds from one ISO time to another; None if one is missing or is no time with an offset."""
    if not (before and after):
        return None
    try:
        first = datetime.fromisoformat(before.replace("Z", "+00:00"))
        last = datetime.fromisoformat(after.replace("Z", "+00:00"))
        return (last - first).total_seconds()
    except (ValueError, TypeError):
        return None


def run_time(item: TaskTry) -> float | None:
    """Seconds that a try ran."""
    return item.duration if item.duration is not None else seconds_between(item.started_at, item.ended_at)


def _slot_seconds(item: TaskTry) -> float | None:
    seconds = run_time(item)
    return None if seconds is None else seconds * item.pool_slots


def _cost(item: TaskTry, prices: Prices) -> float | None:
    seconds = _slot_seconds(item)
    return None if seconds is None else prices.of(item.pool, seconds)


TRY_METRICS: tuple[TryMetric, ...] = (
    TryMetric(
        "scheduling_delay_seconds",
        "from scheduled to queued: waiting for a pool slot or a limit on parallel tasks",
        lambda item, _prices, _rows: seconds_between(item.scheduled_at, item.queued_at),
    ),
    TryMetric(
        "queue_wait_seconds",
        "from queued to started: waiting for a worker",
        lambda item, _prices, _rows: seconds_between(item.queued_at, item.started_at),
    ),
    TryMetric("run_time_seconds", "from started to ended", lambda item, _prices, _rows: run_time(item)),
    TryMetric("slot_seconds", "run time times the pool slots held", lambda item, _prices, _rows: _slot_seconds(item)),
    TryMetric("cost", "slot time times the price of the pool", lambda item, prices, _rows: _cost(item, prices)),
    TryMetric("cpu_seconds", "processor time of the try", lambda item, _prices, _rows: item.cpu_seconds),
    TryMetric("peak_rss_bytes", "largest resident memory of the try", lambda item, _prices, _rows: item.peak_rss_bytes),
    TryMetric("rows", "rows that the try reported", lambda _item, _prices, rows: rows),
)
RUN_METRICS: tuple[RunMetric, ...] = (
    RunMetric(
        "makespan_seconds", "from start to end of a DAG run", lambda run: seconds_between(run.started_at, run.ended_at)
    ),
    RunMetric("start_delay_seconds", "from due to started", lambda run: seconds_between(run.run_after, run.started_at)),
)
