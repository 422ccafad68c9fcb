"""Resolve failed tries within the policy, from a task."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Try:
    """A try that is worked on, and what is known of it so far."""

    given: Mapping[str, Any] | str
    session_id: str = ""
    answer: dict[str, Any] | None = None
    session: dict[str, Any] = field(default_factory=dict)
    error: RemoteError | None = None

    @property
    def over(self) -> bool:
        """Whether another look would change nothing."""
        if self.error is not None or self.answer is None:
            return True
        waits = self.answer["outcome"] in _WAITING
        return not waits and not (self.answer["outcome"] == "applied" and self.session["phase"] == "verification")


class ResolveFailuresOperator(BaseOperator):
    """Resolve failed tries: diagnose, do what the policy of the deployment allows, look whether it helped.

    The api-server decides and acts, with the rights of the connection's user; this task only asks. What cannot be ended
    within `patience` is left as it is: the session is there, and the next task that asks goes on with it. Running this
    task again does nothing twice.

    The result is a list with, for each try, `session_id`, `label`, `status`, `outcome`, `remedy` and `reason`, or
    `error`.

    Args:
        failures: tries as objects with `dag_id`, `run_id`, `task_id` and `map_index`, or ids of sessions. Templated.
        in_progress: also all sessions that are in progress, whoever opened them.
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
        failures: Sequence[Mapping[str, Any] | str] | str = (),
        in_progress: bool = False,
        dry_run: bool = False,
        patience: float = 0.0,
        poll_interval: float = 10.0,
        wfintel_conn_id: str = "wfintel_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.failures = failures
        self.in_progress = in_progress
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
        tries = [_Try(item) for item in given]
        if self.in_progress:
            known = {item for item in given if isinstance(item, str)}
            names = [item["session_id"] for item in hook.sessions(status="in_progress")]
            tries += [_Try(name) for name in names if name not in known]
        pending = tries
        while pending:
            for one in pending:
                self._look(hook, one)
            pending = [one for one in pending if not one.over]
            # None of them waits for another one: all are looked at before this task sleeps.
            pauses = [self._pause(one) for one in pending]
            if not pending or time.monotonic() + min(pauses) > until:
                break
            time.sleep(min(pauses))
        errors = [one.error for one in tries if one.error is not None]
        if errors and len(errors) == len(tries):
            raise errors[0]
        return [self._result(one) for one in tries]

    def _look(self, hook: TroubleshootingHook, one: _Try) -> None:
        """One step: open, resolve what has not acted yet, look what came of what has."""
        try:
            if not one.session_id:
                one.session_id = one.given if isinstance(one.given, str) else self._open(hook, one.given)
            if one.answer is None or one.answer["outcome"] in _WAITING:
                one.answer = hook.resolve(one.session_id, dry_run=self.dry_run_only)
                one.session = one.answer["session"]
            if one.answer["outcome"] == "applied":
                one.session = hook.verify(one.session_id)
        except RemoteError as error:
            self.log.warning("%s: %s (%s)", one.given, error.message, error.hint)
            one.error = error

    def _result(self, one: _Try) -> dict[str, Any]:
        if one.error is not None or one.answer is None:
            return {"failure": one.given, "error": one.error.message if one.error else "not looked at"}
        found = {
            "session_id": one.session_id,
            **{name: one.session[name] for name in (*_KEY, "label", "status")},
            "outcome": one.answer["outcome"],
            "remedy": one.answer["remedy"],
            "reason": one.answer["reason"],
        }
        self.log.info(
            "%(dag_id)s.%(task_id)s, run %(run_id)s: %(label)s; %(outcome)s %(remedy)s (%(reason)s); %(status)s", found
        )
        for text in one.answer["proposals"] if one.answer["outcome"] in _FOR_PERSON else ():
            self.log.info("for a person: %s\n%s", text["title"], text["text"])
        return found

    def _open(self, hook: TroubleshootingHook, item: Mapping[str, Any]) -> str:
        missing = [name for name in _KEY[:3] if not item.get(name)]
        if missing:
            raise AirflowFailException(f"a failure without {missing[0]}: {dict(item)}")
        key = {name: item[name] for name in _KEY if name in item}
        return str(hook.open_session(**key)["session"]["session_id"])

    def _pause(self, one: _Try) -> float:
        """Seconds until the next look."""
        due_at = one.answer.get("due_at") if one.answer and one.answer["outcome"] in _WAITING else None
        if not due_at:
            return self.poll_interval
        due = datetime.fromisoformat(due_at.replace("Z", "+00:00"))
        return max(0.0, (due - datetime.now(timezone.utc)).total_seconds()) + 0.1
