"""Guards: conditions become short-circuit tasks that skip everything after them."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OutputRef

__all__ = ["branch_draft", "guard_drafts"]

_COUNTRY = (
    (re.compile(r"\b(?:us|u\.s\.|american|nyse|nasdaq)\b", re.I), "US"),
    (re.compile(r"\b(?:german|deutsch\w*|xetra)\b", re.I), "DE"),
    (re.compile(r"\b(?:uk|british|bank holidays?|london)\b", re.I), "GB"),
    (re.compile(r"\b(?:french|fériés?)\b", re.I), "FR"),
    (re.compile(r"\b(?:spanish|festivos?)\b", re.I), "ES"),
    (re.compile(r"\b(?:brazil\w*|feriados?)\b", re.I), "BR"),
)
_COMPARED = (
    (
        "<=",
        re.compile(
            r"<=|\b(?:at most|no more than|not more than|up to|höchstens|au plus|como máximo|no máximo)\b", re.I
        ),
    ),
    (">=", re.compile(r">=|\b(?:at least|no less than|no fewer than|mindestens|au moins|al menos|pelo menos)\b", re.I)),
    ("<", re.compile(r"<|\b(?:less than|fewer than|below|under|kleiner als|weniger als|moins de|menos de)\b", re.I)),
    (
        ">",
        re.compile(
            r">|\b(?:more than|greater than|above|over|exceeds?|größer als|mehr als|plus de|más de|mais de)\b", re.I
        ),
    ),
)
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_BRANCHES = ("not_empty", "threshold", "exists", "custom", "holiday")


def guard_drafts(desk: Desk, guard: Guard, upstream: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The tasks that check a condition on what `upstream` gives. The last one lets the work through or skips it."""
    words = _words(guard)
    if guard.kind == "holiday":
        return _holiday(desk, guard, words)
    if guard.kind == "differs" and len(upstream) >= 2:
        left, right = upstream[-2], upstream[-1]
        extra = _sides(left, right) if guard.positive else (*_sides(left, right), literal("go_on_if", "equal"))
        name = "counts_differ" if guard.positive else "counts_agree"
        return (from_recipe(desk, words, "compare_counts", SlotValues({}, {}), name, extra=extra),)
    source = _source(upstream)
    if guard.kind == "not_empty" and not guard.positive and source is not None and _observable(source):
        empty = (Argument("value", OutputRef(source.task.task_id)),)
        return (from_recipe(desk, words, "has_no_rows", SlotValues({}, {}), "has_no_rows", extra=empty),)
    if guard.kind in ("not_empty", "threshold") and source is not None and (_observable(source) or _table(source)):
        return (_compared(desk, guard, words, source),)
    _ask(desk, guard, "check")
    own: tuple[Argument, ...] = (literal("condition", " ".join(guard.words.split())[:300], "stated", guard.span),)
    return (from_recipe(desk, words, "check_condition", SlotValues({}, {}), "check_condition", extra=own),)


def _words(guard: Guard) -> Step:
    return Step(action="branch", lemma="check", words=guard.words, spans=(guard.span,))


def _sides(left: Draft, right: Draft) -> tuple[Argument, ...]:
    return Argument("left", OutputRef(left.task.task_id)), Argument("right", OutputRef(right.task.task_id))


def _ask(desk: Desk, guard: Guard, what: str) -> None:
    text = f"How is {guard.words.strip()[:120]!r} decided? The {what} fails until its code is filled in."
    desk.notes.ask("condition", text, span=guard.span)


def branch_draft(desk: Desk, guard: Guard, upstream: tuple[Draft, ...]) -> Draft | None:
    """The task that takes one way or the other; None if the guard is one that two checks carry out."""
    if guard.kind not in _BRANCHES:
        return None
    words = _words(guard)
    source = _source(upstream)
    if guard.kind in ("not_empty", "threshold") and source is not None and _observable(source):
        operator, threshold = _comparison(guard)
        extra = (
            Argument("value", OutputRef(source.task.task_id)),
            literal("operator", operator, "stated", guard.span),
            literal("threshold", threshold, "stated", guard.span),
            *_open_ways(),
        )
        draft = from_recipe(desk, words, "branch_on_value", SlotValues({}, {}), "choose_way", extra=extra)
    else:
        _ask(desk, guard, "branch")
        draft = from_recipe(desk, words, "branch_on_condition", SlotValues({}, {}), "choose_way", extra=_open_ways())
    return replace(draft, needs="", must=False, gives="")


def _open_ways() -> tuple[Argument, ...]:
    return literal("if_true", [], "implied"), literal("if_false", [], "implied")


def _source(upstream: tuple[Draft, ...]) -> Draft | None:
    """The draft that the condition is about: the last one whose result can be looked at, else the last one."""
    seen = [item for item in upstream if _observable(item)] or list(upstream)
    return seen[-1] if seen else None


def _observable(source: Draft) -> bool:
    """Whether a task returns something that can be counted."""
    return bool(source.gives) or source.task.operator.path.endswith(":HttpOperator")


def _table(source: Draft) -> str:
    """The table that a task without a result wrote or checked."""
    if source.task.action not in ("load", "copy", "check"):
        return ""
    table = next((item.slot.value for item in source.step.slots if item.slot.name == "table"), "")
    return table if is_identifier(table) else ""


def _comparison(guard: Guard) -> tuple[str, float]:
    """The comparison under which work goes on."""
    if guard.kind == "not_empty":
        return (">", 0) if guard.positive else ("==", 0)
    operator = next((name for name, pattern in _COMPARED if pattern.search(guard.words)), ">=")
    plain = re.sub(r"[^\d.]", "", re.sub(r",(?=\d{3}\b)", "", guard.threshold)).rstrip(".") or "1"
    number = float(plain)
    return operator if guard.positive else _OPPOSITE[operator], int(number) if number.is_integer() else number


def _compared(desk: Desk, guard: Guard, words: Step, source: Draft) -> Draft:
    """A check of the count that a task returns, or of the rows of the table that it wrote."""
    operator, number = _comparison(guard)
    minimum = number + (1 if operator == ">" else 0)
    at_least = operator in (">", ">=") and isinstance(number, int)
    if not _observable(source):
        values = SlotValues({"table": LiteralValue.of(_table(source))}, {})
        service = source.step.target or source.step.source
        if at_least:
            bound: tuple[Argument, ...] = (literal("minimum", minimum, "stated", guard.span),) if minimum != 1 else ()
            return from_recipe(desk, words, "table_has_rows", values, "table_has_rows", service=service, extra=bound)
        _ask(desk, guard, "check")
        own = (literal("condition", " ".join(guard.words.split())[:300], "stated", guard.span),)
        return from_recipe(desk, words, "check_condition", SlotValues({}, {}), "check_condition", extra=own)
    extra: tuple[Argument, ...]
    value = Argument("value", OutputRef(source.task.task_id))
    if at_least:
        extra = (value, literal("minimum", minimum, "stated", guard.span)) if guard.kind == "threshold" else (value,)
        return from_recipe(desk, words, "has_rows", SlotValues({}, {}), "has_rows", extra=extra)
    extra = (
        value,
        literal("operator", operator, "stated", guard.span),
        literal("threshold", number, "stated", guard.span),
    )
    return from_recipe(desk, words, "check_value", SlotValues({}, {}), "check_value", extra=extra)


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
