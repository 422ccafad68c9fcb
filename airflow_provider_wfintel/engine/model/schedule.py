"""When a DAG runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model.values import Span

__all__ = ["AssetCondition", "CalendarGate", "GateKind", "Schedule", "ScheduleKind"]

ScheduleKind: TypeAlias = Literal["manual", "cron", "interval", "asset", "asset_or_cron", "once", "continuous"]

GateKind: TypeAlias = Literal[
    "last_business_day",
    "first_business_day",
    "nth_business_day",
    "every_n_weeks",
    "every_n_months",
    "not_holiday",
    "not_on_days",
]


@dataclass(frozen=True, slots=True)
class CalendarGate:
    """A rule about dates that no cron expression can hold.

    The cron schedule runs on every day that may match, and a short-circuit task lets through the days that do.
    """

    kind: GateKind
    n: int = 1
    country: str = ""
    """ISO 3166 country whose public holidays are not business days; empty: only weekends are not."""
    days: tuple[int, ...] = ()
    """Weekdays on which `not_on_days` lets no run through, Sunday 0."""


@dataclass(frozen=True, slots=True)
class AssetCondition:
    """Assets whose update starts a run: all of them, or any of them."""

    uris: tuple[str, ...]
    mode: Literal["all", "any"] = "all"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a DAG runs.

    Attributes:
        kind: what starts a run.
        crons: five-field cron expressions in `timezone`; several mean that each of them starts runs.
        interval_seconds: for `interval`, the time between two runs.
        anchor_time: for `interval`, the wall-clock time ("HH:MM") of the first run on the start date, if it was said.
        assets: for the asset kinds, which updates count.
        timezone: IANA name; cron fields are wall-clock time there.
        timezone_stated: whether the words named the zone (else it is an assumption).
        gate: a rule that narrows the cron's dates.
        stated: whether the words said when to run at all.
        words: the schedule read back as one English phrase.
        evidence: the words it was read from.
    """

    kind: ScheduleKind = "manual"
    crons: tuple[str, ...] = ()
    interval_seconds: float = 0.0
    assets: AssetCondition | None = None
    timezone: str = "UTC"
    timezone_stated: bool = False
    gate: CalendarGate | None = None
    stated: bool = False
    words: str = ""
    evidence: tuple[Span, ...] = ()
    anchor_time: str = ""
