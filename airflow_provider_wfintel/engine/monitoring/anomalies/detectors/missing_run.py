"""A slot that has had its run as good as always passed without one."""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Reading, Ruled
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import percent

__all__ = ["DETECTOR"]

_FEWEST_SLOTS, _SURE_SLOTS = 8, 20
_SEASON_SHARE, _SHARE, _SURE_SHARE = 0.6, 0.8, 0.95


def excess(moment: Moment) -> float | None:
    """Positive where a run was to be expected: from its own season, or where every slot runs."""
    seen = moment.expectancy
    if moment.point.ran or moment.cadence == "irregular" or seen.slots < _FEWEST_SLOTS:
        return None
    if not seen.season_slots:
        # An hour that never came up yet: only a DAG that ran in all slots is expected to run in this one.
        # A holiday that never came up yet is left alone.
        sure = (
            not moment.slot.holiday
            and moment.cadence == "hourly"
            and seen.slots >= _SURE_SLOTS
            and seen.share >= _SURE_SHARE
        )
        return 2.0 if sure else None
    if seen.season_share >= _SEASON_SHARE or (
        moment.cadence == "hourly" and not moment.slot.holiday and seen.share >= _SHARE
    ):
        return 1.0 + math.log1p(seen.season_slots)
    return None


def read(moment: Moment) -> Reading:
    """How often such a slot had a run before."""
    seen = moment.expectancy
    if seen.season_slots:
        usual = f"{percent(seen.season_share)} of the {seen.season_slots} slots like it had one"
    else:
        usual = f"{percent(seen.share)} of the {seen.slots} slots before had one"
    return Reading("run", 0.0, 1.0, f"no run although one was due; {usual}", rising=False)


DETECTOR = Ruled(kind="missing_run", excess=excess, read=read, quiet_runs=0, family="missing_run")
