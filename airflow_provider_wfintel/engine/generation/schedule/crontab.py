"""Cron expressions, presets and rates that stand in the text as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.schedule.runs import is_cron
from airflow_provider_wfintel.engine.model import Span

__all__ = ["CronFound", "find_cron"]

_NAME = r"(?:sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_ATOM = rf"(?:\*|\?|\d{{1,2}}|{_NAME}|\d?[lL]\d?)(?:\s?-\s?(?:\d{{1,2}}|{_NAME}))?(?:#\d)?(?:/\d{{1,3}})?"
_FIELD = re.compile(rf"{_ATOM}(?:,{_ATOM})*".replace(r"\s?", ""), re.IGNORECASE)
_WORD = re.compile(r"[^\s`'\"()=:]+")
_PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PRESET = re.compile(
    r"(?<![\w.])@(hourly|daily|midnight|weekly|monthly|quarterly|yearly|annually|once|continuous)\b", re.IGNORECASE
)
_RATE = re.compile(r"\brate\((\d{1,4})\s+(minute|hour|day)s?\)")


@dataclass(frozen=True, slots=True)
class CronFound:
    """An expression (or `@once`, `@continuous`) and its place; `problem` says why it cannot be used."""

    expression: str
    span: Span
    problem: str = ""
    interval_seconds: float = 0.0


def find_cron(text: str) -> CronFound | None:
    """The first cron expression, preset or rate of a text."""
    preset = _PRESET.search(text)
    if preset is not None:
        name = preset.group().lower()
        return CronFound(_PRESETS.get(name, name), Span(*preset.span()))
    rate = _RATE.search(text)
    if rate is not None:
        seconds = int(rate.group(1)) * {"minute": 60, "hour": 3600, "day": 86400}[rate.group(2)]
        return CronFound("", Span(*rate.span()), interval_seconds=float(seconds))
    return _five_fields(text)


def _five_fields(text: str) -> CronFound | None:
    words = [(match.group().rstrip(",.;"), match.start()) for match in _WORD.finditer(text)]
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _FIELD.fullmatch(words[end][0]) and (end == index or _beside(text, words, end)):
            end += 1
        run = words[index:end]
        # A star or a slash must be there: five plain numbers are a list of numbers.
        if len(run) >= 5 and any("*" in word or "?" in word for word, _ in run):
            return _judge(run)
        index = max(end, index + 1)
    return None


def _beside(text: str, words: list[tuple[str, int]], index: int) -> bool:
    """Whether only blanks of one line lie between a word and the one before it."""
    word, start = words[index - 1]
    gap = text[start + len(word) : words[index][1]]
    return gap.strip(" \t") == "" and gap != ""


def _judge(run: list[tuple[str, int]]) -> CronFound:
    span = Span(run[0][1], run[-1][1] + len(run[-1][0]))
    fields = [word for word, _ in run]
    if len(fields) > 5 and not (len(fields) in (6, 7) and "?" in fields):
        fields = fields[:5]
        span = Span(run[0][1], run[4][1] + len(run[4][0]))
    expression = " ".join(fields)
    if len(fields) > 5 or "?" in fields:
        return CronFound(expression, span, "is a Quartz or AWS expression; Airflow takes five fields without '?'")
    if not is_cron(expression):
        return CronFound(expression, span, "is no valid cron expression of five fields")
    return CronFound(expression, span)
