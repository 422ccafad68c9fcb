"""Where two readings of one text differ. Each difference becomes a question; neither reading wins by itself."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_wfintel.engine.generation.opinion.draft import plain
from airflow_provider_wfintel.engine.model import Question, Schedule, TaskSpec, WorkflowSpec

__all__ = ["MOST_QUESTIONS", "compare"]

MOST_QUESTIONS = 8

# Actions that two readers may well call differently for the same work.
_ALIKE = (
    frozenset({"extract", "query", "copy", "load"}),
    frozenset({"transform", "query", "trigger", "train", "none"}),
    frozenset({"check", "branch", "wait_for", "query"}),
)


def compare(own: WorkflowSpec, draft: WorkflowSpec) -> tuple[Question, ...]:
    """Questions for what the draft reads otherwise: schedule, retries, steps that only one has, another order.

    Args:
        own: the reading that the file is written from.
        draft: the other one. Its words are only shown, never used.
    """
    pairs = _pairs(own, draft)
    found = [
        *_schedule(own.schedule, draft.schedule),
        *_retries(own, draft),
        *_steps(own, draft, pairs),
        *_order(own, draft, pairs),
    ]
    return tuple(found[:MOST_QUESTIONS])


def _pairs(own: WorkflowSpec, draft: WorkflowSpec) -> dict[str, str]:
    """Own task ids with those of the draft that mean the same work, the most alike first."""
    scores = sorted(
        (
            (-_alike(mine, theirs), abs(place - other), mine.task_id, theirs.task_id)
            for place, mine in enumerate(own.tasks)
            for other, theirs in enumerate(draft.tasks)
            if _alike(mine, theirs) > 0
        )
    )
    pairs: dict[str, str] = {}
    for _, _, mine_id, theirs_id in scores:
        if mine_id not in pairs and theirs_id not in pairs.values():
            pairs[mine_id] = theirs_id
    return pairs


def _alike(mine: TaskSpec, theirs: TaskSpec) -> int:
    shared = len(set(mine.services) & set(theirs.services))
    same = mine.action == theirs.action
    near = any({mine.action, theirs.action} <= group for group in _ALIKE)
    if not shared and (mine.services or theirs.services):
        return 0
    return 2 * shared + 2 * same + near if same or near else 0


def _schedule(own: Schedule, draft: Schedule) -> Iterator[Question]:
    if not draft.stated:
        return
    theirs = " and ".join(draft.crons)
    mine = " and ".join(own.crons) or own.words or own.kind
    if set(own.crons) != set(draft.crons):
        yield Question(
            "schedule", f"When does it run: {mine!r}, or {theirs!r} as a second reading has it?", (mine, theirs)
        )
    elif draft.timezone_stated and draft.timezone != own.timezone:
        yield Question(
            "timezone",
            f"Which time zone: {own.timezone!r}, or {draft.timezone!r} as a second reading has it?",
            (own.timezone, draft.timezone),
        )


def _retries(own: WorkflowSpec, draft: WorkflowSpec) -> Iterator[Question]:
    theirs = draft.retry.retries if draft.retry else None
    mine = own.retry.retries if own.retry else None
    if theirs is not None and theirs != (mine or 0):
        counts = (str(mine or 0), str(theirs))
        yield Question("retries", f"How many retries: {counts[0]}, or {counts[1]} as a second reading has it?", counts)


def _steps(own: WorkflowSpec, draft: WorkflowSpec, pairs: dict[str, str]) -> Iterator[Question]:
    for task in draft.tasks:
        if task.task_id not in pairs.values():
            words = task.label or task.task_id
            yield Question(
                "steps", f"A second reading sees one more step: {words!r} ({_does(task)}). Is it wanted?", ("yes", "no")
            )
    for task in own.tasks:
        if task.task_id not in pairs:
            words = plain(task.label) or task.task_id
            yield Question(
                "steps",
                f"A second reading does not see the step {words!r} ({_does(task)}). Is it wanted?",
                ("yes", "no"),
                task.evidence[0] if task.evidence else None,
                task.task_id,
            )


def _does(task: TaskSpec) -> str:
    return f"{task.action} {' and '.join(task.services)}".strip()


def _order(own: WorkflowSpec, draft: WorkflowSpec, pairs: dict[str, str]) -> Iterator[Question]:
    mine, theirs = _ancestors(own), _ancestors(draft)
    for first in pairs:
        for second in pairs:
            before = first in mine[second]
            wanted = pairs[first] in theirs[pairs[second]]
            if wanted and not before:
                yield Question("order", f"Must {second!r} wait for {first!r}? A second reading says so.", ("yes", "no"))


def _ancestors(spec: WorkflowSpec) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for task_id in spec.topological_order():
        direct = spec.upstream_of(task_id)
        found[task_id] = frozenset(direct).union(*(found[name] for name in direct))
    return found
