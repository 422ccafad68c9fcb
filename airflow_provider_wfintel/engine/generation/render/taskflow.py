"""TaskFlow functions made from recipes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from airflow_provider_wfintel.engine.catalog.recipe import Recipe
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Node, literal_node, statement
from airflow_provider_wfintel.engine.generation.render.names import split_path
from airflow_provider_wfintel.engine.model import ArgumentValue, LiteralValue, SymbolRef, TaskSpec
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["DECORATOR_ARGUMENTS", "check_arguments", "function_text", "placeholder_texts"]

_TOKEN = re.compile(r"\bP_[A-Z_]+\b")
_DECORATOR = re.compile(r"task(\.[a-z_]+)?")

DECORATOR_ARGUMENTS = (
    "poke_interval",
    "timeout",
    "mode",
    "soft_fail",
    "multiple_outputs",
    "deferrable",
    "ignore_downstream_trigger_rules",
)
"""Arguments that belong to the decorator, not to the function."""


def check_arguments(task: TaskSpec, recipe: Recipe) -> None:
    """Compare a task's arguments with what its recipe takes.

    Raises:
        SpecError: an argument is unknown, or one without a default is not set.
    """
    known = recipe.argument_names
    given = [argument.name for argument in task.arguments]
    if task.mapping is not None:
        over = task.mapping.over
        rows = over.value if not task.mapping.argument and isinstance(over, LiteralValue) else []
        given.extend(
            [task.mapping.argument] if task.mapping.argument else dict.fromkeys(key for row in rows for key in row)
        )
    for name in given:
        if name not in known and name not in DECORATOR_ARGUMENTS:
            raise SpecError(
                f"task {task.task_id!r}: recipe {recipe.name!r} takes no argument {name!r}",
                hint=f"it takes: {', '.join(known)}",
            )
    for name in recipe.required_arguments:
        if name not in given:
            raise SpecError(
                f"task {task.task_id!r}: recipe {recipe.name!r} needs the argument {name!r}",
                hint="a value that only a person knows becomes a parameter of the DAG",
            )
    if not _DECORATOR.fullmatch(task.operator.path or recipe.decorator):
        raise SpecError(f"task {task.task_id!r}: {task.operator.path!r} is no TaskFlow decorator")


def placeholder_texts(task: TaskSpec, recipe: Recipe) -> dict[str, str]:
    """What stands for each placeholder token in this task's function.

    A token that ends in `_MODULE` or `_CLASS` takes a part of an import path, one that ends in `_NAME` an
    identifier, any other a literal.

    Raises:
        SpecError: the argument's value does not fit the token.
    """
    texts: dict[str, str] = {}
    for token, argument_name in recipe.placeholders:
        argument = task.argument(argument_name)
        value = argument.value if argument is not None else LiteralValue.of(dict(recipe.defaults)[argument_name])
        texts[token] = _placeholder(token, value, argument_name)
    return texts


def _placeholder(token: str, value: ArgumentValue, argument: str) -> str:
    if token.endswith(("_MODULE", "_CLASS")):
        path = value.path if isinstance(value, SymbolRef) else value.value if isinstance(value, LiteralValue) else ""
        module, name = split_path(str(path))
        return module if token.endswith("_MODULE") else name
    if not isinstance(value, LiteralValue):
        raise SpecError(f"{argument!r} is part of the function's text and must be a constant")
    if token.endswith("_NAME"):
        name = str(value.value)
        if not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name) or name.startswith("_"):
            raise SpecError(f"{argument!r} must be the name of a method or argument, not {name!r}")
        return name
    return literal_node(value.value).flat()


def function_text(name: str, recipe: Recipe, decorator: str, texts: Mapping[str, str]) -> str:
    """The whole function: decorator, signature, body. `decorator` is the decorator's text without `@`."""
    parameters: tuple[Node, ...] = tuple(Atom(item.source) for item in recipe.parameters)
    suffix = f" -> {recipe.returns}:" if recipe.returns else ":"
    signature = statement(f"def {name}", Group("(", parameters, ")"), suffix)
    body = _TOKEN.sub(lambda found: texts[found[0]], recipe.body)
    return f"@{decorator}\n{signature}\n{body}"
