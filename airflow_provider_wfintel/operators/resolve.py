"""Resolve failed tries within the policy, from a task."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.exceptions import RemoteError

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

__all__ = ["ResolveFailuresOperator"]

_WAITING = frozenset({"waiting", "later"})
_FOR_PERSON = frozenset({"escalated", "asked", "suggested"})
_KEY = ("dag_id", "run_id", "task_id", "map_index")


class ResolveFailuresOperator(BaseOperator):
    """Resolve failed tries: diagnose, do what the policy of the deployment allows, look whether it helped.

    The api-server decides and acts, with the rights of the connection's user; this task only asks. What cannot be ended
    within `patience` is left as it is: the session is there, and the next task that asks goes on with it. Running this
    task again does nothing twice.

    The result is a list with, for each try, `session_id`, `label`, `status`, `outcome`, `remedy` and `reason`, or
    `error`.

    Args:
        failures: tries as objects with `dag_id`, `run_id`, `task_id` and `map_index`, or ids of sessions. Templated.
        dry_run: only say what would be done.
        patience: seconds to wait for pauses, sources and next tries; 0: for none.
        poll_interval: seconds between two looks.
        wfintel_conn_id: connection of type `wfintel`.
    """

    template_fields: Sequence[str] = ("failures", "wfintel_conn_id")
    ui_color = "#e4f2e6"

    def __init__(
        self,
        *,
        failures: Sequence[Mapping[str, Any] | str] | str,
        dry_run: bool = False,
        patience: float = 0.0,
        poll_interval: float = 10.0,
        wfintel_conn_id: str = "wfintel_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.failures = failures
        self.dry_run_only = dry_run
        self.patience = patience
        self.poll_interval = poll_interval
        self.wfintel_conn_id = wfintel_conn_id

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """Resolve all of them. One that cannot be worked with does not keep the others from it.

        Raises:
            AirflowFailException: `failures` is no list.
            RemoteError: not a single one could be worked with.
        """
        from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

        given = [self.failures] if isinstance(self.failures, Mapping) else self.failures
        if isinstance(given, str) or not isinstance(given, Sequence):
            raise AirflowFailException(f"failures is {type(given).__name__}, not a list of tries or session ids")
        hook = TroubleshootingHook(self.wfintel_conn_id)
        until = time.monotonic() + self.patience
        results, errors = [], []
        for item in given:
            try:
                results.append(self._resolve(hook, item, until))
            except RemoteError as error:
                self.log.warning("%s: %s (%s)", item, error.message, error.hint)
                errors.append(error)
                results.append({"failure": item, "error": error.message})
        if errors and len(errors) == len(given):
            raise errors[0]
        return results

    def _resolve(self, hook: TroubleshootingHook, item: Mapping[str, Any] | str, until: float) -> dict[str, Any]:
        session_id = item if isinstance(item, str) else self._open(hook, item)
        answer = hook.resolve(session_id, dry_run=self.dry_run_only)
        while answer["outcome"] in _WAITING and self._wait(until, answer.get("due_at")):
            answer = hook.resolve(session_id)
        session = answer["session"]
        if answer["outcome"] == "applied":
            session = hook.verify(session_id)
            while session["phase"] == "verification" and self._wait(until, None):
                session = hook.verify(session_id)
        found = {
            "session_id": session_id,
            **{name: session[name] for name in (*_KEY, "label", "status")},
            "outcome": answer["outcome"],
            "remedy": answer["remedy"],
            "reason": answer["reason"],
        }
        self.log.info(
            "%(dag_id)s.%(task_id)s, run %(run_id)s: %(label)s; %(outcome)s %(remedy)s (%(reason)s); %(status)s", found
        )
        for text in answer["proposals"] if answer["outcome"] in _FOR_PERSON else ():
            self.log.info("for a person: %s\n%s", text["title"], text["text"])
        return found

    def _open(self, hook: TroubleshootingHook, item: Mapping[str, Any]) -> str:
        missing = [name for name in _KEY[:3] if not item.get(name)]
        if missing:
            raise AirflowFailException(f"a failure without {missing[0]}: {dict(item)}")
        key = {name: item[name] for name in _KEY if name in item}
        return str(hook.open_session(**key)["session"]["session_id"])

    def _wait(self, until: float, due_at: str | None) -> bool:
        """Sleep until the next look; False if the patience does not last until then."""
        pause = self.poll_interval
        if due_at:
            due = datetime.fromisoformat(due_at.replace("Z", "+00:00"))
            pause = max(0.0, (due - datetime.now(timezone.utc)).total_seconds()) + 0.1
        if time.monotonic() + pause > until:
            return False
        time.sleep(pause)
        return True
