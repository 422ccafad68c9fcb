"""The values of a pattern: read from text, checked against their types, put into its sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.catalog.patterns import Pattern, PatternParameter
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["check_values", "describe_pattern", "value_of_text"]

_NAME = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*")
_CRON = re.compile(r"(?:[\d*/,\-A-Za-z#]+ ){4}[\d*/,\-A-Za-z#]+")
_LONGEST = 4000
_BY_HAND = "by hand"
_EXPECTED = {
    "text": "text on one line without double quotes and backticks",
    "name": "a name without blanks and quotes",
    "identifier": "a plain name such as shop.orders",
    "identifiers": "a list of plain names such as [orders, items]",
    "integer": "a whole number",
    "integers": "a list of whole numbers such as [1, 2, 3]",
    "date": "a date such as 2026-01-31",
    "email": "an address such as data@example.com",
    "channel": "a channel such as #data-alerts",
    "sql": "a SQL statement on one line without backticks",
    "command": "a shell command on one line without backticks",
    "schedule": "words such as every day at 06:00, a cron expression, or by hand",
    "timezone": "an IANA time zone such as Europe/Berlin",
    "dag_id": "letters, digits and underscores",
}
_LISTS = {"identifiers": "identifier", "integers": "integer"}


def value_of_text(pattern: Pattern, name: str, text: str) -> object:
    """The value that `text` means for a parameter: numbers and lists (`[a, b]` or `a, b`) are read as such.

    What cannot be read stays text, so that checking the value names it.
    """
    kind = next((item.type for item in pattern.all_parameters if item.name == name), "text")
    if kind in _LISTS:
        parts = [part.strip().strip("'\"") for part in text.strip().removeprefix("[").removesuffix("]").split(",")]
        return [_number(part) if kind == "integers" else part for part in parts if part]
    return _number(text) if kind == "integer" else text


def _number(text: str) -> object:
    return int(text) if re.fullmatch(r"\s*-?\d{1,18}\s*", text, re.ASCII) else text


def check_values(pattern: Pattern, given: Mapping[str, object]) -> dict[str, object]:
    """The values of all roles and parameters, given ones and defaults; placeholders in defaults are filled.

    Raises:
        UserInputError: a name is unknown, a value has the wrong type, or a required one is missing.
    """
    known = [role.role for role in pattern.services] + [item.name for item in pattern.all_parameters]
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=2, cutoff=0.6)
            asked = f"did you mean {' or '.join(close)}?" if close else f"parameters: {', '.join(known)}"
            raise UserInputError(f"pattern {pattern.id!r} has no parameter {name!r}", hint=asked)
    values: dict[str, object] = {}
    for role in pattern.services:
        value = given.get(role.role, role.default)
        if value not in role.options:
            raise UserInputError(
                f"{role.role!r} of pattern {pattern.id!r} cannot be {value!r}", hint=f"one of {', '.join(role.options)}"
            )
        values[role.role] = value
    for parameter in pattern.all_parameters:
        if parameter.name in given:
            values[parameter.name] = _checked(pattern, parameter, given[parameter.name])
        elif parameter.default is not None:
            values[parameter.name] = parameter.default.value
        else:
            raise UserInputError(
                f"pattern {pattern.id!r} needs a value for {parameter.name!r}",
                hint=f"{parameter.description} Expected {_expected(parameter)}.",
            )
    return {name: _fill(value, values) if isinstance(value, str) else value for name, value in values.items()}


def _checked(pattern: Pattern, parameter: PatternParameter, value: object) -> object:
    if isinstance(value, tuple):
        value = list(value)
    if not _fits(parameter, value):
        shown = repr(value) if len(repr(value)) <= 80 else f"{repr(value)[:77]}..."
        raise UserInputError(
            f"{parameter.name!r} of pattern {pattern.id!r} cannot be {shown}", hint=f"expected {_expected(parameter)}"
        )
    return value


def _expected(parameter: PatternParameter) -> str:
    least = f" of at least {parameter.minimum}" if parameter.minimum is not None else ""
    return _EXPECTED[parameter.type] + least


def _fits(parameter: PatternParameter, value: object) -> bool:
    kind = parameter.type
    if kind in _LISTS:
        items = value if isinstance(value, list) else []
        return 2 <= len(items) <= 100 and all(_fits_one(_LISTS[kind], item) for item in items)
    if kind == "integer":
        return _fits_one(kind, value) and (parameter.minimum is None or int(str(value)) >= parameter.minimum)
    if value == "" and parameter.sentence and parameter.name not in ("schedule", "dag_id"):
        return True
    return _fits_one(kind, value)


def _fits_one(kind: str, value: object) -> bool:
    if kind == "integer":
        return type(value) is int and abs(value) < 10**18
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        return False
    # A value must not end the sentence or the quotation that it stands in, nor bring placeholders of its own.
    if not value.isprintable() or "`" in value or "${" in value or ("\\" in value and kind == "text"):
        return False
    return _TESTS[kind](value)


def _is_schedule(text: str) -> bool:
    from airflow_provider_wfintel.engine.generation.schedule import read_schedule

    return text == _BY_HAND or read_schedule(_schedule_sentence(text)).schedule.stated


def _is_zone(text: str) -> bool:
    from zoneinfo import available_timezones

    return text in available_timezones()


def _is_date(text: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _matches(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "text": lambda text: '"' not in text,
    "name": _matches(r"[^\s'\",;]+"),
    "identifier": lambda text: _IDENTIFIER.fullmatch(text) is not None,
    "date": _is_date,
    "email": _matches(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "channel": _matches(r"#[\w-]+"),
    "sql": _matches(r".+"),
    "command": _matches(r".+"),
    "schedule": _is_schedule,
    "timezone": _is_zone,
    "dag_id": _matches(r"[A-Za-z_]\w{0,199}"),
}


def describe_pattern(pattern: Pattern, values: Mapping[str, object]) -> str:
    """The description in words that a pattern stands for, with checked values."""
    shown = dict(values)
    for role in pattern.services:
        shown[role.role] = load_catalog().service(str(values[role.role])).name
    sentences = [_fill(sentence, shown) for sentence in pattern.text]
    for parameter in pattern.shared:
        value = values[parameter.name]
        if parameter.type == "schedule":
            sentences.append(_schedule_sentence(str(value)))
        elif value not in ("", 0):
            sentences.append(_fill(parameter.sentence, shown))
    return " ".join(sentences)


def _schedule_sentence(text: str) -> str:
    if text == _BY_HAND:
        return "It is started by hand."
    return f"Schedule: `{text}`." if _CRON.fullmatch(text) else f"Run it {text}."


def _fill(text: str, values: Mapping[str, object]) -> str:
    return _NAME.sub(lambda found: _word(values[found.group(1)]), text)


def _word(value: object) -> str:
    return f"[{', '.join(str(item) for item in value)}]" if isinstance(value, list) else str(value)
