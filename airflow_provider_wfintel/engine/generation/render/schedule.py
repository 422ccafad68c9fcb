"""`schedule=` and the dates of the DAG."""

from __future__ import annotations

import re
from datetime import date

from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node, quote
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.generation.render.values import duration_node
from airflow_provider_wfintel.engine.model import AssetCondition, Schedule
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["DEFAULT_START", "date_node", "schedule_node"]

DEFAULT_START = "2026-01-01"
"""Where the words give no start. Fixed, so that the same spec always gives the same file."""

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2})?)?")


def zone_text(zone: str) -> str:
    """`zone` as a string literal.

    Raises:
        SpecError: it does not look like an IANA name.
    """
    if not _ZONE.fullmatch(zone):
        raise SpecError(f"{zone!r} is no time zone", hint="use an IANA name such as 'Europe/Berlin'")
    return quote(zone)


def date_node(imports: Imports, iso: str, zone: str) -> Node:
    """`pendulum.datetime(2026, 1, 1, tz="UTC")`.

    Raises:
        SpecError: `iso` is no date.
    """
    found = _DATE.fullmatch(iso)
    try:
        parts = [int(part) for part in found.groups() if part is not None] if found else []
        date(*parts[:3])
    except (TypeError, ValueError) as error:
        raise SpecError(f"{iso!r} is no date", hint="the form is YYYY-MM-DD or YYYY-MM-DDTHH:MM") from error
    pendulum = imports.module("pendulum")
    numbers = ", ".join(str(part) for part in parts)
    return Atom(f"{pendulum}.datetime({numbers}, tz={zone_text(zone)})")


def schedule_node(schedule: Schedule, imports: Imports, asset_names: dict[str, str]) -> Node:
    """The value of `schedule=`. A single cron string is read in the zone of `start_date`.

    Raises:
        SpecError: the schedule lacks what its kind needs.
    """
    kind = schedule.kind
    if kind == "manual":
        return Atom("None")
    if kind in ("once", "continuous"):
        return Atom(quote(f"@{kind}"))
    if kind == "interval":
        if schedule.interval_seconds <= 0:
            raise SpecError("an interval schedule needs a positive interval")
        return duration_node(imports, schedule.interval_seconds)
    if kind == "cron":
        if not schedule.crons:
            raise SpecError("a cron schedule needs an expression")
        return Atom(quote(schedule.crons[0])) if len(schedule.crons) == 1 else _timetable(schedule, imports)
    if schedule.assets is None or not schedule.assets.uris:
        raise SpecError("an asset schedule needs assets")
    assets = _condition(schedule.assets, imports, asset_names)
    if kind == "asset":
        return assets
    return Group(
        f"{imports.sdk('AssetOrTimeSchedule')}(",
        (Keyed("timetable=", _timetable(schedule, imports)), Keyed("assets=", assets)),
        ")",
    )


def _timetable(schedule: Schedule, imports: Imports) -> Node:
    if not schedule.crons:
        raise SpecError("the schedule needs a cron expression")
    name = "CronTriggerTimetable" if len(schedule.crons) == 1 else "MultipleCronTriggerTimetable"
    crons = tuple(Atom(quote(cron)) for cron in schedule.crons)
    zone = Keyed("timezone=", Atom(zone_text(schedule.timezone)))
    return Group(f"{imports.sdk(name)}(", (*crons, zone), ")")


def _condition(condition: AssetCondition, imports: Imports, asset_names: dict[str, str]) -> Node:
    names = tuple(Atom(asset_names[uri]) for uri in dict.fromkeys(condition.uris))
    if condition.mode == "any" and len(names) > 1:
        return Group(f"{imports.sdk('AssetAny')}(", names, ")")
    return Group("[", names, "]")
