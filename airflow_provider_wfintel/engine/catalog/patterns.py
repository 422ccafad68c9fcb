"""Patterns: reviewed templates of data work, kept as one JSON file each in `data/patterns/`.

A pattern holds sentences with typed placeholders, which the ordinary reader turns into a DAG, and the tasks and edges
that must come out of them. `schema/pattern.schema.json` describes the files. Parameters that all patterns share stand
in `data/pattern_parameters.json`.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER
from airflow_provider_wfintel.engine.catalog.read import read_data
from airflow_provider_wfintel.engine.model import Action, LiteralValue, from_json
from airflow_provider_wfintel.exceptions import CatalogError, SpecError, UserInputError

__all__ = [
    "PARAMETER_TYPES",
    "ParameterType",
    "Pattern",
    "PatternParameter",
    "PatternSignals",
    "PatternTask",
    "ServiceRole",
    "find_pattern",
    "load_patterns",
    "placeholders",
    "read_pattern",
]

ParameterType: TypeAlias = Literal[
    "text", "name", "identifier", "identifiers", "integer", "integers", "date", "email", "channel", "sql", "command",
    "schedule", "timezone", "dag_id",
]  # fmt: skip
"""What a value must be. An identifier is a plain, perhaps dotted name, which is safe inside SQL; a name holds no blanks
and no quotes (paths, keys, addresses); `sql` is a statement and `command` a shell command of one's own."""

PARAMETER_TYPES: tuple[str, ...] = typing.get_args(ParameterType)
_PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class PatternParameter:
    """A value that a person may set.

    Attributes:
        name: what it is called.
        type: what a value must be.
        description: what it means.
        default: its value if none is given, perhaps with placeholders; without one it must be given.
        minimum: lowest number.
        sentence: for shared parameters, the sentence that a value adds to the description; an empty value adds none.
    """

    name: str
    type: ParameterType
    description: str
    default: LiteralValue | None = None
    minimum: int | None = None
    sentence: str = ""

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """A part that one of several services can play; `options` are catalogue ids, `default` is one of them."""

    role: str
    description: str
    options: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class PatternTask:
    """A task that must come out: what it does, with which services (ids, or `${role}`), after which others."""

    id: str
    action: Action
    services: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class PatternSignals:
    """What of a DAG and its description speaks for the pattern.

    Attributes:
        steps: regular expressions over lines such as `load postgres task load_rows mapped`, one for each task in
            order after a line `start cron`; all must be found, one after the other.
        words: regular expressions over the description; at least one must be found.
    """

    steps: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One template. `parameters` are its own; `shared` those of all patterns. Without `schedule` its text says when."""

    id: str
    title: str
    category: str
    description: str
    use_when: tuple[str, ...]
    avoid_when: tuple[str, ...]
    text: tuple[str, ...]
    tasks: tuple[PatternTask, ...]
    signals: PatternSignals
    schedule: str = ""
    services: tuple[ServiceRole, ...] = ()
    parameters: tuple[PatternParameter, ...] = ()
    shared: tuple[PatternParameter, ...] = ()

    @property
    def all_parameters(self) -> tuple[PatternParameter, ...]:
        """Its own parameters, then the shared ones."""
        return (*self.parameters, *self.shared)


def placeholders(text: str) -> tuple[str, ...]:
    """The names between `${` and `}`, each once, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def load_patterns() -> tuple[Pattern, ...]:
    """All patterns, sorted by id.

    Raises:
        CatalogError: a file does not follow the form.
    """
    return _load(DATA_FOLDER)


def find_pattern(pattern_id: str) -> Pattern:
    """The pattern called `pattern_id`.

    Raises:
        UserInputError: there is none.
    """
    found = {item.id: item for item in load_patterns()}
    if pattern_id not in found:
        close = get_close_matches(pattern_id, list(found), n=3, cutoff=0.5)
        asked = f"did you mean {' or '.join(close)}? " if close else ""
        raise UserInputError(f"no pattern {pattern_id!r}", hint=f"{asked}`wfintel patterns` lists all of them")
    return found[pattern_id]


@cache
def _load(folder: Path) -> tuple[Pattern, ...]:
    shared = read_data(folder / "pattern_parameters.json")
    found = []
    for path in sorted((folder / "patterns").glob("*.json")):
        pattern = read_pattern(read_data(path), path.name, shared)
        if pattern.id != path.stem:
            raise CatalogError(f"{path.name}: the id {pattern.id!r} differs from the name of the file")
        found.append(pattern)
    return tuple(found)


def read_pattern(data: object, where: str, shared: Iterable[Mapping[str, Any]] = ()) -> Pattern:
    """Turn the content of a pattern file into a pattern, with the parameters that all patterns share.

    Raises:
        CatalogError: a field is missing, unknown or of the wrong type, or names something that is not there.
    """
    if not isinstance(data, dict):
        raise CatalogError(f"{where}: expected an object, got {type(data).__name__}")
    record = {key: value for key, value in data.items() if key != "$schema"}
    own = {"schedule": record.get("schedule", ""), "dag_id": record.get("id", "")}
    kept = [item for item in shared if item["name"] not in ("schedule", "timezone") or own["schedule"]]
    try:
        record["parameters"] = [_parameter(item) for item in record.get("parameters", ())]
        record["shared"] = [_parameter({**item, "default": own.get(item["name"], item["default"])}) for item in kept]
        pattern = from_json(Pattern, record)
    except (SpecError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise CatalogError(f"{where}: {error}", hint="see schema/pattern.schema.json") from error
    _check(pattern, where)
    return pattern


def _parameter(record: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(record)
    if "default" in data:
        data["default"] = {"json": LiteralValue.of(data["default"]).json}
    return data


def _check(pattern: Pattern, where: str) -> None:
    """Names that the file uses are names that it declares."""
    roles = [item.role for item in pattern.services]
    names = [item.name for item in pattern.all_parameters] + roles
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CatalogError(f"{where}: {twice[0]!r} is declared twice")
    for role in pattern.services:
        if role.default not in role.options:
            raise CatalogError(f"{where}: the default of {role.role!r} is not among its options")
    texts = [*pattern.text, *(item.default.json for item in pattern.parameters if item.default is not None)]
    for name in placeholders(" ".join(texts)):
        if name not in names:
            raise CatalogError(f"{where}: the text uses the unknown name {name!r}")
    before: set[str] = set()
    for task in pattern.tasks:
        unknown = [name for name in task.after if name not in before]
        unknown += [name for name in placeholders(" ".join(task.services)) if name not in roles]
        if unknown:
            raise CatalogError(f"{where}: task {task.id!r} names {unknown[0]!r}, which is not there before it")
        before.add(task.id)
