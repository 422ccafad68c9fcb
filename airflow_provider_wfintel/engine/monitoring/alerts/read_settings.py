"""From JSON to settings: the built-in ones, changed and added to by own ones; errors name what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.model import from_json
from airflow_provider_wfintel.engine.monitoring.alerts.events import KINDS
from airflow_provider_wfintel.engine.monitoring.alerts.matching import fits
from airflow_provider_wfintel.engine.monitoring.alerts.settings import DEFAULT_ROUTE, AlertSettings, Rule
from airflow_provider_wfintel.exceptions import AlertSettingsError, SpecError

__all__ = ["alerts_schema", "read_alert_settings"]

_HERE = Path(__file__).parent
_NAMED = {"rules": "id", "inhibitions": "name", "receivers": "name", "routes": "name", "mute_times": "name"}


@cache
def _data(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def alerts_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the settings."""
    schema: dict[str, Any] = json.loads(_data("alerts.schema.json"))
    return schema


def read_alert_settings(own: Mapping[str, Any] | None = None) -> AlertSettings:
    """The built-in rules and inhibitions together with own settings.

    Args:
        own: JSON data that follows `alerts_schema`. A rule or inhibition with the id of a built-in one changes the
            fields that it names. Routes are tried in their order; without a route `default` there is one at the end
            that tells all receivers.

    Raises:
        AlertSettingsError: a part does not follow the schema, refers to what is not there, or makes no sense; the
            message names the part and says what was expected.
    """
    own = dict(own or {})
    _check_schema(own)
    _check_twice(own)
    merged = {**own, **_with_builtin(own)}
    merged["receivers"] = [_receiver(item) for item in own.get("receivers", [])] or [{"name": "log", "channel": "log"}]
    routes = list(own.get("routes", []))
    if all(item["name"] != DEFAULT_ROUTE for item in routes):
        routes.append({"name": DEFAULT_ROUTE, "receivers": [item["name"] for item in merged["receivers"]]})
    merged["routes"] = sorted(routes, key=lambda item: item["name"] == DEFAULT_ROUTE)
    _check_names(merged)
    try:
        settings = from_json(AlertSettings, merged)
    except SpecError as error:
        raise AlertSettingsError(f"alert settings: {error.message}", hint=error.hint) from error
    _check_sense(settings)
    return settings


