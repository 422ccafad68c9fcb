"""Retries in words: how often, how far apart, of the whole DAG or of one step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.schedule.moments import read_duration
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, number_at, skip
from airflow_provider_wfintel.engine.generation.settings.reading import RetryMention
from airflow_provider_wfintel.engine.model import RetrySpec, Span

__all__ = ["DEFAULT_RETRIES", "RetriesFound", "find_retries"]

DEFAULT_RETRIES = 3
"""How often is retried if the words ask for retries and name no number."""
_MOST = 100
_LONGEST_CLAUSE = 80


@dataclass(frozen=True, slots=True)
class RetriesFound:
    """A mention with what had to be decided for it."""

    mention: RetryMention
    no_number: bool = False
    from_attempts: bool = False
    other_delays: tuple[float, ...] = ()
    """Further delays that the words name, in seconds: a contradiction."""
    late_spans: tuple[Span, ...] = ()
    """Words of other sentences that tell the delay."""


def find_retries(items: Items) -> list[RetriesFound]:
    """Every mention of retries in a text."""
    found: list[RetriesFound] = []
    index = 0
    while index < len(items):
        result = _none_at(items, index) or _mention_at(items, index)
        if result is None:
            index += 1
            continue
        found.append(result[0])
        index = max(result[1], index + 1)
    return _with_late_delays(items, found)


def _with_late_delays(items: Items, found: list[RetriesFound]) -> list[RetriesFound]:
    """Add a delay that stands in a sentence of its own ("Retries: 2. Retry delay: 5 min")."""
    for index in range(len(items)):
        late = _late_delay(items, index)
        duration = late[0] if late is not None else None
        for place, known in enumerate(found if duration is not None else ()):
            assert late is not None  # noqa: S101 - the loop is empty without one
            spans = (*known.late_spans, late[1])
            if known.mention.retry.delay_seconds is None:
                retry = replace(known.mention.retry, delay_seconds=late[0])
                found[place] = replace(known, mention=replace(known.mention, retry=retry), late_spans=spans)
            elif known.mention.retry.delay_seconds != duration:
                found[place] = replace(known, other_delays=(*known.other_delays, late[0]), late_spans=spans)
    return found


def _late_delay(items: Items, index: int) -> tuple[float, Span] | None:
    """Read "retry delay: 5 min" and "wait 5 minutes between the retries" at `index`: seconds and words."""
    if items[index].norm.startswith(("retry delay", "retry_delay")):
        duration = read_duration(items, skip(items, index + 1, "at", norms=(":", "=", "is", "of"), limit=2))
        return (duration[0], Span(items[index].start, items[duration[1] - 1].end)) if duration is not None else None
    duration = read_duration(items, index) if number_at(items, index) is not None else None
    if duration is None or not has(items, duration[1], "apart"):
        return None
    after = skip(items, duration[1] + 1, "the", norms=("each", "two", "all"), limit=2)
    if not has(items, after, "retry", "attempts"):
        return None
    first = index - 1 if has(items, index - 1, "apart") or items[index - 1].norm in ("wait", "pause") else index
    return duration[0], Span(items[max(first, 0)].start, items[after].end)


def _none_at(items: Items, index: int) -> tuple[RetriesFound, int] | None:
    if not has(items, index, "retry_none"):
        return None
    span = Span(items[index].start, items[index].end)
    return RetriesFound(RetryMention(RetrySpec(retries=0), span, _scope(items, index, index + 1))), index + 1


def _mention_at(items: Items, index: int) -> tuple[RetriesFound, int] | None:
    attempts = has(items, index, "attempts") and not has(items, index, "retry")
    if not has(items, index, "retry") and not attempts:
        return None
    number, first, after = _number(items, index)
    if attempts and (number is None or not _about_failure(items, index)):
        return None
    if number is not None and not 0 <= number <= _MOST:
        return None
    end = _clause_end(items, after)
    delay, longest, exponential, after = _details(items, after, end)
    if number is None and delay is None and not exponential and not _asked_for(items, index):
        return None
    first_try = attempts and not any(
        has(items, place, "failure") for place in range(max(0, first - 3), min(len(items), after + 2))
    )
    if first_try and number:
        number -= 1
    retries = DEFAULT_RETRIES if number is None else number
    spec = RetrySpec(retries=retries, delay_seconds=delay, exponential=exponential, max_delay_seconds=longest)
    mention = RetryMention(spec, Span(items[first].start, items[after - 1].end), _scope(items, first, after))
    return RetriesFound(mention, number is None, first_try), after


def _number(items: Items, index: int) -> tuple[int | None, int, int]:
    """The number before ("3 retries") or behind ("retry up to 4 times") the word at `index`."""
    position = skip(
        items,
        index + 1,
        "cap",
        "the",
        "at",
        "limit",
        "whole",
        "failure_intro",
        norms=(":", "=", "it", "them", "of", "to", "auf"),
        limit=4,
    )
    if position < len(items) and items[position].kind == "break" and items[position - 1].norm == ":":
        position += 1
    if has(items, position, "count"):
        return int(items[position].concepts["count"]), index, position + 1
    number = number_at(items, position)
    if number is not None and not has(items, position + 1, "unit"):
        after = position + 2 if has(items, position + 1, "times_word") else position + 1
        return number, index, after
    if number is not None and has(items, position + 1, "times_word"):
        return number, index, position + 2
    named = _behind_object(items, index, position)
    if named is not None:
        return named
    before = index - 1
    while before > 0 and items[before].norm in (
        "more",
        "additional",
        "further",
        "-",
        "up",
        "maximum",
        "zusatzliche",
        "automatic",
    ):
        before -= 1
    if has(items, before, "times_word") and number_at(items, before - 1) is not None:
        before -= 1
    if has(items, before, "count"):
        return int(items[before].concepts["count"]), before, index + 1
    number = number_at(items, before)
    return (number, before, index + 1) if number is not None else (None, index, index + 1)


def _behind_object(items: Items, index: int, position: int) -> tuple[int, int, int] | None:
    """Read "retry the Databricks job 4 times": the number stands behind what is retried."""
    for place in range(position, min(len(items), position + 5)):
        if items[place].kind in ("break", "punct"):
            return None
        if has(items, place, "count"):
            return int(items[place].concepts["count"]), index, place + 1
        number = number_at(items, place)
        if number is not None:
            return (number, index, place + 2) if has(items, place + 1, "times_word") else None
    return None


def _about_failure(items: Items, index: int) -> bool:
    near = range(max(0, index - 8), min(len(items), index + 8))
    return any(has(items, position, "failure_intro", "exponential", "cap", "apart") for position in near)


def _asked_for(items: Items, index: int) -> bool:
    """Whether a bare "retry" is a wish ("retry on failure") and no noun of something else."""
    return has(items, index - 1, "failure_intro") or has(items, index + 1, "failure_intro") or index == 0


def _clause_end(items: Items, index: int) -> int:
    position = index
    while position < len(items) and position < index + 16 and items[position].kind != "break":
        position += 1
    return position


def _details(items: Items, index: int, end: int) -> tuple[float | None, float | None, bool, int]:
    """Delay, longest delay and back-off that are said behind the number; and where they end."""
    delay: float | None = None
    longest: float | None = None
    exponential = False
    after = index
    position = index
    while position < end and position <= after + 6:
        if has(items, position, "exponential"):
            exponential, after = True, position + 1
            position += 1
            continue
        duration = (
            read_duration(items, position)
            if number_at(items, position) is not None or items[position].kind == "time"
            else None
        )
        if duration is None:
            position += 1
            continue
        capped = has(items, position - 1, "cap") and (
            delay is not None or exponential or "delay" in items[position - 1].norm
        )
        if delay is not None and not capped:
            break
        if delay is None and not _is_delay(items, index, position, duration[1]):
            break
        if capped:
            longest = duration[0]
        else:
            delay = duration[0]
        after = position = duration[1]
        if has(items, after, "apart"):
            after = position = after + 1
    return delay, longest, exponential, after


def _is_delay(items: Items, index: int, position: int, end: int) -> bool:
    """Whether a duration is the pause between two tries, not a timeout of something else."""
    if any(
        has(items, place, "timeout", "deadline_fail") and not has(items, place, "apart")
        for place in range(index, position)
    ):
        return False
    gap = [item for item in items[index:position] if item.kind != "punct"]
    return len(gap) == 0 or has(items, end, "apart") or any(item.has("apart", "exponential", "at") for item in gap)


def _scope(items: Items, first: int, after: int) -> Span | None:
    """The clause that retries belong to, or None for the whole DAG."""
    start = first
    while start > 0 and first - start < _LONGEST_CLAUSE and items[start - 1].kind != "break":
        start -= 1
    end = _clause_end(items, after)
    if any(has(items, position, "whole") for position in range(start, end)):
        return None
    position = first
    while position > start and (
        has(items, position - 1, "failure_intro", "the", "cap", "limit")
        or items[position - 1].norm in ("-", "*", ":", "up")
    ):
        position -= 1
    if position == start:
        return _retried_thing(items, first, after)
    before = items[position - 1]
    if before.norm == ",":
        return _after_comma(items, start, position, first, end)
    opening = _clause_start(items, start, position)
    return Span(items[opening].start, items[max(after, position) - 1].end)


_ANY_WORK = frozenset(
    {
        *("it", "them", "task", "tasks", "job", "jobs", "run", "runs", "dag", "step", "steps", "pipeline", "workflow"),
        *("up", "maximum", "automatically", "again"),
    }
)


def _retried_thing(items: Items, first: int, after: int) -> Span | None:
    """What "Retry the Databricks job 4 times" speaks of, or None if that is any task."""
    inside = [item for item in items[first + 1 : after] if item.kind in ("word", "literal") and not item.concepts]
    if all(item.norm in _ANY_WORK for item in inside):
        return None
    return Span(items[first].start, items[after - 1].end)


def _after_comma(items: Items, start: int, comma: int, first: int, end: int) -> Span | None:
    """Behind a comma retries are said of the whole DAG, but in a numbered or bulleted step, or before "then"."""
    listed = items[start].norm in ("-", "*", "•") or (
        items[start].kind == "number" and start + 1 < len(items) and items[start + 1].norm in (")", ".")
    )
    followed = any(
        items[position].norm in ("then", "danach", "puis", "luego", "depois", "然后") for position in range(first, end)
    )
    if not (listed or followed):
        return None
    opening = _clause_start(items, start, comma - 1)
    return Span(items[opening].start, items[comma - 1].start)


def _clause_start(items: Items, start: int, position: int) -> int:
    while position > start and items[position - 1].norm not in (",", ";"):
        position -= 1
    return position
