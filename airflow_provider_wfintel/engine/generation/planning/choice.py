"""The choice of an operator: the catalogue's action that uses most of what the words state and lacks least."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from airflow_provider_wfintel.engine.catalog import Catalog, ServiceAction
from airflow_provider_wfintel.engine.generation.planning.meant import is_meant, runs_program
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Action, ArgumentValue, LiteralValue

__all__ = [
    "DOING",
    "Choice",
    "actions_of",
    "best_action",
    "is_kind",
    "lists",
    "makes",
    "nearby_actions",
    "removes",
    "unused_values",
]

_NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})
# One vote (a weight of 2/3) is worth about as much as one required slot; nobody's vote makes a wrong action right.
_VOTE = 48.0
_FROM_UPSTREAM = frozenset({"rows", "items", "vectors"})

# What else can carry out an action, nearest first.
_NEARBY: dict[Action, tuple[Action, ...]] = {
    "extract": ("extract", "query", "wait_for", "copy", "trigger"),
    "load": ("load", "copy", "trigger", "notify", "query"),
    "transform": ("transform", "trigger", "query", "train"),
    "query": ("query", "extract", "transform", "trigger"),
    "copy": ("copy", "load", "extract", "trigger"),
    "wait_for": ("wait_for", "check", "extract"),
    "notify": ("notify", "load", "trigger"),
    "train": ("train", "trigger", "transform"),
    "branch": ("branch", "check"),
    "check": ("check", "query", "trigger", "wait_for", "extract"),
    "trigger": ("trigger", "transform", "query", "train", "load", "delete"),
    "delete": ("delete", "query", "trigger"),
    "approve": ("approve",),
    "none": ("trigger", "transform", "query"),
}

# Classes that make or remove a whole resource: right only if the words say so of the resource itself.
_RESOURCE = re.compile(
    r"(?P<verb>Create|Delete|Drop|Terminate|Remove|Update|Patch|Resize|Modify)(?P<rest>\w*?)"
    r"(?P<noun>Bucket|Table|Dataset|Cluster|Topic|Queue|Database|Instance|Container|Index|Subscription|Stack|Group|Collection|Schema|Pool|"
    r"Function|Endpoint|Domain|Vpc|Nodegroup|Volume|Environment|Repository|Workspace|Service|Account|Channel|Model|View|JobFlow)s?(?:Operator)?$"
)
_REMOVES = re.compile(r"^\w*?(?:Delete|Drop|Remove)(?=[A-Z])")
_GETTING = re.compile(r"^(?:\w*?)(?:List|Get|Describe|S3Read)(?=[A-Z])")
_FLOWS = re.compile(r"\b(?:pipeline|workflow|notebook|job)", re.IGNORECASE)
_LISTING = re.compile(r"\b(?:list|get|fetch|read|describe|find|collect|check|scan|show|look)", re.IGNORECASE)
DOING: frozenset[Action] = frozenset(("trigger", "load", "transform", "train", "notify", "copy"))
"""Actions that change something: they are not done by looking what there is."""
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+")
_EMPTY_TOKENS = frozenset(
    [
        "operator",
        "sensor",
        "async",
        "cloud",
        "google",
        "aws",
        "azure",
        "amazon",
        "s3",
        "gcs",
        "sql",
        "job",
        "data",
        "task",
        "run",
    ]
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An action of the catalogue with what the words give it and what they leave open."""

    record: ServiceAction
    filled: tuple[str, ...]
    missing: tuple[str, ...]
    score: float
    unused: tuple[str, ...] = ()


@cache
def _kinds() -> dict[str, frozenset[str]]:
    data = cast("dict[str, list[str]]", json.loads((Path(__file__).parent / "kinds.json").read_text("utf-8")))
    return {name: frozenset(services) for name, services in data.items()}


def is_kind(service: str, kind: str) -> bool:
    """Whether a service belongs to a kind: `sql`, `objects`, `files`, `people` or `queues`."""
    return service in _kinds()[kind]


def nearby_actions(action: Action) -> tuple[Action, ...]:
    """The action itself and what can stand in for it, nearest first."""
    return _NEARBY[action]


