"""A run that started far later after its due time than runs do."""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Reading, Ruled
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Delays, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import seconds

__all__ = ["DETECTOR"]

_TOLERATED = 50.0
"""Seconds beyond the usual that never matter: a scheduler loop or a pod start."""

_OVER_LONGEST, _OVER_WIDE, _OVER_MIDDLE = 1.3, 1.5, 3.0


def _limit(delays: Delays) -> float:
    return max(_OVER_LONGEST * delays.longest, _OVER_WIDE * delays.wide, _OVER_MIDDLE * delays.middle, 1.0)


def excess(moment: Moment) -> float | None:
    """The logarithm of the delay over its limit: a third over the longest so far, and some seconds."""
    if moment.delays is None:
        return None
    over = moment.delays.now - _TOLERATED
    return 2 * math.log(over / _limit(moment.delays)) if over > 0 else None


def read(moment: Moment) -> Reading:
    """The delay and the longest before."""
    delays = moment.delays
    assert delays is not None  # noqa: S101 - asked only where there is an excess
    return Reading(
        "delay",
        delays.now,
        delays.middle,
        f"started {seconds(delays.now)} after it was due; usual are {seconds(max(0.0, delays.middle))}, "
        f"and the longest so far {seconds(max(0.0, delays.longest))}",
    )


DETECTOR = Ruled(kind="late_start", excess=excess, read=read, quiet_runs=0, family="late_start")
