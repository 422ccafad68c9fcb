"""What starts a run beside the clock: assets, people and other DAGs, nothing but the end of the last run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from airflow_provider_wfintel.engine.generation.schedule.clock import Clock, read_clock
from airflow_provider_wfintel.engine.generation.schedule.moments import read_date
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, skip
from airflow_provider_wfintel.engine.model import AssetCondition

__all__ = [
    "AssetTrigger",
    "find_assets",
    "find_continuous",
    "find_manual",
    "find_once",
    "find_only_manual",
    "find_unspecific",
]

_OTHER_DATASETS = {"bigquery", "bq", "training", "test", "power", "the bigquery", "validation", "quicksight", "bi"}
_NO_NAMES = {
    "the",
    "both",
    "an",
    "this",
    "all",
    "any",
    "each",
    "upstream",
    "data",
    "of",
    "following",
    "source",
    "these",
    "two",
    "input",
    "new",
}
_PEOPLE = {"hand", "someone", "somebody", "person", "people", "operator", "user", "users", "ops", "support"}
_ALONE = {"only", "nur", "uniquement", "seulement", "solo", "solamente", "apenas", "somente", "so", "exclusively"}
"""Words beside "by hand" that leave no other start."""
_BY_OTHERS = {
    "hand",
    "the",
    "a",
    "an",
    "new",
    "file",
    "files",
    "event",
    "events",
    "arrival",
    "s3",
    "message",
    "updates",
    "update",
    "cron",
    "schedule",
    "timer",
}


@dataclass(frozen=True, slots=True)
class AssetTrigger:
    """Updates of assets as the start of a run, with the items `[first, after)` that say it."""

    condition: AssetCondition
    first: int
    after: int
    latest: Clock | None = None


def _sentences(items: Items) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start = 0
    for index, item in enumerate(items):
        if item.kind == "break":
            ranges.append((start, index))
            start = index + 1
    ranges.append((start, len(items)))
    return [(first, after) for first, after in ranges if first < after]


def find_assets(text: str, items: Items) -> AssetTrigger | None:
    """The first sentence that lets updates of assets start the DAG."""
    for first, after in _sentences(items):
        found = _assets_in(text, items, first, after)
        if found is not None:
            return found
    return None


def _assets_in(text: str, items: Items, first: int, after: int) -> AssetTrigger | None:
    whens = [index for index in range(first, after) if has(items, index, "asset_when", "asset_schedule")]
    anchor = _anchor(items, first, after, whens)
    if anchor is None:
        return None
    when = [index for index in whens if index < anchor]
    done = [
        index
        for index in range(first, after)
        if has(items, index, "asset_done") and (index > anchor or (when and index > when[-1]))
    ]
    if not when or (not done and not has(items, when[-1], "asset_schedule")):
        return None
    start, end = when[0], max([anchor, *done[:1]]) + 1
    if len(when) > 1 and when[-1] - when[0] > 6:
        start = when[-1]
    if _made_here(items, start, anchor):
        return None
    names, last = _names(text, items, start, end, after)
    if not names:
        return None
    latest, end = _latest(items, max(end, last), after)
    return AssetTrigger(AssetCondition(names, _mode(items, start, end, len(names))), start, end, latest)


def _anchor(items: Items, first: int, after: int, whens: list[int]) -> int | None:
    """The word "asset", or an asset's URI, that stands behind a "when"."""
    behind = range(whens[0] + 1, after) if whens else range(0)
    for index in behind:
        if has(items, index, "asset_noun") and items[index - 1].norm not in _OTHER_DATASETS:
            return index
    named = _named_update(items, first, whens, behind) if whens else None
    if named is not None:
        return named
    files = any("file" in items[index].norm or has(items, index, "blocker") for index in range(first, after))
    for index in behind:
        norm = items[index].norm
        if items[index].kind == "literal" and "://" in norm and not norm.startswith(("http", "`http")) and not files:
            return index
    return None


def _named_update(items: Items, first: int, whens: list[int], behind: range) -> int | None:
    """The quoted or dotted name in "start as soon as `raw.orders` is updated": what starts a run is an asset."""
    if not any(has(items, index, "run_verb") for index in range(first, whens[0])):
        return None
    for index in behind:
        norm = items[index].norm
        plain = items[index].kind == "literal" and not any(mark in norm for mark in "/:@#* ")
        if plain and ("." in norm or norm.startswith("`")):
            after = next(
                (
                    place
                    for place in range(index + 1, behind.stop)
                    if items[place].kind != "literal"
                    and not has(items, place, "and", "either", "both")
                    and items[place].norm != ","
                ),
                behind.stop,
            )
            return index if has(items, after, "asset_done") else None
    return None


def _made_here(items: Items, start: int, anchor: int) -> bool:
    return any(has(items, index, "asset_make") for index in range(start, anchor))


def _mode(items: Items, start: int, end: int, count: int) -> Literal["all", "any"]:
    either = any(has(items, index, "either") for index in range(start, end))
    every = any(has(items, index, "both") for index in range(start, end))
    return "any" if count > 1 and either and not every else "all"


def _names(text: str, items: Items, start: int, end: int, stop: int) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    last = end
    for index in range(start, stop):
        if items[index].kind == "literal" and (index < end or (not found and index < end + 4)):
            found.append(text[items[index].start : items[index].end].strip("`\"'“”«».,"))
            last = max(last, index + 1)
    if not found:
        for index in range(start, end):
            if has(items, index, "asset_noun"):
                found.extend(_named_beside(items, index, start, end))
                break
    return tuple(dict.fromkeys(name for name in found if name)), last


