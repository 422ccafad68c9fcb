"""Do the clocks of this process, of the database and of the components agree?

Leases, cool-downs, quiet hours and the order of events compare moments of different machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

if TYPE_CHECKING:
    from airflow_provider_wfintel.host.deployment import Heartbeat

__all__ = ["CHECK", "of_difference", "of_future"]

_WARN = 2.0
_FAIL = 10.0
_FIX = "let NTP or chrony set the clocks of all machines"


def of_difference(seconds: float, uncertain: float) -> Line:
    """The line about this process's clock.

    Args:
        seconds: how far it is ahead of the database's.
        uncertain: half of the time that the question took, in seconds: the answer is not known better than that.
    """
    off = max(0.0, abs(seconds) - uncertain)
    said = f"this process is {abs(seconds):.2f} s {'ahead of' if seconds >= 0 else 'behind'} the database"
    if off > _FAIL:
        return fail(said, _FIX)
    return warn(said, _FIX) if off > _WARN else ok(said)


def of_future(found: Iterable[Heartbeat], now: datetime) -> Iterator[Line]:
    """A line for each machine whose signs of life lie in the database's future."""
    for item in found:
        ahead = (item.at - now).total_seconds()
        if item.running and ahead > _WARN:
            said = f"the {item.component} on {item.hostname} is {ahead:.1f} s ahead of the database"
            yield fail(said, _FIX) if ahead > _FAIL else warn(said, _FIX)


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.host.deployment import ask_nothing, clock_of_database, heartbeats

    with scene.sessions() as session:
        ask_nothing(session)  # the connection may have to be opened first
        found = heartbeats(session)
        before = scene.clock()
        there = clock_of_database(session)
        after = scene.clock()
    middle = before + (after - before) / 2
    yield of_difference((middle - there).total_seconds(), (after - before).total_seconds() / 2)
    yield from of_future(found, there)


CHECK = Check("clock", _look)
