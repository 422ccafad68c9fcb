"""Calendar gates: a first task that lets through only the dates that the words mean."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.render.order import data_edges
from airflow_provider_wfintel.engine.model import (
    Argument,
    CalendarGate,
    Dependency,
    LiteralValue,
    OperatorRef,
    TaskSpec,
    WorkflowSpec,
)

__all__ = ["gate_recipe", "with_gate"]

_RECIPES = {
    "last_business_day": "gate_last_business_day",
    "first_business_day": "gate_nth_business_day",
    "nth_business_day": "gate_nth_business_day",
    "every_n_weeks": "gate_every_n_weeks",
    "every_n_months": "gate_every_n_months",
    "not_holiday": "gate_not_holiday",
    "not_on_days": "gate_not_on_days",
}
_TASK_IDS = {
    "last_business_day": "only_on_last_business_day",
    "first_business_day": "only_on_first_business_day",
    "nth_business_day": "only_on_business_day_{n}",
    "every_n_weeks": "only_every_{n}_weeks",
    "every_n_months": "only_every_{n}_months",
    "not_holiday": "only_if_no_holiday",
    "not_on_days": "only_on_other_weekdays",
}


def gate_recipe(gate: CalendarGate) -> str:
    """The recipe that carries out the gate."""
    return _RECIPES[gate.kind]


def with_gate(spec: WorkflowSpec) -> WorkflowSpec:
    """The DAG with its calendar gate as the first task; unchanged if it has none."""
    gate = spec.schedule.gate
    if gate is None or not spec.tasks:
        return spec
    task_id = _free_id(spec, _TASK_IDS[gate.kind].format(n=gate.n))
    task = TaskSpec(
        task_id=task_id,
        label=task_id.replace("_", " "),
        action="branch",
        operator=OperatorRef("taskflow", "task.short_circuit", recipe=gate_recipe(gate)),
        arguments=_arguments(gate, spec),
    )
    waiting = {edge.downstream for edge in spec.dependencies} | {downstream for _, downstream in data_edges(spec)}
    roots = [name for name in spec.task_ids if name not in waiting]
    edges = tuple(Dependency(task_id, name, reason="condition") for name in roots)
    schedule = replace(spec.schedule, gate=None)
    return replace(spec, schedule=schedule, tasks=(task, *spec.tasks), dependencies=(*edges, *spec.dependencies))


def _free_id(spec: WorkflowSpec, wish: str) -> str:
    name, number = wish, 2
    while name in spec.task_ids:
        name, number = f"{wish}_{number}", number + 1
    return name


def _arguments(gate: CalendarGate, spec: WorkflowSpec) -> tuple[Argument, ...]:
    values: dict[str, object] = {}
    if gate.kind in ("nth_business_day", "first_business_day"):
        values["n"] = 1 if gate.kind == "first_business_day" else gate.n
    if gate.kind in ("every_n_weeks", "every_n_months"):
        values["n"] = gate.n
        values["first"] = spec.start_date[:10] or "2026-01-01"
    if gate.kind == "not_on_days":
        values["days"] = list(gate.days)
    values["timezone"] = spec.schedule.timezone
    if gate.kind not in ("every_n_weeks", "every_n_months", "not_on_days"):
        values["country"] = gate.country
    return tuple(Argument(name, LiteralValue.of(value), "implied") for name, value in values.items())
