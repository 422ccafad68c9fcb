"""A schedule read back in one English phrase."""

from __future__ import annotations

from airflow_provider_wfintel.engine.model import CalendarGate, Schedule

__all__ = ["describe"]

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def describe(schedule: Schedule) -> str:
    """Say when the DAG runs, e.g. "at 07:00, Monday through Friday, Europe/Berlin time"."""
    if schedule.kind == "manual":
        return "only when triggered by a person or another DAG"
    if schedule.kind == "once":
        return "once"
    if schedule.kind == "continuous":
        return "continuously, each run right after the last one"
    if schedule.kind == "interval":
        return f"every {_length(schedule.interval_seconds)}"
    zone = "UTC" if schedule.timezone == "UTC" else f"{schedule.timezone} time"
    phrases = [_cron_words(cron) for cron in schedule.crons]
    gate = f", {_gate_words(schedule.gate)}" if schedule.gate is not None else ""
    clock = f"{'; and '.join(phrases)}{gate}, {zone}" if phrases else ""
    if schedule.assets is None:
        return clock or "never"
    joint = " and " if schedule.assets.mode == "all" else " or "
    updates = (
        f"whenever {joint.join(schedule.assets.uris)} {'was' if len(schedule.assets.uris) == 1 else 'were'} updated"
    )
    return f"{updates}, or {clock}" if schedule.kind == "asset_or_cron" and clock else updates


def _cron_words(cron: str) -> str:
    """Words of cron-descriptor, or the expression itself where it has none."""
    from cron_descriptor import Options, get_description  # type: ignore[import-untyped]

    options = Options()
    options.use_24hour_time_format = True
    options.verbose = False
    try:
        words = str(get_description(_for_descriptor(cron), options))
    except Exception:  # the library raises bare exceptions for what it does not know
        return f"cron {cron}"
    return words[:1].lower() + words[1:]


def _for_descriptor(cron: str) -> str:
    """The last Friday is `L5` for croniter and `5L` for cron-descriptor."""
    fields = cron.split(" ")
    if len(fields) == 5 and len(fields[4]) == 2 and fields[4].startswith("L"):
        fields[4] = fields[4][::-1]
    return " ".join(fields)


def _length(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            amount = int(seconds // size)
            return unit if amount == 1 else f"{amount} {unit}s"
    return f"{seconds:g} seconds"


def _gate_words(gate: CalendarGate) -> str:
    holidays = f" (without public holidays of {gate.country})" if gate.country else ""
    if gate.kind == "last_business_day":
        return f"only on the last business day of the month{holidays}"
    if gate.kind == "first_business_day":
        return f"only on the first business day of the month{holidays}"
    if gate.kind == "nth_business_day":
        last = f"{_ORDINALS.get(-gate.n, str(-gate.n))} to last" if gate.n < 0 else _ORDINALS.get(gate.n, f"{gate.n}th")
        return f"only on the {last} business day of the month{holidays}"
    if gate.kind == "every_n_weeks":
        return "only every other week" if gate.n == 2 else f"only every {gate.n} weeks"
    if gate.kind == "not_on_days":
        return f"unless that is a {' or '.join(_WEEKDAYS[day] for day in gate.days)}"
    if gate.kind == "every_n_months":
        return f"only every {gate.n} months"
    return f"except on public holidays{f' of {gate.country}' if gate.country else ''}"
