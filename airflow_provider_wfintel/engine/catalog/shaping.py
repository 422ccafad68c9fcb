"""Values on their way into arguments: shapes, texts put together from parts, JSON with live parts."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    OutputRef,
    ParamRef,
    SecondsValue,
    TemplateValue,
)
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["SHAPES", "Shape", "as_leaf", "as_template", "is_identifier", "shaped", "with_marks"]

Shape: TypeAlias = Literal["", "list", "seconds", "text", "integer", "object", "number", "name", "argv"]
"""What a slot's value must be for the argument: as it is, a list (one value becomes a list of one), a duration,
text, a whole number, or a JSON object (text is read as JSON; anything else is open). `number` and `name` tell an id
from a name: what is not written in digits is open for the one, what is for the other. `argv` is a command for a
container: a shell runs it as it was written."""

SHAPES = ("", "list", "seconds", "text", "integer", "object", "number", "name", "argv")


def is_identifier(value: ArgumentValue) -> bool:
    """Whether the value is a literal such as `orders` or `shop.public.orders`."""
    if not isinstance(value, LiteralValue) or not isinstance(value.value, str):
        return False
    return all(part.isascii() and part.isidentifier() for part in value.value.split("."))


def shaped(value: LiteralValue, shape: Shape) -> ArgumentValue | None:
    """A stated value in the shape that an argument needs; None if it cannot be brought into it."""
    content = value.value
    if shape == "object":
        return _as_object(content)
    if shape == "list":
        return value if isinstance(content, list) else LiteralValue.of([content])
    if shape == "argv":
        return LiteralValue.of(content if isinstance(content, list) else ["/bin/sh", "-c", str(content)])
    if shape == "seconds" and isinstance(content, int | float):
        return SecondsValue(float(content))
    if shape == "text" and not isinstance(content, str):
        return LiteralValue.of(str(content))
    if shape in ("number", "name"):
        digits = str(content).isdigit()
        return None if digits != (shape == "number") else LiteralValue.of(int(content) if digits else content)
    if shape == "integer" and isinstance(content, str) and content.lstrip("-").isdigit():
        return LiteralValue.of(int(content))
    return value


def _as_object(content: object) -> LiteralValue | None:
    """The JSON object that a value is or spells, or None."""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return None
    return LiteralValue.of(content) if isinstance(content, dict) else None


def as_template(value: ArgumentValue) -> str:
    """The text of a value inside a larger text."""
    if isinstance(value, LiteralValue):
        return str(value.value)
    if isinstance(value, TemplateValue):
        return value.template
    if isinstance(value, ParamRef):
        return f"{{{{ params.{value.name} }}}}"
    if isinstance(value, OutputRef):
        return f"{{{{ ti.xcom_pull(task_ids='{value.task_id}') }}}}"
    if isinstance(value, SecondsValue):
        return f"{value.seconds:g}"
    raise CatalogError(f"{value!r} cannot stand inside a text")


def with_marks(data: Any, live: list[str]) -> Any:
    """The data with every live part replaced by a numbered mark; the templates are collected in `live`."""
    if isinstance(data, list):
        return [with_marks(item, live) for item in data]
    if not isinstance(data, dict):
        return data
    if set(data) != {"__template__"}:
        return {key: with_marks(item, live) for key, item in data.items()}
    template = str(data["__template__"])
    # `{{ x }}` becomes `{{ (x) | tojson }}`, so that quotes in the value cannot break the text.
    if template.startswith("{{") and template.endswith("}}") and template.count("{{") == 1:
        template = f"{{{{ ({template[2:-2].strip()}) | tojson }}}}"
    else:
        template = json.dumps(template, ensure_ascii=False)
    live.append(template)
    return f"\0{len(live) - 1}"


def as_leaf(value: ArgumentValue) -> Any:
    """A value inside a JSON literal."""
    if isinstance(value, LiteralValue):
        return value.value
    if isinstance(value, SecondsValue):
        return value.seconds
    return {"__template__": as_template(value)}
