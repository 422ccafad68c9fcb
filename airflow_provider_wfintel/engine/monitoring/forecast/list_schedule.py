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
    follows, missing, known_end = _relations(parents, open_tasks, ends)
    wait, work = gap[:, open_tasks], duration[:, open_tasks]
    ready = np.where(missing == 0, known_end + wait, np.inf)
    left = np.tile(missing, (len(ends), 1))
    free = _free_times(ends, np.flatnonzero(running), slots, now)
    row = np.arange(len(ends))
    weight = np.array(priority, dtype=float)[open_tasks] if len(set(priority)) > 1 else None
    for _ in open_tasks:
        slot = free.argmin(1)
        if weight is None:
            task = ready.argmin(1)
            start = np.maximum(np.maximum(ready[row, task], free[row, slot]), now)
        else:
            start = np.maximum(np.maximum(ready.min(1), free[row, slot]), now)
            able = ready <= start[:, None]
            first = np.where(able, weight, -np.inf).max(1)
            task = np.where(able & (weight == first[:, None]), ready, np.inf).argmin(1)
        over = start + work[row, task]
        free[row, slot] = over
        ends[row, open_tasks[task]] = over
        ready[row, task] = np.inf
        children = follows[task]
        known_end = np.where(children, np.maximum(known_end, over[:, None]), known_end)
        left -= children
        ready = np.where(children & (left == 0), known_end + wait, ready)
    return ends


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
