"""Rows of a day: "yesterday's orders", "the rows of the run date", "the last 7 days", a partition of BigQuery."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["day_condition", "time_column"]

_THINGS = r"(?:rows?|records?|entries|data|events?|orders?|sales|transactions?|changes|[a-z]+s)"
_YESTERDAY = re.compile(
    rf"\b(?:yesterday['’]s|(?:the\s+)?(?:previous|prior|last)\s+day['’]s)\s+(?!(?:run|file|files|partition|dag|date)\b)|"
    rf"\b{_THINGS}\s+(?:\w+\s+)?(?:of|for|from)\s+(?:yesterday|the\s+(?:previous|prior)\s+day)\b|\bfor\s+(?:yesterday|the\s+(?:previous|prior)\s+day)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    rf"\b(?:today['’]s|the\s+(?:current|run)\s+day['’]s)\s+(?!(?:run|file|files|partition|dag|date)\b)|"
    rf"\b{_THINGS}\s+(?:of|for|from)\s+(?:today|the\s+(?:run\s+date|day\s+of\s+the\s+run|run['’]s\s+(?:date|day)|(?:execution|logical|current)\s+(?:date|day)))\b|"
    r"\bfor\s+the\s+(?:run\s+date|day\s+of\s+the\s+run|(?:execution|logical)\s+date)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\s+(?:yesterday|the\s+(?:previous|prior)\s+day)\b", re.IGNORECASE)
_LAST_DAYS = re.compile(
    r"\b(?:of|from|in|for|over|within|covering)\s+the\s+(?:last|past|previous)\s+(?P<n>\d{1,4}|two|three|seven|thirty)\s+(?P<unit>days?|weeks?)\b|"
    r"\b(?:last|past)\s+(?P<n2>\d{1,4})\s+(?P<unit2>days?|weeks?)\s+of\s+(?:the\s+)?(?:rows|records|data|orders|events)\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "seven": 7, "thirty": 30}
_PARTITION = re.compile(r"\bpartitions?\b", re.IGNORECASE)
_READS = ("extract", "copy", "query", "load")
_BY_FOLDERS = frozenset({"hive", "spark", "trino", "presto", "athena", "amazon_athena", "impala"})
_BEFORE_DAY = re.compile(r"\b(?:yesterday|previous\s+day|prior\s+day|day\s+before)\b", re.IGNORECASE)
_RUN_DAY = re.compile(
    r"\b(?:today|(?:run|execution|logical|current)\s*(?:date|day)|(?:date|day)\s+of\s+the\s+run|that\s+day|the\s+day['’]?s?|day['’]s)\b|\{\{\s*ds\s*\}\}",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"\b(?:by|on|column|with|where)\s+(?:the\s+)?(?:column\s+)?[`'\"]?(?P<column>[A-Za-z_]\w*(?:_(?:at|date|on|day|ts|time|dt))|dt|ds|date|day)\b",
    re.I,
)
_CHANGED = re.compile(r"\b(?:updated|changed|modified|edited)\b", re.IGNORECASE)


def time_column(desk: Desk, step: Step, column: str | None, words: str) -> str:
    """The column that a time bounds: the stated one, else the usual one, which is told."""
    if column:
        return column.lower() if column.lower() in ("day", "date") else column
    usual = "updated_at" if _CHANGED.search(words) else "created_at"
    desk.notes.assume(
        "sql", f"The time of a row is taken from a column {usual!r}; name the right column.", desk.span(step)
    )
    return usual


def day_condition(desk: Desk, step: Step, words: str) -> str:
    """The condition for the rows of a day or of some days, as SQL; empty if the words speak of none."""
    if not _PARTITION.search(words):
        return _of_days(desk, step, words)
    service = (step.target or step.source) if step.action == "delete" else (step.source or step.target)
    if service == "google_bigquery" and step.action in ("delete", *_READS):
        loading = "the day of loading (_PARTITIONDATE)"
        return _partition(desk, step, words, "_PARTITIONDATE", loading, "DATE '{}'")
    if service in _BY_FOLDERS and step.action in _READS:
        return _partition(desk, step, words, "ds", "a column 'ds' of days (2026-01-31)", "'{}'")
    return ""


def _of_days(desk: Desk, step: Step, words: str) -> str:
    """The condition on a time of the rows."""
    if step.action not in (*_READS, "delete", "check", "wait_for"):
        return ""
    if step.action == "load" and not step.source:
        return ""
    if _YESTERDAY.search(words):
        return _between(time_column(desk, step, _column(words), words), _day(desk, -1), desk.run_day)
    if _TODAY.search(words):
        return _between(time_column(desk, step, _column(words), words), desk.run_day, _day(desk, 1))
    if _SINCE.search(words) and step.action != "delete":
        return f"{time_column(desk, step, _column(words), words)} >= '{_day(desk, -1)}'"
    last = _LAST_DAYS.search(words)
    if last is not None and step.action != "delete":
        number, unit = last.group("n") or last.group("n2"), last.group("unit") or last.group("unit2")
        days = (_NUMBERS.get(number.lower()) or int(number)) * (7 if unit.lower().startswith("week") else 1)
        return f"{time_column(desk, step, _column(words), words)} >= '{_day(desk, -days)}'"
    return ""


def _column(words: str) -> str | None:
    found = _COLUMN.search(words)
    return found.group("column") if found is not None else None


def _between(column: str, low: str, high: str) -> str:
    return f"{column} >= '{low}' AND {column} < '{high}'"


def _day(desk: Desk, days: int) -> str:
    """The template for a day so many days from the day of the run."""
    inside = desk.run_day.strip("{} ")
    return f"{{{{ macros.ds_add({inside}, {days}) }}}}"


def _partition(desk: Desk, step: Step, words: str, usual: str, told: str, literal: str) -> str:
    """The partition of a day: that of a stated column, else that of the usual one, which is told.

    Args:
        desk: takes the assumption.
        step: whose rows they are.
        words: what is said of them.
        usual: the column if none is stated.
        told: what the table is then taken to be partitioned by.
        literal: the SQL of a day, with `{}` where the day stands.
    """
    day = _day(desk, -1) if _BEFORE_DAY.search(words) else desk.run_day if _RUN_DAY.search(words) else ""
    if not day:
        return ""
    column = _column(words)
    if column is None:
        text = f"The table is taken to be partitioned by {told}; name the right column otherwise."
        desk.notes.assume("partition", text, desk.span(step))
    return f"{column or usual} = {literal.replace('{}', day)}"