def best_action(
    records: Iterable[ServiceAction],
    step: Step,
    values: SlotValues,
    *,
    action: Action | None = None,
    has_upstream: bool = False,
    weights: Mapping[str, float] = _NO_WEIGHTS,
) -> Choice | None:
    """The record that fits a step best, or None if none of them can carry it out.

    A required slot that an upstream task's output can fill does not count as missing. `weights` are the shares of people
    who accept an operator, by its path: one that was accepted gains, one that was swapped for another loses.
    """
    wanted = action or step.action
    nearby = _NEARBY[wanted]
    if wanted == "train" and not _FLOWS.search(step.words):
        # Where a service has classes that train, they are what trains.
        records = tuple(records)
        records = [item for item in records if item.action == "train"] or records
    best: Choice | None = None
    stays = runs_program(step)
    records = _makers(tuple(records), step)
    for record in records:
        if stays and record.action in ("load", "copy", "delete") and _stores(record):
            # A program that is run is not written anew, moved or removed.
            continue
        if record.action not in nearby or record.kind in ("notifier", "hook"):
            continue
        if wanted == "delete" and record.action != "delete" and not is_kind(record.service, "sql"):
            # What only reads or starts something must not stand for a deletion.
            continue
        if (
            wanted == "delete"
            and is_kind(record.service, "containers")
            and not (removes(record) or step.values("image"))
        ):
            # Starting a container removes nothing, unless the words say which image does.
            continue
        if wanted == "wait_for" and record.action == "extract" and record.kind != "sensor":
            # Running a job is not waiting for it.
            continue
        if wanted == "extract" and record.kind == "sensor" and not _gives(record):
            # Waiting for a thing hands nothing on of what is in it.
            continue
        if wanted != "delete" and removes(record):
            # Nothing is removed unless the words ask for it.
            continue
        choice = _weigh(record, wanted, step, values, has_upstream=has_upstream)
        if choice is not None and record.operator in weights:
            choice = replace(choice, score=choice.score + _VOTE * (weights[record.operator] - 0.5))
        if choice is not None and (best is None or choice.score > best.score):
            best = choice
    return best


def _stores(record: ServiceAction) -> bool:
    return is_kind(record.service, "objects") or is_kind(record.service, "files")


_PLACES = frozenset({"Cluster", "JobFlow"})


def _makers(records: tuple[ServiceAction, ...], step: Step) -> tuple[ServiceAction, ...]:
    """The classes that make a cluster, where that is what the words ask for; else all records."""
    if step.action in ("delete", "wait_for", "check", "notify"):
        return records
    found = tuple(record for record in records if _makes_place(record, step))
    return found or records


def _makes_place(record: ServiceAction, step: Step) -> bool:
    name = record.operator.rpartition(":")[2]
    match = _RESOURCE.search(name)
    if match is None or match.group("verb") != "Create" or match.group("noun") not in _PLACES:
        return False
    return not match.group("rest") and _resource_is_meant(name, step) and is_meant(record, step)


def _gives(record: ServiceAction) -> bool:
    """Whether a sensor hands on what it waited for: a message."""
    return is_kind(record.service, "queues")


def makes(record: ServiceAction) -> bool:
    """Whether an operator makes or changes a whole resource (a bucket, a dataset, a cluster), by the name of its class."""
    return _RESOURCE.search(record.operator.rpartition(":")[2]) is not None and not removes(record)


def lists(record: ServiceAction) -> bool:
    """Whether an operator only looks what there is, by the name of its class."""
    return _GETTING.match(record.operator.rpartition(":")[2]) is not None


def removes(record: ServiceAction) -> bool:
    """Whether an operator removes a resource, by the name of its class."""
    return _REMOVES.search(record.operator.rpartition(":")[2]) is not None


def _weigh(
    record: ServiceAction, action: Action, step: Step, values: SlotValues, *, has_upstream: bool
) -> Choice | None:
    name = record.operator.rpartition(":")[2]
    if not _resource_is_meant(name, step) or not is_meant(record, step):
        return None
    if action in DOING and _GETTING.match(name) and not _LISTING.search(step.words):
        # Work is not done by looking what there is.
        return None
    known = values.filled(record.slots)
    missing = []
    for _, source in record.arguments:
        open_slots = source.missing(known)
        if open_slots and not (has_upstream and set(open_slots) & _FROM_UPSTREAM):
            missing.append(open_slots[0])
        elif not open_slots and source.required_slots and source.resolve(known) is None:
            # The value is there but cannot be used as it is (a hostile table name in SQL, say).
            missing.append(source.required_slots[0])
    if _reads_instead(record, action, known):
        missing.append("sql")
    if missing == ["format"]:
        missing = []  # an export is CSV unless the words say otherwise
    exact = sum(slot in values.values for slot in known)
    score = 3.0 * exact + 2.0 * (len(known) - exact) - 6.0 * len(missing)
    score -= 4.0 * _NEARBY[action].index(record.action)
    if "parser" in missing:
        # Code of the user's own is the last resort.
        score -= 20.0
    score += min(record.priority, 100) / 25.0 + _likeness(name, record.service, step)
    if _RESOURCE.search(name):
        # The words ask for the resource itself, so its own class is right however rarely it is.
        score += 9.0 - min(record.priority, 0) / 25.0
    unused = unused_values(record, step, known)
    score -= 1.5 * len(unused)
    return Choice(record, tuple(known), tuple(dict.fromkeys(missing)), score, unused)


