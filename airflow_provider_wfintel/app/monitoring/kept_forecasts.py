"""Forecasts of the runs that go on as the collector made them last: who lists them all does not compute them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model import from_json, to_json
from airflow_provider_wfintel.engine.monitoring.service import RunForecast
from airflow_provider_wfintel.exceptions import SpecError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.forecast import DeploymentForecast

__all__ = ["KeptForecast", "as_kept", "keep_forecasts", "kept_forecasts"]

STATE = "running-forecasts"
_GOOD_FOR = timedelta(minutes=10)
"""Older ones are not shown: the collector is off or far behind."""


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """What was foreseen of a DAG's running runs, and when (ISO)."""

    at: str
    deadline_seconds: float | None
    running: tuple[RunForecast, ...]


def as_kept(found: DeploymentForecast, now: datetime) -> dict[str, Any]:
    """A forecast as JSON data, for `keep_forecasts`."""
    kept = KeptForecast(now.isoformat(), found.deadline_seconds, found.forecast.running)
    data: dict[str, Any] = to_json(kept)
    return data


def keep_forecasts(session: Session, new: Mapping[str, dict[str, Any]], *, running: frozenset[str]) -> None:
    """Keep forecasts by DAG beside those that are kept already; those of DAGs that do not run any more are dropped.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

    states = LearnedStates(session)
    before = states.get(STATE)
    after = {dag_id: data for dag_id, data in {**before, **new}.items() if dag_id in running}
    if after != before:
        states.keep(STATE, after)


def kept_forecasts(session: Session, *, now: datetime) -> Mapping[str, KeptForecast]:
    """The forecasts of the last minutes, by DAG, with the time that each run has taken as of now.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

    found: dict[str, KeptForecast] = {}
    for dag_id, data in LearnedStates(session).get(STATE).items():
        try:
            kept = from_json(KeptForecast, data)
        except SpecError:
            continue  # of another version
        if now - datetime.fromisoformat(kept.at) < _GOOD_FOR:
            found[dag_id] = kept
    return found
