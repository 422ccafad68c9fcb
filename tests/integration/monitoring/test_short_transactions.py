"""The collector never keeps others from writing: what it computes, it computes before the first write.

In SQLite one process can write at a time. A transaction of ours that computes between its first write and its end would
keep the scheduler, and every task that starts or ends, waiting for it, or fail them.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.taskinstancehistory import TaskInstanceHistory
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.app.collect import Collector
from airflow_provider_wfintel.app.collecting.after_poll import Step
from airflow_provider_wfintel.app.collecting.measures import JoinMeasures
from airflow_provider_wfintel.app.collecting.steps import make_steps
from airflow_provider_wfintel.config import read_settings
from tests.e2e.seed import rows_of

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=timezone.utc)
TRIES = 4000
MOST_SECONDS = 0.4
"""Of processor time, which other work on the machine lengthens little. It was 0.8 when figures were computed in it."""
WRITES = ("INSERT", "UPDATE", "DELETE")


class Watch:
    """The processor seconds of each transaction of an engine, from its first write to its end."""

    def __init__(self, engine: Engine) -> None:
        self.seconds: list[tuple[float, str]] = []
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _before(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(WRITES):
            connection.info.setdefault("first_write", (time.thread_time(), statement[:80]))

    def _end(self, connection: Any) -> None:
        began, statement = connection.info.pop("first_write", (None, ""))
        if began is not None:
            self.seconds.append((time.thread_time() - began, statement))


@pytest.fixture
def without_old_garbage() -> Iterator[None]:
    """The garbage collector does not look through what thousands of other tests left: that time would not be ours."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("without_old_garbage")
@pytest.mark.parametrize("made_engine", ["sqlite"], indirect=True)
def test_a_transaction_that_writes_is_short(engine: Engine) -> None:
    write_history(engine)
    watch = Watch(engine)
    sessions = lambda: Session(engine, expire_on_commit=False)  # noqa: E731
    now = NOW
    clock = lambda: now  # noqa: E731
    alerting = Alerting(sessions, SettingsSource(None), clock=clock)
    no_logs = Step("joining measures from task logs", JoinMeasures(read=lambda *_: None))
    steps = [no_logs if step.name == no_logs.name else step for step in make_steps(read_settings())]
    assert no_logs in steps
    collector = Collector(sessions, clock=clock, after=steps, alerting=alerting)
    for later in (timedelta(0), timedelta(minutes=2), timedelta(hours=2)):
        watch.seconds.clear()
        now = NOW + later
        collector.poll()
        assert watch.seconds
        assert max(watch.seconds)[0] <= MOST_SECONDS, (later, max(watch.seconds))


def write_history(engine: Engine) -> None:
    """Some weeks of 32 DAGs, as Airflow would have left them."""
    rows = rows_of(NOW, TRIES, {})
    with engine.begin() as connection:
        for table, items in ((DagRun, rows.runs), (TaskInstance, rows.tries), (TaskInstanceHistory, rows.past)):
            for start in range(0, len(items), 500):
                connection.execute(insert(table.__table__), items[start : start + 500])
