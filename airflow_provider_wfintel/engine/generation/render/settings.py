"""Arguments that every task takes: retries, limits, trigger rules, assets."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.render.layout import Atom, Group, Keyed, Node, literal_node, quote
from airflow_provider_wfintel.engine.generation.render.names import Imports
from airflow_provider_wfintel.engine.generation.render.values import duration_node
from airflow_provider_wfintel.engine.model import ParamSpec, RetrySpec, TaskSpec, WorkflowSpec

__all__ = ["asset_uris", "default_args_node", "param_node", "refusal_function", "retry_items", "task_items"]


def retry_items(retry: RetrySpec, imports: Imports) -> list[tuple[str, Node]]:
    """Names and values for a retry rule."""
    items: list[tuple[str, Node]] = []
    if retry.retries is not None:
        items.append(("retries", Atom(str(retry.retries))))
    if retry.delay_seconds is not None:
        items.append(("retry_delay", duration_node(imports, retry.delay_seconds)))
    if retry.exponential:
        # A multiplier since Airflow 3.2: each wait is twice as long as the one before.
        items.append(("retry_exponential_backoff", Atom("2")))
    if retry.max_delay_seconds is not None:
        items.append(("max_retry_delay", duration_node(imports, retry.max_delay_seconds)))
    return items


def default_args_node(spec: WorkflowSpec, imports: Imports, extra: list[tuple[str, Node]]) -> Node | None:
    """The `default_args` of the DAG, or None if there are none."""
    items: list[tuple[str, Node]] = []
    if spec.owner:
        items.append(("owner", Atom(quote(spec.owner))))
    if spec.retry is not None:
        items.extend(retry_items(spec.retry, imports))
    if spec.depends_on_past:
        items.append(("depends_on_past", Atom("True")))
    if spec.wait_for_downstream:
        items.append(("wait_for_downstream", Atom("True")))
    if spec.limits.pool:
        items.append(("pool", Atom(quote(spec.limits.pool))))
    items.extend(extra)
    if not items:
        return None
    return Group("{", tuple(Keyed(f'"{name}": ', node) for name, node in items), "}")


def task_items(task: TaskSpec, imports: Imports, asset_names: dict[str, str]) -> list[Keyed]:
    """Keyword arguments that come from the task's own settings, in the order a reader expects."""
    items: list[tuple[str, Node]] = []
    if task.retry is not None:
        items.extend(retry_items(task.retry, imports))
    if task.timeout_seconds is not None:
        items.append(("execution_timeout", duration_node(imports, task.timeout_seconds)))
    if task.trigger_rule != "all_success":
        items.append(("trigger_rule", Atom(quote(task.trigger_rule))))
    if task.depends_on_past:
        items.append(("depends_on_past", Atom("True")))
    if task.pool:
        items.append(("pool", Atom(quote(task.pool))))
    if task.max_active is not None:
        items.append(("max_active_tis_per_dag", Atom(str(task.max_active))))
    if task.mapping is not None and task.mapping.limit:
        items.append(("max_active_tis_per_dagrun", Atom(str(task.mapping.limit))))
    if task.priority_weight is not None:
        items.append(("priority_weight", Atom(str(task.priority_weight))))
    for name, uris in (("inlets", task.inlets), ("outlets", task.outlets)):
        if uris:
            items.append((name, Group("[", tuple(Atom(asset_names[uri]) for uri in uris), "]")))
    return [Keyed(f"{name}=", node) for name, node in items]


def asset_uris(spec: WorkflowSpec) -> tuple[str, ...]:
    """All assets of the DAG, each once, in the order they appear."""
    found = list(spec.schedule.assets.uris) if spec.schedule.assets is not None else []
    for task in spec.tasks:
        found.extend((*task.inlets, *task.outlets))
    return tuple(dict.fromkeys(found))


def param_node(param: ParamSpec, imports: Imports, *, scheduled: bool) -> Node:
    """`Param(...)` for the trigger form.

    A DAG that runs by itself cannot have a parameter without a value: such a one becomes nullable, and null.
    """
    missing = param.default is None
    open_ended = param.nullable or param.optional or param.run_day_offset is not None
    nullable = open_ended or (missing and scheduled)
    kind: Node = Atom(quote(param.type))
    if nullable:
        kind = Group("[", (Atom('"null"'), kind), "]")
    items: list[Node] = []
    if param.default is not None:
        items.append(literal_node(param.default.value))
    elif nullable:
        items.append(Atom("None"))
    items.append(Keyed("type=", kind))
    if param.format:
        items.append(Keyed("format=", Atom(quote(param.format))))
    if param.choices is not None:
        # JSON Schema asks for the null among the choices too.
        allowed = [*([None] if nullable else []), *param.choices.value]
        items.append(Keyed("enum=", literal_node(allowed)))
    for name, bound in (("minimum", param.minimum), ("maximum", param.maximum)):
        if bound is not None:
            items.append(Keyed(f"{name}=", literal_node(int(bound) if bound == int(bound) else bound)))
    if param.description:
        items.append(Keyed("description=", Atom(quote(param.description))))
    return Group(f"{imports.sdk('Param')}(", tuple(items), ")")


def refusal_function(name: str) -> str:
    """The text of the Jinja filter that lets a task fail before it does anything with a parameter that is null."""
    return "\n".join(
        [
            f"def {name}(value: object, param: str) -> object:",
            '    """Fail while the template is rendered, before the operator acts, if the parameter has no value."""',
            "    if value is None:",
            '        raise ValueError(f"the param {param!r} has no value: give it a default or a value at the start")',
            "    return value",
        ]
    )
