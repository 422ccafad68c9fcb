"""What is watched: one point for each calendar slot of a DAG or task, with or without a run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["AnomalyKind", "RunPoint"]

AnomalyKind: TypeAlias = Literal[
    "spike", "drift", "level_shift", "variance", "too_short", "row_drop", "late_start", "missing_run", "unusual_mix"
]


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One slot of the calendar: a run that ended, or a slot that passed without one.

    Args:
        t: when the slot was due, in seconds since the epoch.
        ran: whether there was a run. Slots in which nothing ever runs (weekends) are points too.
        duration: seconds from start to end of the successful run; None if it is not known.
        rows: rows that the run reported, if it did.
        delay: seconds between the due time and the start, if known.
        try_number: the try that ended the run.
        point_id: the run's id; findings carry it.

    Raises:
        UserInputError: a number is negative or no number.
    """

    t: float
    ran: bool = True
    duration: float | None = None
    rows: float | None = None
    delay: float | None = None
    try_number: int = 1
    point_id: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.t):
            raise UserInputError("a run's time is no number", hint="give `t` as seconds since the epoch")
        for name in ("duration", "rows", "delay"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and (value >= 0 or name == "delay")):
                raise UserInputError(
                    f"the {name} of the run at {self.t:.0f} is {value}",
                    hint=f"give {name} as a number that is not negative, or leave it out",
                )
