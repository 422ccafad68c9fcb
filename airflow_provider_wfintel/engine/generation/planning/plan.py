"""The plan: a flow of steps becomes the tasks and dependencies of a WorkflowSpec."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import cast

from airflow_provider_wfintel.engine.generation.planning.appending import with_appending
from airflow_provider_wfintel.engine.generation.planning.between_tables import between_tables
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.compared import counts_compared
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, let_through, literal
from airflow_provider_wfintel.engine.generation.planning.each_file import copies_of_each
from airflow_provider_wfintel.engine.generation.planning.fetched import fetched_file, reader_of, records_of_call
from airflow_provider_wfintel.engine.generation.planning.fused import fused
from airflow_provider_wfintel.engine.generation.planning.guards import branch_draft, guard_drafts
from airflow_provider_wfintel.engine.generation.planning.job_results import reader_of_query
from airflow_provider_wfintel.engine.generation.planning.mapping import map_over_items, map_over_output, map_step
from airflow_provider_wfintel.engine.generation.planning.naming import unique
from airflow_provider_wfintel.engine.generation.planning.rejections import with_rejections
from airflow_provider_wfintel.engine.generation.planning.short_circuits import with_heeded_rules
from airflow_provider_wfintel.engine.generation.planning.structure import grouped, with_made_ids, with_teardowns
from airflow_provider_wfintel.engine.generation.planning.tasks import build_drafts, from_previous
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.planning.waiting import with_waiting
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    Dependency,
    GroupSpec,
    LiteralValue,
    OutputRef,
    Span,
    TaskSpec,
    TemplateValue,
    TriggerRule,
)

__all__ = ["Planned", "plan_tasks"]


@dataclass(frozen=True, slots=True)
class Planned:
    """Tasks with their dependencies, in the order of the words, and the groups that they stand in."""

    tasks: tuple[TaskSpec, ...]
    dependencies: tuple[Dependency, ...]
    groups: tuple[GroupSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class _Branch:
    """Where a branch stands, and the first task of each of its ways."""

    position: int
    first: int
    second: int | None = None


@dataclass(slots=True)
class _Board:
    """Drafts while they are placed: by step, with the edges between them."""

    desk: Desk
    drafts: list[Draft] = field(default_factory=list)
    edges: list[Dependency] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    branches: dict[Span, _Branch] = field(default_factory=dict)
    """Branches by the words of their condition."""

    def place(self, draft: Draft) -> int:
        """Give a draft a free task id and a place."""
        name = unique(draft.task.task_id, (item.task.task_id for item in self.drafts))
        self.drafts.append(replace(draft, task=replace(draft.task, task_id=name)))
        return len(self.drafts) - 1

    def link(self, upstream: int, downstream: int, reason: str, evidence: Span | None = None) -> None:
        """Add a dependency between two placed drafts, once."""
        up, down = self.drafts[upstream].task.task_id, self.drafts[downstream].task.task_id
        if any(edge.upstream == up and edge.downstream == down for edge in self.edges):
            return
        self.edges.append(Dependency(up, down, reason, "", evidence))  # type: ignore[arg-type]

    def below(self, task_id: str) -> set[str]:
        """A task and all that come after it; nothing for no task."""
        found, todo = set[str](), [task_id] if task_id else []
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(edge.downstream for edge in self.edges if edge.upstream == name)
        return found

    def upstream_of(self, position: int) -> list[int]:
        """Places of the direct upstream drafts."""
        name = self.drafts[position].task.task_id
        ups = {edge.upstream for edge in self.edges if edge.downstream == name}
        return [index for index, item in enumerate(self.drafts) if item.task.task_id in ups]


def plan_tasks(desk: Desk, flow: Flow) -> Planned:
    """Plan all steps of a flow."""
    flow = fused(desk, flow)
    board = _Board(desk)
    upstream: dict[int, list[int]] = {index: [] for index in range(len(flow.steps))}
    for edge in flow.edges:
        upstream[edge.downstream].append(edge.upstream)
    for index in _order(upstream):
        _plan_step(board, index, flow.steps[index], upstream[index], flow)
    for position in range(len(board.drafts)):
        _feed(board, position)
    _finish_branches(board)
    followed = {edge.upstream for edge in board.edges}
    for position, draft in enumerate(board.drafts):
        waiting = with_waiting(desk, draft.task, followed=draft.task.task_id in followed)
        board.drafts[position] = replace(draft, task=waiting)
    known = with_made_ids(desk, with_appending(desk, _in_word_order(board, flow), board.below), board.below)
    known = with_rejections(known, board.edges)
    heeded = with_heeded_rules(desk.recipes, with_teardowns(known, board.below), board.below)
    kept, groups = grouped(heeded, flow.sections)
    return Planned(tuple(item.task for item in kept), tuple(board.edges), groups)


def _order(upstream: dict[int, list[int]]) -> list[int]:
    """Steps, each after its upstream steps, else in the order of the words."""
    done: list[int] = []
    left = list(upstream)
    while left:
        ready = next((index for index in left if all(up in done for up in upstream[index])), left[0])
        done.append(ready)
        left.remove(ready)
    return done


def _plan_step(board: _Board, index: int, step: Step, ups: list[int], flow: Flow) -> None:
    desk = board.desk
    before = [board.last[up] for up in ups if up in board.last]
    fed = any(_giver(board, position) is not None for position in before)
    previous = _work_before(flow, ups)
    step = from_previous(desk, between_tables(desk, step, previous), previous)
    step = _looked_up(flow, index, step)
    taken = (item.task.task_id for item in board.drafts)
    each = copies_of_each(desk, step, _lists(board, before), taken)
    mapped = None if each else map_step(desk, step, lambda one: build_drafts(desk, one, fed=fed))
    compared = counts_compared(desk, step, [board.drafts[board.last[up]] for up in ups if up in board.last])
    drafts = [*each] if each else [mapped] if mapped is not None else [compared] if compared else []
    drafts = drafts or _with_reader(board, before, list(build_drafts(desk, step, fed=fed)))
    if step.guard is not None and step.guard.otherwise and step.guard.span in board.branches:
        _other_way(board, index, step, drafts)
        return
    guards = _guards(board, step, before, flow)
    if step.trigger_rule != "all_success" and drafts:
        drafts[0] = replace(
            drafts[0], task=replace(drafts[0].task, trigger_rule=cast("TriggerRule", step.trigger_rule))
        )
    positions: list[int] = []
    for draft in (*guards, *drafts):
        positions.append(board.place(draft))
    board.first[index], board.last[index] = positions[0], positions[-1]
    for left, right in pairwise(positions):
        board.link(left, right, "condition" if left < positions[0] + len(guards) else "data")
    above = board.branches.get(step.guard.else_of) if step.guard is not None and step.guard.else_of else None
    if above is not None and step.guard is not None and step.guard.else_of is not None:
        board.branches[step.guard.else_of] = replace(above, second=positions[0])
        board.link(above.position, positions[0], "condition", step.guard.span)
        ups = []
    for up in ups:
        if up in board.last:
            edge = next(item for item in flow.edges if item.upstream == up and item.downstream == index)
            board.link(board.last[up], positions[0], edge.reason, edge.evidence)
    if guards and step.guard is not None and guards[-1].task.operator.path == "task.branch":
        board.branches[step.guard.span] = _Branch(positions[len(guards) - 1], positions[len(guards)])
    if step.foreach is not None and mapped is None and each is None:
        _map(board, positions[len(guards) :], before, step)


def _work_before(flow: Flow, ups: list[int]) -> Step | None:
    """The one step that hands on what a step works with: a check of it lets it through as it is."""
    while len(ups) == 1:
        step = flow.steps[ups[0]]
        if step.action != "check" or step.services or step.slots:
            return step
        ups = [edge.upstream for edge in flow.edges if edge.downstream == ups[0]]
    return None


def _lists(board: _Board, before: list[int]) -> Draft | None:
    """The task just before that returns a list of files."""
    found = next((giver for up in before if (giver := _giver(board, up)) is not None), None)
    return board.drafts[found] if found is not None else None


def _with_reader(board: _Board, before: list[int], drafts: list[Draft]) -> list[Draft]:
    """A CSV file that a task fetched is read first where records are stored: the fetching task returns its path."""
    found: list[Draft] = []
    for draft in drafts:
        path = _path_before(board, before, found) if draft.needs and draft.step.foreach is None else ""
        if path and _wants_records(board.desk, draft):
            found.append(reader_of(board.desk, draft, path))
        found.append(draft)
    return found


def _path_before(board: _Board, before: list[int], own: list[Draft]) -> str:
    """The file that was fetched just before, if nothing before hands on records."""
    if own:
        return fetched_file(own[-1])
    if any(_giver(board, up, _RECORDS) is not None for up in before):
        return ""
    fetched = ((board, up, _FILES, lambda draft: bool(fetched_file(draft))) for up in before)
    places = (place for item in fetched if (place := _giver(*item)) is not None)
    return next((fetched_file(board.drafts[place]) for place in places), "")


def _looked_up(flow: Flow, index: int, step: Step) -> Step:
    """Of "check whether the table has rows; if not …": the check must give a count, not fail the run."""
    below = [flow.steps[edge.downstream].guard for edge in flow.edges if edge.upstream == index]
    asked = any(guard is not None and guard.kind in ("not_empty", "threshold") for guard in below)
    if step.action != "check" or not asked or not step.values("table") or step.values("sql"):
        return step
    return replace(step, action="query", lemma="count") if is_kind(step.target or step.source, "sql") else step


def _guards(board: _Board, step: Step, before: list[int], flow: Flow) -> tuple[Draft, ...]:
    """The checks before a step: a branch if the words also say what is done otherwise."""
    guard = step.guard
    if guard is None:
        return ()
    # A condition is about the nearest work that returns something: a sensor does not.
    nearest = [position if (giver := _giver(board, position, fits=_is_read)) is None else giver for position in before]
    upstream = tuple(board.drafts[position] for position in dict.fromkeys(nearest))
    two_ways = any(
        item.guard is not None
        and ((item.guard.otherwise and item.guard.span == guard.span) or item.guard.else_of == guard.span)
        for item in flow.steps
    )
    if guard.kind == "equals":
        upstream = tuple(_one_value(board, position) for position in dict.fromkeys(nearest))
    read = reader_of_query(board.desk, guard, upstream)
    upstream = upstream if read is None else (read,)
    branch = branch_draft(board.desk, guard, upstream) if two_ways and not guard.otherwise else None
    checks = (branch,) if branch is not None else guard_drafts(board.desk, guard, upstream)
    return checks if read is None else (read, *checks)


_ONE_COLUMN = re.compile(r"\s*select\s+(?:distinct\s+|max\(|min\()?[\w.]+\)?\s+from\b", re.IGNORECASE)


def _one_value(board: _Board, position: int) -> Draft:
    """The query before a comparison with one value, asked for that value instead of rows."""
    draft = board.drafts[position]
    sql = draft.task.argument("sql")
    text = str(sql.value.value) if sql is not None and isinstance(sql.value, LiteralValue) else ""
    if draft.task.operator.recipe != "query_rows" or not _ONE_COLUMN.match(text):
        return draft
    step = draft.step
    values = slot_values(step)
    values.values["sql"] = LiteralValue.of(text)
    service = step.source or step.target
    board.drafts[position] = from_recipe(board.desk, step, "query_value", values, draft.task.task_id, service=service)
    return board.drafts[position]


def _other_way(board: _Board, index: int, step: Step, drafts: list[Draft]) -> None:
    """Place the work of an "otherwise" behind the branch that was placed before the first way."""
    assert step.guard is not None  # noqa: S101 - the caller checked
    branch = board.branches[step.guard.span]
    positions = [board.place(draft) for draft in drafts]
    board.first[index], board.last[index] = positions[0], positions[-1]
    board.link(branch.position, positions[0], "condition", step.guard.span)
    for left, right in pairwise(positions):
        board.link(left, right, "data")
    board.branches[step.guard.span] = replace(branch, second=positions[0])
    if step.foreach is not None:
        _map(board, positions, [branch.position], step)


def _finish_branches(board: _Board) -> None:
    """Tell branches which tasks they choose between, and let what follows both ways run after the one that was taken."""
    for branch in board.branches.values():
        ways = (branch.first, branch.second)
        names = ["" if way is None else board.drafts[way].task.task_id for way in ways]
        task = board.drafts[branch.position].task
        chosen = dict(zip(("if_true", "if_false"), names, strict=True))
        arguments = tuple(
            replace(item, value=LiteralValue.of([chosen[item.name]])) if chosen.get(item.name) else item
            for item in task.arguments
        )
        board.drafts[branch.position] = replace(board.drafts[branch.position], task=replace(task, arguments=arguments))
        left, right = (board.below(name) for name in names)
        for position, draft in enumerate(board.drafts):
            ups = {board.drafts[up].task.task_id for up in board.upstream_of(position)}
            joins = bool(ups & left) and bool(ups & right) and not ups <= left & right
            if joins and draft.task.trigger_rule == "all_success":
                joined = replace(draft.task, trigger_rule="none_failed_min_one_success")
                board.drafts[position] = replace(draft, task=joined)


# What can be stored as records, and what only says where a file is.
_RECORDS = frozenset(("rows", "items", "value"))
_FILES = frozenset(("path",))


def _giver(
    board: _Board,
    position: int,
    kinds: frozenset[str] = _RECORDS | _FILES,
    fits: Callable[[Draft], bool] = lambda _: True,
) -> int | None:
    """The nearest draft at or before `position` whose output is of use: one of `kinds`, of a draft that fits."""
    seen: set[int] = set()
    queue = [position]
    while queue:
        current = queue.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if board.drafts[current].gives in kinds and fits(board.drafts[current]):
            return current
        queue.extend(board.upstream_of(current))
    return None


def _map(board: _Board, positions: list[int], before: list[int], step: Step) -> None:
    desk = board.desk
    assert step.foreach is not None  # noqa: S101 - the caller checked
    for order, position in enumerate(positions):
        draft = board.drafts[position]
        mapped: Draft | None = None
        if order == 0 and step.foreach.items:
            mapped = map_over_items(desk, draft, step.foreach)
            if mapped is None:
                mapped = _as_code(desk, draft, step)
        elif order == 0:
            source = next(
                (giver for up in before if (giver := _giver(board, up)) is not None), before[-1] if before else None
            )
            if source is not None:
                mapped = map_over_output(desk, draft, board.drafts[source], step.foreach.noun)
                if mapped is None and not step.foreach.goes_on:
                    mapped = map_over_output(
                        desk, _plain_code(desk, draft, step), board.drafts[source], step.foreach.noun
                    )
        if mapped is not None:
            board.drafts[position] = mapped


def _plain_code(desk: Desk, draft: Draft, step: Step) -> Draft:
    noun = step.foreach.noun if step.foreach else "item"
    words = " ".join(step.words.split())[:100]
    text = f"What is done for each {noun} in {words!r} is not known: the task fails until its code is filled in."
    desk.notes.warn("code", text, desk.span(step))
    service = step.target or step.source
    return let_through(from_recipe(desk, step, "python_step", SlotValues({}, {}), draft.task.task_id, service=service))


def _as_code(desk: Desk, draft: Draft, step: Step) -> Draft | None:
    assert step.foreach is not None  # noqa: S101 - only called for repeated steps
    return map_over_items(desk, _plain_code(desk, draft, step), step.foreach)


_STORES = ("put_", "rows_to_", "sql_to_", "upload_", "write_report")


def _is_read(draft: Draft) -> bool:
    """Whether a condition can be about a task's output: what was stored gives its name only."""
    return not draft.task.operator.recipe.startswith(_STORES)


