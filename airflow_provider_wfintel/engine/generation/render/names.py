"""Names of the generated file: variables for tasks, functions, constants, and the imports behind them."""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.generation.render.layout import LINE_LENGTH
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["Imports", "Names", "check_id", "split_path"]

_PATH = re.compile(r"(?P<module>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_ID = re.compile(r"[A-Za-z0-9_.\-]{1,250}")
_RESERVED = {
    *keyword.kwlist,
    *keyword.softkwlist,
    *dir(builtins),
    *("DAG", "Asset", "AssetAny", "AssetOrTimeSchedule", "CronTriggerTimetable", "DeadlineAlert", "DeadlineReference"),
    *("Label", "MultipleCronTriggerTimetable", "Param", "SyncCallback", "TaskGroup", "cross_downstream", "literal"),
    *("dag", "pendulum", "task", "timedelta"),
}
"""Words that a task's variable must not hide."""

_STDLIB = {"datetime", "pathlib", "json", "typing", "__future__", "zoneinfo"}


def check_id(text: str, what: str) -> str:
    """Return `text` if Airflow takes it as an id.

    Raises:
        SpecError: it holds other characters than letters, digits, `_`, `.`, `-`, or is too long.
    """
    if not _ID.fullmatch(text):
        raise SpecError(f"{what} {text!r} is no valid id", hint="use letters, digits, '_', '.', '-'; at most 250")
    return text


def split_path(path: str) -> tuple[str, str]:
    """Split `"package.module:Name"` or `"package.module:Class.MEMBER"`.

    Raises:
        SpecError: the text has another form or holds a keyword.
    """
    found = _PATH.fullmatch(path)
    if found is None or any(keyword.iskeyword(part) for part in re.split(r"[.:]", path)):
        raise SpecError(f"{path!r} names nothing that can be imported", hint="the form is 'package.module:Name'")
    return found["module"], found["name"]


@dataclass(slots=True)
class Names:
    """Hands out identifiers, each once."""

    given: set[str] = field(default_factory=set)

    def claim(self, wish: str) -> str:
        """A free identifier that reads like `wish`."""
        base = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_") or "step"
        if base[0].isdigit():
            base = f"step_{base}"
        if base in _RESERVED:
            base += "_task"
        name, number = base, 2
        while name in self.given:
            name, number = f"{base}_{number}", number + 1
        self.given.add(name)
        return name


@dataclass(slots=True)
class Imports:
    """The import block. Names that clash get an alias."""

    names: Names
    modules: set[str] = field(default_factory=set)
    members: dict[tuple[str, str], str] = field(default_factory=dict)

    def module(self, name: str) -> str:
        """`import name`."""
        self.modules.add(name)
        self.names.given.add(name)
        return name

    def member(self, module: str, name: str) -> str:
        """`from module import name`; returns the local name."""
        known = self.members.get((module, name))
        if known is not None:
            return known
        local = name if name not in self.names.given else self.names.claim(f"{module.rsplit('.', 1)[-1]}_{name}")
        self.names.given.add(local)
        self.members[module, name] = local
        return local

    def sdk(self, name: str) -> str:
        """`from airflow.sdk import name`."""
        return self.member("airflow.sdk", name)

    def path(self, path: str) -> str:
        """Import what `"module:Name"` names; for `"module:Class.MEMBER"` the class is imported.

        Raises:
            SpecError: `path` has another form.
        """
        module, name = split_path(path)
        head, _, rest = name.partition(".")
        local = self.member(module, head)
        return f"{local}.{rest}" if rest else local

    def render(self) -> str:
        """The block: standard library, then the rest, each sorted."""
        standard: list[str] = []
        others: list[str] = []
        for module in sorted(self.modules):
            (standard if module in _STDLIB else others).append(f"import {module}")
        by_module: dict[str, list[tuple[str, str]]] = {}
        for (module, name), local in self.members.items():
            by_module.setdefault(module, []).append((name, local))
        for module in sorted(by_module):
            (standard if module in _STDLIB else others).append(_from_import(module, by_module[module]))
        return "\n\n".join("\n".join(block) for block in (standard, others) if block)


def _from_import(module: str, members: list[tuple[str, str]]) -> str:
    ordered = sorted(members, key=lambda pair: (_rank(pair[0]), pair[0]))
    parts = [name if name == local else f"{name} as {local}" for name, local in ordered]
    line = f"from {module} import {', '.join(parts)}"
    if len(line) <= LINE_LENGTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {part}," for part in parts), ")"])


def _rank(name: str) -> int:
    """Constants first, then classes, then functions: the order that import sorters use."""
    if name.isupper() and len(name) > 1:
        return 0
    return 1 if name[0].isupper() else 2
