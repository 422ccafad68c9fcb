"""Alerts: notifiers of the providers, and a small callback function where a service has none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.render.jinja_text import protect
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node, quote, statement
from airflow_provider_wfintel.engine.generation.render.names import Imports, Names
from airflow_provider_wfintel.engine.model import AlertEvent, AlertSpec

__all__ = ["AlertWriter", "notifier_distribution"]


@dataclass(frozen=True, slots=True)
class _Notifier:
    """A provider's notifier: its class and which argument takes what.

    `fields` maps arguments to `connection`, `target`, `targets` (a list), `message`, `subject`, `payload`
    (`{"message": ...}`) or to a constant that starts with `=`.
    """

    path: str
    distribution: str
    connection: str
    fields: tuple[tuple[str, str], ...]
    has_async: bool = True


def _smtp(connection: str) -> _Notifier:
    return _Notifier(
        "airflow.providers.smtp.notifications.smtp:SmtpNotifier",
        "apache-airflow-providers-smtp",
        connection,
        (("smtp_conn_id", "connection"), ("to", "targets"), ("subject", "subject"), ("html_content", "message")),
    )


_AWS = "airflow.providers.amazon.aws.notifications"
_AMAZON = "apache-airflow-providers-amazon"

_NOTIFIERS: dict[str, _Notifier] = {
    "slack": _Notifier(
        "airflow.providers.slack.notifications.slack:SlackNotifier",
        "apache-airflow-providers-slack",
        "slack_api_default",
        (("slack_conn_id", "connection"), ("channel", "target"), ("text", "message")),
    ),
    "slack_webhook": _Notifier(
        "airflow.providers.slack.notifications.slack_webhook:SlackWebhookNotifier",
        "apache-airflow-providers-slack",
        "slack_default",
        (("slack_webhook_conn_id", "connection"), ("text", "message")),
    ),
    "smtp": _smtp("smtp_default"),
    "email": _smtp("smtp_default"),
    "gmail": _smtp("smtp_default"),
    "microsoft_outlook": _smtp("smtp_default"),
    "discord": _Notifier(
        "airflow.providers.discord.notifications.discord:DiscordNotifier",
        "apache-airflow-providers-discord",
        "discord_webhook_default",
        (("discord_conn_id", "connection"), ("text", "message")),
    ),
    "pagerduty": _Notifier(
        "airflow.providers.pagerduty.notifications.pagerduty:PagerdutyNotifier",
        "apache-airflow-providers-pagerduty",
        "pagerduty_events_default",
        (("pagerduty_events_conn_id", "connection"), ("summary", "message"), ("severity", "=error")),
    ),
    "opsgenie": _Notifier(
        "airflow.providers.opsgenie.notifications.opsgenie:OpsgenieNotifier",
        "apache-airflow-providers-opsgenie",
        "opsgenie_default",
        (("opsgenie_conn_id", "connection"), ("payload", "payload")),
        has_async=False,
    ),
    "amazon_sns": _Notifier(
        f"{_AWS}.sns:SnsNotifier",
        _AMAZON,
        "aws_default",
        (("aws_conn_id", "connection"), ("target_arn", "target"), ("subject", "subject"), ("message", "message")),
    ),
    "amazon_sqs": _Notifier(
        f"{_AWS}.sqs:SqsNotifier",
        _AMAZON,
        "aws_default",
        (("aws_conn_id", "connection"), ("queue_url", "target"), ("message_body", "message")),
    ),
    "amazon_chime": _Notifier(
        f"{_AWS}.chime:ChimeNotifier",
        _AMAZON,
        "chime_default",
        (("chime_conn_id", "connection"), ("message", "message")),
        has_async=False,
    ),
    "apprise": _Notifier(
        "airflow.providers.apprise.notifications.apprise:AppriseNotifier",
        "apache-airflow-providers-apprise",
        "apprise_default",
        (("apprise_conn_id", "connection"), ("title", "subject"), ("body", "message")),
    ),
}
_HTTP_DISTRIBUTION = "apache-airflow-providers-http"

_DAG_WORDS = {
    "failure": "failed",
    "success": "succeeded",
    "retry": "is being retried",
    "deadline": "missed its deadline",
}
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)


def notifier_distribution(alert: AlertSpec) -> str:
    """The distribution that the alert needs, empty if Airflow brings all of it."""
    known = _NOTIFIERS.get(alert.service)
    if known is not None:
        return known.distribution
    return "" if _URL.fullmatch(alert.target) else _HTTP_DISTRIBUTION


@dataclass(slots=True)
class AlertWriter:
    """Writes alerts; callback functions that they need are collected in `functions`."""

    imports: Imports
    names: Names
    functions: list[str]

    def node(self, alerts: Iterable[AlertSpec], *, of_task: bool = False) -> Node:
        """The value of `on_failure_callback=` and its like: one callback, or a list."""
        nodes = tuple(self._callback(alert, of_task or alert.on == "retry") for alert in alerts)
        return nodes[0] if len(nodes) == 1 else Group("[", nodes, "]")

    def deadline_callback(self, alert: AlertSpec | None) -> Node:
        """The callback of a `DeadlineAlert`; without an alert a warning in the log."""
        if alert is None:
            name = self.names.claim("report_missed_deadline")
            self.functions.append(_log_function(name))
            return Group(f"{self.imports.sdk('SyncCallback')}(", (Atom(name),), ")")
        known = _notifier(alert)
        if known is not None:
            # A notifier without an asynchronous form is made and called by the executor instead of the triggerer.
            form = "AsyncCallback" if known.has_async else "SyncCallback"
            items = tuple(Keyed(f'"{key}": ', value) for key, value in self._fields(alert, known, of_task=False))
            arguments = (Atom(self.imports.path(known.path)), Keyed("kwargs=", Group("{", items, "}")))
            return Group(f"{self.imports.sdk(form)}(", arguments, ")")
        name = self.names.claim(_function_name(alert))
        self.functions.append(_http_function(name, alert, of_task=False))
        return Group(f"{self.imports.sdk('SyncCallback')}(", (Atom(name),), ")")

    def _callback(self, alert: AlertSpec, of_task: bool) -> Node:
        known = _notifier(alert)
        if known is not None:
            return self._notifier_node(alert, known, of_task)
        name = self.names.claim(_function_name(alert))
        self.functions.append(_http_function(name, alert, of_task=of_task))
        return Atom(name)

    def _notifier_node(self, alert: AlertSpec, known: _Notifier, of_task: bool) -> Node:
        items = tuple(Keyed(f"{key}=", value) for key, value in self._fields(alert, known, of_task))
        return Group(f"{self.imports.path(known.path)}(", items, ")")

    def _fields(self, alert: AlertSpec, known: _Notifier, of_task: bool) -> list[tuple[str, Node]]:
        subject = _message(alert.on, of_task, short=True)
        message = protect(alert.message) if alert.message else _message(alert.on, of_task)
        return [(argument, _field(alert, known, source, message, subject)) for argument, source in known.fields]


def _notifier(alert: AlertSpec) -> _Notifier | None:
    if alert.service == "slack" and not alert.target:
        return _NOTIFIERS["slack_webhook"]
    return None if _URL.fullmatch(alert.target) else _NOTIFIERS.get(alert.service)


def _field(alert: AlertSpec, known: _Notifier, source: str, message: str, subject: str) -> Node:
    if source.startswith("="):
        return Atom(quote(source[1:]))
    if source == "connection":
        return Atom(quote(alert.connection_id or known.connection))
    if source == "message":
        return Atom(quote(message))
    if source == "subject":
        return Atom(quote(subject))
    if source == "payload":
        return Group("{", (Keyed('"message": ', Atom(quote(message))),), "}")
    if source == "targets":
        addresses = [part for part in re.split(r"[,;\s]+", alert.target) if part]
        # Without an address in the words, an Airflow variable says who reads these mails.
        wanted = [protect(part) for part in addresses] or ["{{ var.value.alert_email }}"]
        return Group("[", tuple(Atom(quote(part)) for part in wanted), "]")
    target = protect(alert.target) if alert.target else "{{ var.value.alert_target }}"
    return Atom(quote(target))


def _message(on: AlertEvent, of_task: bool, *, short: bool = False) -> str:
    if on == "deadline":  # such a callback knows the run, but no task and no DAG
        return f"DAG {{{{ dag_run.dag_id }}}} {_DAG_WORDS[on]}"
    what = "Task {{ ti.task_id }} of DAG {{ dag.dag_id }}" if of_task else "DAG {{ dag.dag_id }}"
    text = f"{what} {_DAG_WORDS[on]}"
    return text if short else f"{text}: run {{{{ run_id }}}}"


def _function_name(alert: AlertSpec) -> str:
    return f"notify_{alert.service or 'webhook'}_on_{alert.on}"


def _http_function(name: str, alert: AlertSpec, *, of_task: bool) -> str:
    """A callback that posts a JSON message, by URL if the words give one, else through a connection."""
    title = (alert.service or "webhook").replace("_", " ")
    subject = "Task {context['ti'].task_id} of DAG" if of_task else "DAG"
    default = f"f\"{subject} {{context['dag'].dag_id}} {_DAG_WORDS[alert.on]}: {{context['run_id']}}\""
    if alert.on == "deadline":
        default = "f\"DAG run {context['dag_run']} missed its deadline\""
    lines = [f"def {name}(context: dict) -> None:", f'    """Tell {re.sub(r"[^A-Za-z0-9 .-]", "", title)} about it."""']
    url = _URL.fullmatch(alert.target)
    if url:
        lines += ["    import requests", ""]
    else:
        lines += ["    from airflow.providers.http.hooks.http import HttpHook", ""]
    message = Atom(quote(alert.message)) if alert.message else Atom(default)
    lines.append(statement("message = ", message, indent=4) if not alert.message else _assigned(message))
    if url:
        items: list[Node] = [Atom(quote(alert.target)), Keyed("json=", Atom('{"text": message}'))]
        items.append(Keyed("timeout=", Atom("10")))
        call: Node = Group("requests.post(", tuple(items), ")")
        lines.append(statement("response = ", call, indent=4))
        lines.append("    response.raise_for_status()")
        return "\n".join(lines)
    connection = alert.connection_id or f"{alert.service or 'http'}_default"
    payload = [Keyed('"text": ', Atom("message"))]
    if alert.target:
        payload.append(Keyed('"target": ', Atom(quote(alert.target))))
    hook = Group("HttpHook(", (Keyed("method=", Atom('"POST"')), Keyed("http_conn_id=", Atom(quote(connection)))), ")")
    lines.append(statement("hook = ", hook, indent=4))
    lines.append(statement("", Group("hook.run(", (Keyed("json=", Group("{", tuple(payload), "}")),), ")"), indent=4))
    return "\n".join(lines)


def _assigned(message: Node) -> str:
    """An assignment whose string may be long: brackets keep the line as it is."""
    return statement("message = ", Group("str(", (message,), ")"), indent=4)


def _log_function(name: str) -> str:
    return "\n".join(
        [
            f"def {name}(context: dict) -> None:",
            '    """Write to the log that a run missed its deadline."""',
            "    import logging",
            "",
            '    logging.getLogger(__name__).warning("Deadline missed by %s", context.get("dag_run"))',
        ]
    )
