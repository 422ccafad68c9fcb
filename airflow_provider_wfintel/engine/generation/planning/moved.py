"""Objects that move within one store: the copy alone would leave them where they were."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue

__all__ = ["move_local", "move_within"]

_MOVES = re.compile(
    r"\W*(?:(?:then|and|finally|afterwards)\W+)*(?:mov\w+|archiv\w+|relocat\w+|verschieb\w*|déplac\w*|muev\w*)\b",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?:~|\.{1,2})?/\S*[^/\s*?]$")


def move_local(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A file of the worker that goes into another folder."""
    if step.action != "copy" or set(step.services) - {"filesystem"} or step.foreach is not None:
        return None
    moves = _MOVES.match(step.words) or step.lemma.split(" ")[0] in ("move", "archive")
    paths = step.values("path")
    if not moves or len(paths) != 2 or not _FILE.fullmatch(paths[0]) or not paths[1].endswith("/"):
        return None
    extra = (literal("path", paths[0]), literal("folder", paths[1]))
    return (from_recipe(desk, step, "move_file", slot_values(step), task, service="filesystem", extra=extra),)


_STORES = frozenset({"amazon_s3", "minio"})


def move_within(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A move between two places of S3, object by object."""
    service = step.target or step.source
    if step.action != "copy" or service not in _STORES or set(step.services) != {service} or step.tool:
        return None
    moves = _MOVES.match(step.words) or step.lemma.split(" ")[0] in ("move", "archive")
    places = [item.slot for item in step.slots if item.slot.name in ("uri", "bucket")]
    if not moves or len(places) < 2:
        return None
    values = slot_values(step)
    extra: list[Argument] = []
    for name in ("bucket", "prefix", "target_bucket", "target_prefix"):
        value = values.values.get(name)
        if name == "prefix" and value is None:
            value = values.values.get("key")
        if isinstance(value, LiteralValue):
            extra.append(literal(name, value.value))
    if not {"bucket", "target_bucket"} <= {item.name for item in extra}:
        return None
    return (from_recipe(desk, step, "move_s3_objects", values, task, service=service, extra=tuple(extra)),)