_CHANGES = frozenset({"trigger", "transform", "delete", "train"})


def _reads_instead(record: ServiceAction, action: Action, known: dict[str, ArgumentValue]) -> bool:
    """Whether a record would read the table that the words want refreshed or changed: the statement is open then."""
    if action not in _CHANGES or "sql" in known:
        return False
    values = (source.resolve(known) for _, source in record.arguments)
    return any(isinstance(value, LiteralValue) and str(value.value).startswith("SELECT * FROM ") for value in values)


def unused_values(record: ServiceAction, step: Step, known: dict[str, ArgumentValue]) -> tuple[str, ...]:
    """Stated values that no argument takes."""
    texts = [
        str(value.value) for _, source in record.arguments if isinstance(value := source.resolve(known), LiteralValue)
    ]
    # JSON in the words is compared as JSON: Python spells it in another way.
    texts += [
        json.dumps(value.value)
        for _, source in record.arguments
        if isinstance(value := source.resolve(known), LiteralValue)
    ]
    # An argument that is only partly open takes what is known of it.
    texts += [
        str(known[slot].value)  # type: ignore[union-attr]
        for _, source in record.arguments
        if source.kind_tag in ("object", "list") and source.resolve(known) is None
        for slot in source.slots
        if isinstance(known.get(slot), LiteralValue)
    ]
    whole = "\n".join(texts)
    left = []
    for item in step.slots:
        if item.slot.name in ("connection", "link", "host") or item.slot.value in whole:
            continue
        parts = [part for part in re.split(r"[/:.]+", item.slot.value) if len(part) > 2]
        if not parts or not all(part in whole for part in parts if part not in ("s3", "s3a", "gs", "http", "https")):
            left.append(item.slot.name)
    return tuple(left)


def _resource_is_meant(class_name: str, step: Step) -> bool:
    """Whether a class that makes or removes a resource is what the words ask for: the resource is their object."""
    match = _RESOURCE.search(class_name)
    if match is None:
        return True
    noun, words = match.group("noun").lower(), step.words
    verbs = {
        "create": "creat|mak|set up|provision|spin up|spin|bring up|boot|fire up|stand up|start|launch|add", "delete": "delet|drop|remov|tear", "drop": "drop|delet|remov",
        "terminate": "terminat|shut|stop|tear|delet|kill", "remove": "remov|delet|drop", "update": "updat|chang|resiz|scal", "patch": "patch|updat", "resize": "resiz|scal",
        "modify": "modif|updat|chang|resiz|scal",
    }[match.group("verb").lower()]  # fmt: skip
    plural = f"(?:{noun}s?|indices|indexes)" if noun == "index" else f"{noun}s?"
    plural = {"nodegroup": r"node[\s-]?groups?", "jobflow": r"(?:job\s?flows?|clusters?)"}.get(noun, plural)
    gap = r"\w*\s+(?:(?:the|a|an|our|all|old|new|temporary|external|empty|spark|emr|dataproc|eks|gke|s3|gcs|bigquery|sql|kafka|vm|ec2|[\w`'\"./-]+)\s+){0,3}?"
    place = "cluster" if noun == "jobflow" else noun
    if re.match(rf"\W*(?:(?:then|and|finally)\W+)*(?:{verbs})\w*\s+(?:it|them)\b", words, re.IGNORECASE) and (
        place == "cluster" or step.values(place)
    ):
        return match.group("verb") != "Create"
    found = re.search(rf"\b(?:{verbs}){gap}{plural}\b", words, re.IGNORECASE)
    if found is None or re.search(r"\b(?:from|in|of|to|into|on|older|with)\b", found.group(), re.IGNORECASE):
        return False
    # What is there already is started, not made.
    return (
        match.group("verb") != "Create" or re.match(r"start\w*\s+(?:the|our)\b", found.group(), re.IGNORECASE) is None
    )


def _likeness(class_name: str, service: str, step: Step) -> float:
    """How much of the class's name the words speak of: verbs and things, without the name of the service."""
    words = f"{step.lemma} {step.words} {step.heading}".lower()
    own = set(service.split("_"))
    score = 0.0
    for token in (item.lower() for item in _CAMEL.findall(class_name)):
        if token in _EMPTY_TOKENS or token in own or len(token) < 4:
            continue
        score += 1.5 if re.search(rf"\b{re.escape(token[:5])}", words) else -0.3
    if _GETTING.match(class_name) and not re.search(
        r"\b(?:list|get|fetch|read|describe|find|collect|check|scan)", words
    ):
        score -= 4.0
    return score


def actions_of(catalog: Catalog, service: str) -> tuple[ServiceAction, ...]:
    """The actions of a service that stay on its own side."""
    if service not in catalog:
        return ()
    return tuple(item for item in catalog.actions(service) if not item.target_service)
