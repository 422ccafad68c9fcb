"""The stable text form of a WorkflowSpec: for snapshots, diffs and people."""

from __future__ import annotations

from airflow_provider_wfintel.engine.model.values import (
    Argument,
    ArgumentValue,
    LiteralValue,
    OutputRef,
    ParamRef,
    SecondsValue,
    SymbolRef,
    TemplateValue,
)
from airflow_provider_wfintel.engine.model.workflow import ParamSpec, TaskSpec, WorkflowSpec

__all__ = ["value_text", "workflow_text"]


def value_text(value: ArgumentValue) -> str:
    """One argument value on one line."""
    if isinstance(value, LiteralValue):
        return value.json
    if isinstance(value, TemplateValue):
        return f"template {value.template}"
    if isinstance(value, OutputRef):
        return f"output of {value.task_id}"
    if isinstance(value, ParamRef):
        return f"param {value.name}"
    if isinstance(value, SecondsValue):
        return f"{value.seconds:g} s"
    assert isinstance(value, SymbolRef)  # noqa: S101 - the union has no other member
    return value.path


def _argument_text(argument: Argument) -> str:
    origin = "" if argument.origin == "stated" else f"  [{argument.origin}]"
    return f"    {argument.name} = {value_text(argument.value)}{origin}"


def _task_text(task: TaskSpec, upstream: tuple[str, ...]) -> list[str]:
    services = "+".join(task.services) or "-"
    head = f"task {task.task_id}: {task.action} {services} by {task.operator.recipe or task.operator.path}"
    lines = [head]
    if upstream:
        lines.append(f"    after {', '.join(upstream)}")
    if task.trigger_rule != "all_success":
        lines.append(f"    when {task.trigger_rule}")
    if task.mapping is not None:
        limit = f", at most {task.mapping.limit}" if task.mapping.limit else ""
        lines.append(f"    for each {task.mapping.argument} of {value_text(task.mapping.over)}{limit}")
    if task.group:
        lines.append(f"    in group {task.group}")
    if task.retry is not None:
        lines.append(f"    retries {task.retry.retries} after {task.retry.delay_seconds} s")
    if task.depends_on_past:
        lines.append("    after itself in the run before")
    lines.extend(_argument_text(argument) for argument in task.arguments)
    return lines


def _param_text(param: ParamSpec) -> str:
    parts = [f"param {param.name}: {param.type}"]
    if param.format:
        parts.append(param.format)
    if param.choices is not None:
        parts.append(f"of {param.choices.json}")
    if param.default is not None:
        parts.append(f"= {param.default.json}")
    if param.run_day_offset is not None:
        parts.append(f"= day of the run {param.run_day_offset:+d}" if param.run_day_offset else "= day of the run")
    return " ".join(parts)


def workflow_text(spec: WorkflowSpec) -> str:
    """The whole DAG as text, always in the same order: DAG, schedule, settings, tasks in topological order."""
    schedule = spec.schedule
    detail = ", ".join(schedule.crons) or (f"{schedule.interval_seconds:g} s" if schedule.interval_seconds else "")
    if schedule.assets is not None:
        detail = f" {'&' if schedule.assets.mode == 'all' else '|'} ".join(schedule.assets.uris)
    lines = [
        f"dag {spec.dag_id}",
        f"schedule {schedule.kind} {detail} {schedule.timezone}".replace("  ", " "),
    ]
    if schedule.gate is not None:
        lines.append(f"gate {schedule.gate.kind} {schedule.gate.n} {schedule.gate.country}".rstrip())
    if spec.catchup or spec.start_date:
        lines.append(f"from {spec.start_date or '-'} to {spec.end_date or '-'} catchup {spec.catchup}")
    if spec.retry is not None:
        lines.append(f"retries {spec.retry.retries} after {spec.retry.delay_seconds} s")
    if spec.depends_on_past:
        lines.append("after the run before" + (", with what follows" if spec.wait_for_downstream else ""))
    if spec.deadline is not None:
        lines.append(f"deadline {spec.deadline.by or spec.deadline.within_seconds}")
    limits = spec.limits
    if limits.active_runs or limits.active_tasks or limits.pool:
        lines.append(f"limits runs {limits.active_runs} tasks {limits.active_tasks} pool {limits.pool or '-'}")
    lines.extend(f"alert {alert.on} -> {alert.service} {alert.target}".rstrip() for alert in spec.alerts)
    lines.extend(_param_text(param) for param in spec.params)
    for task_id in spec.topological_order():
        lines.extend(_task_text(spec.task(task_id), spec.upstream_of(task_id)))
    return "\n".join(lines) + "\n"
