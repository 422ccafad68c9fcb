"""The whole DAG file, put together from its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.catalog.recipe import Recipe, RecipeBook
from airflow_provider_wfintel.engine.generation.render.alerts import AlertWriter
from airflow_provider_wfintel.engine.generation.render.deadline import deadline_items, deadline_note
from airflow_provider_wfintel.engine.generation.render.doc_text import comment_lines, docstring
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node, quote, statement
from airflow_provider_wfintel.engine.generation.render.names import Imports, Names
from airflow_provider_wfintel.engine.generation.render.order import data_edges, wiring, writing_order
from airflow_provider_wfintel.engine.generation.render.schedule import DEFAULT_START, date_node, schedule_node
from airflow_provider_wfintel.engine.generation.render.settings import (
    asset_uris,
    default_args_node,
    param_node,
    refusal_function,
    task_items,
)
from airflow_provider_wfintel.engine.generation.render.taskflow import (
    DECORATOR_ARGUMENTS,
    check_arguments,
    function_text,
    placeholder_texts,
)
from airflow_provider_wfintel.engine.generation.render.tasks import (
    SignatureSource,
    call_node,
    full_task_ids,
    operator_node,
    with_full_ids,
)
from airflow_provider_wfintel.engine.generation.render.values import Place, ValueWriter
from airflow_provider_wfintel.engine.model import AlertEvent, GroupSpec, SymbolRef, TaskSpec, WorkflowSpec

__all__ = ["DagFile"]

_MAX_TAG = 100


@dataclass(slots=True)
class DagFile:
    """Builds the text of one file. Make a new one for every spec and call `text` once."""

    spec: WorkflowSpec
    recipes: RecipeBook
    signatures: SignatureSource
    decorated: bool = False
    names: Names = field(default_factory=Names)
    imports: Imports = field(init=False)
    alerts: AlertWriter = field(init=False)
    functions: list[str] = field(default_factory=list)
    callbacks: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    function_names: dict[str, str] = field(default_factory=dict)
    asset_names: dict[str, str] = field(default_factory=dict)
    group_variables: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    function: str = ""
    """The name of the `@dag` function."""
    """The name of the filter that refuses parameters without a value, empty if no template uses it."""
    shared: dict[str, str] = field(default_factory=dict)
    """Names of functions that several tasks call, by what makes them equal."""

    def __post_init__(self) -> None:
        self.imports = Imports(self.names)
        self.alerts = AlertWriter(self.imports, self.names, self.callbacks)

    def text(self) -> str:
        """The file.

        Raises:
            SpecError: the spec cannot be written as a DAG.
            CatalogError: a recipe is missing.
        """
        self._claim_names()
        order = writing_order(self.spec)
        blocks = self._task_blocks(order)
        lines = wiring(self.spec, self.variables, self.imports, 4)
        head = self._dag_head()
        doc = docstring(self.spec.doc or self.spec.description)
        assets = self._asset_lines()
        if self.functions or self.callbacks:
            self.imports.member("__future__", "annotations")
        parts = [doc] if doc else []
        parts.append(self._import_block())
        if assets:
            parts.append("\n".join(assets))
        body = [head, *blocks]
        if lines:
            body.append("\n" + "\n".join(lines))
        text = "\n\n".join(part for part in parts if part)
        for function in (*self.functions, *self.callbacks):
            text += "\n\n\n" + function
        text += "\n\n\n" if self.functions or self.callbacks or self.decorated else "\n\n"
        text += "\n".join(body).rstrip() + "\n"
        return text + f"\n\n{self.function}()\n" if self.decorated else text

    def _import_block(self) -> str:
        block = self.imports.render()
        future = "from __future__ import annotations"
        if future in block:
            rest = block.replace(future + "\n", "", 1).replace(future, "", 1).lstrip("\n")
            return f"{future}\n\n{rest}"
        return block

    def _claim_names(self) -> None:
        if self.decorated:
            self.function = self.names.claim(f"{self.spec.dag_id}_dag")
        counts: dict[str, int] = {}
        for task in self.spec.tasks:
            if task.operator.kind == "taskflow":
                counts[_share_key(task)] = counts.get(_share_key(task), 0) + 1
        for uri in asset_uris(self.spec):
            words = re.sub(r"[^A-Za-z0-9]+", "_", uri.split("://")[-1]).strip("_").upper()
            words = words[-50:].lstrip("_0123456789") or "ASSET"
            self.asset_names[uri] = self.names.claim(words)
        used = _referenced(self.spec)
        for task in self.spec.tasks:
            if task.operator.kind != "taskflow":
                self.variables[task.task_id] = self.names.claim(task.task_id)
                continue
            key = _share_key(task)
            if counts[key] > 1:
                if key not in self.shared:
                    self.shared[key] = self.names.claim(task.operator.recipe)
                self.function_names[task.task_id] = self.shared[key]
                self.variables[task.task_id] = self.names.claim(task.task_id)
            else:
                self.function_names[task.task_id] = self.names.claim(task.task_id)
                if task.task_id in used:
                    self.variables[task.task_id] = self.names.claim(f"{task.task_id}_task")

    # Tasks -----------------------------------------------------------------------------------------------

    def _task_blocks(self, order: tuple[TaskSpec, ...]) -> list[str]:
        """The statements below `with DAG(...)`, with groups opened and closed around their tasks."""
        outputs = {
            task.task_id: self.variables[task.task_id] + ("" if task.operator.kind == "taskflow" else ".output")
            for task in self.spec.tasks
            if task.task_id in self.variables
        }
        values = ValueWriter(
            self.imports,
            outputs,
            {param.name: param for param in self.spec.params},
            scheduled=self.spec.schedule.kind != "manual",
            dated=self.spec.schedule.kind in ("cron", "interval", "once", "continuous"),
        )
        full_ids, used = full_task_ids(self.spec), _referenced(self.spec)
        written: set[str] = set()
        lines: list[str] = []
        open_groups: tuple[str, ...] = ()
        opened_before: set[str] = set()
        reopened = _reopened(self.spec, order)
        for task in order:
            path = self._group_path(task.group)
            common = _common(open_groups, path)
            heads = [
                self._group_line(group_id, 4 * (depth + 1), opened_before, reopened)
                for depth, group_id in enumerate(path[common:], start=common)
            ]
            text = self._task_text(task, values, full_ids, used, 4 * (len(path) + 1), written)
            # One-liners stand together; what takes several lines, or opens or leaves a group, has air around it.
            if lines and (heads or len(path) < len(open_groups) or "\n" in text or "\n" in lines[-1]):
                lines.append("")
            lines.extend([*heads, text])
            open_groups = path
        if values.refusing:
            self.refusal = self.names.claim("required")
            self.callbacks.insert(0, refusal_function(self.refusal))
        return lines

    def _group_path(self, group_id: str) -> tuple[str, ...]:
        parents = {group.group_id: group.parent for group in self.spec.groups}
        path: list[str] = []
        while group_id:
            path.insert(0, group_id)
            group_id = parents.get(group_id, "")
        return tuple(path)

    def _group_line(self, group_id: str, indent: int, opened: set[str], reopened: set[str]) -> str:
        if group_id in opened:
            return " " * indent + f"with {self.group_variables[group_id]}:"
        opened.add(group_id)
        group: GroupSpec = next(item for item in self.spec.groups if item.group_id == group_id)
        items: list[Node] = [Keyed("group_id=", Atom(quote(group_id)))]
        if group.label:
            items.append(Keyed("tooltip=", Atom(quote(group.label))))
        suffix = ":"
        if group_id in reopened:
            self.group_variables[group_id] = self.names.claim(f"{group_id}_group")
            suffix = f" as {self.group_variables[group_id]}:"
        return statement("with ", Group(f"{self.imports.sdk('TaskGroup')}(", tuple(items), ")"), suffix, indent)

    def _task_text(
        self,
        task: TaskSpec,
        values: ValueWriter,
        full_ids: dict[str, str],
        used: set[str],
        indent: int,
        written: set[str],
    ) -> str:
        settings = task_items(task, self.imports, self.asset_names) + self._task_alerts(task.task_id)
        if task.operator.kind == "taskflow":
            node = self._taskflow(task, values, full_ids, settings, written)
        else:
            arguments = tuple(with_full_ids(item, full_ids, branch=False) for item in task.arguments)
            named = replace(task, arguments=arguments)
            class_name = self.imports.path(task.operator.path)
            node = operator_node(named, class_name, values, self.signatures(task.operator.path), settings)
        prefix = f"{self.variables[task.task_id]} = " if task.task_id in used else ""
        lines = comment_lines(task.note, indent)
        lines.append(statement(prefix, node, indent=indent))
        return "\n".join(lines)

    def _taskflow(
        self,
        task: TaskSpec,
        values: ValueWriter,
        full_ids: dict[str, str],
        settings: list[Keyed],
        written: set[str],
    ) -> Node:
        recipe = self.recipes.recipe(task.operator.recipe)
        check_arguments(task, recipe)
        name = self.function_names[task.task_id]
        for argument in task.arguments:
            if argument.name in DECORATOR_ARGUMENTS and argument.name not in recipe.argument_names:
                node = values.node(argument.value, Place(argument.name, templated=False))
                settings.insert(0, Keyed(f"{argument.name}=", node))
        own_name = name == task.task_id
        if not own_name:
            settings.insert(0, Keyed("task_id=", Atom(quote(task.task_id))))
        is_shared = _share_key(task) in self.shared
        if name not in written:
            written.add(name)
            self._write_function(name, task, recipe, [] if is_shared else settings)
        override = Group(f"{name}.override(", tuple(settings), ")") if is_shared and settings else None
        placeholders = {argument for _, argument in recipe.placeholders}
        branch = recipe.decorator == "task.branch"
        arguments = tuple(
            with_full_ids(argument, full_ids, branch=branch)
            for argument in task.arguments
            if argument.name in recipe.argument_names and argument.name not in placeholders
        )
        return call_node(name, task, values, arguments, override)

    def _write_function(self, name: str, task: TaskSpec, recipe: Recipe, settings: list[Keyed]) -> None:
        decorator = task.operator.path or recipe.decorator
        head, _, rest = decorator.partition(".")
        called = self.imports.sdk(head) + (f".{rest}" if rest else "")
        text = called if not settings else statement("", Group(f"{called}(", tuple(settings), ")"))
        self.functions.append(function_text(name, recipe, text, placeholder_texts(task, recipe)))

    # DAG -------------------------------------------------------------------------------------------------

    def _alerts_for(self, event: AlertEvent, task_id: str = "") -> Node | None:
        chosen = [
            alert
            for alert in self.spec.alerts
            if alert.on == event and (task_id in alert.task_ids if task_id else not alert.task_ids)
        ]
        return self.alerts.node(chosen, of_task=bool(task_id)) if chosen else None

    def _task_alerts(self, task_id: str) -> list[Keyed]:
        found = []
        for event in ("failure", "success", "retry"):
            node = self._alerts_for(event, task_id)
            if node is not None:
                found.append(Keyed(f"on_{event}_callback=", node))
        return found

    def _asset_lines(self) -> list[str]:
        asset = self.imports.sdk("Asset") if self.asset_names else ""
        return [
            statement(f"{name} = ", Group(f"{asset}(", (Atom(quote(uri)),), ")"))
            for uri, name in self.asset_names.items()
        ]

    def _param_items(self) -> list[Keyed]:
        """The parameters of the DAG and the filter that refuses those without a value."""
        items: list[Keyed] = []
        if self.spec.params:
            scheduled = self.spec.schedule.kind != "manual"
            params = tuple(
                Keyed(f"{quote(param.name)}: ", param_node(param, self.imports, scheduled=scheduled))
                for param in self.spec.params
            )
            items.append(Keyed("params=", Group("{", params, "}")))
        if self.refusal:
            items.append(Keyed("user_defined_filters=", Group("{", (Keyed('"required": ', Atom(self.refusal)),), "}")))
        return items

    def _dag_head(self) -> str:
        spec, zone = self.spec, self.spec.schedule.timezone
        items: list[Keyed] = [Keyed("dag_id=", Atom(quote(spec.dag_id)))]
        if spec.description:
            items.append(Keyed("description=", Atom(quote(" ".join(spec.description.split())))))
        items.append(Keyed("schedule=", schedule_node(spec.schedule, self.imports, self.asset_names)))
        items.append(Keyed("start_date=", date_node(self.imports, spec.start_date or DEFAULT_START, zone)))
        if spec.end_date:
            items.append(Keyed("end_date=", date_node(self.imports, spec.end_date, zone)))
        items.append(Keyed("catchup=", Atom(repr(spec.catchup))))
        if spec.schedule.kind == "continuous":
            items.append(Keyed("max_active_runs=", Atom("1")))  # Airflow asks for it
        elif spec.limits.active_runs is not None:
            items.append(Keyed("max_active_runs=", Atom(str(spec.limits.active_runs))))
        if spec.limits.active_tasks is not None:
            items.append(Keyed("max_active_tasks=", Atom(str(spec.limits.active_tasks))))
        items.extend(deadline_items(spec, self.imports, self.alerts))
        retry_alert = self._alerts_for("retry")
        extra: list[tuple[str, Node]] = [("on_retry_callback", retry_alert)] if retry_alert is not None else []
        defaults = default_args_node(spec, self.imports, extra)
        if defaults is not None:
            items.append(Keyed("default_args=", defaults))
        items.extend(self._param_items())
        for event in ("failure", "success"):
            node = self._alerts_for(event)
            if node is not None:
                items.append(Keyed(f"on_{event}_callback=", node))
        if docstring(spec.doc or spec.description):
            items.append(Keyed("doc_md=", Atom("__doc__")))
        if spec.tags:
            tags = tuple(Atom(quote(tag[:_MAX_TAG])) for tag in dict.fromkeys(spec.tags))
            items.append(Keyed("tags=", Group("[", tags, "]")))
        if self.decorated:
            call = statement("@", Group(f"{self.imports.sdk('dag')}(", tuple(items), ")"))
            head = f"{call}\ndef {self.function}():"
        else:
            head = statement("with ", Group(f"{self.imports.sdk('DAG')}(", tuple(items), ")"), ":")
        return "\n".join([*comment_lines(deadline_note(spec), 0), head])


def _share_key(task: TaskSpec) -> str:
    """Tasks with the same key can share one function; mapped ones have their own."""
    if task.mapping is not None:
        return f"only {task.task_id}"
    fixed = sorted(item.value.path for item in task.arguments if isinstance(item.value, SymbolRef))
    return " ".join([task.operator.path, task.operator.recipe, *fixed])


def _referenced(spec: WorkflowSpec) -> set[str]:
    """Tasks that another statement names, so that they need a variable."""
    implied = set(data_edges(spec))
    used = {source for source, _ in implied}
    for edge in spec.dependencies:
        if edge.label or (edge.upstream, edge.downstream) not in implied:
            used.update((edge.upstream, edge.downstream))
    used.update(task.task_id for task in spec.tasks if task.is_setup or task.is_teardown)
    return used


def _reopened(spec: WorkflowSpec, order: tuple[TaskSpec, ...]) -> set[str]:
    """Groups whose tasks do not stand together."""
    parents = {group.group_id: group.parent for group in spec.groups}
    closed: set[str] = set()
    again: set[str] = set()
    current: set[str] = set()
    for task in order:
        path, group = set(), task.group
        while group:
            path.add(group)
            group = parents.get(group, "")
        closed |= current - path
        again |= path & closed
        current = path
    return again


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count
