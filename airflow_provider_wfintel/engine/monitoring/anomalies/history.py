"""The bounded memory of a stream: the last runs, and how often each season of the calendar had one."""

from __future__ import annotations

import math
from typing import Any

from airflow_provider_wfintel.engine.monitoring.anomalies.points import RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import Slot

__all__ = ["KEPT_RUNS", "History", "log_duration", "log_rows", "season_key"]

KEPT_RUNS = 90
"""Runs that a baseline is drawn from. More would only remember how the DAG was before it changed."""

_FIELDS = ("times", "durations", "rows", "delays", "seasons", "month_ends", "holidays")


def log_duration(seconds: float) -> float:
    """The natural logarithm of a duration; anything under a millisecond counts as one."""
    return math.log(max(seconds, 1e-3))


def log_rows(rows: float) -> float:
    """The natural logarithm of rows + 1, so that no rows have a logarithm too."""
    return math.log(rows + 1.0)


def season_key(slot: Slot) -> str:
    """The name under which a slot's season is counted. Holidays are a season of their own: many DAGs rest on them."""
    return "holiday" if slot.holiday else str(slot.season)


class History:
    """Lists of equal length, oldest first: one entry for each run with a known duration. All of it is plain JSON."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.durations: list[float] = []
        self.rows: list[float | None] = []
        self.delays: list[float | None] = []
        self.seasons: list[int] = []
        self.month_ends: list[bool] = []
        self.holidays: list[bool] = []
        self.slots = 0
        self.slots_run = 0
        self.season_slots: dict[str, int] = {}
        self.season_runs: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.times)

    def add(self, point: RunPoint, slot: Slot) -> None:
        """Remember a point; the oldest run goes when there are more than `KEPT_RUNS`."""
        self._count(point, slot)
        if not point.ran or point.duration is None:
            return
        self.times.append(point.t)
        self.durations.append(log_duration(point.duration))
        self.rows.append(None if point.rows is None else log_rows(point.rows))
        self.delays.append(point.delay)
        self.seasons.append(slot.season)
        self.month_ends.append(slot.month_end)
        self.holidays.append(slot.holiday)
        if len(self.times) > KEPT_RUNS:
            for name in _FIELDS:
                del getattr(self, name)[0]

    def forget(self, first: float, last: float) -> int:
        """Drop the runs due from `first` to `last` (both included), so that no baseline sees them; say how many."""
        kept = [index for index, t in enumerate(self.times) if not first <= t <= last]
        gone = len(self.times) - len(kept)
        for name in _FIELDS if gone else ():
            values = getattr(self, name)
            setattr(self, name, [values[index] for index in kept])
        return gone

    def state(self) -> dict[str, Any]:
        """The memory as JSON data."""
        data: dict[str, Any] = {name: list(getattr(self, name)) for name in _FIELDS}
        data.update(
            slots=self.slots,
            slots_run=self.slots_run,
            season_slots=dict(self.season_slots),
            season_runs=dict(self.season_runs),
        )
        return data

    @classmethod
    def from_state(cls, data: dict[str, Any]) -> History:
        """The memory that `state` wrote."""
        made = cls()
        for name in _FIELDS:
            setattr(made, name, list(data[name]))
        made.slots, made.slots_run = int(data["slots"]), int(data["slots_run"])
        made.season_slots, made.season_runs = dict(data["season_slots"]), dict(data["season_runs"])
        return made

    def _count(self, point: RunPoint, slot: Slot) -> None:
        season = season_key(slot)
        self.slots += 1
        self.season_slots[season] = self.season_slots.get(season, 0) + 1
        if point.ran:
            self.slots_run += 1
            self.season_runs[season] = self.season_runs.get(season, 0) + 1
