"""One turn of deliveries ends long before the right to collect does, however slow the receivers are."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from airflow_provider_wfintel.app.alerting import deliver
from airflow_provider_wfintel.app.collect import lease_length
from airflow_provider_wfintel.engine.monitoring.alerts.state import Notification
from airflow_provider_wfintel.engine.monitoring.service import AlertSettings
from airflow_provider_wfintel.host.channels.channel import TIMEOUT
from airflow_provider_wfintel.store.repositories import alert_memory


class Answers:
    """Stands for the table of messages: keeps what was written down."""

    rows: ClassVar[list[Any]] = []

    def __init__(self, _session: Any) -> None:
        pass

    def sent(self, keys: list[str]) -> frozenset[str]:
        return frozenset()

    def begin_to_send(self, key: str, *, now: datetime) -> bool:
        return False

    def record(self, answer: Any, *, now: datetime, tried: bool = True) -> None:
        self.rows.append(answer)


def test_the_longest_turn_is_over_before_the_lease_and_before_a_message_goes_out_again() -> None:
    longest = deliver._BUDGET + TIMEOUT
    assert longest < lease_length(1).total_seconds()
    assert longest < AlertSettings().redeliver_after


def test_what_there_is_no_time_for_waits_for_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sent = SimpleNamespace(seconds=1000.0), []
    monkeypatch.setattr(deliver, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    monkeypatch.setattr(alert_memory, "AlertMemories", Answers)
    Answers.rows = []

    @contextmanager
    def sessions():
        yield SimpleNamespace(commit=lambda: None)

    def slow(message: Any, receiver: Any) -> None:
        clock.seconds += TIMEOUT
        sent.append(message.key)

    items = [
        Notification(f"key-{number}", "firing", f"i-{number}", "duty", "error", "a run failed") for number in range(5)
    ]
    courier = deliver.Courier(sessions, lambda: datetime(2026, 3, 2, tzinfo=timezone.utc), send=slow)
    # Begun at 0, 10 and 20 s; at 30 s the 25 s are over.
    assert courier.deliver(items, AlertSettings()) == (3, 2)
    assert sent == ["key-0", "key-1", "key-2"]
    assert [answer.key for answer in Answers.rows] == [item.key for item in items]
    assert {answer.error for answer in Answers.rows[3:]} == {"there was no time left for it in this turn"}
    assert clock.seconds - 1000.0 <= deliver._BUDGET + TIMEOUT
