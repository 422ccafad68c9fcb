"""What a person sets in a form: it changes the spec that was read from the words, and the file is written anew.

Values become constants of the spec, and so literals of the file, never code. An edit about something that the words do
not give any more is left out and said so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.generation.operators import with_operator
from airflow_provider_wfintel.engine.generation.render.service import render_dag, required_distributions
from airflow_provider_wfintel.engine.generation.schedule import next_runs, read_schedule
from airflow_provider_wfintel.engine.model import (
    Argument,
    Caution,
    Generation,
    LiteralValue,
    ParamRef,
    Question,
    RetrySpec,
    Schedule,
    SpecEdit,
    TaskSpec,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["edited"]

_FIRST_DAY = "2026-01-01T00:00:00+00:00"
_MOST_RETRIES = 100
_MOST_SECONDS = 7 * 86_400.0
_LONGEST_VALUE = 20_000


def edited(
    generation: Generation, edits: Sequence[SpecEdit], catalog: Catalog, *, decorated: bool = False
) -> Generation:
    """The answer with the edits made in it, in their order.

    Args:
        generation: the answer to the words.
        edits: what a person has set.
        catalog: where the operators come from that may take the place of others.
        decorated: whether the file is written as a `@dag` function.

    Raises:
        UserInputError: a value is impossible.
        SpecError: the edited spec cannot be written.
    """
    spec, left = generation.spec, []
    asked: list[Question] = []
    for edit in edits:
        done, questions = _made(spec, edit, catalog)
        asked.extend(questions)
        if done is None:
            left.append(Caution("edit", f"No longer applies and was left out: {_said(edit)}."))
        else:
            spec = done
    gone = {param.name for param in spec.params} - _used_params(spec)
    used_before = {param.name for param in generation.spec.params} & _used_params(generation.spec)
    gone &= used_before | {item.name for item in spec.params if item not in generation.spec.params}
    spec = replace(spec, params=tuple(param for param in spec.params if param.name not in gone)).validate()
    runs = next_runs(spec.schedule, _FIRST_DAY) if spec.schedule.kind in ("cron", "interval", "asset_or_cron") else ()

    def settled(text: str) -> bool:
        return any(repr(name) in text for name in gone)

    return replace(
        generation,
        spec=spec,
        source=render_dag(spec, decorated=decorated),
        requirements=required_distributions(spec),
        next_runs=runs,
        assumptions=tuple(item for item in generation.assumptions if not settled(item.text)),
        clarifications=tuple(item for item in (*generation.clarifications, *asked) if not settled(item.text)),
        warnings=(*generation.warnings, *left),
    )


def _made(spec: WorkflowSpec, edit: SpecEdit, catalog: Catalog) -> tuple[WorkflowSpec | None, tuple[Question, ...]]:
    """The spec with one edit, None if there is nothing that it is about; and what has to be asked because of it."""
    if edit.what == "schedule":
        return replace(spec, schedule=_schedule(edit, spec.schedule)), ()
    task = next((item for item in spec.tasks if item.task_id == edit.task_id), None)
    if edit.what == "operator" and task is not None:
        path = _value(edit)
        return (spec, ()) if path == task.operator.path else with_operator(spec, task, path, catalog)
    return _with_value(spec, task, edit), ()


def _with_value(spec: WorkflowSpec, task: TaskSpec | None, edit: SpecEdit) -> WorkflowSpec | None:
    """The spec with one value set, of the DAG or of a task; None if there is nothing that it is about."""
    if not edit.task_id:
        return None if edit.what in ("argument", "operator") else replace(spec, retry=_retry(edit, spec.retry))
    if task is None:
        return None
    changed = _with_argument(task, edit) if edit.what == "argument" else replace(task, retry=_retry(edit, task.retry))
    if changed is None:
        return None
    return replace(spec, tasks=tuple(changed if item is task else item for item in spec.tasks))


def _schedule(edit: SpecEdit, before: Schedule) -> Schedule:
    words = _value(edit)
    if not isinstance(words, str):
        raise UserInputError("a schedule is set in words", hint="such as: every weekday at 06:00 Europe/Berlin")
    if not words.strip():
        return Schedule(timezone=before.timezone, timezone_stated=before.timezone_stated)
    found = read_schedule(words).schedule
    if not found.stated or found.kind == "manual" or found.assets is not None:
        raise UserInputError(
            f"{words!r} is read as no schedule by the clock",
            hint="say it as: every weekday at 06:00 Europe/Berlin; empty for none",
        )
    if not found.timezone_stated:
        found = replace(found, timezone=before.timezone, timezone_stated=before.timezone_stated)
    return replace(found, evidence=before.evidence)


def _retry(edit: SpecEdit, before: RetrySpec | None) -> RetrySpec:
    value, retry = _value(edit), before or RetrySpec()
    if edit.what == "retries":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_RETRIES:
            raise UserInputError(f"{value!r} is no number of retries", hint=f"give 0 to {_MOST_RETRIES}")
        return replace(retry, retries=value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MOST_SECONDS:
        raise UserInputError(f"{value!r} is no pause in seconds", hint="give more than 0 and at most a week")
    return replace(retry, delay_seconds=float(value))


def _with_argument(task: TaskSpec, edit: SpecEdit) -> TaskSpec | None:
    """The task with a constant for one of its arguments; None if it has no such argument that may be set."""
    before = task.argument(edit.name)
    if before is None or not isinstance(before.value, LiteralValue | ParamRef):
        return None
    value = _value(edit)
    if isinstance(before.value, LiteralValue) and not _same_kind(before.value.value, value):
        raise UserInputError(
            f"{edit.name} of {task.task_id} is of another kind than {value!r}",
            hint=f"give a value such as {before.value.value!r}",
        )
    after = Argument(edit.name, LiteralValue.of(value), "stated")
    return replace(task, arguments=tuple(after if item is before else item for item in task.arguments))


def _same_kind(before: Any, after: Any) -> bool:
    """Whether a value may take the place of another one: what it means to the operator hangs on its kind."""
    if before is None or after is None:
        return True
    if isinstance(before, bool) or isinstance(after, bool):
        return isinstance(before, bool) and isinstance(after, bool)
    numbers = isinstance(before, int | float) and isinstance(after, int | float)
    return numbers or type(before) is type(after)


def _value(edit: SpecEdit) -> Any:
    if len(edit.value) > _LONGEST_VALUE:
        raise UserInputError(
            f"the value for {_said(edit)} is too long", hint=f"give at most {_LONGEST_VALUE} characters"
        )
    try:
        value = json.loads(edit.value)
    except ValueError as error:
        raise UserInputError(
            f"the value for {_said(edit)} is no JSON", hint='texts are in quotes: "raw.orders"'
        ) from error
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict | list) for item in value)):
        raise UserInputError(f"the value for {_said(edit)} is nested", hint="give a text, a number, or a list of them")
    return value


def _said(edit: SpecEdit) -> str:
    what = edit.name if edit.what == "argument" else edit.what.replace("_", " ")
    return f"{what} of {edit.task_id}" if edit.task_id else what


def _used_params(spec: WorkflowSpec) -> set[str]:
    """The parameters that arguments, lists and templates use."""
    found: set[str] = set()
    names = {param.name for param in spec.params}
    for task in spec.tasks:
        values = [item.value for item in task.arguments]
        if task.mapping is not None:
            values.append(task.mapping.over)
        for value in values:
            if isinstance(value, ParamRef):
                found.add(value.name)
                continue
            text = getattr(value, "template", "") or getattr(value, "json", "")
            found.update(name for name in names if name in text)
    return found
