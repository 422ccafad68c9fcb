"""From class definitions to signatures: what a constructor takes when all `super().__init__` calls are followed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from provider_sources import ClassInfo, ProviderSources, is_deprecation_warning

__all__ = ["Parameters", "class_record", "method_record"]

OPERATOR_BASES = {"BaseOperator", "BaseAsyncOperator", "BaseBranchOperator"}
SENSOR_BASES = {"BaseSensorOperator"}
NOTIFIER_BASES = {"BaseNotifier"}
HOOK_BASES = {"BaseHook"}
WORK = {"operator": "execute", "transfer": "execute", "sensor": "poke", "notifier": "notify"}
CONNECTION = re.compile(r"(^|_)conn(ection)?_id$")
AWS_FIELDS = ("aws_conn_id", "region_name", "verify")


@dataclass
class Parameters:
    """Argument names with and without a default; defaults are Python expressions."""

    required: list[str] = field(default_factory=list)
    optional: dict[str, str] = field(default_factory=dict)

    def add(self, other: Parameters, *, without: set[str]) -> None:
        """Take over what is not there yet and not among `without`."""
        known = {*self.required, *self.optional} | without
        self.required += [name for name in other.required if name not in known]
        self.optional.update({name: text for name, text in other.optional.items() if name not in known})

    def record(self) -> dict[str, Any]:
        """The form of the data files."""
        data: dict[str, Any] = {}
        if self.required:
            data["required"] = self.required
        if self.optional:
            data["optional"] = self.optional
        return data


def own_parameters(
    sources: ProviderSources, info: ClassInfo, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Parameters:
    """The named parameters of one function, without the first (`self`)."""
    found = Parameters()
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
    static = any(ast.unparse(item) == "staticmethod" for item in function.decorator_list)
    pairs = list(zip(positional, defaults, strict=True))[0 if static else 1 :]
    pairs += list(zip(spec.kwonlyargs, spec.kw_defaults, strict=True))
    for argument, default in pairs:
        if default is None:
            found.required.append(argument.arg)
        else:
            found.optional[argument.arg] = sources.constant(info.module.name, default)
    return found


def constructor(sources: ProviderSources, order: list[str]) -> Parameters:
    """What the constructor of `order[0]` takes, following `**kwargs` up the method resolution order."""
    for index, path in enumerate(order):
        info = sources.find(path)
        function = info.functions.get("__init__") if info else None
        if info is None or function is None:
            continue
        found = own_parameters(sources, info, function)
        if function.args.kwarg is None:
            return found
        for call, target in parent_calls(sources, info, function):
            rest = order[index + 1 :] if target is None else sources.ancestry(target)
            given = {word.arg for word in call.keywords if word.arg}
            forwards = any(word.arg is None for word in call.keywords)
            if not forwards:
                continue
            parent = constructor(sources, rest)
            names = [*parent.required, *parent.optional]
            plain = [item for item in call.args if not isinstance(item, ast.Starred)]
            given |= set(names[: len(plain) if target is None else max(len(plain) - 1, 0)])
            found.add(parent, without=given)
        return found
    return Parameters()


def parent_calls(
    sources: ProviderSources, info: ClassInfo, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> list[tuple[ast.Call, str | None]]:
    """The `super().__init__(...)` and `Parent.__init__(self, ...)` calls of a constructor."""
    found: list[tuple[ast.Call, str | None]] = []
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"):
            continue
        owner = ast.unparse(node.func.value)
        if owner.startswith("super("):
            found.append((node, None))
        else:
            path = sources.resolve(info.module.name, owner)
            if sources.find(path):
                found.append((node, path))
    return found


def template_fields(sources: ProviderSources, order: list[str]) -> list[str]:
    """The value of `template_fields`, computed from the expression that sets it."""
    for index, path in enumerate(order):
        info = sources.find(path)
        expr = info.assignments.get("template_fields") if info else None
        if info is None or expr is None:
            continue
        names: dict[str, Any] = {
            "tuple": tuple, "list": list, "set": set, "sorted": sorted, "frozenset": frozenset, "str": str,
            "aws_template_fields": lambda *fields: (*AWS_FIELDS, *fields),
        }  # fmt: skip
        for node in ast.walk(expr):
            if isinstance(node, ast.Attribute) and node.attr == "template_fields":
                owner = ast.unparse(node.value)
                target = sources.resolve(info.module.name, owner)
                found = template_fields(sources, sources.ancestry(target)) if sources.find(target) else []
                names[owner.partition(".")[0]] = SimpleNamespace(template_fields=tuple(found))
        code = compile(ast.Expression(expr), path, "eval")
        try:
            value = eval(code, {"__builtins__": {}}, names)  # noqa: S307 - an attribute of a provider's own source
        except NameError:
            value = template_fields(sources, order[index + 1 :])
        # Some are made from sets: only a sorted list is the same on every run.
        return [value] if isinstance(value, str) else sorted(set(value))
    return []


def kind_of(info: ClassInfo, order: list[str]) -> str:
    """What a class is, by its most distant known ancestor; empty if it is none of the kinds."""
    names = {path.rpartition(":")[2].rpartition(".")[2] for path in order}
    if names & HOOK_BASES:
        return "hook"
    if names & NOTIFIER_BASES:
        return "notifier"
    if names & SENSOR_BASES:
        return "sensor"
    if names & OPERATOR_BASES:
        return (
            "transfer" if ".transfers." in info.path or ("Transfer" in info.name and "To" in info.name) else "operator"
        )
    return ""


def is_abstract(sources: ProviderSources, kind: str, info: ClassInfo, order: list[str]) -> bool:
    """Whether the class leaves its work to others."""
    if re.search(r"^(Base|Abstract)|(Base|BaseOperator|BaseSensor|BaseHook|Mixin)$", info.name):
        return True
    seen: set[str] = set()
    for path in order:
        cls = sources.find(path)
        for name, function in (cls.functions if cls else {}).items():
            if name in seen:
                continue
            seen.add(name)
            if any("abstractmethod" in ast.unparse(item) for item in function.decorator_list):
                return True
    outside = {path.rpartition(":")[2] for path in order if sources.find(path) is None}
    work = "choose_branch" if "BaseBranchOperator" in outside else WORK.get(kind)
    if work is None:
        return False
    return work not in seen and not (kind == "sensor" and "execute" in seen)


def is_deprecated(info: ClassInfo) -> bool:
    """Whether its author announced the removal: on the class, in the constructor or for the module."""
    if info.module.warns or any("deprecated" in ast.unparse(item) for item in info.node.decorator_list):
        return True
    function = info.functions.get("__init__")
    return function is not None and any(is_deprecation_warning(item) for item in function.body)


def class_record(sources: ProviderSources, info: ClassInfo, methods: set[str]) -> dict[str, Any] | None:
    """The data record of a class, or None if it is nothing that a DAG author uses."""
    if info.name.startswith("_"):
        return None
    order = sources.ancestry(info.path)
    kind = kind_of(info, order)
    if not kind:
        return None
    parameters = constructor(sources, order)
    if kind == "hook":
        add_connection_argument(sources, info, parameters)
    record: dict[str, Any] = {"kind": kind, **parameters.record()}
    names = [*parameters.required, *parameters.optional]
    fields = template_fields(sources, order) if kind != "hook" else []
    if fields:
        record["template_fields"] = fields
    ids = [name for name in names if CONNECTION.search(name)]
    if len(ids) > 1 and "connection_id" in ids:  # beside *_conn_id it names a thing of the service itself
        ids.remove("connection_id")
    connections = {name: literal_text(parameters.optional.get(name, "")) for name in ids}
    if connections:
        record["connections"] = connections
    for flag, value in (
        ("deferrable", "deferrable" in names),
        ("deprecated", is_deprecated(info)),
        ("abstract", is_abstract(sources, kind, info, order)),
    ):
        if value:
            record[flag] = True
    if methods:
        record["methods"] = {name: method_record(sources, info.path, name) for name in sorted(methods)}
    return record


def add_connection_argument(sources: ProviderSources, info: ClassInfo, parameters: Parameters) -> None:
    """Database hooks take the connection under the name that `conn_name_attr` says; no signature shows it."""
    found = sources.attribute(info.path, "conn_name_attr")
    if found is None:
        return
    name = literal_text(sources.constant(found[0].module.name, found[1]))
    if not name or name in parameters.required or name in parameters.optional or not CONNECTION.search(name):
        return
    if not any(path.endswith(":DbApiHook") for path in sources.ancestry(info.path)):
        return
    default = sources.attribute(info.path, "default_conn_name")
    text = sources.constant(default[0].module.name, default[1]) if default else "None"
    parameters.optional = {name: text, **parameters.optional}


def method_record(sources: ProviderSources, path: str, name: str) -> dict[str, Any]:
    """The parameters of a public method.

    Raises:
        LookupError: the class has no such method.
    """
    for ancestor in sources.ancestry(path):
        info = sources.find(ancestor)
        function = info.functions.get(name) if info else None
        if info and function:
            return own_parameters(sources, info, function).record()
    raise LookupError(f"{path} has no method {name!r}")


def literal_text(expression: str) -> str:
    """The text of a string expression, empty for anything else."""
    try:
        value = ast.literal_eval(expression) if expression else ""
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""
