"""Files that go out with an e-mail: a file that the words name, or the rows of the step before as a CSV file."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, Span, TemplateValue

__all__ = ["mail_with_rows", "say_attached"]

_ATTACHED = re.compile(
    r"\b(?:as|in|with)\s+(?:an?\s+|the\s+)?(?:(?P<form>\w+)\s+)?(?:file\s+)?attach(?:ment|ed)s?(?:\s+file)?\b|\battach(?:ed|ing)?\s+(?:it\s+|them\s+|(?:the\s+)?(?:results?|rows|report|data|output)\s+)?(?:as\s+)?(?:an?\s+)?(?P<form2>csv|file)?\b|"
    r"\bals\s+(?:csv-?)?anhang\b|\ben\s+pièce\s+jointe\b|\bcomo\s+(?:archivo\s+)?adjunto\b",
    re.IGNORECASE,
)
_AS_FILE = re.compile(r"\bas\s+(?:an?\s+)?csv(?:\s+file)?\b", re.IGNORECASE)
_FORMS = frozenset({"microsoft_excel"})
"""Services that only name the form of an attachment."""
_FILES = ("path", "file_name", "uri")
_NOT_CSV = frozenset({"excel", "xlsx", "pdf", "parquet", "json", "html", "zip"})


def mail_with_rows(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """An e-mail that has the rows of the step before attached."""
    mails = step.action == "notify" and (
        step.target == "smtp" or (set(step.services) <= _FORMS and step.values("recipients"))
    )
    found = _ATTACHED.search(step.words) or _AS_FILE.search(step.words)
    if (
        not mails
        or not fed
        or found is None
        or any(step.values(name) for name in _FILES if "/" in str(step.values(name)))
    ):
        return None
    form = next(filter(None, found.groupdict().values()), "csv").lower()
    recipients = step.values("recipients")
    if (form in _NOT_CSV and form not in ("excel", "xlsx")) or not recipients:
        return None
    step = replace(step, source="", target="smtp")
    named = next((name for name in step.values("file_name") if name.lower().endswith(".csv")), "")
    values = slot_values(step)
    told = next((values.values[name] for name in ("message", "text", "body") if name in values.values), None)
    extra: tuple[Argument, ...] = (
        literal("recipients", list(recipients) if len(recipients) > 1 else recipients[0]),
        Argument("subject", values.values.get("subject") or TemplateValue("{{ dag.dag_id }}: {{ run_id }}"), "assumed"),
        Argument("message", told or TemplateValue("{{ dag.dag_id }}, run {{ run_id }}"), "assumed"),
        *((literal("file_name", named),) if named else ()),
    )
    if form not in _NOT_CSV:
        _say(desk, step)
    if not named:
        desk.notes.assume("attachment", "The rows go out as the file 'report.csv'.", desk.span(step))
    return (from_recipe(desk, step, "mail_rows", values, task, service="smtp", extra=extra),)


def say_attached(desk: Desk, step: Step, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The drafts as they are; "as an attachment" is done where a file is attached."""
    for draft in drafts:
        files = draft.task.argument("files")
        if files is not None and isinstance(files.value, LiteralValue) and files.value.value:
            _say(desk, step)
    return drafts


def _say(desk: Desk, step: Step) -> None:
    for span in step.spans:
        for pattern in (_ATTACHED, _AS_FILE):
            for found in pattern.finditer(desk.text, span.start, span.end):
                desk.said.append(Span(found.start(), found.end()))
