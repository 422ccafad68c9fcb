"""Lists: items that run side by side under "In parallel:", verbless items under a verb of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.foreach import replicate
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.sections import indent_of
from airflow_provider_wfintel.engine.generation.reading.steps import Step, read_step, split_objects

__all__ = ["PARALLEL", "add_to_list", "in_group", "opens_list"]

PARALLEL = re.compile(
    r"\b(?:in parallel|parallel|at the same time|simultaneously|concurrently|side by side|(?:both|all|all three) at once|gleichzeitig|en parallèle|simultanément|en paralelo|al mismo tiempo|"
    r"em paralelo|ao mesmo tempo)\b|同时|并行",
    re.IGNORECASE,
)


_ANY_ORDER = re.compile(
    r"\b(?:in any order|independently of each other|in beliebiger reihenfolge|dans n'importe quel ordre|en cualquier orden|em qualquer ordem)\b",
    re.IGNORECASE,
)


def in_group(line: Line, frame: Frame, following: Frame | None) -> bool:
    """Whether a frame opens a group ("1. Extract") or was read as one of its verbless items."""
    clause = frame.main
    if _opens_group(line, clause, following):
        return True
    if line.group_verb is not None and clause.item and clause.verb is None and line.words.services_in(clause.span):
        _grouped(line, frame)
        return True
    line.group_verb = None
    return False


def _opens_group(line: Line, clause: Clause, following: Frame | None) -> bool:
    """Whether a list item is only the verb of the items under it ("1. Extract" above a list of tables)."""
    verb, words = clause.verb, line.words
    if (
        verb is None
        or not clause.item
        or following is None
        or following.main.verb is not None
        or not following.main.item
    ):
        return False
    if len(clause.span.of(words.text).split()) > 2 or not words.services_in(following.main.span):
        return False
    if words.services_in(clause.span) or words.slots_in(clause.span):
        return False
    line.group_verb = verb
    return True


def _grouped(line: Line, frame: Frame) -> None:
    """A verbless item under the verb of its group."""
    assert line.group_verb is not None  # noqa: S101 - the caller checked
    step = read_step(line.words, frame, action="copy")
    if not (step.source and step.target):
        step = read_step(line.words, frame, action=line.group_verb.action)
    line.add(replace(step, lemma=line.group_verb.lemma))


def opens_list(line: Line, clause: Clause, plain: str, following: Frame | None) -> bool:
    """Whether a clause does no more than open or close a list whose items run side by side."""
    indent = indent_of(line.words.text, clause.span.start)
    if not clause.item or indent <= line.outer_indent:
        line.side_by_side, line.outer_indent = False, -1
    if following is None or not following.main.item:
        return False
    if clause.item and indent_of(line.words.text, following.main.span.start) <= indent:
        return False
    if not _opens_parallel_list(line.words, clause, plain):
        return False
    line.side_by_side, line.outer_indent = True, indent if clause.item else -1
    line.group, line.group_key = [], None
    return clause.verb is None or not (line.words.services_in(clause.span) or line.words.slots_in(clause.span))


def _opens_parallel_list(words: Words, clause: Clause, plain: str) -> bool:
    """Whether a clause before a list says that its items run side by side ("In parallel:")."""
    after = words.text[clause.span.end : clause.span.end + 2].strip(" ")
    heading = clause.heading.of(words.text) if clause.heading is not None else ""
    return after[:1] in (":", "\uff1a", "\n", "(", "") and bool(
        PARALLEL.search(f"{heading} {plain}") or _ANY_ORDER.search(plain) or clause.link == "parallel"
    )


def add_to_list(line: Line, frame: Frame, step: Step, guard: Guard | None) -> None:
    """A step of a list whose items run side by side; a second step of one item follows the first."""
    item = frame.main.item
    members = [index for index in line.group if _item_of(line.steps[index]) != item]
    before = [index for index in line.group if _item_of(line.steps[index]) == item]
    pieces = replicate(split_objects(line.words, frame, step), parallel=True)
    for piece in pieces:
        own = replace(piece, guard=guard)
        if before:
            line.frontier = before
            line.add(own)
        else:
            line.add(own, parallel=True, key=(-1, -1))
        last = len(line.steps) - 1
        if before:
            line.group, line.group_key = [*members, last], (-1, -1)
            line.group_base = sorted(set().union(*(line.upstream[index] for index in members[:1] or before[:1])))
            line.frontier = list(line.group)


def _item_of(step: Step) -> int:
    return step.clause.item if step.clause is not None else 0
