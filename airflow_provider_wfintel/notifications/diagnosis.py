"""Callbacks of tasks that say why the task failed: into its log, and through any notifier."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.engine.model import Diagnosis

__all__ = ["DiagnosisNotifier", "diagnose_on_failure"]

log = logging.getLogger(__name__)


def diagnose_on_failure(context: Context) -> None:
    """`on_failure_callback` that writes the diagnosis of the exception into the task's log. Never raises."""
    text = _text_of(context)
    if text:
        log.error("%s", text)


class DiagnosisNotifier(BaseNotifier):
    """Sends the diagnosis of a failed try through another notifier.

        on_failure_callback=DiagnosisNotifier(lambda text: SlackNotifier(text=text, channel="#data"))

    The live exception is diagnosed in the task process, without a log, network or model; secrets are masked. What goes
    wrong here is written to the log and hides nothing.

    Args:
        through: makes a notifier for a text; without it the text goes to the task's log.
        only: classes of failure to send; empty: all.
    """

    template_fields: Sequence[str] = ()

    def __init__(self, through: Callable[[str], Any] | None = None, *, only: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.through = through
        self.only = tuple(only)

    def notify(self, context: Context) -> None:
        """Diagnose and send. Never raises."""
        text = _text_of(context, self.only)
        if not text:
            return
        try:
            if self.through is None:
                log.error("%s", text)
            else:
                self.through(text)(context)
        except Exception:  # the failure itself must stay what is seen
            log.warning("the diagnosis could not be sent", exc_info=True)


def _text_of(context: Mapping[str, Any] | Context, only: tuple[str, ...] = ()) -> str:
    """The diagnosis in words; empty if there is none to be told."""
    try:
        from airflow_provider_wfintel.engine.troubleshooting.service import diagnose_exception

        error = context.get("exception")
        if not isinstance(error, BaseException):
            error = RuntimeError(str(error or "the task failed without an exception"))
        diagnosis = diagnose_exception(error)
        return "" if only and diagnosis.label not in only else _words(context, diagnosis)
    except Exception:  # a callback must not hide the failure that it is about
        log.warning("the failure could not be diagnosed", exc_info=True)
        return ""


def _words(context: Mapping[str, Any] | Context, diagnosis: Diagnosis) -> str:
    task = context.get("task_instance") or context.get("ti")
    name = f"{getattr(task, 'dag_id', '?')}.{getattr(task, 'task_id', '?')}, run {getattr(task, 'run_id', '?')}"
    lines = [f"{name} failed: {diagnosis.label} ({diagnosis.confidence:.0%})", diagnosis.explanation]
    lines += [f"  {number}. {step}" for number, step in enumerate(diagnosis.steps, start=1)]
    return "\n".join(lines)
