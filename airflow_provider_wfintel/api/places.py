"""The deployment as routes hand it to the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_wfintel.api.in_process import InProcessCall
from airflow_provider_wfintel.app.troubleshooting.place import Place, rest_place
from airflow_provider_wfintel.config import read_settings

__all__ = ["server_place"]

_PARSE_SECONDS = 45.0


class _ServerPlace:
    """The deployment as the api-server sees it: over REST with the caller's rights, and facts from Airflow's tables."""

    def __init__(self, place: Place, session: Any) -> None:
        self._place, self._session = place, session
        self.actions, self.find, self.find_try, self.log = place.actions, place.find, place.find_try, place.log

    def situation(self, target: Any, found: Mapping[str, Any]) -> Mapping[str, Any]:
        from airflow_provider_wfintel.app.facts import facts_of, team_of_dag
        from airflow_provider_wfintel.engine.model import TaskTry
        from airflow_provider_wfintel.engine.troubleshooting.service import facts_to_mapping

        item = TaskTry(target.try_id, target.dag_id, target.run_id, target.task_id, target.map_index, target.try_number)
        facts = facts_of(self._session, item)
        team = team_of_dag(self._session, target.dag_id)
        # No transaction may be open while other requests of this very process write.
        self._session.rollback()
        known = facts_to_mapping(facts) if facts else {}
        return {**known, **self._place.situation(target, found), "dag_team": team}


def server_place(call: InProcessCall, session: Any) -> Place:
    """The deployment for one request, with the rights of its caller."""
    place = rest_place(call, plan_file=read_settings().plan_file, parse_seconds=_PARSE_SECONDS)
    return _ServerPlace(place, session)
