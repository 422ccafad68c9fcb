"""Does somebody collect what ran, and how far behind is it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.collecting.cursors import Cursors

__all__ = ["CHECK", "of_cursors"]

_START = {
    "standalone": "start `airflow wfintel monitor`",
    "api-server": "start an api-server, and see its log for `wfintel-collector`",
}


def of_cursors(cursors: Cursors | None, how: str, interval: float, now: datetime) -> Line:
    """The line about the last complete look.

    Args:
        cursors: how far the collector has read; None: nobody has ever collected.
        how: `[wfintel] collector`.
        interval: seconds between two looks.
        now: by the clock of the process that asks.
    """
    if how == "off":
        return warn("[wfintel] collector is off: nothing is monitored", "set it to standalone or api-server")
    if cursors is None:
        return fail("nobody has ever collected what ran", _START[how])
    if not cursors.imported:
        return warn(f"the history is being imported: {cursors.done} of about {cursors.total} tries", "wait for its end")
    if not cursors.polled_at:
        return fail("no look of the collector has come to its end", _START[how])
    last = datetime.fromisoformat(cursors.polled_at).astimezone(timezone.utc)
    behind = max(0.0, (now - last).total_seconds())
    said = f"the last complete look was {behind:.0f} s ago ({how}, every {interval:g} s)"
    if behind > max(300.0, 10 * interval):
        return fail(said, _START[how])
    return warn(said, "see the collector's log") if behind > max(60.0, 3 * interval) else ok(said)


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.app.collect import LEASE
    from airflow_provider_wfintel.app.collecting.cursors import Cursors
    from airflow_provider_wfintel.store.repositories.checkup import Checkup

    with scene.sessions() as session:
        row = Checkup(session).lease(LEASE)
    cursors = None if row is None else Cursors.from_state(row.state)
    settings = scene.settings
    yield of_cursors(cursors, settings.collector, settings.collector_interval_seconds, scene.clock())


CHECK = Check("collector", _look)