def _is_no_count(draft: Draft) -> bool:
    return draft.task.operator.recipe != "count_rows"


def _any_draft(draft: Draft) -> bool:  # noqa: ARG001 - asked like `_is_no_count`
    return True


def _feed(board: _Board, position: int) -> None:
    """Fill the argument that takes an upstream output; without one, ask."""
    draft = board.drafts[position]
    if not draft.needs:
        return
    # The name of what was stored is no record: then the rows come from where they were stored from.
    kinds = _RECORDS if _wants_records(board.desk, draft) else _RECORDS | _FILES
    # A number is no record either: what was counted is.
    fits = _is_no_count if kinds == _RECORDS and draft.needs == "rows" else _any_draft
    for up in board.upstream_of(position):
        giver = _giver(board, up, kinds, fits)
        if giver is None and kinds == _RECORDS:
            giver = _called(board, up)
        if giver is None:
            continue
        source = board.drafts[giver].task
        each = draft.needs == "path" and board.drafts[giver].gives == "items"
        if draft.task.mapping is None and (
            each or (source.mapping is not None and draft.task.action in ("load", "copy") and not draft.step.joins)
        ):
            mapped = map_over_output(board.desk, draft, board.drafts[giver], "item")
            if mapped is not None:
                board.drafts[position] = _keyed_by_index(mapped)
                return
        _say_rows_travel(board.desk, draft, board.drafts[giver])
        if _wants_records(board.desk, draft):
            _decoded(board, giver)
        arguments = (Argument(draft.needs, OutputRef(source.task_id), "implied"), *draft.task.arguments)
        board.drafts[position] = replace(draft, task=replace(draft.task, arguments=arguments), needs="")
        return
    if draft.must:
        step = draft.step
        board.desk.notes.ask(
            "source",
            f"Where does {' '.join(step.words.split())[:100]!r} take its data from?",
            span=board.desk.span(step),
            task_id=draft.task.task_id,
        )
        # None, not an empty list: the task must fail and not succeed with nothing stored.
        arguments = (literal(draft.needs, None, "missing"), *draft.task.arguments)
        board.drafts[position] = replace(draft, task=replace(draft.task, arguments=arguments), needs="")


