"""Incidents: failures that belong together. Pure functions over failed tries and their diagnoses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis
from airflow_provider_wfintel.engine.troubleshooting.templates import TemplateMiner, fingerprint

__all__ = ["FailedTry", "Incident", "cause_of", "group_incidents", "known_cause"]

CASCADE = frozenset({"upstream_failed"})
# Causes that lie outside a DAG: two DAGs that meet one at the same time most likely meet the same one.
SHARED_GROUPS = frozenset({"connectivity", "auth", "resources", "platform"})
DEFAULT_GAP = timedelta(minutes=15)
_MOST_KEY = 200


@dataclass(frozen=True, slots=True)
class FailedTry:
    """A failed try with its diagnosis. `upstream` are the task ids directly before it in the same run."""

    dag_id: str
    run_id: str
    task_id: str
    ended: datetime
    diagnosis: Diagnosis
    try_number: int = 1
    map_index: int = -1
    upstream: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Failures with one cause.

    Attributes:
        key: equal for incidents with the same cause at different times, which tells recurrence.
        label: the class of the cause.
        first: the failure that began it.
        members: all failures, in the order of their ends, the cascade included.
        cascade: those that failed only because another member failed before.
        recurrence: how many earlier incidents of the input have the same key.
    """

    key: str
    label: str
    first: FailedTry
    members: tuple[FailedTry, ...]
    cascade: tuple[FailedTry, ...] = ()
    recurrence: int = 0

    @property
    def dag_ids(self) -> tuple[str, ...]:
        """The DAGs it touched, in the order of their first failure."""
        return tuple(dict.fromkeys(item.dag_id for item in self.members))


def group_incidents(failures: Iterable[FailedTry], *, gap: timedelta = DEFAULT_GAP) -> tuple[Incident, ...]:
    """Group failures by cause and time.

    A failure joins an incident with the same key whose last member ended at most `gap` before it. The key of a cause
    outside the DAG is its class and its message without variable parts; of any other cause also the DAG and task. What
    failed because of an upstream failure joins the incident of the nearest upstream task that failed in its run.

    Args:
        failures: in any order.
        gap: how long an incident may be quiet before the next failure counts as a new one.
    """
    ordered = sorted(failures, key=lambda item: (item.ended, item.dag_id, item.run_id, item.task_id, item.map_index))
    templates = _templates(ordered)
    open_groups: list[tuple[str, list[FailedTry]]] = []
    latest: dict[str, int] = {}
    home: dict[tuple[str, str, str], int] = {}
    cascades: dict[int, list[FailedTry]] = {}
    late = []
    for item in ordered:
        if item.diagnosis.label in CASCADE:
            late.append(item)
            continue
        key = incident_key(item, templates)
        number = latest.get(key)
        if number is None or item.ended - open_groups[number][1][-1].ended > gap:
            number = latest[key] = len(open_groups)
            open_groups.append((key, []))
        open_groups[number][1].append(item)
        home[(item.dag_id, item.run_id, item.task_id)] = number
    for item in _downwards(late):
        parent = _parent(item, home)
        if parent is None:
            parent = len(open_groups)
            open_groups.append((incident_key(item, templates), [item]))
        else:
            cascades.setdefault(parent, []).append(item)
        home[(item.dag_id, item.run_id, item.task_id)] = parent
    return _numbered(open_groups, cascades)


def incident_key(item: FailedTry, templates: Mapping[str, str]) -> str:
    """What failures with the same cause have in common; `templates` are those of the messages, by message."""
    diagnosis = item.diagnosis
    said = templates.get(_message(item), "")
    if diagnosis.group in SHARED_GROUPS:
        return f"{diagnosis.label}|{said}"
    return f"{diagnosis.label}|{item.dag_id}|{item.task_id}|{said}"


def cause_of(diagnosis: Diagnosis, *, dag_id: str, task_id: str) -> tuple[str, bool]:
    """What single failures with the same cause have in common, and whether it lies outside the DAG.

    The key is empty if the cause is not known. Other than that of an incident, it is not learned from many messages.
    """
    return known_cause(diagnosis.label, [item.text for item in diagnosis.evidence], dag_id=dag_id, task_id=task_id)


def known_cause(label: str, evidence: Sequence[str], *, dag_id: str, task_id: str) -> tuple[str, bool]:
    """The same from what is kept of a diagnosis: its label and the texts of its evidence."""
    if label in ("", "unknown", *CASCADE):
        return "", False
    said = fingerprint(evidence[0]) if evidence else ""
    known = failure_classes().get(label)
    if known is not None and known.group in SHARED_GROUPS:
        return f"{label}|{said}"[:_MOST_KEY], True
    return f"{label}|{dag_id}|{task_id}|{said}"[:_MOST_KEY], False


def _templates(items: Sequence[FailedTry]) -> dict[str, str]:
    """The template of every message, learned from those of the same class: names without quotes may vary too."""
    miners: dict[str, TemplateMiner] = {}
    numbers: dict[str, tuple[str, int]] = {}
    for item in items:
        label, said = item.diagnosis.label, _message(item)
        if said:
            numbers[said] = (label, miners.setdefault(label, TemplateMiner()).add(said))
    return {said: miners[label].template(number) for said, (label, number) in numbers.items()}


def _message(item: FailedTry) -> str:
    evidence = item.diagnosis.evidence
    return fingerprint(evidence[0].text) if evidence else ""


def _downwards(items: Sequence[FailedTry]) -> list[FailedTry]:
    """Cascade members in an order in which those upstream come first."""
    waiting = {(item.dag_id, item.run_id, item.task_id): item for item in items}
    done: list[FailedTry] = []
    while waiting:
        ready = [
            key
            for key, item in waiting.items()
            if not any((item.dag_id, item.run_id, name) in waiting for name in item.upstream if name != item.task_id)
        ] or list(waiting)[:1]
        done += [waiting.pop(key) for key in ready]
    mapped = [item for item in items if item not in done]
    return done + mapped


def _parent(item: FailedTry, home: dict[tuple[str, str, str], int]) -> int | None:
    """The incident of an upstream task that failed, else of the first failure in the run."""
    for name in item.upstream:
        number = home.get((item.dag_id, item.run_id, name))
        if number is not None:
            return number
    same_run = [number for (dag, run, _), number in home.items() if (dag, run) == (item.dag_id, item.run_id)]
    return min(same_run) if same_run and not item.upstream else None


def _numbered(groups: list[tuple[str, list[FailedTry]]], cascades: dict[int, list[FailedTry]]) -> tuple[Incident, ...]:
    seen: dict[str, int] = {}
    incidents = []
    for number, (key, members) in enumerate(groups):
        cascade = tuple(cascades.get(number, ()))
        everyone = tuple(sorted((*members, *cascade), key=lambda item: (item.ended, item.task_id)))
        label = members[0].diagnosis.label
        incidents.append(Incident(key, label, members[0], everyone, cascade, seen.get(key, 0)))
        seen[key] = seen.get(key, 0) + 1
    return tuple(incidents)
