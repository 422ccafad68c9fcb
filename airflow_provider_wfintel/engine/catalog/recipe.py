"""Recipes: the bodies of TaskFlow functions, kept as plain Python files in `recipes/`.

A recipe file holds `RECIPE = {...}`, a pure literal, and one function. Files are read with `ast`, never imported.
The function's parameters are what a task's arguments fill; tokens that start with `P_` are placeholders for names
that the catalogue fixes (a hook's module and class).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["Recipe", "RecipeBook", "RecipeParameter", "load_recipes", "parse_recipe"]

_KEYS = {"description", "decorator", "actions", "services", "placeholders", "connections", "distribution", "defaults"}
_PLACEHOLDER = re.compile(r"\bP_[A-Z_]+\b")


@dataclass(frozen=True, slots=True)
class RecipeParameter:
    """A parameter of a recipe's function. `annotation` and `default` are source text.

    Attributes:
        required: there is no default.
        from_airflow: Airflow fills it from the task's context (`logical_date`, `params`, `dag_run`, ...).
    """

    name: str
    annotation: str = ""
    default: str = ""
    required: bool = True
    from_airflow: bool = False

    @property
    def source(self) -> str:
        """The parameter as it stands in the signature."""
        if self.annotation:
            return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")
        return self.name + (f"={self.default}" if self.default else "")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe.

    Attributes:
        name: the file's name without its suffix.
        decorator: `task`, `task.short_circuit`, `task.branch` or `task.sensor`.
        actions: the model's actions that it can carry out.
        services: catalogue ids it is made for; empty: any.
        placeholders: `(token, argument)` pairs.
        defaults: `(argument, value)` pairs for placeholders that need not be given.
        connections: `(parameter, default connection id)` pairs.
        distribution: what must be installed for it, empty if Airflow brings all of it.
        returns: the return annotation.
        body: the lines of the function below its signature, indented by four columns.
    """

    name: str
    description: str
    decorator: str
    parameters: tuple[RecipeParameter, ...]
    body: str
    returns: str = ""
    actions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    placeholders: tuple[tuple[str, str], ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()
    connections: tuple[tuple[str, str], ...] = ()
    distribution: str = ""

    @property
    def argument_names(self) -> tuple[str, ...]:
        """Everything that a task's arguments may set: parameters, then placeholders."""
        names = [item.name for item in self.parameters if not item.from_airflow]
        return (*names, *dict.fromkeys(argument for _, argument in self.placeholders))

    @property
    def required_arguments(self) -> tuple[str, ...]:
        """Those of `argument_names` that have no default."""
        names = [item.name for item in self.parameters if item.required]
        free = {argument for argument, _ in self.defaults}
        return (*names, *(name for name in self.argument_names if name in self._fixed and name not in free))

    @property
    def _fixed(self) -> set[str]:
        return {argument for _, argument in self.placeholders}


@dataclass(frozen=True, slots=True)
class RecipeBook:
    """All recipes of a folder, by name."""

    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all recipes, sorted."""
        return _names(self.folder)

    def recipe(self, name: str) -> Recipe:
        """The recipe called `name`.

        Raises:
            CatalogError: there is none, or its file does not follow the form.
        """
        names = self.names
        if name not in names:
            raise CatalogError(f"there is no recipe {name!r}", hint=f"recipes: {', '.join(names)}")
        return _read(self.folder, name)

    def for_action(self, service: str, action: str) -> tuple[Recipe, ...]:
        """Recipes for an action on a service: those made for the service first, then general ones.

        Raises:
            CatalogError: a recipe file does not follow the form.
        """
        fitting = [item for item in map(self.recipe, self.names) if action in item.actions]
        own = [item for item in fitting if service in item.services]
        return (*own, *(item for item in fitting if not item.services))


def load_recipes(folder: Path | None = None) -> RecipeBook:
    """The recipes of `folder`, or those that come with the package."""
    return RecipeBook(folder or Path(__file__).parent / "recipes")


@cache
def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.py") if not path.name.startswith("_")))


@cache
def _read(folder: Path, name: str) -> Recipe:
    return parse_recipe(name, (folder / f"{name}.py").read_text(encoding="utf-8"))


def parse_recipe(name: str, source: str) -> Recipe:
    """Read the text of a recipe file.

    Raises:
        CatalogError: the text does not follow the form; the message names the recipe and what is wrong.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CatalogError(f"recipe {name!r}: {error.msg} in line {error.lineno}") from error
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise CatalogError(f"recipe {name!r} must hold one function, it holds {len(functions)}")
    function = functions[0]
    facts = _facts(name, tree)
    parameters = _parameters(name, function)
    body = _body(source, function)
    _check_names(name, facts, parameters, body)
    return Recipe(
        name=name,
        description=facts["description"],
        decorator=facts.get("decorator", "task"),
        parameters=parameters,
        body=body,
        returns=ast.unparse(function.returns) if function.returns is not None else "",
        actions=tuple(facts.get("actions", ())),
        services=tuple(facts.get("services", ())),
        placeholders=tuple(sorted(facts.get("placeholders", {}).items())),
        defaults=tuple(facts.get("defaults", {}).items()),
        connections=tuple(facts.get("connections", {}).items()),
        distribution=facts.get("distribution", ""),
    )


def _facts(name: str, tree: ast.Module) -> dict[str, Any]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RECIPE":
            try:
                facts = ast.literal_eval(node.value)
            except ValueError as error:
                raise CatalogError(f"recipe {name!r}: RECIPE must be a literal") from error
            if not isinstance(facts, dict) or "description" not in facts:
                raise CatalogError(f"recipe {name!r}: RECIPE must be a dict with a description")
            if unknown := sorted(set(facts) - _KEYS):
                raise CatalogError(
                    f"recipe {name!r}: unknown key {unknown[0]!r}", hint=f"keys: {', '.join(sorted(_KEYS))}"
                )
            return facts
    raise CatalogError(f"recipe {name!r} has no RECIPE")


def _parameters(name: str, function: ast.FunctionDef) -> tuple[RecipeParameter, ...]:
    arguments = function.args
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        raise CatalogError(f"recipe {name!r}: give the function plain parameters only")
    free = len(arguments.args) - len(arguments.defaults)
    pairs: list[tuple[ast.arg, ast.expr | None]] = [(item, None) for item in arguments.args[:free]]
    pairs += zip(arguments.args[free:], arguments.defaults, strict=True)
    return tuple(
        RecipeParameter(
            name=item.arg,
            annotation=ast.unparse(item.annotation) if item.annotation is not None else "",
            default=_source(default),
            required=default is None,
            from_airflow=item.annotation is None and default is not None,
        )
        for item, default in pairs
    )


def _source(node: ast.expr | None) -> str:
    if node is None:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return '"' + repr(node.value)[1:-1].replace('"', '\\"') + '"'
    return ast.unparse(node)


def _body(source: str, function: ast.FunctionDef) -> str:
    lines = source.splitlines()
    first = function.body[0].lineno
    # A comment between the signature and the first statement belongs to the body.
    while lines[first - 2].strip().startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : function.end_lineno])


def _check_names(name: str, facts: dict[str, Any], parameters: tuple[RecipeParameter, ...], body: str) -> None:
    known = {item.name for item in parameters}
    if missing := sorted(set(facts.get("connections", {})) - known):
        raise CatalogError(f"recipe {name!r}: the connection {missing[0]!r} is no parameter")
    tokens = set(_PLACEHOLDER.findall(body))
    if tokens != set(facts.get("placeholders", {})):
        raise CatalogError(f"recipe {name!r}: placeholders used {sorted(tokens)} differ from those described")
