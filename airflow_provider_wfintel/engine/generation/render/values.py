"""Argument values as Python expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_wfintel.engine.generation.render.jinja_text import is_inert, protect
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node, literal_node, quote
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    OutputRef,
    ParamRef,
    ParamSpec,
    SecondsValue,
    SymbolRef,
    TemplateValue,
)
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["OUTPUT_MARK", "PARAM_MARK", "TEMPLATE_MARK", "Place", "ValueWriter", "duration_node", "output_refs"]

TEMPLATE_MARK = "__template__"
OUTPUT_MARK = "__output__"
PARAM_MARK = "__param__"
"""Inside a literal, `{"__template__": "{{ ds }}"}` stands for a live template that the product wrote,
`{"__output__": "task"}` for another task's result and `{"__param__": "name"}` for a parameter of the DAG."""

_FILE_ENDINGS = (
    ("airflow.providers.standard.operators.bash", (".sh", ".bash")),
    ("airflow.providers.standard.sensors.bash", (".sh", ".bash")),
    ("airflow.providers.ssh.", (".sh", ".bash", ".csh", ".zsh", ".dash", ".ps1")),
    ("airflow.providers.docker.", (".sh", ".bash", ".env")),
    ("airflow.providers.smtp.", (".html",)),
    ("airflow.providers.common.sql.", (".json",)),
    ("airflow.providers.google.cloud.operators.bigquery", (".json",)),
    ("airflow.providers.amazon.aws.operators.emr", (".json",)),
)
"""Endings that make Airflow take any rendered text of these operators for the name of a template file. SQL files are
left out: whoever names one means its content."""

