"""Expressions by which tasks can be named in a DAG file, and names for those that have none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.text import quoted, taken_names
from airflow_provider_wfintel.engine.optimization.understanding.build import GroupBuild, Site, TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, FileModel, TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["Handles"]

_FEW = 3


class Handles:
    """Finds or makes names for the tasks of one DAG."""

    def __init__(self, file: FileModel, dag: DagModel, edits: Edits, extra: Mapping[str, str]) -> None:
        self.file, self.dag, self.edits, self.extra = file, dag, edits, extra
        self.taken = taken_names(file.tree) | set(extra.values())
        self.names: dict[int, str] = {}
        self.collectors: dict[int, tuple[str, str]] = {}
        self.sites: dict[int, list[TaskModel]] = {}
        for task in dag.tasks:
            self.sites.setdefault(id(task.build.site.node), []).append(task)
            if task.build.variable:
                self.names[id(task.build.site.node)] = task.build.variable

    def fresh(self, wish: str) -> str:
        """A name that nothing in the file has."""
        name, number = wish, 2
        while name in self.taken:
            name, number = f"{wish}_{number}", number + 1
        self.taken.add(name)
        return name

    def bound(self, node: ast.AST, text: str) -> tuple[list[str], str]:
        """Statements that give names to tasks made within an expression, and the expression with the names."""
        calls = [item for item in ast.walk(node) if id(item) in self.sites and isinstance(item, ast.Call)]
        if not calls:
            return [], text
        lines = []
        for call in calls:
            inner = segment(self.file.source, call)
            if id(call) in self.names:
                name = self.names[id(call)]
            else:
                name = self.names[id(call)] = self.fresh(_word(self.sites[id(call)][0]))
            lines.append(f"{name} = {inner}")
            text = text.replace(inner, name, 1)
        return lines, text

    def local(self, site: ast.AST) -> str | None:
        """The name of the task that a call makes, right after the statement with the call."""
        if id(site) in self.names:
            return self.names[id(site)]
        task = self.sites[id(site)][0]
        statement = task.build.site.statement
        if _in_comprehension(task.build.site):
            return None
        if statement is None or statement.lineno in self.edits.replaced or not isinstance(site, ast.Call):
            return None
        lines, text = self.bound(statement, segment(self.file.source, statement))
        name = self.names.get(id(site))
        self.edits.replaced[statement.lineno] = lines if text == name else [*lines, text]
        return name

    def one(self, task_id: str) -> str | None:
        """An expression for a task at the end of the DAG's block."""
        if task_id in self.extra:
            return self.extra[task_id]
        task = self.dag.task(task_id)
        site = task.build.site
        if not site.path_in(self.dag.build.block):
            final = self.dag.build.final
            name = task.build.variable
            if name and _holds(final.get(name), task.build):
                return name
            if not task.build.site.items and not _in_comprehension(site):
                return self.local(site.node)
        found = self._in_collections(task)
        if found is not None:
            return found
        collector = self._collector(task) if self._reachable(task) else None
        if collector is not None:
            return f"{collector[0]}[{quoted(_key(task))}]"
        return self._in_groups(task) or self._by_id(task_id)

    def _in_groups(self, task: TaskModel) -> str | None:
        """The task as a member of a task group that has a name, or lies in a list that has one."""
        for name, value in self.dag.build.final.items():
            places = [(name, value)]
            if isinstance(value, list):
                places = [(f"{name}[{number}]", item) for number, item in enumerate(value)]
            elif isinstance(value, dict):
                places = [(f"{name}[{quoted(key)}]", item) for key, item in value.items() if isinstance(key, str | int)]
            for place, item in places:
                if isinstance(item, GroupBuild) and item is task.build.group:
                    return f"{place}[{quoted(_label(task.build))}]"
        return None

    def _of_groups(self, wanted: list[TaskBuild]) -> str | None:
        """Tasks of one name in all groups of a list."""
        labels = {_label(build) for build in wanted}
        for name, value in self.dag.build.final.items():
            if not isinstance(value, list) or len(value) != len(wanted) or len(labels) != 1:
                continue
            if all(isinstance(item, GroupBuild) for item in value) and all(
                any(build.group is item for item in value) for build in wanted
            ):
                return f"[group[{quoted(labels.pop())}] for group in {name}]"
        return None

    def _reachable(self, task: TaskModel) -> bool:
        """Whether the task is made in the DAG's block itself, not in a function that the block calls."""
        return task.build.site.statement is not None and bool(task.build.site.items)

    def _by_id(self, task_id: str) -> str | None:
        """The task as its DAG knows it, where the DAG or any of its tasks has a name."""
        for name, value in self.dag.build.final.items():
            if value is self.dag.build:
                return f"{name}.get_task({quoted(task_id)})"
        for name, value in self.dag.build.final.items():
            if isinstance(value, XComValue) and value.task.dag is self.dag.build:
                return f"{name}.operator.dag.get_task({quoted(task_id)})"
            if isinstance(value, TaskBuild) and value.dag is self.dag.build:
                return f"{name}.dag.get_task({quoted(task_id)})"
        return None

    def several(self, task_ids: list[str]) -> str | None:
        """An expression for some tasks at the end of the DAG's block."""
        if len(task_ids) == 1:
            return self.one(task_ids[0])
        if not self.extra.keys() & set(task_ids):
            text = self._together(task_ids)
            if text is not None:
                return text
        texts = [self.one(name) for name in task_ids]
        if any(text is None for text in texts):
            return None
        joined = "[" + ", ".join(str(text) for text in texts) + "]"
        if len(joined) <= 100:
            return joined
        return "[\n" + "".join(f"    {text},\n" for text in texts) + "]"

    def _together(self, task_ids: list[str]) -> str | None:
        """A list of the file that holds just these tasks, or an expression over the dict that collects their loop."""
        wanted = [self.dag.task(name).build for name in task_ids]
        for name, value in self.dag.build.final.items():
            if isinstance(value, list) and len(value) == len(wanted) and _same(value, wanted):
                return name
        grouped = self._of_groups(wanted)
        if grouped is not None:
            return grouped
        site = id(wanted[0].site.node)
        if all(id(build.site.node) == site for build in wanted) and wanted[0].site.items:
            return self._of_collector(task_ids)
        return None

    def _of_collector(self, task_ids: list[str]) -> str | None:
        tasks = [self.dag.task(name) for name in task_ids]
        if self._in_collections(tasks[0]) is not None:
            return None
        collector = self._collector(tasks[0])
        if collector is None:
            return None
        name, variable = collector
        if len(task_ids) == len(self.sites[id(tasks[0].build.site.node)]):
            return f"list({name}.values())"
        keys = [_key(task) for task in tasks]
        if len(keys) <= _FEW or not variable.isidentifier():
            return "[" + ", ".join(f"{name}[{quoted(key)}]" for key in keys) + "]"
        return f"[{name}[{variable}] for {variable} in ({', '.join(map(quoted, keys))})]"

    def key(self, task: TaskModel) -> Any:
        """What the loop's variable was when the task was made, or None."""
        return _key(task)

    def collection(self, task_id: str, count: int) -> tuple[str, str] | None:
        """A dict with all `count` tasks of a loop by its variable, and that variable."""
        task = self.dag.task(task_id)
        if task_id in self.extra or len(self.sites[id(task.build.site.node)]) != count or self._in_collections(task):
            return None
        return self._collector(task)

    def _in_collections(self, task: TaskModel) -> str | None:
        """A dict or list among the variables that holds the task."""
        for name, value in self.dag.build.final.items():
            if isinstance(value, dict):
                for key, item in value.items():
                    if isinstance(key, str | int) and _holds(item, task.build):
                        return f"{name}[{quoted(key)}]"
        for name, value in self.dag.build.final.items():
            if isinstance(value, list):
                for number, item in enumerate(value):
                    if _holds(item, task.build):
                        return f"{name}[{number}]"
        return None

    def _collector(self, task: TaskModel) -> tuple[str, str] | None:
        """A dict that collects the tasks of a loop, by the loop's variable."""
        site = task.build.site
        node = site.node
        if id(node) in self.collectors:
            return self.collectors[id(node)]
        variable = _loop_variable(site.items)
        tasks = self.sites[id(node)]
        keys = [_key(item) for item in tasks]
        if variable is None or None in keys or len(set(map(repr, keys))) != len(keys) or site.statement is None:
            return None
        outermost = self._outermost(task)
        if outermost is None:
            return None
        local = self.local(node)
        if local is None:
            return None
        name = self.fresh(_plural(local))
        self.edits.add_before(outermost.lineno, f"{name} = {{}}")
        line = site.statement.lineno
        entry = f"{name}[{variable}] = {local}"
        if line in self.edits.replaced:
            self.edits.replaced[line].append(entry)
        else:
            self.edits.add_after(line, entry)
        self.collectors[id(node)] = (name, variable)
        return self.collectors[id(node)]

    def _outermost(self, task: TaskModel) -> ast.stmt | None:
        """The outermost loop around the task within the DAG's block, if the task is made there and not in a function."""
        block = self.dag.build.block
        body = self.file.tree.body if block is None else getattr(block, "body", [])
        first = task.build.site.items[0][0]
        for statement in body:
            if any(inner is first for inner in ast.walk(statement)):
                inside = any(inner is task.build.site.statement for inner in ast.walk(statement))
                return statement if inside else None
        return None


