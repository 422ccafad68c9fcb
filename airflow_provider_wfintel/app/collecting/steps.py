"""The steps after a poll, as configured: one line for each, in the order in which they run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import STEPS, Step
from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.insights import FindInsights
from airflow_provider_wfintel.app.collecting.measures import JoinMeasures
from airflow_provider_wfintel.app.collecting.odds import TellOdds
from airflow_provider_wfintel.app.collecting.old_sessions import DropSessions
from airflow_provider_wfintel.app.collecting.plan_outcomes import JudgePlans
from airflow_provider_wfintel.app.collecting.reported_rows import ReadRows
from airflow_provider_wfintel.app.collecting.rollups import RollUp

if TYPE_CHECKING:
    from airflow_provider_wfintel.config import Settings

__all__ = ["make_steps"]


def make_steps(settings: Settings) -> tuple[Step, ...]:
    """The steps of this deployment."""
    from airflow_provider_wfintel.config import default_time_zone
    from airflow_provider_wfintel.engine.monitoring.service import Prices

    days = settings.rollup_retention_days
    roll_up = RollUp(
        keep_days=timedelta(days=days) if days else None,
        prices=Prices(settings.price_per_slot_hour, dict(settings.pool_prices)),
    )
    return (
        Step("joining measures from task logs", JoinMeasures()),
        Step("reading rows that tasks reported", ReadRows()),
        Step("computing figures by hour and day", roll_up),
        Step("learning from runs", LearnDags(country=settings.holidays_country, zone=default_time_zone())),
        Step("foretelling deadlines", TellOdds()),
        Step("judging applied plans by real runs", JudgePlans()),
        Step("finding insights", FindInsights()),
        Step("deleting old sessions of failed tries", DropSessions()),
        *STEPS,
    )
