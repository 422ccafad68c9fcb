"""Made-up histories, written into our tables the way the collector writes them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from itertools import count
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import RunChange, TaskTry, TryChange, WorkflowRun
from airflow_provider_wfintel.store.repositories.executions import Executions

BATCH = count(1)
FIRST = datetime(2026, 1, 5, 6, 0, tzinfo=timezone.utc)  # a Monday


def text(moment: datetime) -> str:
    return moment.isoformat()


def run_with_tries(
    dag_id: str,
    due: datetime,
    *,
    seconds: float = 100.0,
    tasks: int = 2,
    failed: bool = False,
    retries: int = 0,
    pool: str = "default_pool",
    version: str = "",
    wait: float = 5.0,
) -> tuple[WorkflowRun, list[TaskTry]]:
    """A run whose tasks come one after the other; the first of them is retried, the last one fails."""
    run_id, at, tries = f"scheduled__{text(due)}", due, []
    for number in range(tasks):
        count = retries + 1 if number == 0 else 1
        for attempt in range(1, count + 1):
            start = at + timedelta(seconds=wait)
            end = start + timedelta(seconds=seconds / tasks / count)
            bad = attempt < count or (failed and number == tasks - 1)
            tries.append(
                TaskTry(
                    try_id=_key(due),
                    dag_id=dag_id,
                    run_id=run_id,
                    task_id=f"task_{number}",
                    try_number=attempt,
                    state="failed" if bad else "success",
                    scheduled_at=text(at),
                    queued_at=text(at + timedelta(seconds=wait / 2)),
                    started_at=text(start),
                    ended_at=text(end),
                    duration=(end - start).total_seconds(),
                    pool=pool,
                    dag_version=version,
                )
            )
            at = end
    run = WorkflowRun(
        dag_id,
        run_id,
        "failed" if failed else "success",
        "scheduled",
        text(due),
        text(due),
        text(due),
        text(due + timedelta(seconds=1)),
        text(at),
    )
    return run, tries


def write(engine: Engine, items: Iterable[tuple[WorkflowRun, list[TaskTry]]], *, stamp: datetime | None = None) -> None:
    with Session(engine) as session:
        for number, (run, tries) in enumerate(items):
            changes = [TryChange(item, item.ended_at) for item in tries]
            Executions(session).write(changes, [RunChange(run, number, run.ended_at)], batch=next(BATCH))
        session.commit()


def daily(
    dag_id: str, days: int, *, seed: int = 1, first: datetime = FIRST, slow_from: int = 10**6, **options: object
) -> list[tuple[WorkflowRun, list[TaskTry]]]:
    """Daily runs of about 100 seconds; from the day `slow_from` on they take three times as long."""
    chance = random.Random(seed)  # noqa: S311
    return [
        run_with_tries(
            dag_id,
            first + timedelta(days=day),
            seconds=chance.lognormvariate(4.6, 0.05) * (3.0 if day >= slow_from else 1.0),
            **options,  # type: ignore[arg-type]
        )
        for day in range(days)
    ]


_chance = random.Random(0)  # noqa: S311


def _key(moment: datetime) -> str:
    return str(UUID(int=(int(moment.timestamp() * 1000) << 80) + _chance.getrandbits(72)))
