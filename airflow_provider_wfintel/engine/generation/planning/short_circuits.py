"""Conditions that skip: a later task with a trigger rule of its own decides for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.catalog.recipe import RecipeBook
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal

__all__ = ["with_heeded_rules"]

_DECORATOR = "task.short_circuit"
_SETTING = "ignore_downstream_trigger_rules"


def with_heeded_rules(recipes: RecipeBook, drafts: Sequence[Draft], below: Callable[[str], set[str]]) -> list[Draft]:
    """Let a short circuit skip only what follows it directly, where a later task is to run whatever happened.

    By default Airflow skips all that comes after a short circuit, also a task with the rule `all_done`.
    """
    result = list(drafts)
    own = {draft.task.task_id for draft in drafts if draft.task.trigger_rule != "all_success"}
    for position, draft in enumerate(result):
        task = draft.task
        if not task.operator.recipe or not (below(task.task_id) - {task.task_id}) & own:
            continue
        if (task.operator.path or recipes.recipe(task.operator.recipe).decorator) == _DECORATOR:
            setting = literal(_SETTING, False, "implied")
            result[position] = replace(draft, task=replace(task, arguments=(*task.arguments, setting)))
    return result