def _named_beside(items: Items, noun: int, start: int, end: int) -> list[str]:
    """Read "the orders asset", "the assets orders and customers": plain names beside the noun."""
    before = noun - 1
    names: list[str] = []
    while before > start and len(names) < 5:
        item = items[before]
        if item.kind == "word" and not item.concepts and item.norm not in _NO_NAMES:
            names.insert(0, item.norm)
        elif not (item.has("and", "either") or item.norm == ","):
            break
        before -= 1
    if names:
        return names
    for index in range(noun + 1, end):
        item = items[index]
        if (
            item.kind == "word"
            and not item.concepts
            and item.norm not in _NO_NAMES
            and item.norm not in ("is", "was", "were", "are", "has", "have", "been", "gets")
        ):
            names.append(item.norm)
        elif not (item.has("and", "either", "the") or item.norm == ","):
            break
    return names


def _latest(items: Items, index: int, stop: int) -> tuple[Clock | None, int]:
    for position in range(index, min(index + 4, stop)):
        if has(items, position, "latest_at"):
            clock = read_clock(items, skip(items, position + 1, "at", limit=1), bare=True)
            if clock is not None:
                return clock, clock.next
    return None, index


def find_manual(items: Items) -> tuple[int, int] | None:
    """Words that leave the start to a person or to another DAG."""
    for index in range(len(items)):
        if has(items, index, "manual") and not _negated(items, index):
            return index, index + 1
        if has(items, index, "manual_word") and _of_runs(items, index) and not _negated(items, index):
            return index, index + 1
        if has(items, index, "manual_by") and index + 1 < len(items) and not _negated(items, index):
            target = skip(items, index + 1, "the", norms=("dag",), limit=2)
            if target < len(items) and items[target].norm in _PEOPLE:
                return index, target + 1
            if target < len(items) and (
                items[target].kind == "literal"
                or (items[target].kind == "word" and items[target].norm not in _BY_OTHERS)
            ):
                return index, target + 1
    return None


def find_only_manual(items: Items) -> tuple[int, int] | None:
    """Words that leave no other start than a person ("by hand only", "no schedule")."""
    for index in range(len(items)):
        if not has(items, index, "manual", "manual_word") or _negated(items, index):
            continue
        words = set(items[index].norm.split())
        beside = {items[place].norm for place in (index - 1, index + 1) if 0 <= place < len(items)}
        if words & _ALONE or beside & _ALONE or words >= {"no", "schedule"} or "unscheduled" in words:
            return index, index + 1
    return None


def _of_runs(items: Items, index: int) -> bool:
    """Whether the words at `index` are about runs: a verb of running is near, or nothing else is in the clause."""
    near = range(max(0, index - 3), min(len(items), index + 4))
    if any(has(items, position, "run_verb") for position in near if position != index):
        return True
    before, after = index - 1, index + 1
    if after < len(items) and items[after].norm in _ALONE:
        after += 1
    elif before >= 0 and items[before].norm in _ALONE:
        before -= 1
    opened = before < 0 or items[before].kind in ("punct", "break")
    closed = after >= len(items) or items[after].kind in ("punct", "break")
    return (opened and closed) or (closed and has(items, index - 1, "cap", "on", "the"))


def _negated(items: Items, index: int) -> bool:
    if items[index].norm.startswith(("no ", "not ", "never ")):
        return False
    for position in range(index - 1, max(-1, index - 5), -1):
        if items[position].kind == "break" or items[position].norm in (":", "-", "("):
            return False
        if has(items, position, "negation"):
            return True
    return False


def find_continuous(items: Items) -> tuple[int, int] | None:
    """Words that let each run follow the last one at once."""
    for index in range(len(items)):
        if has(items, index, "continuous"):
            following = items[index + 1] if index + 1 < len(items) else None
            opened = index == 0 or items[index - 1].kind in ("punct", "break")
            closed = following is None or following.kind in ("punct", "break")
            if not (opened or closed or _of_runs(items, index)):
                continue
            if following is None or following.norm not in (
                "integration",
                "delivery",
                "deployment",
                "improvement",
                "aggregate",
                "aggregates",
                "variable",
            ):
                return index, index + 1
    return None


def find_once(items: Items) -> tuple[str, int, int] | None:
    """A single run: the date (may be empty) and the items that say it."""
    for index in range(len(items)):
        if not has(items, index, "once_only"):
            continue
        date = read_date(items, index + 1)
        if date is not None and date[2]:
            return date[0], index, date[1]
        bare = items[index].norm in ("once", "einmal", "une fois", "uma vez", "una vez")
        closed = index + 1 >= len(items) or items[index + 1].kind in ("punct", "break")
        if not bare or (closed and has(items, index - 1, "run_verb", "the")):
            return "", index, index + 1
        if has(items, index + 1, "at") and has(items, index - 1, "run_verb"):
            return "", index, index + 1
    return None


def find_unspecific(items: Items) -> tuple[int, int] | None:
    """Read "periodically", "a scheduled job": a schedule is wanted and not said."""
    for index in range(len(items)):
        if has(items, index, "unspecific"):
            return index, index + 1
        if items[index].norm == "scheduled" and (
            has(items, index + 1, "job_noun") or has(items, index + 2, "job_noun")
        ):
            return index, index + 1
    return None
