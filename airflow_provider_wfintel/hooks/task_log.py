"""Read what a try left behind, over REST: its log and the facts beside it; and diagnose it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import Diagnosis

__all__ = ["TaskLogHook", "TryKey"]

log = logging.getLogger(__name__)

_MOST_PARTS = 200
"""Parts of one log; a server that goes on for ever must not."""
_TRY_FIELDS = (
    "state", "try_number", "max_tries", "operator", "pool", "pool_slots", "queue", "hostname", "start_date", "end_date",
    "duration", "note",
)  # fmt: skip
_EVENT_FIELDS = ("when", "event", "try_number", "owner", "extra")


@dataclass(frozen=True, slots=True)
class TryKey:
    """One try of a task instance; `map_index` is -1 for a task that is not mapped."""

    dag_id: str
    run_id: str
    task_id: str
    try_number: int = 1
    map_index: int = -1

    @property
    def path(self) -> str:
        """The path of the task instance in Airflow's API v2."""
        dag, run, task = (quote(part, safe="") for part in (self.dag_id, self.run_id, self.task_id))
        return f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}"


class TaskLogHook(WfIntelHook):
    """`WfIntelHook` with what is known of a try. The user of the connection needs to read task logs and audit logs."""

    hook_name = "Workflow Intelligence task logs"

    def read_log(self, key: TryKey) -> str:
        """The log of a try as lines of JSON, also if it is stored remotely.

        Raises:
            RemoteError: no answer, an error status, or an answer without a log.
        """
        lines: list[str] = []
        token: str | None = None
        for _ in range(_MOST_PARTS):
            more = {"token": token} if token else {}
            answer = self.get(f"{key.path}/logs/{key.try_number}", map_index=key.map_index, full_content=True, **more)
            content = answer.get("content") if isinstance(answer, dict) else None
            if not isinstance(content, list):
                raise RemoteError(f"the answer for {key} holds no log", hint="is the server an Airflow 3?")
            lines += [_line(item) for item in content]
            token = answer.get("continuation_token")
            if not token or not content:
                break
        return "\n".join(lines)

    def facts(self, key: TryKey) -> dict[str, Any]:
        """What is known of a try beside its log, as `service.diagnose` takes it.

        State, times and event-log rows of the try; and, as far as the user may read it, pool, upstream states, earlier
        tries, usual durations, changed settings, other failures at the time and components that are not healthy.

        Raises:
            RemoteError: no answer or an error status.
        """
        from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Target
        from airflow_provider_wfintel.host.rest_facts import read_facts_over_rest

        found = self.get(f"{key.path}/tries/{key.try_number}", map_index=key.map_index)
        target = Target(str(found.get("id", "")), key.dag_id, key.run_id, key.task_id, key.map_index, key.try_number)
        facts = read_facts_over_rest(self.request, target, found)
        facts |= {name: found[name] for name in _TRY_FIELDS if name in found}
        facts["events"] = self._events(key)
        return facts

    def _events(self, key: TryKey) -> list[dict[str, Any]]:
        """Rows of the audit log about the try; none where the user may not read it (with FAB only administrators)."""
        of_task: dict[str, Any] = {"dag_id": key.dag_id, "run_id": key.run_id, "task_id": key.task_id}
        try:
            rows = list(self.iterate("/eventLogs", "event_logs", **of_task, order_by="event_log_id"))
        except RemoteError as error:
            if error.status != 403:
                raise
            return []
        return [
            {name: row.get(name) for name in _EVENT_FIELDS}
            for row in rows
            if row.get("map_index") in (None, key.map_index) and row.get("try_number") in (None, key.try_number)
        ]

    def diagnose(self, key: TryKey) -> Diagnosis:
        """Why the try failed. A log that cannot be read leaves the facts.

        Raises:
            RemoteError: not even the facts can be read.
        """
        from airflow_provider_wfintel.engine.troubleshooting.service import diagnose

        facts = self.facts(key)
        try:
            text = self.read_log(key)
        except RemoteError as error:
            log.warning("the log of %s cannot be read (%s); the facts alone are diagnosed", key, error.message)
            text = ""
        return diagnose(text, facts)


def _line(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
