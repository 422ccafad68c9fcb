"""Services behind connections: which ones DAGs use, what a worker sees of them, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import ServiceCheck

__all__ = ["ServiceHealthHook"]

_SERVICES = "/wfintel/api/workflows/monitoring/services"
_AT_ONCE = 200


class ServiceHealthHook(WfIntelHook):
    """`WfIntelHook` with the services that DAGs talk to.

    The user of the connection needs to read connections, and to edit them for storing looks.
    """

    hook_name = "Workflow Intelligence services"

    def in_use(self) -> list[dict[str, Any]]:
        """The connections that DAGs use, each with `dag_ids` and the `last` look."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.request("GET", _SERVICES, params={"cursor": cursor} if cursor else {})
            found += answer["services"]
            # A server of an earlier version has no pages.
            cursor = str(answer.get("next_cursor", ""))
            if not cursor:
                return found

    def check(self, conn_ids: Sequence[str]) -> tuple[ServiceCheck, ...]:
        """Look at services from this machine and store what was seen. A bad service raises nothing.

        Raises:
            RemoteError: the looks cannot be stored.
        """
        from airflow_provider_wfintel.app.service_health import check_services

        checks = check_services(conn_ids)
        for first in range(0, len(checks), _AT_ONCE):
            body = {"checks": [asdict(item) for item in checks[first : first + _AT_ONCE]]}
            self.request("POST", _SERVICES, json=body, repeatable=True)
        return checks

    def is_well(self, conn_id: str, *, max_age_minutes: float) -> tuple[bool, str]:
        """Whether the last look at a service was a good one and is young enough, and the answer in words.

        Raises:
            RemoteError: the server does not answer, or the user may not read the connection.
        """
        found = self.request("GET", f"{_SERVICES}/{quote(conn_id, safe='')}", params={"hours": 720, "limit": 1})
        if not isinstance(found, dict):
            raise RemoteError("the answer is no object", hint="see that the host is an Airflow with this provider")
        if not found["checks"]:
            return False, f"nobody has looked at {conn_id}: is the DAG wfintel_service_health on?"
        last = found["checks"][0]
        age = datetime.now(timezone.utc) - datetime.fromisoformat(str(last["checked_at"]).replace("Z", "+00:00"))
        said = f"{conn_id} was {last['state']} {age.total_seconds() / 60.0:.0f} minutes ago: {last['message']}"
        return last["state"] == "ok" and age <= timedelta(minutes=max_age_minutes), said
