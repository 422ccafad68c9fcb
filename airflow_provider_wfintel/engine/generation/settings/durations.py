"""Durations of steps in words: how long a step may wait or run, and how often a sensor looks."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.schedule.boundaries import read_boundaries
from airflow_provider_wfintel.engine.generation.schedule.lexicon import Item
from airflow_provider_wfintel.engine.generation.schedule.moments import read_duration
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, skip
from airflow_provider_wfintel.engine.generation.settings.reading import StepTimeout
from airflow_provider_wfintel.engine.model import Span

__all__ = ["find_pokes", "find_timeouts"]

_WAITS = (
    "wait",
    "sensor",
    "until",
    "exist",
    "arriv",
    "appear",
    "lands",
    "landed",
    "shows",
    "dropped",
    "wart",
    "attend",
    "espera",
    "aguard",
    "等待",
    "bis",
)
_LOOKS = {
    *("check", "checks", "checking", "look", "looks", "looking", "poke", "pokes", "poking", "poll", "polls", "polling"),
    *(
        "prufen",
        "prufe",
        "pruft",
        "verifier",
        "verifiant",
        "comprobar",
        "comprobando",
        "verificar",
        "verificando",
        "try",
        "trying",
        "检查",
    ),
}


def find_timeouts(items: Items) -> list[StepTimeout]:
    """Timeouts of single steps; that of the whole run is the schedule's deadline."""
    deadline = read_boundaries(items).deadline
    found: list[StepTimeout] = []
    for index in range(len(items)):
        behind = _capped_behind(items, index)
        if behind is not None:
            found.append(behind)
            continue
        capped = has(items, index, "cap") and _caps_a_wait(items, index)
        # "kill it if it takes longer than 2 hours" speaks of the step, not of the whole run.
        capped = capped or items[index].norm.startswith("kill it")
        kills = items[index].norm.startswith(_KILLS) or _says(items, index, _KILL_PAIRS)
        before = _duration_before(items, index) if kills else None
        if before is not None:
            found.append(before)
            continue
        capped = capped or _says(items, index, _GIVE_UP)
        if not (has(items, index, "timeout") or capped):
            continue
        position = skip(
            items, index + 1, "the", "at", "timeout", "cap", norms=(":", "=", "of", "is", "for", "up", "after"), limit=3
        )
        duration = _duration_near(items, position)
        if duration is None:
            continue
        span = Span(_start_of_limit(items[index]), items[duration[1] - 1].end)
        whole = deadline is not None and deadline.evidence is not None and deadline.evidence.overlaps(span)
        if not whole and not any(span.overlaps(known.span) for known in found):
            found.append(StepTimeout(duration[0], span))
    return found


def _capped_behind(items: Items, index: int) -> StepTimeout | None:
    """Of "attendre le fichier pendant 1 heure au plus", "wait 2 hours at most": the limit that stands before its cap."""
    if not (has(items, index, "cap") and _waited_before(items, index)) or read_duration(items, index + 1) is not None:
        return None
    for start in range(index - 1, max(-1, index - 4), -1):
        duration = read_duration(items, start)
        if duration is not None and duration[1] == index:
            return StepTimeout(duration[0], Span(items[start].start, items[index].end))
    return None


_GIVE_UP = (("give", "up"), ("gives", "up"), ("giving", "up"))
_KILLS = ("kill it", "kill the", "abort it", "stop it", "cancel it", "terminate it")
_KILL_PAIRS = tuple(tuple(item.split()) for item in _KILLS)


def _says(items: Items, index: int, pairs: tuple[tuple[str, ...], ...]) -> bool:
    """Whether one of the pairs of words stands at `index`."""
    return index + 1 < len(items) and (items[index].norm, items[index + 1].norm) in pairs


def _duration_before(items: Items, index: int) -> StepTimeout | None:
    """Of "if it takes longer than 20 minutes kill it": the limit that stands before what is done then."""
    for position in range(index - 1, max(-1, index - 9), -1):
        if items[position].kind == "break":
            return None
        over = items[position].norm.endswith(("longer than", "more than", "longer", "exceeds")) or has(
            items, position, "cap"
        )
        duration = read_duration(items, position + 1) or read_duration(items, position + 2)
        if over and duration is not None and duration[1] <= index:
            return StepTimeout(duration[0], Span(items[position].start, items[duration[1] - 1].end))
    return None


def _caps_a_wait(items: Items, index: int) -> bool:
    """Whether "no longer than …", or "no more than 4 hours" right there, says how long the wait before it may last."""
    if "longer" in items[index].norm:
        return _waited_before(items, index)
    if read_duration(items, index + 1) is None:
        return False
    opens = index > 0 and items[index - 1].kind == "break"
    return _waited_before(items, index - 1 if opens else index) or _of_a_step(items, index)


def _of_a_step(items: Items, index: int) -> bool:
    """Whether "for that step" or the like follows the duration behind `index`."""
    duration = read_duration(items, index + 1)
    after = [items[place].norm for place in range(duration[1], min(duration[1] + 3, len(items)))] if duration else []
    return len(after) > 1 and after[0] == "for" and any(word.split()[-1] in ("step", "task") for word in after[1:])


def _start_of_limit(item: Item) -> int:
    """Where the words of a limit begin: of "wait up to" the verb asks for the step and is no part of its limit."""
    verb = item.norm.split()[0]
    return item.start + len(verb) if verb in ("wait", "waits", "waiting") else item.start


def find_pokes(items: Items) -> list[StepTimeout]:
    """How often sensors look ("checking every 5 minutes", "poke_interval: 60 s")."""
    found: list[StepTimeout] = []
    for index, item in enumerate(items):
        direct = item.norm.replace("_", " ") == "poke interval" or (
            item.norm == "poke" and index + 1 < len(items) and items[index + 1].norm == "interval"
        )
        if not direct and not (item.norm in _LOOKS and _waited_before(items, index)):
            continue
        position = skip(
            items, index + 1, "every", norms=("interval", ":", "=", "of", "is", "for", "it", "again"), limit=3
        )
        duration = read_duration(items, position)
        if duration is not None and (direct or has(items, position - 1, "every")):
            found.append(StepTimeout(duration[0], Span(item.start, items[duration[1] - 1].end)))
    return found


def _waited_before(items: Items, index: int) -> bool:
    """Whether the same sentence speaks of waiting before `index`."""
    for position in range(index - 1, -1, -1):
        if items[position].kind == "break":
            return False
        if items[position].norm.startswith(_WAITS):
            return True
    return False


def _duration_near(items: Items, index: int) -> tuple[float, int] | None:
    """A duration at `index` or after the name of a step ("timeout for the upload 2 hours", "... of the load: 1 h")."""
    for position in range(index, min(index + 5, len(items))):
        if items[position].kind == "break" or (items[position].kind == "punct" and items[position].norm != ":"):
            return None
        duration = read_duration(items, position)
        if duration is not None:
            return duration
    return None
