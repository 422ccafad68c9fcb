"""Names of DAGs and tasks: short, ASCII, made from what the words name; the same words give the same names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["dag_name", "service_word", "slug", "task_name", "unique"]

_LIMIT = 60
_PLAIN_VERBS = {"must return": "check", "should return": "check", "make sure": "check"}
_VERBS = {
    "extract": "extract", "load": "load", "transform": "transform", "query": "query", "copy": "copy", "wait_for": "wait_for",
    "notify": "notify", "train": "train", "branch": "branch", "check": "check", "trigger": "run", "delete": "delete",
    "approve": "approve", "none": "run",
}  # fmt: skip
_OBJECT_SLOTS = (
    "table", "collection", "topic", "queue", "index", "function", "dag_id", "workbook", "notebook", "pipeline", "job", "model",
    "dataset", "file_name", "procedure", "suite", "site", "spreadsheet", "bucket", "repository", "image", "script", "project",
)  # fmt: skip
_SHORT = {
    "amazon_": "", "google_cloud_storage": "gcs", "google_": "", "aws_": "", "azure_blob_storage": "azure_blob", "microsoft_": "",
    "apache_": "", "smtp": "email", "http": "api", "filesystem": "file",
}  # fmt: skip
_FILLERS = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "to",
        "from",
        "into",
        "in",
        "of",
        "for",
        "with",
        "by",
        "at",
        "on",
        "it",
        "its",
        "this",
        "that",
        "them",
        "then",
        "all",
        "new",
        "our",
        "each",
        "every",
        "please",
        "result",
        "results",
        "data",
        "file",
        "files",
        "table",
        "job",
        "run",
        "task",
        "step",
        "dag",
        "via",
        "using",
        "is",
        "are",
        "be",
        "as",
        "if",
        "when",
    ]
)


def slug(words: str, limit: int = _LIMIT) -> str:
    """ASCII snake case of some words: letters, digits and underscores only, beginning with a letter."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    text = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_").lower()
    text = re.sub(r"_+", "_", text)
    if text[:1].isdigit():
        text = f"n{text}"
    if len(text) > limit:
        text = text[:limit].rsplit("_", 1)[0] if "_" in text[:limit] else text[:limit]
    return text


def service_word(service: str) -> str:
    """A service's id without the name of its vendor, for use in task names."""
    for prefix, short in _SHORT.items():
        if service == prefix or (prefix.endswith("_") and service.startswith(prefix)):
            return short + service[len(prefix) :] if prefix.endswith("_") else short
    return service


def _verb(step: Step) -> str:
    lemma = slug(_PLAIN_VERBS.get(step.lemma, step.lemma), 24)
    plain = step.lemma.isascii() and lemma and step.clause is not None and step.clause.verb is not None
    if plain and step.clause is not None and step.clause.verb is not None and step.clause.verb.form != "other":
        return lemma.removesuffix("_them_into").removesuffix("_it_into").removesuffix("_into") or _VERBS[step.action]
    return lemma if lemma in ("list", "count", "wait_for", "copy", "run", "check") else _VERBS[step.action]


def _object(step: Step, service: str) -> str:
    for name in _OBJECT_SLOTS:
        for item in step.slots:
            if item.slot.name != name or (service and item.service not in ("", service)):
                continue
            value = item.slot.value
            if name in ("table", "collection", "procedure"):
                value = re.sub(r"^\s*(?:call|exec(?:ute)?)\s+", "", value, flags=re.I).split("(")[0]
                value = value.rsplit("/", 1)[-1].removesuffix(".sql").rsplit(".", 1)[-1]
            if name == "image":
                value = value.rsplit("/", 1)[-1].split("@")[0].split(":")[0]
            short = slug(value.rsplit("/", 1)[-1].rsplit(":", 1)[-1], 32)
            if short:
                return short
    return ""


def _content_words(step: Step, limit: int = 3) -> str:
    words = [word for word in re.findall(r"[A-Za-z]{3,}", step.words) if word.lower() not in _FILLERS]
    verb = step.lemma.split(" ")[0].lower()
    kept = [word for word in words if not word.lower().startswith(verb[:5] or "\0")][:limit]
    return slug("_".join(kept), 36)


def task_name(step: Step) -> str:
    """The task id of a step, before it is made unique: verb, object, service."""
    verb = _verb(step)
    service = step.tool or step.target or step.source
    thing = _object(step, service) or _object(step, "")
    place = service_word(service) if service else ""
    if step.source and step.target and step.source != step.target:
        place = f"{service_word(step.source)}_to_{service_word(step.target)}"
    parts = [verb, thing, place if not thing or place not in thing else ""]
    if not thing and not place:
        parts.append(_content_words(step))
    return slug("_".join(part for part in parts if part)) or _VERBS[step.action]


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name_2`, `name_3`, ... if it is taken."""
    used = set(taken)
    if name not in used:
        return name
    number = 2
    while f"{name}_{number}" in used:
        number += 1
    return f"{name}_{number}"


def dag_name(text: str, steps: tuple[Step, ...]) -> str:
    """The DAG id for a description that gives none: where data comes from and goes to, else its first words."""
    sources = [service_word(step.source) for step in steps if step.source]
    targets = [service_word(step.target) for step in steps if step.target and step.action in ("load", "copy")]
    thing = next((name for step in steps if (name := _object(step, ""))), "")
    if sources and targets and sources[0] != targets[-1]:
        return (
            slug("_".join(dict.fromkeys([thing, sources[0], "to", targets[-1]])))
            if thing
            else slug(f"{sources[0]}_to_{targets[-1]}")
        )
    if steps:
        name = task_name(steps[0])
        if name:
            return name
    words = [word for word in re.findall(r"[A-Za-z]{3,}", text)[:12] if word.lower() not in _FILLERS]
    return slug("_".join(words[:4])) or "workflow"
