"""Starts a DAG when the data of another one are there, instead of some time later by its own cron expression.

For two DAGs of one file, or of two files of the folder: the first writes a file or table that the second reads, both start by cron on the same days,
and the second never asks for which time it runs (a run that assets start has no logical date). When runs start changes,
so a person confirms it as `assets:DAG`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.proof.order import short
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.schedules import (
    cron_of,
    set_schedule,
    uses_the_interval,
    waited_for,
)
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.rewrites.text import quoted
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["REWRITE"]

_NEEDS_A_DATE = re.compile(r"ExternalTask|LatestOnly|DayOfWeek|DateTime|TimeSensor|TimeDelta|Backfill")


@dataclass(frozen=True, slots=True)
class _Feed:
    """A DAG that writes what the other reads: the tasks that do, by resource, and the minutes between the two."""

    dag: DagModel
    writers: dict[str, TaskModel]
    gap: int
    path: str = ""
    """The file of the DAG in the folder; empty: the same file."""
    place: Draft | None = None
    """That file, if it is another one."""


_MOST_NEIGHBOURS = 60


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts or draft.dag_id in around.awaited or waited_for(draft) or uses_the_interval(draft):
        return []
    if any(_NEEDS_A_DATE.search(task.operator) for task in draft.dag.tasks):
        return []
    feeds = [feed for other in draft.file.dags if (feed := _feed(draft.dag, other)) is not None]
    if not draft.others and cron_of(draft.dag) is not None:
        feeds += _feeds_of_neighbours(draft, around)
    return _proposal(draft, around, feeds[0]) if len(feeds) == 1 else []


def _feeds_of_neighbours(draft: Draft, around: Surroundings) -> list[_Feed]:
    """The DAGs of other files that feed this one."""
    found = []
    for path, (source, siblings) in list(around.neighbours().items())[:_MOST_NEIGHBOURS]:
        try:
            dags = read_dag_file(source, siblings).dags
        except (UserInputError, RecursionError):
            continue
        for other in dags:
            feed = _feed(draft.dag, other)
            if feed is not None:
                found.append(replace(feed, path=path, place=Draft(source, siblings, other.dag_id)))
    return found


def _feed(dag: DagModel, other: DagModel) -> _Feed | None:
    """How another DAG feeds this one, if it does so in a way that can be written down."""
    mine, theirs = cron_of(dag), cron_of(other)
    if other is dag or other.dag_id == dag.dag_id or mine is None or theirs is None or other.doubts:
        return None
    if mine.hour is None or theirs.hour is None or mine.days != theirs.days:
        return None
    gap = 60 * (mine.hour - theirs.hour) + mine.minute - theirs.minute
    read = {item for task in dag.tasks for item in task.reads if _names_data(item)}
    own = {item for task in dag.tasks for item in task.writes | task.appends}
    taken = {item for task in other.tasks for item in task.reads}
    shared = sorted(item for item in read if any(item in task.writes for task in other.tasks))
    if gap <= 0 or not shared or own & (taken | set(shared)):
        return None
    writers = {}
    for item in shared:
        makers = [task for task in other.tasks if item in task.writes]
        if len(makers) != 1 or makers[0].argument("outlets") is not None or makers[0].build.expanded is not None:
            return None
        writers[item] = makers[0]
    return _Feed(other, writers, gap)


def _names_data(resource: str) -> bool:
    """Whether a resource means the same in every run of every DAG."""
    return resource.startswith(("file:/", "table:")) and "⟨" not in resource


def _asset(resource: str) -> str:
    kind, _, name = resource.partition(":")
    return f"Asset({quoted('file://' + name if kind == 'file' else name)})"


def _proposal(draft: Draft, around: Surroundings, feed: _Feed) -> list[Proposal]:
    edits, place = Edits(), feed.place or draft
    far = edits if feed.place is None else Edits()
    outlets: dict[str, list[str]] = {}
    for resource, task in feed.writers.items():
        outlets.setdefault(task.task_id, []).append(_asset(resource))
    for name, assets in outlets.items():
        alone = [tasks for tasks in _sites(place, feed.dag) if any(task.task_id == name for task in tasks)]
        if len(alone[0]) != 1 or not set_arguments(place, alone[0][0], {"outlets": f"[{', '.join(assets)}]"}, far):
            return []
    starts = ", ".join(_asset(resource) for resource in feed.writers)
    if not set_schedule(draft, f"[{starts}]", edits) or not import_name(draft, "airflow.sdk", "Asset", edits):
        return []
    others: dict[str, str] = {}
    if feed.place is not None:
        if not import_name(feed.place, "airflow.sdk", "Asset", far):
            return []
        others[feed.path] = apply_edits(feed.place.source, far)
        if not _only_outlets(feed.place, others[feed.path]):
            return []
    confirm = f"assets:{draft.dag_id}"
    first, second = cron_of(feed.dag), cron_of(draft.dag)
    return [
        Proposal(
            "schedule-on-assets",
            f"start {draft.dag_id} when {feed.dag.dag_id} has written what it reads",
            f"it starts {feed.gap} minutes after {feed.dag.dag_id} ('{second and second.text}' after '{first and first.text}'): "
            "too early if that is late, too late if that is early",
            f"{feed.dag.dag_id} writes what {draft.dag_id} reads, and nothing of the file asks for which time a run is",
            tuple(f"{task.task_id} writes {short(resource)}" for resource, task in list(feed.writers.items())[:5]),
            draft.with_source(apply_edits(draft.source, edits), others={**draft.others, **others}),
            effort="medium",
            risk="medium",
            risk_note="runs have no logical date then, and a manual run of the first DAG starts the second"
            + (f"; {feed.path} has to change, too, and at the same time" if others else ""),
            tasks=tuple(outlets),
            suggestion=confirm not in around.confirmed,
            confirm=confirm,
            unseen=True,
        )
    ]


def _only_outlets(place: Draft, after: str) -> bool:
    """Whether the other file still makes the same tasks in the same order."""
    changed = replace(place, source=after)
    same = any(dag.dag_id == place.dag_id for dag in changed.file.dags)
    return same and changed.dag.edges == place.dag.edges and changed.dag.doubts == place.dag.doubts


def _sites(draft: Draft, dag: DagModel) -> list[list[TaskModel]]:
    """The tasks of the other DAG by the place where their arguments are written."""
    return sites(Draft(draft.source, draft.siblings, dag.dag_id))


REWRITE = Rewrite("schedule-on-assets", frozenset({"performance", "reliability", "hybrid", "cost"}), _propose)
