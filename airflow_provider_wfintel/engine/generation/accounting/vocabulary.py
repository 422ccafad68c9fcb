"""What a task says by being what it is: its values, its class, its service, its rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from airflow_provider_wfintel.engine.catalog.lexicon import load_lexicon
from airflow_provider_wfintel.engine.catalog.recipe import load_recipes
from airflow_provider_wfintel.engine.generation.accounting.small_words import stem, word_list
from airflow_provider_wfintel.engine.model import (
    Argument,
    LiteralValue,
    ParamRef,
    SymbolRef,
    TaskSpec,
    TemplateValue,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["kind_words", "setting_words", "stems_of", "value_words"]

_PIECES = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RULES = {name: word_list(name, stems=True) for name in ("all_done", "one_failed", "one_success")}
_DAY = re.compile(r"\{\{|\bds\b|data_interval|logical_date|run_after|current_date|getdate|sysdate|now\(", re.IGNORECASE)
_DATED = word_list("dated", stems=True)


def stems_of(texts: Iterable[str]) -> frozenset[str]:
    """The stems of all words in some texts; parts of names (`camelCase`, `snake_case`, dotted) are words too."""
    found = set()
    for text in texts:
        for piece in _PIECES.findall(text):
            found.add(stem(piece))
            if not piece.islower() and not piece.isupper():
                found.update(stem(part) for part in _CAMEL.split(piece))
    return frozenset(found)


def value_words(task: TaskSpec) -> frozenset[str]:
    """Stems of the words in the values that the text gave a task or that follow from it."""
    texts = list(_values(task.arguments))
    if task.mapping is not None:
        texts += _values((Argument("", task.mapping.over),))
        texts.append(task.mapping.argument)
    texts += (*task.inlets, *task.outlets, task.pool)
    found = stems_of(texts)
    if any(_DAY.search(text) for text in texts):
        found |= _DATED
    return found


def _values(arguments: Iterable[Argument]) -> Iterable[str]:
    for item in arguments:
        value = item.value
        if isinstance(value, LiteralValue):
            yield json.dumps(value.value, ensure_ascii=False)
        elif isinstance(value, TemplateValue):
            yield value.template
        elif isinstance(value, SymbolRef):
            yield value.path.rpartition(":")[2]
        elif isinstance(value, ParamRef):
            yield item.name


def kind_words(task: TaskSpec) -> frozenset[str]:
    """Stems of the words that a task embodies: its class, its arguments' names, its services, its rule."""
    found = _class_words(task.operator.path, task.operator.recipe)
    for service in task.services:
        found |= _service_words(service)
    found |= stems_of(item.name for item in task.arguments)
    return found | _RULES.get(task.trigger_rule, frozenset())


@cache
def _class_words(path: str, recipe: str) -> frozenset[str]:
    texts = [path.rpartition(":")[2]]
    if recipe:
        texts.append(recipe)
        with suppress(CatalogError):  # a recipe of the generator's own: its name has to do
            texts.append(load_recipes().recipe(recipe).description)
    return stems_of(texts)


@cache
def _service_words(service: str) -> frozenset[str]:
    lexicon = load_lexicon()
    category = lexicon.categories.get(service, "")
    names = _names().get(service, ())
    return stems_of((service, *names, *lexicon.context.objects.get(category, ())))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, service in load_lexicon().aliases.items():
        found.setdefault(service, []).append(name)
    return {service: tuple(names) for service, names in found.items()}


def setting_words(spec: WorkflowSpec) -> frozenset[str]:
    """Stems of the words that the settings of the DAG hold: alerts, owner, tags, limits, assets, parameters."""
    texts = [spec.owner, spec.limits.pool]
    for alert in spec.alerts:
        texts += (alert.target, alert.connection_id)
    if spec.schedule.assets is not None:
        texts += spec.schedule.assets.uris
    texts += [f"{param.name} {param.default.value if param.default else ''}" for param in spec.params if param.default]
    found = stems_of(texts)
    for alert in spec.alerts:
        found |= _service_words(alert.service)
    return found
