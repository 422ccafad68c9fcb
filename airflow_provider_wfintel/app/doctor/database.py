"""Does the metadata database answer, fast enough, and is it one for the number of machines?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

__all__ = ["CHECK", "of_latency"]

_LOOKS = 5
_SLOW = 0.05
_TOO_SLOW = 1.0


def of_latency(seconds: float, dialect: str, version: str) -> Line:
    """The line about the median time of a query without work."""
    said = f"{dialect} {version} answers in {1000 * seconds:.1f} ms"
    if seconds >= _TOO_SLOW:
        return fail(said, "look at its load and at the network between; every scheduler waits that long, too")
    if seconds >= _SLOW:
        return warn(said, "look at its load and at the network between")
    return ok(said)


def of_machines(dialect: str, machines: int) -> Iterator[Line]:
    """A file cannot be the database of several machines."""
    if dialect == "sqlite" and machines > 1:
        yield fail(f"SQLite, and Airflow runs on {machines} machines", "use PostgreSQL")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.host.deployment import ask_nothing, database_of, heartbeats

    times = []
    with scene.sessions() as session:
        ask_nothing(session)  # the connection may have to be opened first
        for _ in range(_LOOKS):
            before = time.perf_counter()
            ask_nothing(session)
            times.append(time.perf_counter() - before)
        dialect, version = database_of(session)
        machines = {item.hostname for item in heartbeats(session) if item.running}
    yield of_latency(statistics.median(times), dialect, version)
    yield from of_machines(dialect, len(machines))


CHECK = Check("database", _look)
