"""When a run must be over: `deadline=` reports it, `dagrun_timeout=` ends it."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.render.alerts import AlertWriter
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.generation.render.values import duration_node
from airflow_provider_wfintel.engine.model import AlertSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["deadline_items", "deadline_note"]

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")


def deadline_items(spec: WorkflowSpec, imports: Imports, alerts: AlertWriter) -> list[Keyed]:
    """Keyword arguments of the DAG for its deadline.

    A wall-clock deadline is counted from the last start of the day that the cron expression has before it. Without
    start times to count from it cannot be set: see `deadline_note`.

    Raises:
        SpecError: the deadline is no time of day, or lies at the start of the run.
    """
    deadline = spec.deadline
    if deadline is None or (not deadline.by and deadline.within_seconds is None) or deadline_note(spec):
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
    # A `DeadlineAlert` has one callback: each who is told has a deadline of their own.
    told: list[AlertSpec | None] = [alert for alert in spec.alerts if alert.on == "deadline"] or [None]
    nodes: list[Node] = []
    for alert in told:
        arguments = (
            Keyed("reference=", Atom(f"{imports.sdk('DeadlineReference')}.{reference}")),
            Keyed("interval=", interval),
            Keyed("callback=", alerts.deadline_callback(alert)),
        )
        nodes.append(Group(f"{imports.sdk('DeadlineAlert')}(", arguments, ")"))
    return [Keyed("deadline=", nodes[0] if len(nodes) == 1 else Group("[", tuple(nodes), "]"))]


def deadline_note(spec: WorkflowSpec) -> str:
    """Why a wall-clock deadline is not set, for a comment in the file; empty if it is, or if there is none."""
    deadline = spec.deadline
    if deadline is None or not deadline.by or _start_minutes(spec):
        return ""
    return f"Not set: the deadline at {deadline.by}. It needs a schedule with start times to count from."


def _seconds_until(clock: str, spec: WorkflowSpec) -> float:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise SpecError(f"{clock!r} is no time of day", hint="the form is HH:MM")
    end = int(found[1]) * 60 + int(found[2])
    return min((end - start) % 1440 or 1440 for start in _start_minutes(spec)) * 60.0


def _start_minutes(spec: WorkflowSpec) -> set[int]:
    """The minutes of the day at which the cron expressions start runs; empty if they cannot be told."""
    starts: set[int] = set()
    for cron in spec.schedule.crons:
        fields = cron.split()
        minutes = _values(fields[0], 60) if len(fields) == 5 else set()
        hours = _values(fields[1], 24) if len(fields) == 5 else set()
        if not minutes or not hours:
            return set()
        starts.update(hour * 60 + minute for hour in hours for minute in minutes)
    return starts


def _values(text: str, size: int) -> set[int]:
    """The values of the minute or hour field of a cron expression; empty if it has another form."""
    values: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if found is None or found[3] == "0":
            return set()
        first = int(found[1] or 0)
        last = int(found[2]) if found[2] else size - 1 if found[1] is None or found[3] else first
        values.update(range(first, last + 1, int(found[3] or 1)))
    return {value for value in values if value < size}
