"""Improving an order: justification, and a search around the best order so far.

A schedule is *justified* by scheduling the graph backward in the order of its ends, and forward again in the order
of the backward starts (forward-backward improvement: Li and Willis 1992; Valls, Ballestin and Quintanilla 2005). The
search shakes the best starts, by varying amounts, and justifies the outcome; every other time it pulls one join and
all tasks before it ahead of the rest. It stops at the bound or when its budget is used up; the budget counts passes
over the graph and not time, so the same input has the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import Schedule, by_key, list_schedule

__all__ = ["Candidate", "Search"]

_SHORTER = 1e-9
_NEAR = 1.03
"""Outcomes of a shake that are longer than this times the best are not worth justifying."""
_MOST_JUSTIFICATIONS = 4
_SHAKES = (0.02, 0.05, 0.1, 0.2, 0.4)
_SHARES = (1.0, 0.1, 0.02)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order, what it was made by, and the schedule that it gives."""

    name: str
    order: tuple[int, ...]
    schedule: Schedule


class Search:
    """One search for an order of a graph on so many slots.

    Args:
        graph: the tasks.
        slots: how many run at once.
        bound: makespan at which nothing is left to gain, seconds.
        budget: passes over the graph (forward or backward schedules) that may be made.
        seed: of the random numbers.
    """

    def __init__(self, graph: TaskGraph, slots: int, bound: float, budget: int, seed: int = 7) -> None:
        self._graph = graph
        self._slots = slots
        self._bound = bound
        self._budget = budget
        self._chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
        # Each as often as it has predecessors: a join of many is what a part of the graph leads to.
        self._joins = [task for task, before in enumerate(graph.parents) if len(before) > 1 for _ in before]
        self._before: dict[int, list[int]] = {}
        self.evaluations = 0
        self.best: Candidate | None = None

    @property
    def done(self) -> bool:
        """Whether the bound is reached or the budget used up."""
        reached = self.best is not None and self.best.schedule.makespan <= self._bound + _SHORTER
        return reached or self.evaluations >= self._budget

    def offer(self, name: str, order: Sequence[int]) -> Candidate:
        """Schedule an order and keep it if it is the best so far."""
        self.evaluations += 1
        candidate = Candidate(name, tuple(order), list_schedule(self._graph, self._slots, order))
        if self.best is None or candidate.schedule.makespan < self.best.schedule.makespan - _SHORTER:
            self.best = candidate
        return candidate

    def justify(self, candidate: Candidate) -> Candidate:
        """Schedule backward and forward as long as that shortens the schedule; the best of it is kept."""
        for _ in range(_MOST_JUSTIFICATIONS):
            if self.done:
                break
            self.evaluations += 1
            latest_first = by_key([-end for end in candidate.schedule.ends])
            back = list_schedule(self._graph, self._slots, latest_first, backward=True)
            name = candidate.name if candidate.name.endswith("justified") else f"{candidate.name}, justified"
            again = self.offer(name, by_key([-end for end in back.ends]))
            if again.schedule.makespan >= candidate.schedule.makespan - _SHORTER:
                break
            candidate = again
        return candidate

    def run(self) -> Candidate:
        """Shake the best order and justify, until `done`.

        Raises:
            RuntimeError: no order was offered before.
        """
        if self.best is None:
            raise RuntimeError("offer an order before the search runs")
        turn = 0
        while not self.done:
            amount = _SHAKES[turn // 2 % len(_SHAKES)]
            share = _SHARES[turn // 2 // len(_SHAKES) % len(_SHARES)]
            moved = self._pulled if turn % 2 and self._joins else self._shaken
            candidate = self.offer("search", moved(self.best.schedule, amount, share))
            if candidate.schedule.makespan <= self.best.schedule.makespan * _NEAR:
                self.justify(candidate)
            turn += 1
        return self.best

    def _shaken(self, schedule: Schedule, amount: float, share: float) -> list[int]:
        """The order of a schedule's starts, of which a share is moved by up to `amount` of the makespan."""
        chance, span = self._chance.random, 2 * amount * schedule.makespan
        starts = [end - seconds for end, seconds in zip(schedule.ends, self._graph.seconds, strict=True)]
        if share >= 1:
            return by_key([start + span * (chance() - 0.5) for start in starts])
        return by_key([start + span * (chance() - 0.5) if chance() < share else start for start in starts])

    def _pulled(self, schedule: Schedule, amount: float, _share: float) -> list[int]:
        """The order of a schedule's starts, with one join and all tasks before it moved ahead together."""
        join = self._joins[int(self._chance.random() * len(self._joins))]
        span = amount * schedule.makespan * 2 * self._chance.random()
        starts = [end - seconds for end, seconds in zip(schedule.ends, self._graph.seconds, strict=True)]
        for task in self._needed_by(join):
            starts[task] -= span
        return by_key(starts)

    def _needed_by(self, task: int) -> list[int]:
        """A task and all that come before it."""
        if task not in self._before:
            found, open_ = {task}, [task]
            while open_:
                for parent in self._graph.parents[open_.pop()]:
                    if parent not in found:
                        found.add(parent)
                        open_.append(parent)
            self._before[task] = sorted(found)
        return self._before[task]