def _called(board: _Board, position: int) -> int | None:
    """The nearest task at or before `position` that calls an address, made to return the records behind it."""
    for place in (position, *board.upstream_of(position)):
        made = records_of_call(board.desk, board.drafts[place])
        if made is not None:
            board.drafts[place] = made
            return place
    return None


def _wants_records(desk: Desk, draft: Draft) -> bool:
    """Whether a task takes records, so that texts would break it."""
    name = draft.task.operator.recipe
    parameters = desk.recipes.recipe(name).parameters if name else ()
    return any(item.name == draft.needs and item.annotation == "list[dict]" for item in parameters)


def _decoded(board: _Board, giver: int) -> None:
    """Let a task that reads messages as text decode them, if it can, and say that they are taken for JSON."""
    draft = board.drafts[giver]
    name = draft.task.operator.recipe
    can = bool(name) and "as_json" in board.desk.recipes.recipe(name).argument_names
    if not can or draft.task.argument("as_json") is not None:
        return
    board.desk.notes.assume("json", f"The messages of {draft.task.task_id!r} are JSON.", board.desk.span(draft.step))
    arguments = (*draft.task.arguments, literal("as_json", True, "implied"))
    board.drafts[giver] = replace(draft, task=replace(draft.task, arguments=arguments))


def _say_rows_travel(desk: Desk, draft: Draft, giver: Draft) -> None:
    """Rows go from task to task as XCom: right for small data only."""
    if draft.task.action in ("load", "copy") and giver.gives == "rows" and giver.task.operator.recipe != "python_step":
        text = f"The rows of {giver.task.task_id!r} are small enough to travel as XCom; a larger amount needs a file between the two."
        desk.notes.assume("rows", text, desk.span(draft.step))


def _keyed_by_index(draft: Draft) -> Draft:
    """Give every mapped instance a name of its own for what it stores."""
    arguments = tuple(
        replace(item, value=TemplateValue(re.sub(r"(?=\.\w+$)", "-{{ ti.map_index }}", item.value.template)))
        if item.name == "key" and item.origin == "assumed" and isinstance(item.value, TemplateValue)
        else item
        for item in draft.task.arguments
    )
    return replace(draft, task=replace(draft.task, arguments=arguments))


def _in_word_order(board: _Board, flow: Flow) -> list[Draft]:
    """Drafts in the order in which the words speak of them."""
    by_step = sorted(board.first, key=lambda index: _position(flow.steps[index]))
    order: list[Draft] = []
    for index in by_step:
        order.extend(board.drafts[board.first[index] : board.last[index] + 1])
    return order


def _position(step: Step) -> int:
    return min((span.start for span in step.spans), default=0)


_EMPTY = LiteralValue.of([])
