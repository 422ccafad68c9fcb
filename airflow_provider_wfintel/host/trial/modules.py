"""Modules of the user's own that a DAG calls by name and that are not installed here: stand-ins take any call."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from airflow_provider_wfintel.host.trial.answers import rows_for
from airflow_provider_wfintel.host.trial.recorder import Recorder

__all__ = ["MadeUpModules"]

_DOTTED = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")


class MadeUpModules(MetaPathFinder, Loader):
    """Finds the modules of functions that the task that runs names, after all other finders failed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._named: set[str] = set()

    def install(self) -> None:
        """Be asked last, so that a module that is there is the real one."""
        sys.meta_path.append(self)

    def mention(self, arguments: Any) -> None:
        """Take the function out of the arguments of a task: only its module is made up."""
        function = arguments.get("function") if isinstance(arguments, dict) else None
        self._named = set()
        if isinstance(function, str) and _DOTTED.fullmatch(function):
            parts = function.split(".")[:-1]
            self._named = {".".join(parts[: end + 1]) for end in range(len(parts))}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module if the task names it."""
        if fullname not in self._named:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """A module like any other."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Every name in it is a function that writes down its call and returns a few records."""
        name, recorder, named = module.__name__, self._recorder, self._named

        def member(attribute: str) -> Any:
            if attribute.startswith("__") or f"{name}.{attribute}" in named:
                raise AttributeError(attribute)

            def call(*arguments: Any, **keywords: Any) -> Any:
                recorder.add("client", name, attribute, "", {**keywords} or list(arguments))
                columns, rows = rows_for("SELECT id, name, amount FROM sample", has_rows=recorder.has_rows)
                return [dict(zip(columns, row, strict=True)) for row in rows]

            return call

        module.__getattr__ = member  # type: ignore[method-assign]
