"""What was different around a failed try, as sentences for a person, and what a person should look at first.

None of this is matched against signatures: a changed connection or a failing neighbour is a lead, not a proof. Facts
that prove something are lines of `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["circumstances", "first_steps"]

_MOST_CHANGES = 5
_MOST_NAMES = 5
# Beyond these factors of the usual median a duration is worth a sentence; the longest success must be passed as well.
_SLOWER = 2.0
_FASTER = 0.2
_FEW = 5
_CODE = ("code", "config")
_SETTINGS = ("config", "permission", "infrastructure", "upstream")


def circumstances(facts: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Sentences about what changed, what else failed and how long the try took; none if nothing is known.

    Args:
        facts: the JSON form of `TryFacts`; anything else in it is ignored.
    """
    if not facts:
        return ()
    return (*_source(facts), *_changes(facts), *_neighbours(facts), *_duration(facts), *_earlier(facts), *_state(facts))


def first_steps(facts: Mapping[str, Any] | None, fix_location: str) -> tuple[str, ...]:
    """What to look at before anything else, if something that fits the place of the fix has changed.

    Args:
        facts: as for `circumstances`.
        fix_location: where the fix of the diagnosed class lies.
    """
    steps: list[str] = []
    if not facts:
        return ()
    if fix_location in _CODE and _source(facts):
        steps.append("Look at what changed in the DAG since the last success: the failure may have come with it.")
    if fix_location in _SETTINGS:
        names = [_named(change) for change in _rows(facts.get("changes"))][-_MOST_CHANGES:]
        if names:
            steps.append(f"Look at what was changed since the last success: {', '.join(dict.fromkeys(names))}.")
    return tuple(steps)


def _source(facts: Mapping[str, Any]) -> list[str]:
    change = facts.get("source_change")
    if not isinstance(change, Mapping):
        return []
    before, after = change.get("before") or 0, change.get("after") or 0
    when = f" at {change['changed_at']}" if change.get("changed_at") else ""
    if before and after and before != after:
        said = f"The DAG changed since the task's last success: version {before} then, {after} now{when}."
    else:
        said = f"The source of the DAG changed since the task's last success{when}."
    diff = str(change.get("diff") or "")
    return [f"{said}\n{diff}" if diff else said]


def _changes(facts: Mapping[str, Any]) -> list[str]:
    sentences = []
    for change in _rows(facts.get("changes"))[-_MOST_CHANGES:]:
        who = f" by {change['owner']}" if change.get("owner") else ""
        when = f" at {change['when']}" if change.get("when") else ""
        sentences.append(
            f"{_named(change).capitalize()} was changed since the last success ({change['event']}{who}{when})."
        )
    return sentences


def _named(change: Mapping[str, Any]) -> str:
    return f"{change.get('kind', 'setting')} {change.get('name') or '(unnamed)'}"


def _neighbours(facts: Mapping[str, Any]) -> list[str]:
    siblings = facts.get("siblings")
    if not isinstance(siblings, Sequence) or isinstance(siblings, str) or not siblings:
        return []
    shown = ", ".join(str(name) for name in siblings[:_MOST_NAMES])
    more = f" and {len(siblings) - _MOST_NAMES} more" if len(siblings) > _MOST_NAMES else ""
    return [f"Other tasks failed within five minutes: {shown}{more}."]


def _duration(facts: Mapping[str, Any]) -> list[str]:
    typical, duration = facts.get("typical"), facts.get("duration")
    if not isinstance(typical, Mapping) or not isinstance(duration, int | float) or typical.get("count", 0) < _FEW:
        return []
    median, longest = float(typical["median"]), float(typical["longest"])
    usual = f"usually {median:.3g} s, at most {longest:.3g} s in {typical['count']} successes"
    if duration > max(_SLOWER * median, longest):
        return [f"The try took {duration:.3g} s, {usual}."]
    if duration < _FASTER * median:
        return [f"The try failed after only {duration:.3g} s; it takes {usual}."]
    return []


def _earlier(facts: Mapping[str, Any]) -> list[str]:
    tries = _rows(facts.get("earlier_attempts"))
    failed = sum(item.get("state") in ("failed", "up_for_retry") for item in tries)
    return [f"{failed} earlier {'try' if failed == 1 else 'tries'} of this task instance failed too."] if failed else []


def _state(facts: Mapping[str, Any]) -> list[str]:
    sentences = [f"{str(line)[:1].upper()}{str(line)[1:]}." for line in facts.get("services_down") or ()]
    down = facts.get("components_down")
    if isinstance(down, Sequence) and not isinstance(down, str) and down:
        sentences.append(f"Without a heartbeat at the end of the try: {', '.join(str(name) for name in down)}.")
    if facts.get("import_error"):
        sentences.append(f"The DAG's file cannot be imported now: {facts['import_error']}")
    if facts.get("dag_stale"):
        sentences.append("The DAG is in no file any more.")
    if facts.get("dag_paused"):
        sentences.append("The DAG is paused.")
    return sentences


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]