_PARAM_TEMPLATE = re.compile(r"\{\{ params\.(\w+) \}\}")
_UNITS = ((604800, "weeks"), (86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the argument, whether Airflow renders it, and which endings name template files."""

    argument: str
    templated: bool
    file_endings: tuple[str, ...] = ()

    @classmethod
    def of_operator(cls, path: str, argument: str, *, templated: bool) -> Place:
        """The place of an argument of the operator at `path`."""
        endings = next((found for prefix, found in _FILE_ENDINGS if path.startswith(prefix)), ())
        return cls(argument, templated, endings)


def output_refs(value: ArgumentValue | None) -> tuple[str, ...]:
    """Ids of the tasks whose results `value` holds, also deep inside a literal."""
    if isinstance(value, OutputRef):
        return (value.task_id,)
    if isinstance(value, LiteralValue) and OUTPUT_MARK in value.json:
        return tuple(dict.fromkeys(_marked(value.value)))
    return ()


def _marked(value: Any) -> list[str]:
    if isinstance(value, dict):
        if set(value) == {OUTPUT_MARK}:
            return [str(value[OUTPUT_MARK])]
        return [name for item in value.values() for name in _marked(item)]
    return [name for item in value for name in _marked(item)] if isinstance(value, list) else []


def duration_node(imports: Imports, seconds: float) -> Node:
    """`timedelta(minutes=5)`: the largest unit that divides the duration.

    Raises:
        SpecError: the duration is negative or longer than `timedelta` can hold.
    """
    if not 0 <= seconds < 86400 * 999_999_999:
        raise SpecError(f"{seconds!r} seconds is no duration", hint="give a number from 0 to some years")
    timedelta = imports.member("datetime", "timedelta")
    if seconds == int(seconds):
        whole = int(seconds)
        size, unit = next(((size, unit) for size, unit in _UNITS if whole and whole % size == 0), (1, "seconds"))
        return Atom(f"{timedelta}({unit}={whole // size})")
    return Atom(f"{timedelta}(seconds={seconds!r})")


@dataclass(slots=True)
class ValueWriter:
    """Writes values. `outputs` maps task ids to the expression for their result."""

    imports: Imports
    outputs: Mapping[str, str]
    params: Mapping[str, ParamSpec]
    scheduled: bool = False
    """Whether the DAG runs by itself, so that a parameter without a default is null until somebody sets it."""
    dated: bool = True
    """Whether every run has a logical date."""
    refusing: bool = field(default=False, init=False)
    """Whether a template with the filter `required` was written."""

    def node(self, value: ArgumentValue, place: Place) -> Node:
        """The expression for `value` in its place.

        Raises:
            SpecError: the value cannot stand in this place.
        """
        if isinstance(value, LiteralValue):
            return self._literal(value.value, place)
        if isinstance(value, TemplateValue):
            return self._template(value.template, place)
        if isinstance(value, OutputRef):
            return self._output(value.task_id, place)
        if isinstance(value, ParamRef):
            return self._param(value.name, place)
        if isinstance(value, SecondsValue):
            return duration_node(self.imports, value.seconds)
        return self._symbol(value)

    def _symbol(self, value: SymbolRef) -> Node:
        return Atom(self.imports.path(value.path))

    def _template(self, text: str, place: Place) -> Node:
        if not place.templated:
            raise SpecError(f"{place.argument!r} is not rendered, so it cannot hold the template {text!r}")
        return Atom(quote(_PARAM_TEMPLATE.sub(lambda found: self._param_template(found[1]), text)))

    def _output(self, task_id: str, place: Place) -> Node:
        if not place.templated:
            raise SpecError(
                f"{place.argument!r} cannot take the output of {task_id!r}: Airflow does not resolve it there"
            )
        return Atom(self.outputs[task_id])

    def _param(self, name: str, place: Place) -> Node:
        if place.templated:
            return Atom(quote(self._param_template(name)))
        param = self.params[name]
        if param.default is None:
            raise SpecError(f"{place.argument!r} is not rendered, so it cannot hold the parameter {name!r}")
        return literal_node(param.default.value)

    def _param_template(self, name: str) -> str:
        """The template for a parameter. One that may be null is refused then: `None` must not reach an operator."""
        reference = f"params.{name}" if name.isidentifier() and name.isascii() else f"params[{quote(name)}]"
        param = self.params.get(name)
        if param is not None and param.run_day_offset is not None:
            day = "ds" if self.dated else "(dag_run.run_after | ds)"
            if param.run_day_offset:
                day = f"macros.ds_add({day}, {param.run_day_offset})"
            return "{{ " + f"{reference} or {day}" + " }}"
        if param is not None and param.optional and param.default is None:
            return "{{ " + f"{reference} or ''" + " }}"
        if param is None or param.default is not None or not (self.scheduled or param.nullable):
            return "{{ " + reference + " }}"
        self.refusing = True
        return "{{ " + f"{reference} | required({quote(name)})" + " }}"

    def _literal(self, value: Any, place: Place) -> Node:
        if isinstance(value, str):
            return self._text(value, place)
        if isinstance(value, list):
            return Group("[", tuple(self._literal(item, place) for item in value), "]")
        if isinstance(value, dict):
            if len(value) == 1:
                mark, inner = next(iter(value.items()))
                if isinstance(inner, str) and mark in (TEMPLATE_MARK, OUTPUT_MARK, PARAM_MARK):
                    return self._mark(mark, inner, place)
            items = ((quote(str(key)), self._literal(item, place)) for key, item in value.items())
            return Group("{", tuple(Keyed(f"{key}: ", node) for key, node in items), "}")
        return literal_node(value)

    def _mark(self, mark: str, inner: str, place: Place) -> Node:
        if mark == TEMPLATE_MARK:
            return self._template(inner, place)
        if mark == OUTPUT_MARK:
            return self._output(inner, place)
        if inner not in self.params:
            raise SpecError(f"{place.argument!r} uses the unknown parameter {inner!r}")
        return self._param(inner, place)

    def _text(self, text: str, place: Place) -> Node:
        if not place.templated:
            return Atom(quote(text))
        if is_inert(text) and place.file_endings and text.endswith(place.file_endings):
            return Group(f"{self.imports.sdk('literal')}(", (Atom(quote(text)),), ")")
        return Atom(quote(protect(text)))
