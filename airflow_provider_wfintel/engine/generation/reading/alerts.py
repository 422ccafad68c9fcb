"""Alerts: clauses that say whom to tell when something fails, is late, is retried or succeeds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.reading.conditions import alert_event, speaks_of_both_ends
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.model import Span

__all__ = ["CHANNELS", "DATA_PLACES", "AlertReading", "is_alert", "read_alert", "read_alerts"]

_TELL = re.compile(
    r"\b(?:alert\w*|notif\w+|e-?mail\w*|mail\w*|message\w*|page[sd]?|ping\w*|tell|inform\w*|ticket|issue|incident|call out|warn\w*|report|post\w*|send\w*|slack|sms|"
    r"call|chat|told|teams|incidente?|chamado|incidencia|tíquete|alerta\w*|benachrichtig\w*|meld\w*|schick\w*|alarm\w*|préven\w*|avert\w*|courriel|envo\w+|avis\w+|correo\w*|mand\w+|envi\w+|webhook)\b|通知|邮件|告警",
    re.IGNORECASE,
)
# "failures are reported to #x", "errors go to …": the failure is the subject.
_FAILURE_GOES = re.compile(
    r"^\W*(?:all\s+|any\s+)?(?:failures?|errors?|failure alerts?|failed runs?|failed tasks?|problems?|alerts?|fehler|erreurs?|échecs?|errores|fallos|falhas|erros)\b[^.;]{0,30}?\b(?:go|goes|are|is|should be|reported|sent|gemeldet|an|to|at|à|a)\b",
    re.IGNORECASE,
)
# "tell #x, even if something failed": told in every case, not only then.
_EVEN_IF = re.compile(
    r"\b(?:even (?:if|when)|whether or not|auch wenn|même si|aunque|incluso si|mesmo (?:que|se))\b", re.IGNORECASE
)
_GENERIC_MAIL = re.compile(r"\b(?:e-?mails?|mails?|mailen|courriel|correo|mailing)\b|邮件", re.IGNORECASE)
_ALERT_LABEL = re.compile(
    r"^\W*(?:(?:failure|error|on-?call) )?(?:alerts?|alerting|notif(?:y|ications?)|on-?call|alarms?|alarm|alerte?s?|alertas?|benachrichtigung(?:en)?|avisos?|escalation)(?: to)?\W*$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(?:alerts?|alerting|notifications?|on-?call|alertas?|alertes?|benachrichtigung(?:en)?)\s*(?::|=|->|→|to\b|go to\b|via\b)",
    re.IGNORECASE,
)
_WEBHOOK = re.compile(r"\bwebhooks?\b", re.IGNORECASE)


# Services that hold data; nobody is told anything there.
DATA_PLACES = frozenset(
    [
        "postgres",
        "mysql",
        "mssql",
        "oracle",
        "sqlite",
        "snowflake",
        "amazon_redshift",
        "google_bigquery",
        "amazon_s3",
        "google_cloud_storage",
        "azure_blob_storage",
        "sftp",
        "ftp",
        "kafka",
        "spark",
        "dbt",
        "databricks",
    ]
)


# Services through which people are told something.
CHANNELS = frozenset(
    [
        "slack",
        "smtp",
        "sendgrid",
        "microsoft_teams",
        "discord",
        "telegram",
        "opsgenie",
        "pagerduty",
        "amazon_sns",
        "twilio",
        "gmail",
        "google_chat",
        "mattermost",
        "dingtalk",
    ]
)


@dataclass(frozen=True, slots=True)
class AlertReading:
    """Whom to tell about what, in the words' terms."""

    on: str
    service: str
    target: str
    connection: str
    words: str
    span: Span
    slots: tuple[Slot, ...] = ()


_LATE = re.compile(
    r"\b(?:by|before|within|deadline|sla|until|no later than|longer than|bis|avant|antes)\b[^.]{0,40}[,;.–-]+\s*(?:if not|otherwise|or else|else|sonst|ansonsten|sinon|de lo contrario|si no|senão|caso contrário)\b",
    re.IGNORECASE,
)


