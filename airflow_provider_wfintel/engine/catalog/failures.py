"""Failure classes, failure signatures and context rules: reviewed data about why tasks fail.

`data/failure_classes.json` holds the root-cause classes with what helps; `data/signatures/<class>.json` the signatures
of one class; `data/signature_contexts.json` the rules by which the surroundings of a message change its class.

Patterns are regular expressions with two conventions that keep them readable: a blank stands for any run of white
space (messages get wrapped), and a pattern begins and ends at the border of a word unless it says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, overload

from airflow_provider_wfintel.engine.catalog.files import DATA_FOLDER, read_data
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = [
    "INDEX_FILE",
    "ContextRule",
    "FailureClass",
    "MadeIndex",
    "Signature",
    "compile_pattern",
    "failure_classes",
    "index_row",
    "load_contexts",
    "load_made_index",
    "load_signatures",
]

_STRENGTHS = (0.5, 5.0)
_BORDER = "(?-i:(?<![A-Za-z0-9])|(?![A-Za-z0-9]))"
"""Local flags: letters of either case are named, and sets without a case to ignore compile ten times as fast."""


class FailureClass(NamedTuple):
    """A root-cause class: what it means, whether running again helps, and what to do.

    Attributes:
        id: its name in diagnoses.
        group: the family it belongs to.
        transient: `transient` (a rerun would probably pass), `permanent` or `unknown`, if nothing more is known.
        action: the first step that usually helps.
        fix_location: where the repair happens (config, code, data, infrastructure, permission, upstream).
        remedies: the actions that a machine may take within a policy.
        auto_level: whether a machine alone can put it right (`yes`, `partly`, `no`).
        certainty: how far a match that nothing opposes settles the class: components and symptoms may hide a cause.
        neighbours: classes that it is most often taken for, or that hide behind it.
        explanation: one sentence in plain words.
        steps: what a person does, in order.
    """

    id: str
    group: str
    transient: str
    action: str
    fix_location: str
    remedies: tuple[str, ...]
    auto_level: str
    certainty: float
    neighbours: tuple[str, ...]
    explanation: str
    steps: tuple[str, ...]


class Signature(NamedTuple):
    """A message that speaks for a class.

    Attributes:
        id: its name, unique among all signatures.
        label: the class.
        pattern: the regular expression, see the module's conventions.
        strength: how specific it is, from 0.5 (a mere symptom) to 5 (a mechanism that explains all above it).
        examples: texts it must match.
        negatives: texts it must not match.
        transient: overrides the value of the class.
        action: overrides the action of the class.
        fix_location: overrides the place of the class.
        case: whether letters must have the case of the pattern.
        only_failures: whether it counts only in exceptions and messages of level error: its words are common.
        names_only: whether it is looked for only in names of errors, written as words.
    """

    id: str
    label: str
    pattern: str
    strength: float
    examples: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    transient: str = ""
    action: str = ""
    fix_location: str = ""
    case: bool = False
    only_failures: bool = False
    names_only: bool = False


class ContextRule(NamedTuple):
    """The surroundings that turn one class into another.

    Attributes:
        id: its name.
        labels: the classes it applies to; empty for all.
        pattern: what must be found.
        scope: where: `event` (message, frames, header and chain of an exception) or `log` (anywhere).
        becomes: the class that results.
        bonus: what is added to the score.
        examples: surroundings in which the pattern is found.
        unless: a pattern that must not be found in the same scope.
    """

    id: str
    labels: tuple[str, ...]
    pattern: str
    scope: str
    becomes: str
    bonus: float
    examples: tuple[str, ...]
    unless: str = ""


def compile_pattern(pattern: str, *, case: bool = False) -> re.Pattern[str]:
    """The regular expression of a signature, after the conventions of this module.

    Raises:
        CatalogError: it is no valid regular expression.
    """
    spaced = re.sub(r"(?<!\\) (?![*+?{])", r"\\s+", pattern)
    try:
        return re.compile(f"{_BORDER}(?:{spaced}){_BORDER}", re.MULTILINE if case else re.MULTILINE | re.IGNORECASE)
    except re.error as error:
        raise CatalogError(f"{pattern!r} is no regular expression: {error}", hint="mend the pattern") from error


@cache
def failure_classes() -> Mapping[str, FailureClass]:
    """All classes by their id, in the order of the file."""
    path = DATA_FOLDER / "failure_classes.json"
    classes = {}
    for record in read_data(path)["classes"]:
        fields = _fields(record)
        classes[record["id"]] = FailureClass(**fields)
    return classes


@cache
def load_signatures(folder: Path | None = None) -> tuple[Signature, ...]:
    """The signatures of the catalogue, or of a folder of the same form.

    Raises:
        CatalogError: a record lacks a field, repeats an id, or names an unknown class.
    """
    found: dict[str, Signature] = {}
    for path in sorted((folder or DATA_FOLDER / "signatures").glob("*.json")):
        data = read_data(path)
        for record in data["signatures"]:
            signature = _signature(record, data["label"], path)
            if signature.id in found:
                raise CatalogError(f"{path}: the id {signature.id!r} comes twice", hint="give it another id")
            found[signature.id] = signature
    return tuple(found.values())


class MadeSignatures(Sequence[Signature]):
    """Signatures without their examples, each made when it is asked for: one failure needs a few dozen of them."""

    def __init__(self, rows: Sequence[str]) -> None:
        self._rows = rows
        self._made: dict[int, Signature] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Signature: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Signature]: ...
    def __getitem__(self, place: int | slice) -> Signature | Sequence[Signature]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if place not in self._made:
            name, label, pattern, strength, transient, action, where, *flags = self._rows[place].split(_BETWEEN)
            flagged = [flag == "1" for flag in flags]
            self._made[place] = Signature(
                name, label, pattern, float(strength), (), (), transient, action, where, *flagged
            )
        return self._made[place]


class MadeIndex(NamedTuple):
    """Signatures, the table that finds them, and what context rules need, in one file."""

    signatures: Sequence[Signature]
    table: Mapping[str, Any]
    contexts: Mapping[str, Any]


INDEX_FILE = DATA_FOLDER / "signature_index.json"
_BETWEEN = "\x1d"


def index_row(signature: Signature) -> str:
    """A signature without its examples as one string: thousands of small lists take longer to load than to split."""
    own = signature
    flags = (str(int(own.case)), str(int(own.only_failures)), str(int(own.names_only)))
    texts = (own.id, own.label, own.pattern, repr(own.strength), own.transient, own.action, own.fix_location, *flags)
    return _BETWEEN.join(texts)


def load_made_index() -> MadeIndex | None:
    """The made index, which loads in a tenth of the time of the records; None if there is no such file."""
    if not INDEX_FILE.is_file():
        return None
    data = read_data(INDEX_FILE)
    return MadeIndex(MadeSignatures(data["signatures"]), data["table"], data["contexts"])


@cache
def load_contexts() -> tuple[ContextRule, ...]:
    """The context rules, in the order in which they apply."""
    path = DATA_FOLDER / "signature_contexts.json"
    rules = []
    for record in read_data(path)["rules"]:
        fields = _fields(record)
        try:
            rules.append(ContextRule(**fields))
        except TypeError as error:
            raise CatalogError(
                f"{path}: {record.get('id')!r}: {error}", hint="see schema/failure_signature.schema.json"
            ) from error
    return tuple(rules)


def _fields(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}


def _signature(record: Mapping[str, Any], label: str, path: Path) -> Signature:
    fields = _fields(record)
    try:
        signature = Signature(label=label, **fields)
    except TypeError as error:
        raise CatalogError(
            f"{path}: {record.get('id')!r}: {error}", hint="see schema/failure_signature.schema.json"
        ) from error
    low, high = _STRENGTHS
    if label not in failure_classes() or not low <= signature.strength <= high or not signature.examples:
        raise CatalogError(
            f"{path}: {signature.id!r} needs a known class, a strength from {low} to {high} and an example",
            hint="see schema/failure_signature.schema.json",
        )
    return signature
