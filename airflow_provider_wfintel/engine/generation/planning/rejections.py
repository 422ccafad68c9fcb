"""Rejections: an approval that is refused fails where the words say what is done then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.model import Dependency

__all__ = ["with_rejections"]


def with_rejections(drafts: Sequence[Draft], edges: Sequence[Dependency]) -> list[Draft]:
    """Let approvals fail when they are refused if a task waits for just that.

    By default Airflow skips all that comes after a refused approval, also a task with the rule `one_failed`.
    """
    rules = {draft.task.task_id: draft.task.trigger_rule for draft in drafts}
    refused = {edge.upstream for edge in edges if rules.get(edge.downstream) == "one_failed"}
    result = []
    for draft in drafts:
        task = draft.task
        if task.action == "approve" and task.task_id in refused and task.argument("fail_on_reject") is None:
            setting = literal("fail_on_reject", True, "implied")
            draft = replace(draft, task=replace(task, arguments=(*task.arguments, setting)))
        result.append(draft)
    return result
