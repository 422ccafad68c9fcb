"""Is the listener loaded in the workers? The evidence is what it measured in tries that ran there of late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

if TYPE_CHECKING:
    from airflow_provider_wfintel.store.repositories.checkup import Measured

__all__ = ["CHECK", "of_machines"]

_BACK = timedelta(days=1)
_SETTLED = timedelta(minutes=7)
"""The lines are read from logs, at once, after 30 s and after 5 minutes."""
_FEW = 3
_INSTALL = "install the package on that worker and restart it; `airflow plugins` there must list wfintel"


def of_machines(settled: Sequence[Measured], recent: Sequence[Measured]) -> Iterator[Line]:
    """A line for each machine.

    Args:
        settled: tries that ended long enough ago for their measures to be there.
        recent: tries that ended after that: measures prove something, their absence does not.
    """
    proven = {item.hostname for item in (*settled, *recent) if item.measured}
    for item in settled:
        where = item.hostname or "a machine without a name"
        if item.hostname not in proven and item.tries >= _FEW:
            yield fail(f"none of {item.tries} tries on {where} was measured", _INSTALL)
        elif item.hostname in proven and item.tries >= _FEW and item.measured * 2 < item.tries:
            said = f"{item.measured} of {item.tries} tries on {where} were measured"
            yield warn(said, "look whether their logs can be read, and for tries that were killed")
    if proven:
        yield ok(f"it measured tries on {', '.join(sorted(filter(None, proven))[:5]) or 'one machine'}")
    elif not any(item.tries >= _FEW for item in settled):
        yield warn("too few tries ran within a day to see whether it is loaded", "run a DAG, and look again soon")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.store.repositories.checkup import Checkup

    now = scene.clock()
    with scene.sessions() as session:
        checkup = Checkup(session)
        settled = checkup.measured(now - _BACK, now - _SETTLED)
        recent = checkup.measured(now - _SETTLED, now)
    yield from of_machines(settled, recent)


CHECK = Check("listener", _look)