# What may stand between a deadline and what is done when it is missed: "or", "; if not,", " - otherwise".
_OR_ELSE = re.compile(
    r"[\w\s]{0,30}[\s,;:.(–—-]*\b(?:or(?:\s+else)?|otherwise|else|(?:and\s+)?if\s+not|failing\s+(?:that|which)|oder|sonst|ansonsten|andernfalls|"
    r"ou(?:\s+alors)?|sinon|o\s+si\s+no|si\s+no|de\s+lo\s+contrario|ou|senão|caso\s+contrário)\b[\w\s,:]{0,16}",
    re.IGNORECASE,
)
# "if missed", "when it slips": a condition that speaks of a deadline just named.
_MISSED = re.compile(
    r"\b(?:miss(?:ed|es)?|(?:not|n't)\s+(?:been\s+)?(?:met|kept|made|reached)|exceed(?:s|ed)?|overr[ua]ns?|breach\w*|violat\w*|slip(?:s|ped)?|pass(?:es|ed)|"
    r"later?|longer|verpasst|überschritten|manqué\w*|dépass\w*|incumpl\w*|superad\w*|perdid\w*)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|nicht|pas|no|não)\b|n't\b", re.IGNORECASE)
_NEAR = 60


def _breaks_deadline(words: Words, frame: Frame) -> bool:
    """Whether a frame says what is done when the run is not over at the time that the text names."""
    deadline = words.deadline
    if deadline is None or alert_event(words.plain(frame.main.span)) in ("failure", "retry"):
        return False
    grounds = (*frame.conditions, *frame.temporals)
    if any(alert_event(f"{clause.opening} {words.plain(clause.span)}") == "failure" for clause in grounds):
        return False
    for clause in grounds:
        said = words.text[clause.span.start : max(clause.span.end, deadline.end)]
        holds = clause.span.start <= deadline.start <= clause.span.end + _NEAR and frame.main.span.start > deadline.end
        broken = clause.opening == "unless" or _NOT.search(said) or _MISSED.search(said)
        if broken and (holds or clause.span.overlaps(deadline)):
            return True
        if 0 <= clause.span.start - deadline.end < 2 * _NEAR and _MISSED.search(clause.span.of(words.text)):
            return True
    verb = frame.main.verb
    start = verb.span.start if verb is not None else frame.main.span.start
    if not deadline.end < start < deadline.end + _NEAR:
        return False
    otherwise = _OR_ELSE.match(words.text, deadline.end, start + 12)
    return otherwise is not None and otherwise.end() >= start


def _ground(words: Words, frame: Frame) -> str:
    """The event a frame speaks of, from its qualifiers first and its own words second."""
    if _breaks_deadline(words, frame):
        return "deadline"
    start, end = frame.main.span.start, frame.main.span.end
    if any(start <= span.start < end for span in words.consumed) and _LATE.search(words.text, start, end):
        return "deadline"
    own = alert_event(words.plain(frame.main.span))
    if own in ("failure", "retry"):
        return own
    if frame.main.heading is not None:
        event = alert_event(frame.main.heading.of(words.text))
        if event:
            return event
    for clause in (*frame.conditions, *frame.temporals):
        event = alert_event(f"{clause.opening} {words.plain(clause.span)}")
        if event:
            return event
    if own:
        return own
    text = frame.main.span.of(words.text)
    label = frame.main.heading is not None and _ALERT_LABEL.match(frame.main.heading.of(words.text))
    # "alert: #ops", "Alerts: PagerDuty": what an alert without an event is about is a failure.
    return "failure" if label or (frame.main.chunk > 0 and _LABELLED.match(text)) else ""


_WHATEVER = re.compile(
    r"\b(?:regardless|irrespective|independently)\s+of\s+(?:the\s+)?(?:success|failure|outcome|result|whether|how)\b",
    re.I,
)


def is_alert(words: Words, frame: Frame) -> bool:
    """Whether a frame asks to tell somebody about a failure, a delay or a retry (not about normal work)."""
    event = _ground(words, frame)
    if event in ("", "success"):
        return False
    clause = frame.main
    text = clause.span.of(words.text)
    if _EVEN_IF.search(text):
        return False
    if _WHATEVER.search(text) and clause.verb is not None and clause.verb.action != "notify":
        return False  # "Stops the server regardless of success or failure": work for both ends
    if _FAILURE_GOES.search(text) and (words.services_in(clause.span) or words.slots_in(clause.span)):
        return True
    if clause.verb is not None and clause.verb.action not in ("notify", "load", "trigger"):
        return False
    named = words.slots_in(clause.span)
    told = any(slot.name in ("recipients", "channel") for slot in named)
    told = told or any(use.service in CHANNELS for use in words.services_in(clause.span))
    if clause.verb is not None and clause.verb.lemma in _RUNS and not told:
        # "run the job report": work, whatever the job is called.
        return False
    channels = [use for use in words.services_in(clause.span) if use.service not in DATA_PLACES]
    if channels and clause.verb is None and len(text.split()) <= 8:
        return True
    labelled = (
        clause.heading is not None
        and bool(alert_event(clause.heading.of(words.text)))
        and bool(words.services_in(clause.span))
    )
    return labelled or told or bool(_TELL.search(_without_values(words, clause.span)))


