"""What is known of a try beside its log, as lines that signatures can match: all there is if there is no log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_wfintel.engine.model import TryFacts, to_json
from airflow_provider_wfintel.engine.troubleshooting.events import LogEvent

__all__ = ["fact_events", "facts_to_mapping", "says_something"]

_PLAIN = ("state", "run_state", "operator", "pool", "queue", "note", "exit_code", "exit_reason", "signal", "term_reason",
          "pod_reason", "pod_phase", "container_reason", "error", "message", "hint")  # fmt: skip
_NO_LOG = "no log: the try ended without writing one"
_MAX_ROWS = 200
# A try that waits: nothing of it can be in a log.
_WAITING = ("none", "scheduled", "queued", "up_for_reschedule", "deferred")
_LONG_WAIT = 600.0
"""Airflow's own default of `[scheduler] task_queued_timeout`, seconds."""
# Facts that every failed try has; they say that it failed, not why.
_PLAIN_FAILURE = re.compile(
    r"^(?:state|run_state): (?:failed|up_for_retry|running|success|None)$|^(?:try_number|max_tries|will_retry|operator|pool|queue|duration): |"
    r"^event (?:running|failed|success|up_for_retry|queued|scheduled|deferred|up_for_reschedule|cli_[a-z_]+)(?:$|: \{|: $| \(by)"
)


def facts_to_mapping(facts: TryFacts) -> dict[str, Any]:
    """The facts as JSON carries them, in the form that `fact_events` reads."""
    data: dict[str, Any] = to_json(facts)
    data["start_date"], data["end_date"] = facts.start_date, facts.end_date
    if facts.upstream:
        data["upstream"] = dict(facts.upstream)
    return data


def fact_events(facts: Mapping[str, Any] | None, *, has_log: bool = True) -> tuple[LogEvent, ...]:
    """Facts as events of kind `fact`.

    Args:
        facts: state, try number, event-log rows (`events`: a list of objects with `event`, `extra`, `owner`), exit
            information (`exit_info`), states of other tasks (`other_tasks`, `upstream`), times, pool slots; or the JSON
            form of `TryFacts`. Unknown keys are ignored, all may be missing.
        has_log: whether there is a log.
    """
    if not facts:
        return ()
    lines = [f"{key}: {facts[key]}" for key in _PLAIN if facts.get(key) not in (None, "", {}, [])]
    lines += _exit_lines(facts.get("exit_info"))
    lines += _timing_lines(facts)
    lines += _pool_lines(facts)
    lines += _neighbour_lines(facts)
    lines += _waiting_lines(facts)
    lines += [str(line) for line in facts.get("services_down") or ()]
    lines += [_row(item) for item in _rows(facts.get("events") or facts.get("event_log"))]
    if not has_log:
        lines.append(_NO_LOG)
    lines = [line for line in lines if says_something(line)]
    return tuple(LogEvent("fact", line, first_line=number, raw=line) for number, line in enumerate(lines, start=1))


def says_something(line: str) -> bool:
    """Whether a line of facts tells more than that the try failed."""
    return not _PLAIN_FAILURE.match(line)


def _exit_lines(info: Any) -> list[str]:
    if isinstance(info, Mapping):
        return [f"exit {key}: {value}" for key, value in info.items() if value not in (None, "")]
    return [f"exit code: {info}"] if info not in (None, "") else []


def _timing_lines(facts: Mapping[str, Any]) -> list[str]:
    """Times that say something: a try that never started, one that ended at its limit, one that waited for a pool."""
    lines = []
    if "start_date" in facts and facts["start_date"] is None and facts.get("state") == "failed":
        lines.append("the try never started: it has no start date and is failed")
    duration, limit = facts.get("duration"), facts.get("execution_timeout")
    if isinstance(duration, int | float) and isinstance(limit, int | float) and 0 < limit <= duration:
        lines.append(f"the try ended at its execution timeout: {duration:g} s of {limit:g} s")
    beat = facts.get("seconds_since_heartbeat")
    if isinstance(beat, int | float) and beat >= float(facts.get("heartbeat_timeout") or 300):
        lines.append(f"no heartbeat for {beat:g} s")
    return lines


def _pool_lines(facts: Mapping[str, Any]) -> list[str]:
    """A pool that keeps the try from starting; one that has started had its slots, whatever the pool is now."""
    if facts.get("start_date"):
        return []
    lines = []
    slots, needed = facts.get("pool_total_slots"), facts.get("pool_slots")
    if isinstance(slots, int) and isinstance(needed, int) and slots < needed:
        lines.append(f"the pool can never hold the task: it has {slots} slots, the task needs {needed}")
    if facts.get("pool_exists") is False:
        lines.append(f"the pool {facts.get('pool', '')!s} does not exist")
    return lines


def _waiting_lines(facts: Mapping[str, Any]) -> list[str]:
    """Why a try that has not started, and so has no log, does not start."""
    state = facts.get("state") or "none"
    if state not in _WAITING:
        return []
    lines = []
    waited = facts.get("queued_seconds") if state == "queued" else facts.get("scheduled_seconds")
    if isinstance(waited, int | float) and waited >= _LONG_WAIT and state in ("queued", "scheduled"):
        lines.append(f"the try has been {state} for longer than {_LONG_WAIT:g} s: {waited:g} s")
    if facts.get("pool_exists") and facts.get("pool_open_slots") == 0 and state == "scheduled":
        lines.append(f"there are 0 open slots available in pool {facts.get('pool', '')!s}")
    down = facts.get("components_down") or ()
    if state == "deferred" and "triggerer" in down:
        lines.append("no triggerer is alive while the task is deferred")
    if "scheduler" in down and state != "deferred":
        lines.append("the scheduler does not appear to be running: no heartbeat")
    if facts.get("import_error"):
        lines.append(f"the DAG file cannot be imported, so the task is not scheduled: {facts['import_error']}")
    elif facts.get("dag_stale"):
        lines.append("the dag has been removed: it is in no file any more")
    return lines


def _neighbour_lines(facts: Mapping[str, Any]) -> list[str]:
    upstream = facts.get("upstream") or facts.get("upstream_states")
    if not isinstance(upstream, Mapping):
        return []
    return [
        f"upstream task {name} is {state}"
        for name, state in upstream.items()
        if state in ("failed", "upstream_failed", "removed")
    ]


def _rows(value: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)][-_MAX_ROWS:]


def _row(item: Mapping[str, Any]) -> str:
    extra = f": {item['extra']}" if item.get("extra") else ""
    owner = f" (by {item['owner']})" if item.get("owner") else ""
    return f"event {item.get('event', '')}{extra}{owner}"
