"""Regions, projects and clusters that several tasks of one service leave open: asked for once, in one parameter."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.naming import service_word
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, ParamRef, ParamSpec, TaskSpec, TemplateValue

__all__ = ["with_shared_settings"]

_SETTINGS = frozenset(
    ("region", "location", "project", "cluster", "account", "workspace", "resource_group", "namespace", "warehouse")
)


def with_shared_settings(desk: Desk, tasks: tuple[TaskSpec, ...]) -> tuple[TaskSpec, ...]:
    """The tasks with one parameter per service and setting where two or more ask for it.

    Where another task of the service states the setting, the open ones take it from there.
    """
    renamed: dict[str, str] = {}
    stated: dict[str, str] = {}
    for service, setting in dict.fromkeys(key for task in tasks for key in _open(desk, task)):
        names = [name for task in tasks for key, name in _open(desk, task).items() if key == (service, setting)]
        names = list(dict.fromkeys(names))
        known = _known(tasks, service, setting)
        if known:
            stated |= dict.fromkeys(names, known)
            text = f"The {_words(setting)} {known!r} is that of all tasks of the service."
            desk.notes.assume(setting, text)
        elif len(names) > 1:
            name = f"{service_word(service)}_{setting}"
            desk.notes.params[name] = _shared(desk, names, setting, service)
            renamed |= dict.fromkeys(names, name)
            desk.notes.assume(
                setting,
                f"The {_words(setting)} of all tasks of {service_word(service)} is the parameter {name!r}: give it a default or a value at the start.",
            )
    if not renamed and not stated:
        return tasks
    for name in (*renamed, *stated):
        if name not in renamed.values():
            desk.forget(ParamRef(name))
    return tuple(
        replace(task, arguments=tuple(_argument(item, renamed, stated) for item in task.arguments)) for task in tasks
    )


def _words(setting: str) -> str:
    return setting.replace("_", " ")


def _shared(desk: Desk, names: list[str], setting: str, service: str) -> ParamSpec:
    first = desk.notes.params[names[0]]
    return replace(
        first, name=f"{service_word(service)}_{setting}", description=f"{_words(setting)} of {service_word(service)}"
    )


def _open(desk: Desk, task: TaskSpec) -> dict[tuple[str, str], str]:
    """Settings that a task leaves open: service and setting, with the name of the parameter."""
    found: dict[tuple[str, str], str] = {}
    if len(task.services) != 1:
        return found
    for name in _params(task):
        setting = desk.slots.get(name, "")
        if setting in _SETTINGS and name in desk.notes.params and name not in desk.declared:
            found[task.services[0], setting] = name
    return found


def _params(task: TaskSpec) -> list[str]:
    names: list[str] = []
    for item in task.arguments:
        if isinstance(item.value, ParamRef):
            names.append(item.value.name)
        elif isinstance(item.value, LiteralValue) and "__param__" in item.value.json:
            names += re.findall(r'"__param__": ?"(\w+)"', item.value.json)
        elif isinstance(item.value, TemplateValue):
            names += re.findall(r"\bparams\.(\w+)", item.value.template)
    return names


def _known(tasks: tuple[TaskSpec, ...], service: str, setting: str) -> str:
    """The one value that tasks of a service state for a setting."""
    names = {"region": ("region", "region_name", "location"), "project": ("project_id",)}.get(setting, ())
    values = {
        str(item.value.value)
        for task in tasks
        if task.services == (service,)
        for item in task.arguments
        if item.name in (setting, f"{setting}_name", f"{setting}_id", *names)
        and item.origin == "stated"
        and isinstance(item.value, LiteralValue)
        and isinstance(item.value.value, str)
    }
    return values.pop() if len(values) == 1 else ""


def _argument(item: Argument, renamed: dict[str, str], stated: dict[str, str]) -> Argument:
    value = item.value
    if isinstance(value, ParamRef):
        if value.name in stated:
            return replace(item, value=LiteralValue.of(stated[value.name]), origin="implied")
        return replace(item, value=ParamRef(renamed[value.name])) if value.name in renamed else item
    if isinstance(value, LiteralValue) and "__param__" in value.json:
        return replace(item, value=LiteralValue.of(_leaves(json.loads(value.json), renamed, stated)))
    return item


def _leaves(data: object, renamed: dict[str, str], stated: dict[str, str]) -> object:
    if isinstance(data, list):
        return [_leaves(item, renamed, stated) for item in data]
    if not isinstance(data, dict):
        return data
    if set(data) == {"__param__"}:
        name = data["__param__"]
        return stated[name] if name in stated else {"__param__": renamed.get(name, name)}
    return {key: _leaves(item, renamed, stated) for key, item in data.items()}