_RUNS = frozenset({"run", "rerun", "re-run", "execute", "start", "launch", "invoke", "kick off"})


def _without_values(words: Words, span: Span) -> str:
    """The words of a span without its values: what a thing is called tells nobody anything."""
    letters = list(words.text[span.start : span.end])
    for slot in words.slots_in(span):
        if slot.name in ("name", "identifier", "table", "job_name"):
            first, after = slot.span.start - span.start, slot.span.end - span.start
            letters[max(0, first) : after] = " " * (min(after, len(letters)) - max(0, first))
    return "".join(letters)


def read_alerts(words: Words, frame: Frame) -> tuple[AlertReading, ...]:
    """The alerts that a frame asks for: two if the words speak of success and failure."""
    alerts = each_channel(read_alert(words, frame), [use.service for use in words.services_in(frame.main.span)])
    around = (frame.main, *frame.conditions, *frame.temporals)
    both = any(speaks_of_both_ends(clause.span.of(words.text)) for clause in around)
    if alerts[0].on == "failure" and both:
        return (*alerts, *(replace(alert, on="success") for alert in alerts))
    return alerts


# What the target of an alert looks like, by the service that tells: a pager knows no channel.
_OWN_TARGET = {
    "slack": "channel",
    "smtp": "recipients",
    "sendgrid": "recipients",
    "gmail": "recipients",
    "amazon_sns": "arn",
}
_PAGERS = frozenset({"pagerduty", "opsgenie"})


def each_channel(alert: AlertReading, services: Sequence[str]) -> tuple[AlertReading, ...]:
    """One alert per channel where the words name several ("both PagerDuty and #ops have to know")."""
    by_name = {slot.name: slot.value for slot in reversed(alert.slots)}
    told = [service for service in dict.fromkeys(services) if service in CHANNELS]
    if "channel" in by_name and by_name["channel"].startswith("#") and "slack" not in told and _PAGERS & set(told):
        told.append("slack")
    if "recipients" in by_name and not set(told) & {"smtp", "sendgrid", "gmail"} and _PAGERS & set(told):
        told.append("smtp")
    if alert.service == "amazon_sns" and not alert.target and "arn" in by_name:
        alert = replace(alert, target=by_name["arn"])
    if len(told) < 2 or alert.service not in told:
        return (alert,)
    return tuple(
        replace(alert, service=service, target=by_name.get(_OWN_TARGET.get(service, ""), ""))
        for service in told
        if service in _PAGERS or _OWN_TARGET.get(service, "") in by_name
    ) or (alert,)


def read_alert(words: Words, frame: Frame) -> AlertReading:
    """The alert that a frame asks for. Without a channel in the words, `service` is empty: that is a question."""
    clause = frame.main
    text = clause.span.of(words.text)
    slots = words.slots_in(clause.span)
    uses = [use.service for use in words.services_in(clause.span)]
    uses = [service for service in uses if service not in DATA_PLACES] or uses[:0]
    by_name = {slot.name: slot.value for slot in reversed(slots)}
    service = uses[0] if uses else ""
    if service in ("", "webhook", "http") and "recipients" in by_name:
        service = "smtp"
    if not service and "channel" in by_name:
        service = "slack"
    if not service and _GENERIC_MAIL.search(text):
        service = "smtp"
    if not service and (_WEBHOOK.search(text) or "url" in by_name):
        service = "webhook"
    target = (
        by_name.get("recipients")
        or by_name.get("channel")
        or by_name.get("project")
        or by_name.get("url")
        or by_name.get("topic")
        or ""
    )
    return AlertReading(_ground(words, frame), service, target, by_name.get("connection", ""), text, clause.span, slots)
