"""Limits in words: runs, tasks and mapped copies at once, pools, timeouts of steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, number_at, skip
from airflow_provider_wfintel.engine.model import Caution, Span

__all__ = ["LimitsFound", "find_limits", "find_pool"]

_POOL = re.compile(r"\bpools?\s*(?:named|called|name|id|is|[:=])?\s*[`\"'“]?([A-Za-z_][\w.\-]{0,62})", re.IGNORECASE)
_POOL_BEFORE = re.compile(r"[`\"'“]?([A-Za-z_][\w\-]{0,62})[`\"'”]?\s+pool\b", re.IGNORECASE)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
_SLOTS = re.compile(rf"\b(\d{{1,5}}|{'|'.join(_NUMBERS)})\s+slots?\b|\bpool_slots\s*[:=]\s*(\d{{1,5}})", re.IGNORECASE)
_NO_POOL = {
    *(
        "with",
        "of",
        "for",
        "to",
        "and",
        "in",
        "is",
        "the",
        "a",
        "an",
        "size",
        "that",
        "has",
        "at",
        "so",
        "on",
        "from",
        "which",
    ),
    *(
        "connection",
        "connections",
        "thread",
        "worker",
        "node",
        "agent",
        "slots",
        "slot",
        "data",
        "it",
        "or",
        "by",
        "called",
    ),
}
_OTHER_POOLS = re.compile(
    r"\b(connection|thread|worker|node|agent|spot|sql|spark|batch|compute|user|app)\s+$", re.IGNORECASE
)


@dataclass(slots=True)
class LimitsFound:
    """Limits with the words behind them."""

    active_runs: int | None = None
    active_tasks: int | None = None
    mapped: int | None = None
    mapped_span: Span | None = None
    spans: list[Span] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)

    def differ(self, what: str, known: int | None, number: int, span: Span) -> None:
        """Warn if two numbers are named for the same limit; the first one holds."""
        if known is not None and known != number:
            text = f"contradiction: two limits of {what} at once, {known} and {number}; the first is used"
            self.warnings.append(Caution("limits", text, span))


def find_limits(items: Items) -> LimitsFound:
    """How many runs, tasks or copies of a mapped step may be active at once."""
    out = LimitsFound()
    for index in range(len(items)):
        if has(items, index, "one_run") and out.active_runs is None:
            out.active_runs = 1
            out.spans.append(Span(items[index].start, items[index].end))
        elif (end := _never_two(items, index)) and out.active_runs is None:
            out.active_runs = 1
            out.spans.append(Span(items[index].start, items[end - 1].end))
        elif has(items, index, "direct_runs", "direct_tasks"):
            _direct(items, index, out)
        elif has(items, index, "limit", "at_once"):
            _counted(items, index, out)
        elif number_at(items, index) is not None and not has(items, index - 1, "limit"):
            _plain(items, index, out)
    return out


def _never_two(items: Items, index: int) -> int:
    """The index behind "don't run two of these at the same time", or 0."""
    if not has(items, index, "negation"):
        return 0
    for position in range(index + 1, min(len(items), index + 6)):
        if number_at(items, position) == 2 and has(items, position + 1, "unit", "times_word"):
            return 0
        if number_at(items, position) == 2:
            return _at_once(items, position + 1, 6)
    return 0


def _direct(items: Items, index: int, out: LimitsFound) -> None:
    number = number_at(items, skip(items, index + 1, norms=("=", ":", "of", "is", "to"), limit=2))
    if number is None:
        return
    if has(items, index, "direct_runs"):
        out.active_runs = number
    else:
        out.active_tasks = number
    out.spans.append(Span(items[index].start, items[index + 1].end))


def _counted(items: Items, index: int, out: LimitsFound) -> None:
    """Read "never more than 6 calls in flight", "one run at once", "concurrency 4"."""
    position = skip(
        items, index + 1, "limit", "at", "at_once", "run_verb", "run_noun", norms=("=", ":", "of", "to", "be"), limit=3
    )
    number = number_at(items, position)
    if number is None and has(items, index, "one_word"):
        number, position = 1, index
    if number is None or number < 1 or has(items, position + 1, "unit", "times_word") or has(items, position, "ord"):
        return
    end = _at_once(items, position + 1, 5)
    direct = has(items, index, "direct_limit")
    first_is_once = has(items, index, "limit") and any(has(items, place, "at_once") for place in range(index, position))
    noun = range(position + 1, min(len(items), position + 4))
    runs = _noun(items, noun, "run_noun")
    if not (end or direct or first_is_once or runs):
        return
    _take(items, index, max(end, runs, position + 1), number, noun, out)


def _noun(items: Items, places: range, concept: str) -> int:
    """The index behind the first noun of a kind within the places of one clause, or 0."""
    for place in places:
        if items[place].kind in ("break", "punct"):
            return 0
        if has(items, place, concept):
            return place + 1
    return 0


def _plain(items: Items, index: int, out: LimitsFound) -> None:
    """Read "4 at a time", "one run at a time", "two in parallel"."""
    if has(items, index + 1, "unit", "times_word", "oclock"):
        return
    side_by_side = items[index + 1].norm if index + 1 < len(items) else ""
    if side_by_side in ("parallel", "concurrent", "simultaneous") and index + 2 < len(items):
        number, noun = number_at(items, index), range(index + 2, index + 3)
        if number is not None and number >= 1 and items[index + 2].norm.endswith("s"):
            _take(items, index, index + 3, number, noun, out)
        return
    most = index + 1 if not has(items, index + 1, "limit") else index + 2
    capped = most > index + 1 or (index > 0 and items[index - 1].norm in ("with", "mit", "avec", "con", "com"))
    if capped and has(items, most, "at_once"):
        # "10 at most concurrently", "with 3 in parallel"
        number = number_at(items, index)
        if number is not None and number >= 1:
            _take(items, index, most + 1, number, range(index + 1, most), out)
            return
    for end in range(index + 1, min(index + 3, len(items))):
        if items[end].norm in ("at a time", "at once", "por vez", "a la vez", "a la fois", "gleichzeitig") and has(
            items, end, "at_once"
        ):
            number = number_at(items, index)
            if number is not None and number >= 1 and all(item.kind != "punct" for item in items[index:end]):
                _take(items, index, end + 1, number, range(index + 1, end), out)
            return


def _at_once(items: Items, index: int, reach: int) -> int:
    for position in range(index, min(len(items), index + reach)):
        if items[position].kind == "break" or items[position].norm == ",":
            return 0
        if has(items, position, "at_once"):
            return position + 1
    return 0


def _take(items: Items, first: int, end: int, number: int, noun: range, out: LimitsFound) -> None:
    span = Span(items[first].start, items[end - 1].end)
    if any(span.overlaps(known) for known in out.spans):
        return
    if _noun(items, noun, "run_noun"):
        out.differ("runs", out.active_runs, number, span)
        if out.active_runs is None:
            out.active_runs = number
    elif _noun(items, noun, "task_noun"):
        out.differ("tasks", out.active_tasks, number, span)
        if out.active_tasks is None:
            out.active_tasks = number
    elif out.mapped is None:
        out.mapped, out.mapped_span = number, span
    out.spans.append(span)


def find_pool(text: str) -> tuple[str, int | None, list[Span]]:
    """The Airflow pool that a text names, its slots, and the words."""
    for pattern in (_POOL, _POOL_BEFORE):
        for match in pattern.finditer(text):
            name = match.group(1).rstrip(".")
            if name.lower() in _NO_POOL or _OTHER_POOLS.search(text[max(0, match.start() - 30) : match.start()]):
                continue
            if pattern is _POOL_BEFORE and "_" not in name and "-" not in name and text[match.start()] not in "`\"'“":
                continue
            slots = _SLOTS.search(text, max(0, match.start() - 30), match.end() + 60)
            spans = [Span(*match.span())]
            if slots is None:
                return name, None, spans
            count = (slots.group(1) or slots.group(2)).lower()
            return name, _NUMBERS.get(count) or int(count), [*spans, Span(*slots.span())]
    return "", None, []
