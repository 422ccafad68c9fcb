"""What a task says, by meaning: the slots of the catalogue, read back from the arguments of its operator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from airflow_provider_wfintel.engine.catalog import Catalog, ServiceAction
from airflow_provider_wfintel.engine.catalog.sources import (
    ArgumentSource,
    ConnectionSource,
    FirstSource,
    JsonSource,
    ListSource,
    ObjectSource,
    SlotSource,
    TextSource,
)
from airflow_provider_wfintel.engine.model import ArgumentValue, LiteralValue, TaskSpec

__all__ = ["known_slots"]


def known_slots(task: TaskSpec, catalog: Catalog) -> dict[str, ArgumentValue]:
    """Slot → value for all that the arguments of a task say, with its connections under `connection.source` and so on.

    Arguments that no record of the catalogue explains count under their own name.
    """
    found: dict[str, ArgumentValue] = {}
    for record in _own_records(task, catalog):
        for name, source in record.arguments:
            argument = task.argument(name)
            if argument is not None:
                for slot, value in _read(source, argument.value):
                    found.setdefault(slot, value)
    for argument in task.arguments:
        if not argument.name.endswith("conn_id"):
            found.setdefault(argument.name, argument.value)
    return found


def _own_records(task: TaskSpec, catalog: Catalog) -> Iterator[ServiceAction]:
    for service in task.services:
        if service in catalog:
            yield from (item for item in catalog.actions(service) if item.operator == task.operator.path)


def _read(source: ArgumentSource, value: ArgumentValue) -> Iterator[tuple[str, ArgumentValue]]:
    """The slots behind the value of an argument; nothing where it cannot be told."""
    if isinstance(source, SlotSource):
        yield source.slot, _unshaped(source, value)
    elif isinstance(source, ConnectionSource):
        # The default of one class is none of the other's.
        if value != LiteralValue.of(source.default):
            yield f"connection.{source.side}", value
    elif isinstance(source, FirstSource):
        for item in source.items:
            yield from _read(item, value)
            if isinstance(item, SlotSource):
                return
    elif isinstance(value, LiteralValue):
        yield from _read_literal(source, value)


def _unshaped(source: SlotSource, value: ArgumentValue) -> ArgumentValue:
    if source.shape == "list" and isinstance(value, LiteralValue) and isinstance(value.value, list):
        return LiteralValue.of(value.value[0]) if len(value.value) == 1 else value
    return value


def _read_literal(source: ArgumentSource, value: LiteralValue) -> Iterator[tuple[str, ArgumentValue]]:
    content = value.value
    if isinstance(source, TextSource) and isinstance(content, str):
        yield from _read_text(source, content)
    elif isinstance(source, JsonSource) and isinstance(content, str):
        try:
            inner = json.loads(content)
        except ValueError:
            return
        yield from _read(source.source, LiteralValue.of(inner))
    elif isinstance(source, ObjectSource) and isinstance(content, dict):
        for key, item in source.items:
            if key in content:
                yield from _read(item, LiteralValue.of(content[key]))
    elif isinstance(source, ListSource) and isinstance(content, list) and len(content) == len(source.items):
        for item, part in zip(source.items, content, strict=True):
            yield from _read(item, LiteralValue.of(part))


def _read_text(source: TextSource, text: str) -> Iterator[tuple[str, ArgumentValue]]:
    """`s3://lake/in.csv` against `s3://{bucket}/{key}`: the bucket has no slash, the key may."""
    if len(set(source.slots)) != len(source.slots):
        return
    parts = re.split(r"\{(\w+)\}", source.pattern)
    last = len(parts) - 2
    pattern = "".join(
        re.escape(part) if index % 2 == 0 else f"(?P<{part}>{'.+' if index == last else '[^/]+?'})"
        for index, part in enumerate(parts)
    )
    match = re.fullmatch(pattern, text, re.DOTALL)
    if match is not None:
        yield from ((slot, LiteralValue.of(found)) for slot, found in match.groupdict().items())
