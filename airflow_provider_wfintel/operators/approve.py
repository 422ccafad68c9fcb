"""Ask a person which remedy to carry out, by Airflow's human-in-the-loop page, and carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator

if TYPE_CHECKING:
    from airflow.sdk import Context

__all__ = ["LEAVE", "ApproveRemedyOperator"]

LEAVE = "leave it"


class ApproveRemedyOperator(HITLOperator):
    """Ask about one session; the answer carries the remedy out with the rights of the connection's user.

    Without an answer in time nothing is done.

    Args:
        session_id: the session of the failed try. Templated.
        wfintel_conn_id: connection of type `wfintel`.
        remedies: remedies to choose from; the choice is fixed when the DAG is parsed, and one that does not fit the
            session is refused by the server with the reason.
        kwargs: further arguments of `HITLOperator`, such as `assigned_users` and `response_timeout`.
    """

    template_fields: Sequence[str] = ("subject", "body", "session_id", "wfintel_conn_id")

    def __init__(
        self,
        *,
        session_id: str,
        wfintel_conn_id: str = "wfintel_default",
        remedies: Sequence[str] = ("clear_with_backoff",),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("subject", "Which remedy?")
        kwargs.setdefault("defaults", LEAVE)
        limit = kwargs.get("response_timeout")
        if isinstance(limit, timedelta):
            # Airflow 3.3 cannot hand a duration of pendulum over to the state in which the task waits for the answer.
            kwargs["response_timeout"] = timedelta(seconds=limit.total_seconds())
        super().__init__(options=[*remedies, LEAVE], **kwargs)
        self.session_id = session_id
        self.wfintel_conn_id = wfintel_conn_id

    def execute(self, context: Context) -> Any:
        """Put cause, evidence and what each remedy would do into the question, then wait.

        Raises:
            RemoteError: there is no such session that the user may see.
        """
        from airflow_provider_wfintel.engine.model import markdown_escaped
        from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

        answer = TroubleshootingHook(self.wfintel_conn_id).resolve(self.session_id, dry_run=True)
        session = answer["session"]
        fits = {item["remedy"]: item for item in answer["offers"]}
        self.subject = f"{session['dag_id']}.{session['task_id']} failed: {session['label']}"
        # The page shows Markdown. Evidence is what a task has printed: it stays inside a block of code, line by line.
        quoted = [f"    {line}" for text in session["evidence"] for line in text.splitlines()]
        lines = [markdown_escaped(" ".join(session["explanation"].split())), "", *quoted, ""]
        for name in self.options:
            if name in fits:
                item = fits[name]
                steps = markdown_escaped(" ".join("; ".join(item["steps"]).split()))
                lines.append(f"- **{name}** ({item['odds']:.0%}): {steps}")
        self.body = "\n".join(lines)
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Carry out what was chosen.

        Raises:
            RemoteError: the remedy does not fit the session, or the user may not do it.
        """
        from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

        answered = super().execute_complete(context, event)
        chosen = answered["chosen_options"][0]
        if chosen == LEAVE:
            return {"session_id": self.session_id, "outcome": "left"}
        answer = TroubleshootingHook(self.wfintel_conn_id).resolve(self.session_id, remedy=chosen)
        return {"session_id": self.session_id, "outcome": answer["outcome"], "remedy": chosen}
