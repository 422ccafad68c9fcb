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
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OutputRef, TemplateValue

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
_MAGNITUDES = {
    "thousand": 1000, "k": 1000, "tausend": 1000, "mille": 1000, "mil": 1000,
    "million": 10**6, "millions": 10**6, "m": 10**6, "millionen": 10**6, "millón": 10**6, "millones": 10**6,
    "billion": 10**9, "billions": 10**9,
}  # fmt: skip
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_BRANCHES = ("not_empty", "threshold", "equals", "day", "exists", "custom", "holiday")
_COUNTED = ("not_empty", "threshold")
_COMPARABLE = ("not_empty", "threshold", "equals")


def guard_drafts(desk: Desk, guard: Guard, upstream: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The tasks that check a condition on what `upstream` gives. The last one lets the work through or skips it."""
    guard = _of_one_value(guard, upstream)
    words = _words(guard)
    if guard.kind == "holiday":
        return _holiday(desk, guard, words)
    if guard.kind == "day":
        other = () if guard.positive else (literal("go_on_if", False, "stated", guard.span),)
        extra = (literal("which", guard.threshold, "stated", guard.span), *other)
        return (from_recipe(desk, words, "gate_on_day", SlotValues({}, {}), "check_day", extra=extra),)
    if guard.kind == "differs" and len(upstream) >= 2:
        left, right = upstream[-2], upstream[-1]
        extra = _sides(left, right) if guard.positive else (*_sides(left, right), literal("go_on_if", "equal"))
        name = "counts_differ" if guard.positive else "counts_agree"
        return (from_recipe(desk, words, "compare_counts", SlotValues({}, {}), name, extra=extra),)
    param = _declared_param(desk, guard)
    if param is not None:
        return (
            from_recipe(desk, words, "check_param", SlotValues({}, {}), f"check_{param[0]}", extra=_of_param(*param)),
        )
    source = _source(upstream)
    if guard.kind == "not_empty" and not guard.positive and source is not None and _observable(source):
        empty = (Argument("value", OutputRef(source.task.task_id)),)
        return (from_recipe(desk, words, "has_no_rows", SlotValues({}, {}), "has_no_rows", extra=empty),)
    named = _named_table(guard)
    if named and guard.kind in _COUNTED and _comparison(guard)[0] in (">", ">="):
        return (_rows_of_table(desk, guard, words, named, guard.service),)
    if guard.kind == "equals" and source is not None and _observable(source):
        return (_value_check(desk, guard, words, source),)
    if guard.kind in _COUNTED and source is not None and (_observable(source) or _table(source)):
        return (_compared(desk, guard, words, source),)
    _ask(desk, guard, "check")
    own: tuple[Argument, ...] = (literal("condition", " ".join(guard.words.split())[:300], "stated", guard.span),)
    return (from_recipe(desk, words, "check_condition", SlotValues({}, {}), "check_condition", extra=own),)


_UNSET = re.compile(r"\b(?:not|n't|false|off|unset|empty|no)\b", re.IGNORECASE)


def _declared_param(desk: Desk, guard: Guard) -> tuple[str, bool] | None:
    """Of "unless dry_run is set": the parameter that the text declares, and what it must be for the work to go on."""
    names = [name for name in desk.declared if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", guard.words)]
    few = len(re.findall(r"\w+", guard.words)) <= 6
    if len(names) != 1 or guard.kind not in ("custom", "not_empty", "equals") or not few:
        return None
    if guard.kind == "equals" and guard.threshold.lower() not in ("true", "false"):
        return None
    said = _UNSET.search(guard.words) is None
    # The words of an emptiness are read as their opposite: what they say decides here.
    goes_on = guard.positive if guard.kind != "not_empty" else guard.positive == said
    return names[0], said if goes_on else not said


def _of_param(name: str, wanted: bool) -> tuple[Argument, ...]:
    value = Argument("value", TemplateValue(f"{{{{ params.{name} }}}}"), "stated")
    return value, *(() if wanted else (literal("wanted", False, "stated"),))


_ANSWERS = frozenset({"http_get_json", "http_post_json", "http_call", "fetch_json_url", "post_json_url"})
_ONE_VALUE = re.compile(r"\b(?P<noun>[a-z]\w*)\s+(?:is|was|lies|goes|drops|rises|ist|est|es|é)\b", re.IGNORECASE)
_COUNTING = frozenset(
    {
        "count",
        "number",
        "total",
        "amount",
        "size",
        "length",
        "it",
        "there",
        "that",
        "this",
        "anzahl",
        "nombre",
        "número",
    }
)


def _of_one_value(guard: Guard, upstream: tuple[Draft, ...]) -> Guard:
    """Of "if the rate is above 1.2" after an answer in JSON: which of its fields is meant only a person can say."""
    source = _source(upstream)
    noun = _ONE_VALUE.search(guard.words)
    counted = noun is None or noun.group("noun").lower() in _COUNTING or noun.group("noun").endswith("s")
    answered = source is not None and source.task.operator.recipe in _ANSWERS
    return replace(guard, kind="custom") if guard.kind == "threshold" and answered and not counted else guard


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
    guard = _of_one_value(guard, upstream)
    words = _words(guard)
    source = _source(upstream)
    named = _named_table(guard)
    if guard.kind == "day":
        extra = (literal("which", guard.threshold, "stated", guard.span), *_open_ways())
        draft = from_recipe(desk, words, "branch_on_day", SlotValues({}, {}), "choose_way", extra=extra)
    elif named and guard.kind in _COUNTED:
        operator, threshold = _comparison(guard)
        extra = (
            literal("operator", operator, "stated", guard.span),
            literal("threshold", threshold, "stated", guard.span),
            *_open_ways(),
        )
        values = SlotValues({"table": LiteralValue.of(named)}, {})
        draft = from_recipe(desk, words, "branch_on_rows", values, "choose_way", service=guard.service, extra=extra)
    elif guard.kind in _COMPARABLE and source is not None and _observable(source):
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


def _named_table(guard: Guard) -> str:
    """The table whose rows the condition itself speaks of."""
    table = next((slot.value for slot in guard.slots if slot.name == "table"), "")
    return table if guard.service and is_identifier(table) else ""


def _comparison(guard: Guard) -> tuple[str, float | str]:
    """The comparison under which work goes on."""
    if guard.kind == "equals":
        return ("==" if guard.positive else "!=", guard.threshold)
    if guard.kind == "not_empty":
        return (">", 0) if guard.positive else ("==", 0)
    operator = next((name for name, pattern in _COMPARED if pattern.search(guard.words)), ">=")
    plain = re.sub(r"[^\d.]", "", re.sub(r",(?=\d{3}\b)", "", guard.threshold)).rstrip(".") or "1"
    number = float(plain) * _magnitude(guard)
    return operator if guard.positive else _OPPOSITE[operator], int(number) if number.is_integer() else number


def _magnitude(guard: Guard) -> int:
    """What the word after a number multiplies it by ("1 million", "10k")."""
    found = re.search(rf"{re.escape(guard.threshold)}\s*(?P<word>[a-zA-Z]+)", guard.words) if guard.threshold else None
    return _MAGNITUDES.get(found.group("word").lower(), 1) if found is not None else 1


def _rows_of_table(desk: Desk, guard: Guard, words: Step, table: str, service: str) -> Draft:
    """Whether a table has as many rows as the condition wants, at least one."""
    operator, number = _comparison(guard)
    minimum = int(float(number)) + (operator == ">")
    values = SlotValues({"table": LiteralValue.of(table)}, {})
    bound: tuple[Argument, ...] = (literal("minimum", minimum, "stated", guard.span),) if minimum != 1 else ()
    return from_recipe(desk, words, "table_has_rows", values, "table_has_rows", service=service, extra=bound)


def _value_check(desk: Desk, guard: Guard, words: Step, source: Draft) -> Draft:
    """A check of the value that a task returns."""
    operator, value = _comparison(guard)
    extra = (
        Argument("value", OutputRef(source.task.task_id)),
        literal("operator", operator, "stated", guard.span),
        literal("threshold", value, "stated", guard.span),
    )
    return from_recipe(desk, words, "check_value", SlotValues({}, {}), "check_value", extra=extra)


def _compared(desk: Desk, guard: Guard, words: Step, source: Draft) -> Draft:
    """A check of the count that a task returns, or of the rows of the table that it wrote."""
    operator, number = _comparison(guard)
    at_least = operator in (">", ">=") and isinstance(number, int)
    if not _observable(source):
        service = source.step.target or source.step.source
        if at_least:
            return _rows_of_table(desk, guard, words, _table(source), service)
        _ask(desk, guard, "check")
        own = (literal("condition", " ".join(guard.words.split())[:300], "stated", guard.span),)
        return from_recipe(desk, words, "check_condition", SlotValues({}, {}), "check_condition", extra=own)
    extra: tuple[Argument, ...]
    value = Argument("value", OutputRef(source.task.task_id))
    if at_least:
        minimum = int(number) + (operator == ">")
        extra = (value, literal("minimum", minimum, "stated", guard.span)) if guard.kind == "threshold" else (value,)
        return from_recipe(desk, words, "has_rows", SlotValues({}, {}), "has_rows", extra=extra)
    return _value_check(desk, guard, words, source)


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
