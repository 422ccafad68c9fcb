"""What happens when tasks with known durations share slots: list scheduling, for many scenarios in one pass.

A task is ready when its parents are over and the scheduler has seen it. When a slot gets free, the ready task with
the highest priority takes it, among equals the one that was ready first (Graham 1969 calls it list scheduling). The
next start is never before the last one, and no task becomes ready before its parent did: tasks can be placed one after
the other, which needs no event queue and works on whole arrays of scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["most_at_once", "play_out"]

WIDE = 60
"""With more tasks it is quicker to look only at those that are ready in some scenario, and to touch only children."""


def most_at_once(start: Sequence[float], end: Sequence[float]) -> int:
    """The largest number of intervals [start, end) that overlap at one moment."""
    events = sorted([(time, 1) for time in start] + [(time, -1) for time in end])
    now = most = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most


def play_out(
    parents: Sequence[Sequence[int]],
    end: NDArray[Any],
    running: NDArray[Any],
    duration: NDArray[Any],
    gap: NDArray[Any],
    slots: NDArray[Any],
    now: float,
    priority: Sequence[float] = (),
) -> NDArray[Any]:
    """End times of all tasks in every scenario.

    Args:
        parents: for each task the tasks that it waits for.
        end: scenarios x tasks; end of tasks that are over or running, NaN for those that have not begun.
        running: for each task whether it holds a slot now.
        duration: scenarios x tasks; seconds that a task which has not begun will take.
        gap: scenarios x tasks; seconds between "ready" and "started" with a free slot.
        slots: per scenario, how many tasks can run at once.
        now: no task starts earlier.
        priority: for each task its weight, larger first; without it, first come is first served.

    Returns:
        scenarios x tasks, without NaN.
    """
    import numpy as np

    ends: NDArray[Any] = end.copy()
    open_tasks = np.flatnonzero(np.isnan(end[0]))
    if not len(open_tasks):
        return ends
    if len(open_tasks) > WIDE:
        _play_out_wide(parents, ends, open_tasks, running, (duration, gap), slots, now, priority)
        return ends
    follows, missing, known_end = _relations(parents, open_tasks, ends)
    wait, work = gap[:, open_tasks], duration[:, open_tasks]
    ready = np.where(missing == 0, known_end + wait, np.inf)
    left = np.tile(missing, (len(ends), 1))
    free = _free_times(ends, np.flatnonzero(running), slots, now)
    row = np.arange(len(ends))
    weight = np.array(priority, dtype=float)[open_tasks] if len(set(priority)) > 1 else None
    for _ in open_tasks:
        slot = free.argmin(1)
        task, start = _first(ready, np.maximum(free[row, slot], now), weight)
        over = start + work[row, task]
        free[row, slot] = over
        ends[row, open_tasks[task]] = over
        ready[row, task] = np.inf
        children = follows[task]
        known_end = np.where(children, np.maximum(known_end, over[:, None]), known_end)
        left -= children
        ready = np.where(children & (left == 0), known_end + wait, ready)
    return ends


def _play_out_wide(
    parents: Sequence[Sequence[int]],
    ends: NDArray[Any],
    open_tasks: NDArray[Any],
    running: NDArray[Any],
    times: tuple[NDArray[Any], NDArray[Any]],
    slots: NDArray[Any],
    now: float,
    priority: Sequence[float],
) -> None:
    """The same for many tasks, with the same result: `ends` is filled in."""
    import numpy as np

    count = len(open_tasks)
    work, wait = (values[:, open_tasks] for values in times)
    children, missing, known_end = _children(parents, open_tasks, ends)
    fan_out = (children < count).sum(1)
    # One column more than tasks: the child of those that have fewer children than others.
    ready = np.full((len(ends), count + 1), np.inf)
    ready[:, :count] = np.where(missing == 0, known_end[:, :count] + wait, np.inf)
    left = np.tile(np.append(missing, count + 1), (len(ends), 1))
    in_scenarios = np.where(missing == 0, len(ends), 0)
    free = _free_times(ends, np.flatnonzero(running), slots, now)
    row = np.arange(len(ends))
    weight = np.array(priority, dtype=float)[open_tasks] if len(set(priority)) > 1 else None
    for _ in range(count):
        some = np.flatnonzero(in_scenarios)
        slot = free.argmin(1)
        at = np.maximum(free[row, slot], now)
        if 2 * len(some) > count:
            task, start = _first(ready[:, :count], at, weight)
        else:
            place, start = _first(ready[:, some], at, None if weight is None else weight[some])
            task = some[place]
        over = start + work[row, task]
        free[row, slot] = over
        ends[row, open_tasks[task]] = over
        ready[row, task] = np.inf
        in_scenarios -= np.bincount(task, minlength=count)
        most = fan_out[task].max()
        if not most:
            continue
        below = children[task, :most]
        known = np.maximum(known_end[row[:, None], below], over[:, None])
        known_end[row[:, None], below] = known
        left[row[:, None], below] -= 1
        one, which = np.nonzero((left[row[:, None], below] == 0) & (below < count))
        child = below[one, which]
        ready[one, child] = known[one, which] + wait[one, child]
        in_scenarios += np.bincount(child, minlength=count)


def _first(ready: NDArray[Any], at: NDArray[Any], weight: NDArray[Any] | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """In each scenario the column of the task that takes the next slot, and when; no slot is free before `at`."""
    import numpy as np

    row = np.arange(len(ready))
    if weight is None:
        task = ready.argmin(1)
        return task, np.maximum(ready[row, task], at)
    start = np.maximum(ready.min(1), at)
    able = ready <= start[:, None]
    first = np.where(able, weight, -np.inf).max(1)
    return np.where(able & (weight == first[:, None]), ready, np.inf).argmin(1), start


def _children(
    parents: Sequence[Sequence[int]], open_tasks: NDArray[Any], ends: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """As `_relations`, with the open children of each task in a row that is filled up by the number of tasks."""
    import numpy as np

    place = {int(task): index for index, task in enumerate(open_tasks)}
    below: list[list[int]] = [[] for _ in place]
    missing = np.zeros(len(place), dtype=int)
    known_end = np.zeros((len(ends), len(place) + 1))
    for task, index in place.items():
        known = [parent for parent in parents[task] if parent not in place]
        if known:
            known_end[:, index] = ends[:, known].max(1)
        for parent in {place[parent] for parent in parents[task] if parent in place}:
            below[parent].append(index)
            missing[index] += 1
    children = np.full((len(place), max(1, *map(len, below))), len(place))
    for index, names in enumerate(below):
        children[index, : len(names)] = names
    return children, missing, known_end


def _relations(
    parents: Sequence[Sequence[int]], open_tasks: NDArray[Any], ends: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Which open task follows which, how many open parents each has, and when the other parents are over."""
    import numpy as np

    place = {int(task): index for index, task in enumerate(open_tasks)}
    follows = np.zeros((len(place), len(place)), dtype=bool)
    known_end = np.zeros((len(ends), len(place)))
    for task, index in place.items():
        known = [parent for parent in parents[task] if parent not in place]
        if known:
            known_end[:, index] = ends[:, known].max(1)
        for parent in parents[task]:
            if parent in place:
                follows[place[parent], index] = True
    return follows, follows.sum(0), known_end


def _free_times(ends: NDArray[Any], running: NDArray[Any], slots: NDArray[Any], now: float) -> NDArray[Any]:
    import numpy as np

    width = max(int(slots.max()), len(running), 1)
    free: NDArray[Any] = np.where(np.arange(width)[None, :] < np.maximum(slots, 1)[:, None], float(now), np.inf)
    free[:, : len(running)] = ends[:, running]
    return free
