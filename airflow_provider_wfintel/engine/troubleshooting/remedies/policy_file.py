"""Read a policy: YAML or JSON, checked against its schema, into typed values."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Bounds
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import (
    Match,
    Policy,
    QuietHours,
    Rule,
    Terms,
)
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES
from airflow_provider_wfintel.exceptions import RemedyPolicyError

__all__ = ["SCHEMA_FILE", "parse_policy", "policy_schema", "read_policy"]

SCHEMA_FILE = Path(__file__).with_name("policy.schema.json")
_MOST_BYTES = 1_000_000
_PLAIN = ("mode", "min_confidence", "rerun_confidence", "non_idempotent")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def policy_schema() -> Mapping[str, Any]:
    """The JSON Schema of a policy."""
    schema: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def read_policy(path: Path) -> Policy:
    """The policy of a file.

    Raises:
        RemedyPolicyError: the file cannot be read, or is no policy; nothing of it holds then.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RemedyPolicyError(f"{str(path)!r} holds more than {_MOST_BYTES:,} bytes", hint="make it smaller")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RemedyPolicyError(f"the policy {str(path)!r} cannot be read: {error}", hint="name a text file") from error
    return parse_policy(text, str(path))


def parse_policy(text: str, name: str = "policy") -> Policy:
    """The policy of a text.

    Raises:
        RemedyPolicyError: it is no policy; the message names the place.
    """
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RemedyPolicyError(f"{name} is no YAML: {error}", hint="see docs/reference/remedy-policy.md") from error
    _say_off(data)
    _check(data, name)
    defaults = _terms(data.get("defaults", {}), name, Terms())
    rules = tuple(
        Rule(_match(entry["match"]), _sets(entry, f"{name}: rule {number}", defaults))
        for number, entry in enumerate(data.get("rules", ()), start=1)
    )
    return Policy(defaults, rules)


def _say_off(data: object) -> None:
    """YAML reads a bare `off` as false: make it the word that was meant."""
    entries = [data.get("defaults"), *(data.get("rules") or ())] if isinstance(data, dict) else []
    for entry in entries:
        if isinstance(entry, dict) and entry.get("mode") is False:
            entry["mode"] = "off"


def _check(data: object, name: str) -> None:
    from jsonschema import Draft202012Validator

    error = next(
        iter(sorted(Draft202012Validator(policy_schema()).iter_errors(data), key=lambda e: list(e.path))), None
    )
    if error is not None:
        where = ".".join(str(part) for part in error.path) or "the top"
        raise RemedyPolicyError(f"{name}: {where}: {error.message}", hint="see docs/reference/remedy-policy.md")


def _terms(entry: Mapping[str, Any], name: str, base: Terms) -> Terms:
    return dataclasses.replace(base, **_sets(entry, f"{name}: defaults", base))


def _sets(entry: Mapping[str, Any], where: str, base: Terms) -> dict[str, Any]:
    """What an entry sets, by the names of `Terms`. Budgets and bounds complete those of the defaults."""
    sets: dict[str, Any] = {name: entry[name] for name in _PLAIN if name in entry}
    for name in ("allow", "ask"):
        if name in entry:
            sets[name] = _remedies(entry[name], f"{where}: {name}")
    if "budget" in entry:
        sets["budget"] = dataclasses.replace(base.budget, **entry["budget"])
    if "cool_down_minutes" in entry:
        sets["cool_down_seconds"] = float(entry["cool_down_minutes"]) * 60
    if "quiet_hours" in entry:
        sets["quiet_hours"] = tuple(_hours(item, where) for item in entry["quiet_hours"])
    if "bounds" in entry:
        sets["bounds"] = _bounds(entry["bounds"], where, base.bounds)
    return sets


def _remedies(names: list[str], where: str) -> frozenset[str]:
    known = {item.name for item in REMEDIES}
    for name in names:
        if name not in known:
            raise RemedyPolicyError(f"{where}: there is no remedy {name!r}", hint=f"one of {', '.join(sorted(known))}")
    return frozenset(names)


def _bounds(entry: Mapping[str, Any], where: str, base: Bounds) -> Bounds:
    for label in entry.get("queues", {}):
        if label not in failure_classes():
            raise RemedyPolicyError(f"{where}: bounds.queues: there is no class {label!r}", hint="see the classes")
    return dataclasses.replace(base, **entry)


def _hours(entry: Mapping[str, Any], where: str) -> QuietHours:
    zone = entry.get("zone", "UTC")
    try:
        ZoneInfo(zone)
        begin, end = time.fromisoformat(entry["from"]), time.fromisoformat(entry["to"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RemedyPolicyError(
            f"{where}: quiet_hours: {error}", hint='such as {from: "22:00", to: "06:00"}'
        ) from error
    return QuietHours(begin, end, zone, tuple(_DAYS.index(day) for day in entry.get("days", ())))


def _match(entry: Mapping[str, Any]) -> Match:
    return Match(**{name: tuple(values) for name, values in entry.items()})
