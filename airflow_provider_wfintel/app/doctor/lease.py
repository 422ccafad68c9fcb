"""Who has the right to collect, and does it end when it should?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

if TYPE_CHECKING:
    from airflow_provider_wfintel.store.repositories.checkup import LeaseRow

__all__ = ["CHECK", "of_lease"]


def of_lease(row: LeaseRow | None, how: str, length: timedelta, now: datetime) -> Line:
    """The line about the lease.

    Args:
        row: the lease; None: nobody has ever had it.
        how: `[wfintel] collector`.
        length: for how long it is taken.
        now: by the clock of the process that asks.
    """
    if how == "off":
        return ok("nobody needs it: the collector is off")
    if row is None:
        return fail("nobody has ever had the right to collect", "start the collector, see [wfintel] collector")
    left = row.expires_at - now
    if left > 10 * length:
        fix = "set the clocks right; the next process that wants to collect takes it all the same"
        return fail(f"{row.holder} holds it until {row.expires_at.isoformat(timespec='seconds')}, far too long", fix)
    if left > timedelta(0):
        return ok(f"{row.holder} holds it for {left.total_seconds():.0f} s more, as number {row.token}")
    said = f"it ended {-left.total_seconds():.0f} s ago; the last holder was {row.holder}"
    fix = "start the collector, see [wfintel] collector"
    return warn(said, fix) if -left <= length else fail(said, fix)


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.app.collect import LEASE, lease_length
    from airflow_provider_wfintel.store.repositories.checkup import Checkup

    with scene.sessions() as session:
        row = Checkup(session).lease(LEASE)
    length = lease_length(scene.settings.collector_interval_seconds)
    yield of_lease(row, scene.settings.collector, length, scene.clock())


CHECK = Check("lease", _look)