def _with_builtin(own: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    builtin = json.loads(_data("builtin.json"))
    merged = {}
    for part in ("rules", "inhibitions"):
        name = _NAMED[part]
        records = {item[name]: item for item in builtin[part]}
        for item in own.get(part, []):
            records[item[name]] = {**records.get(item[name], {}), **item}
        merged[part] = list(records.values())
    for rule in merged["rules"]:
        for field in ("title", "raised_by"):
            if field not in rule:
                raise AlertSettingsError(
                    f"rule {rule['id']!r}: {field!r} is missing",
                    hint="a rule of your own needs 'title' and 'raised_by'; to change a built-in one, use its id",
                )
    for item in merged["inhibitions"]:
        for field in ("source", "muted"):
            if field not in item:
                raise AlertSettingsError(
                    f"inhibition {item['name']!r}: {field!r} is missing", hint="say which kinds mute which"
                )
    return merged


def _receiver(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "options": [[key, value] for key, value in sorted(item.get("options", {}).items())]}


def _check_schema(own: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(alerts_schema()).iter_errors(own))
    if error is None:
        return
    where = _place(own, list(error.absolute_path))
    expected = error.schema.get("description") if isinstance(error.schema, dict) else None
    raise AlertSettingsError(
        f"{where}: {error.message}", hint=expected or "alerts.schema.json in the package says what is expected"
    )


def _place(own: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """The part that a path leads into, by its name: `rule 'late' .above`."""
    if len(path) < 2 or path[0] not in _NAMED:
        return ".".join(("alert settings", *map(str, path)))
    part, index = str(path[0]), path[1]
    item = own[part][index]
    name = item.get(_NAMED[part]) if isinstance(item, dict) else None
    kind = part.removesuffix("s").replace("_", " ")
    rest = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path[2:])
    return f"{kind} {name!r}{' ' + rest if rest else ''}" if name else f"{kind} {index}{rest}"


def _check_twice(data: Mapping[str, Any]) -> None:
    for part, field in _NAMED.items():
        names = [item[field] for item in data.get(part, [])]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise AlertSettingsError(
                f"{part}: there are several {twice[0]!r}", hint="give each a name of its own, or keep one"
            )


def _check_names(data: Mapping[str, Any]) -> None:
    known = {part: {item[field] for item in data.get(part, [])} for part, field in _NAMED.items()}
    for route in data["routes"]:
        heard = [*route["receivers"], *(name for step in route.get("escalate", []) for name in step["receivers"])]
        _require(f"route {route['name']!r}", "receiver", heard, known["receivers"])
        _require(f"route {route['name']!r}", "mute time", route.get("mute_times", []), known["mute_times"])


def _require(where: str, what: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise AlertSettingsError(f"{where}: there is no {what} {name!r}", hint=f"known: {listed}")


def _check_sense(settings: AlertSettings) -> None:
    for rule in settings.rules:
        _check_rule(rule)
    for inhibition in settings.inhibitions:
        where = f"inhibition {inhibition.name!r}"
        for patterns in (inhibition.source, inhibition.muted):
            _check_kinds(where, patterns)
        if not inhibition.downstream and not inhibition.equal:
            raise AlertSettingsError(
                f"{where}: it says neither what is equal nor that one is downstream of the other",
                hint="give 'equal': ['dag_id'] or 'downstream': true",
            )
    for mute in settings.mute_times:
        try:
            mute.holds(0.0)
        except (KeyError, ValueError, OSError) as error:
            raise AlertSettingsError(
                f"mute time {mute.name!r}: {mute.zone!r} is no time zone", hint="an IANA name such as Europe/Rome"
            ) from error
        if mute.start == mute.end:
            raise AlertSettingsError(
                f"mute time {mute.name!r}: it starts and ends at {mute.start}", hint="00:00 to 24:00 is the whole day"
            )


def _check_rule(rule: Rule) -> None:
    where = f"rule {rule.id!r}"
    for patterns in (rule.raised_by, rule.cleared_by, rule.match.kind):
        _check_kinds(where, patterns)
    both = [
        kind for kind in KINDS if rule.cleared_by and fits((kind,), rule.raised_by) and fits((kind,), rule.cleared_by)
    ]
    if both:
        raise AlertSettingsError(f"{where}: {both[0]!r} both raises and clears it", hint="name it on one side only")
    if rule.above is not None and rule.below is not None:
        raise AlertSettingsError(f"{where}: it has both above and below", hint="expected one of them; make two rules")
    for clear, bound, given in (
        ("clear_below", "above", rule.clear_below is not None and rule.above is None),
        ("clear_above", "below", rule.clear_above is not None and rule.below is None),
    ):
        if given:
            raise AlertSettingsError(f"{where}: {clear} without {bound}", hint=f"expected {bound} beside {clear}")
    if rule.above is not None and rule.clear_below is not None and rule.clear_below > rule.above:
        raise AlertSettingsError(f"{where}: clear_below is over above", hint="expected clear_below <= above")
    if rule.below is not None and rule.clear_above is not None and rule.clear_above < rule.below:
        raise AlertSettingsError(f"{where}: clear_above is under below", hint="expected clear_above >= below")
    if rule.flap.changes >= rule.flap.in_runs:
        raise AlertSettingsError(
            f"{where}: {rule.flap.changes} changes do not fit into {rule.flap.in_runs} runs",
            hint="expected flap.changes < flap.in_runs",
        )
    most = max(rule.raise_after_runs, rule.resolve_after_runs)
    if rule.cleared_in == "same_run" and most > 1:
        raise AlertSettingsError(
            f"{where}: what is cleared in the same run cannot wait for {most} runs",
            hint="expected raise_after_runs and resolve_after_runs of 1 with cleared_in same_run",
        )


def _check_kinds(where: str, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        if not any(fits((kind,), (pattern,)) for kind in KINDS):
            raise AlertSettingsError(f"{where}: nothing is of the kind {pattern!r}", hint=f"known: {', '.join(KINDS)}")
