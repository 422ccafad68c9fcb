"""When a run must be over: `deadline=` reports it, `dagrun_timeout=` ends it."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.render.alerts import AlertWriter
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.generation.render.values import duration_node
from airflow_provider_wfintel.engine.model import WorkflowSpec
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["deadline_items"]

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \S+ \S+ \S+")


def deadline_items(spec: WorkflowSpec, imports: Imports, alerts: AlertWriter) -> list[Keyed]:
    """Keyword arguments of the DAG for its deadline.

    A wall-clock deadline is counted from the time at which the cron expression starts the run.

    Raises:
        SpecError: a wall-clock deadline without one daily start time to count from.
    """
    deadline = spec.deadline
    if deadline is None or (not deadline.by and deadline.within_seconds is None):
        return []
    reference = "DAGRUN_QUEUED_AT"
    seconds = deadline.within_seconds
    if deadline.by:
        seconds = _seconds_until(deadline.by, spec)
        reference = "DAGRUN_LOGICAL_DATE"
    if seconds is None or seconds <= 0:
        raise SpecError("the deadline lies at the start of the run", hint="give a later time or a longer duration")
    interval = duration_node(imports, seconds)
    if deadline.fail:
        return [Keyed("dagrun_timeout=", interval)]
    callback = alerts.deadline_callback(alert for alert in spec.alerts if alert.on == "deadline")
    arguments = (
        Keyed("reference=", Atom(f"{imports.sdk('DeadlineReference')}.{reference}")),
        Keyed("interval=", interval),
        Keyed("callback=", callback),
    )
    return [Keyed("deadline=", Group(f"{imports.sdk('DeadlineAlert')}(", arguments, ")"))]


def _seconds_until(clock: str, spec: WorkflowSpec) -> float:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise SpecError(f"{clock!r} is no time of day", hint="the form is HH:MM")
    starts = [_DAILY.fullmatch(cron) for cron in spec.schedule.crons]
    if not starts or None in starts:
        raise SpecError(
            f"a deadline at {clock} needs a schedule with one start time", hint="use a cron such as '0 6 * * *'"
        )
    end = int(found[1]) * 60 + int(found[2])
    # With several start times the shortest way to the deadline counts.
    minutes = [(end - int(start[2]) * 60 - int(start[1])) % 1440 or 1440 for start in starts if start]
    return min(minutes) * 60.0