def _in_comprehension(site: Site) -> bool:
    """Whether the task is made within a comprehension, where a statement cannot name it."""
    kinds = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda
    inner = [] if site.statement is None else [item for item in ast.walk(site.statement) if isinstance(item, kinds)]
    return any(item is site.node for outer in inner for item in ast.walk(outer))


def _label(build: TaskBuild) -> str:
    """The id of a task within its group."""
    return build.task_id.removeprefix(build.group.prefix if build.group is not None else "")


def _same(values: list[Any], wanted: list[TaskBuild]) -> bool:
    return all(any(_holds(value, build) for build in wanted) for value in values)


def _holds(value: Any, build: TaskBuild) -> bool:
    return value is build or (isinstance(value, XComValue) and value.task is build)


def _loop_variable(items: tuple[tuple[ast.stmt, Any], ...]) -> str | None:
    """The variables of the loops around a place, as source: one name, or a tuple of names."""
    names = [name for statement, _ in items if (name := _first_name(statement)) is not None]
    if len(names) != len(items) or not names:
        return None
    return names[0] if len(names) == 1 else ", ".join(names)


def _first_name(statement: ast.stmt) -> str | None:
    target: ast.expr | None = getattr(statement, "target", None)
    return next((name.id for name in _names(target)), None)


def _names(target: ast.expr | None) -> Iterator[ast.Name]:
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _names(item)


def _key(task: TaskModel) -> Any:
    """What the loop's variable was when the task was made."""
    keys = []
    loops: list[tuple[ast.stmt, Any]] = list(task.build.site.items)
    for statement, given in loops:
        key: Any = given
        target: Any = vars(statement).get("target")
        while isinstance(target, ast.Tuple | ast.List) and isinstance(key, list | tuple) and key:
            target, key = target.elts[0], key[0]
        if not isinstance(key, str | int):
            return None
        keys.append(key)
    if not keys:
        return None
    return keys[0] if len(keys) == 1 else tuple(keys)


def _word(task: TaskModel) -> str:
    """A variable name for a task."""
    word = "".join(letter if letter.isalnum() else "_" for letter in task.task_id.rpartition(".")[2]).strip("_").lower()
    function = task.build.function
    if task.build.site.items and isinstance(function, FunctionValue):
        word = function.name.strip("_") if function.name.isidentifier() else "made"
    return f"{word}_task" if word.isidentifier() else f"task_{word}"


def _plural(name: str) -> str:
    stem = name.removesuffix("_task")
    return f"{stem}_tasks"
