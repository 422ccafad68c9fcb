"""Guards: conditions become short-circuit tasks that skip everything after them."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OutputRef

__all__ = ["guard_drafts"]

_COUNTRY = (
    (re.compile(r"\b(?:us|u\.s\.|american|nyse|nasdaq)\b", re.I), "US"),
    (re.compile(r"\b(?:german|deutsch\w*|xetra)\b", re.I), "DE"),
    (re.compile(r"\b(?:uk|british|bank holidays?|london)\b", re.I), "GB"),
    (re.compile(r"\b(?:french|fériés?)\b", re.I), "FR"),
    (re.compile(r"\b(?:spanish|festivos?)\b", re.I), "ES"),
    (re.compile(r"\b(?:brazil\w*|feriados?)\b", re.I), "BR"),
)
_MORE = re.compile(
    r"\b(?:more than|greater than|above|over|exceeds?|mehr als|plus de|más de|mais de)\b|>(?!=)", re.IGNORECASE
)


def guard_drafts(desk: Desk, guard: Guard, upstream: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The tasks that check a condition. The last one lets the work through or skips it."""
    words = Step(action="branch", lemma="check", words=guard.words, spans=(guard.span,))
    if guard.kind == "holiday":
        return _holiday(desk, guard, words)
    if guard.kind == "differs" and len(upstream) >= 2:
        left, right = upstream[-2], upstream[-1]
        extra = (Argument("left", OutputRef(left.task.task_id)), Argument("right", OutputRef(right.task.task_id)))
        return (from_recipe(desk, words, "compare_counts", SlotValues({}, {}), "counts_differ", extra=extra),)
    source = upstream[-1] if upstream else None
    if guard.kind == "not_empty" and not guard.positive and source is not None:
        empty = (Argument("value", OutputRef(source.task.task_id)),)
        return (from_recipe(desk, words, "has_no_rows", SlotValues({}, {}), "has_no_rows", extra=empty),)
    if guard.kind in ("not_empty", "threshold") and source is not None:
        return (_not_empty(desk, guard, words, source),)
    desk.notes.ask(
        "condition",
        f"How is {guard.words.strip()[:120]!r} decided? The check fails until its code is filled in.",
        span=guard.span,
    )
    own: tuple[Argument, ...] = (literal("condition", " ".join(guard.words.split())[:300], "stated", guard.span),)
    return (from_recipe(desk, words, "check_condition", SlotValues({}, {}), "check_condition", extra=own),)


def _not_empty(desk: Desk, guard: Guard, words: Step, source: Draft) -> Draft:
    table = next((item.slot.value for item in source.step.slots if item.slot.name == "table"), "")
    service = source.step.target or source.step.source
    if not source.gives and table and is_identifier(table) and source.task.action in ("load", "copy"):
        values = SlotValues({"table": LiteralValue.of(table)}, {})
        return from_recipe(desk, words, "table_has_rows", values, "table_has_rows", service=service)
    extra: tuple[Argument, ...] = (Argument("value", OutputRef(source.task.task_id)),)
    if guard.kind == "threshold":
        number = re.sub(r"[^\d]", "", guard.threshold.split(".")[0]) or "1"
        minimum = int(number) + (1 if _MORE.search(guard.words) else 0)
        extra = (*extra, literal("minimum", minimum, "stated", guard.span))
    return from_recipe(desk, words, "has_rows", SlotValues({}, {}), "has_rows", extra=extra)


def _holiday(desk: Desk, guard: Guard, words: Step) -> tuple[Draft, ...]:
    table = next(
        (slot.value for slot in guard.slots if slot.name in ("table", "name") and is_identifier(slot.value)), ""
    )
    if table:
        values = SlotValues({"table": LiteralValue.of(table)}, {})
        desk.notes.assume(
            "holidays", f"A run's date is a holiday if the table {table!r} has it in its column 'date'.", guard.span
        )
        return (
            from_recipe(desk, words, "gate_not_in_table", values, "not_a_holiday", service=guard.service or "postgres"),
        )
    country = next((code for pattern, code in _COUNTRY if pattern.search(guard.words)), "")
    if not country:
        country = "US"
        desk.notes.ask(
            "holidays", "Which country's public holidays count? Until then it is the United States.", span=guard.span
        )
    extra = (literal("country", country, "implied", guard.span),)
    return (from_recipe(desk, words, "gate_not_holiday", SlotValues({}, {}), "not_a_holiday", extra=extra),)
