"""Are Airflow's own components alive? Nothing is collected or repaired without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

if TYPE_CHECKING:
    from airflow_provider_wfintel.host.deployment import Heartbeat

__all__ = ["CHECK", "of_heartbeats"]

_SILENT = 60.0
"""Seconds. Airflow calls a component unhealthy after 30 by default; a busy machine gets some more here."""


def of_heartbeats(found: Iterable[Heartbeat], now: datetime) -> Iterator[Line]:
    """A line for each component: alive, silent, or never seen.

    Args:
        found: signs of life.
        now: by the clock of the database.
    """
    beats = list(found)
    for component in ("scheduler", "dag-processor", "triggerer"):
        own = [item for item in beats if item.component == component]
        alive = [item for item in own if item.running and (now - item.at).total_seconds() <= _SILENT]
        start = f"start `airflow {component}`"
        if alive:
            machines = len({item.hostname for item in alive})
            yield ok(f"{component} is alive" + (f" on {machines} machines" if machines > 1 else ""))
        elif own:
            last = max(item.at for item in own)
            yield fail(f"{component} is silent since {last.isoformat(timespec='seconds')}", start)
        elif component == "triggerer":
            yield warn("no triggerer has ever run: deferred tasks would wait for ever", start)
        else:
            yield fail(f"no {component} has ever run", start)


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.host.deployment import clock_of_database, heartbeats

    with scene.sessions() as session:
        found, now = heartbeats(session), clock_of_database(session)
    yield from of_heartbeats(found, now)


CHECK = Check("components", _look)
