"""Event simulation of one DAG run in Airflow 3.3: the scheduler's loop, pools and limits, processes, sensors, retries.

One loop of the scheduler sees what has ended, marks tasks as scheduled whose predecessors are done, and queues at most
`max_tis_per_query` of them by descending weight; a task that does not fit into its pool or limit is passed over. The
loop sleeps only if it queued nothing and the executor reported no end. An end is known to the database at once, and to
the executor sometimes later, which only holds a place in `parallelism`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from airflow_provider_wfintel.engine.optimization.simulation.cores import Cores
from airflow_provider_wfintel.engine.optimization.simulation.model import (
    Deployment,
    SimulatedTask,
    TaskTimes,
    Workload,
)
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["RunOutcome", "Scheduler"]

_NEEDS_SUCCESS = frozenset({"all_success", "none_failed", "none_failed_min_one_success", "none_skipped"})
_MOST_EVENTS = 5_000_000
_JITTER = 0.2
"""Standard deviation of the logarithm of the loop's length and of the starts, where chance plays a part."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """One simulated run: how long it took, whether it succeeded, which slot seconds it cost, and its tasks."""

    makespan: float
    succeeded: bool
    slot_seconds: float
    times: tuple[TaskTimes, ...]


@dataclass(slots=True)
class _Instance:
    """One task instance while a run is simulated."""

    task: int
    number: int
    tries: int = 0
    looks: int = 0
    started: float = 0.0
    slot_from: float = 0.0
    resumed: bool = False


@dataclass(slots=True)
class _State:
    """One task while a run is simulated."""

    waiting: int
    left: int
    running: int = 0
    ready: float = 0.0
    start: float = math.inf
    end: float = 0.0
    tries: int = 0
    failed: bool = False
    upstream_failed: bool = False


class Scheduler:
    """Simulates runs of one workload on one deployment.

    Raises:
        SpecError: a task waits for an unknown one, needs more slots than its pool has, or the graph has a cycle.
    """

    def __init__(self, workload: Workload, deployment: Deployment) -> None:
        self.deployment = deployment
        self.workload = workload
        self.tasks = workload.tasks
        self.max_active_tasks = workload.max_active_tasks or deployment.max_active_tasks
        self.pools = dict(deployment.pools)
        index = {task.task_id: number for number, task in enumerate(self.tasks)}
        self.children: list[list[int]] = [[] for _ in self.tasks]
        for number, task in enumerate(self.tasks):
            if task.pool_slots > self.pools.get(task.pool, task.pool_slots):
                raise SpecError(
                    f"task {task.task_id!r} needs {task.pool_slots} slots of the pool {task.pool!r}, which has fewer",
                    hint="give the pool more slots or the task fewer",
                )
            for name in task.upstream:
                if name not in index:
                    raise SpecError(f"task {task.task_id!r} waits for the unknown task {name!r}")
                self.children[index[name]].append(number)

    def run(self, chance: random.Random | None = None) -> RunOutcome:
        """Simulate one run; without `chance` all times are the medians and no try fails."""
        return _Run(self, chance).outcome()


class _Run:
    """The state of one simulated run."""

    def __init__(self, plan: Scheduler, chance: random.Random | None) -> None:
        self.plan = plan
        self.deployment = plan.deployment
        self.chance = chance
        self.cores = Cores(plan.deployment.cores)
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.jobs: list[Callable[[], None]] = []
        self.states = [_State(len(task.upstream), max(1, task.instances)) for task in plan.tasks]
        self.candidates: list[tuple[float, int, int, _Instance]] = []
        self.ripe = [number for number, state in enumerate(self.states) if state.waiting == 0]
        self.pool_free = dict(plan.pools)
        self.executor_free = plan.deployment.parallelism
        self.active = 0
        self.open = len(plan.tasks)
        self.reported = 0
        self.changed = True
        self.slot_seconds = 0.0
        self.count = 0
        timer = plan.deployment.timer_seconds
        self.offset = timer * (0.5 if chance is None else chance.random())

    # -- the run ---------------------------------------------------------------------------------------------------

    def outcome(self) -> RunOutcome:
        """Loop until every task is over."""
        tick, steps = 0.0, 0
        while True:
            self._until(tick)
            self.now = tick
            queued, reported = self._loop()
            if self.open == 0:
                break
            loop = self._vary(self.deployment.loop_seconds)
            idle = not queued and not reported
            tick = self._skip_idle(tick, loop) if idle else tick + loop
            steps += 1
            if steps > _MOST_EVENTS:
                raise SpecError("the simulated run does not end", hint="check awaited_after and poke_interval")
        times = tuple(
            TaskTimes(task.task_id, state.ready, min(state.start, state.end), state.end, state.tries)
            for task, state in zip(self.plan.tasks, self.states, strict=True)
        )
        succeeded = not any(state.failed or state.upstream_failed for state in self.states)
        return RunOutcome(self.now, succeeded, self.slot_seconds, times)

    def _skip_idle(self, tick: float, loop: float) -> float:
        """When the first loop after an idle one comes at which something can have happened.

        An idle loop sleeps until `idle_sleep` is over or a timer of the scheduler rings; the loops in between, at
        which nothing has changed, are passed over.
        """
        sleep, every = self.deployment.idle_sleep, self.deployment.timer_seconds
        after = tick + loop + sleep
        ahead = after if self.changed else self._next_event()
        if ahead == math.inf:
            stuck = [task.task_id for task, state in zip(self.plan.tasks, self.states, strict=True) if state.left]
            raise SpecError(f"{len(stuck)} tasks can never start, {stuck[0]!r} first", hint="look for a cycle")
        rings = self.offset + math.floor((max(tick, ahead - 1e-9) - self.offset) / every) * every
        begin = max(tick, rings)
        step = loop + sleep
        found = begin + max(0 if begin > tick else 1, math.ceil((ahead - begin) / step - 1e-9)) * step
        return min(found, rings + every if rings + every > tick else math.inf)

    def _until(self, time: float) -> None:
        """Let all happen that happens up to a time."""
        while (ahead := self._next_event()) <= time:
            self.now = ahead
            for job in self.cores.take_done(ahead):
                self.jobs[job]()
            while self.events and self.events[0][0] <= ahead:
                heappop(self.events)[2]()

    def _next_event(self) -> float:
        planned = self.events[0][0] if self.events else math.inf
        return min(planned, self.cores.next_end())

    def _at(self, time: float, action: Callable[[], None]) -> None:
        self.count += 1
        heappush(self.events, (max(time, self.now), self.count, action))

    def _compute(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something after so many seconds of one core."""
        self.jobs.append(action)
        self.cores.add(self.now, seconds, len(self.jobs) - 1)

    # -- the scheduler's loop --------------------------------------------------------------------------------------

    def _loop(self) -> tuple[int, int]:
        """One loop: tasks queued, ends that the executor reported."""
        self.changed = False
        ripe, self.ripe = self.ripe, []
        for number in ripe:
            self._schedule(number)
        queued = self._queue()
        reported, self.reported = self.reported, 0
        return queued, reported

    def _schedule(self, number: int) -> None:
        task, state = self.plan.tasks[number], self.states[number]
        state.ready = self.now
        if state.upstream_failed and task.trigger_rule in _NEEDS_SUCCESS:
            state.left = 0
            self._close(number, failed=True)
        elif task.kind == "empty":
            state.left = 0
            state.start = self.now
            self._close(number, failed=False)
        else:
            state.upstream_failed = False
            for copy in range(max(1, task.instances)):
                self._offer(_Instance(number, copy))

    def _offer(self, instance: _Instance) -> None:
        weight = self.plan.tasks[instance.task].priority_weight
        self.count += 1
        heappush(self.candidates, (-weight, instance.number, self.count, instance))
        self.changed = True

    def _queue(self) -> int:
        """Queue what fits, by weight, then map index, then in the order in which tasks became ready."""
        passed: list[tuple[float, int, int, _Instance]] = []
        queued = 0
        while self.candidates and queued < self.deployment.max_tis_per_query:
            if self.executor_free <= 0 or self.active >= self.plan.max_active_tasks:
                break
            item = heappop(self.candidates)
            if self._fits(self.plan.tasks[item[3].task], self.states[item[3].task]):
                self._take(item[3])
                queued += 1
            else:
                passed.append(item)
        for item in passed:
            heappush(self.candidates, item)
        return queued

    def _fits(self, task: SimulatedTask, state: _State) -> bool:
        if task.max_active is not None and state.running >= task.max_active:
            return False
        return self.pool_free.get(task.pool, task.pool_slots) >= task.pool_slots

    def _take(self, instance: _Instance) -> None:
        """Give an instance its slots and start its process."""
        task, state = self.plan.tasks[instance.task], self.states[instance.task]
        if task.pool in self.pool_free:
            self.pool_free[task.pool] -= task.pool_slots
        state.running += 1
        self.active += 1
        self.executor_free -= 1
        instance.slot_from = self.now
        self._at(self.now + self._vary(self.deployment.queue_seconds), lambda: self._boot(instance))

    # -- a process -------------------------------------------------------------------------------------------------

    def _boot(self, instance: _Instance) -> None:
        state = self.states[instance.task]
        state.tries += 1
        state.start = min(state.start, self.now)
        instance.started = self.now
        seconds = self._vary(self.deployment.start_cpu) + self.plan.workload.parse_seconds
        self._compute(seconds, lambda: self._work(instance))

    def _work(self, instance: _Instance) -> None:
        task = self.plan.tasks[instance.task]
        if task.kind == "poke":
            looks = math.ceil(max(0.0, task.awaited_after - self.now) / max(task.poke_interval, 0.1))
            self._end_after(instance, looks * task.poke_interval)
        elif task.kind == "reschedule" and self.now < task.awaited_after:
            self._leave(instance, task.poke_interval)
        elif task.kind == "deferrable" and not instance.resumed and self.now < task.awaited_after:
            instance.resumed = True
            looks = math.ceil((task.awaited_after - self.now) / max(task.poke_interval, 0.1))
            self._leave(instance, looks * task.poke_interval)
        else:
            self._end_after(instance, self._duration(task))

    def _leave(self, instance: _Instance, seconds: float) -> None:
        """Give the slots back and ask for them again after a time."""
        self._at(self.now + self.deployment.end_seconds, lambda: self._release(instance))
        self._at(self.now + seconds, lambda: self._offer(instance))

    def _end_after(self, instance: _Instance, seconds: float) -> None:
        self._at(self.now + seconds + self.deployment.end_seconds, lambda: self._end(instance))

    def _end(self, instance: _Instance) -> None:
        task, state = self.plan.tasks[instance.task], self.states[instance.task]
        self._release(instance)
        if self.chance is not None and task.failure_rate > 0 and self.chance.random() < task.failure_rate:
            if instance.tries < task.retries:
                delay = task.retry_delay * (2**instance.tries if task.exponential else 1)
                instance.tries += 1
                instance.resumed = False
                self._at(self.now + delay, lambda: self._offer(instance))
                return
            state.failed = True
        state.left -= 1
        if state.left == 0:
            self._close(instance.task, failed=state.failed)

    def _release(self, instance: _Instance) -> None:
        task, state = self.plan.tasks[instance.task], self.states[instance.task]
        if task.pool in self.pool_free:
            self.pool_free[task.pool] += task.pool_slots
        state.running -= 1
        self.active -= 1
        self.changed = True
        self.slot_seconds += (self.now - instance.slot_from) * task.pool_slots
        if self.deployment.end_cpu > 0:
            self._compute(self.deployment.end_cpu, lambda: None)
        late = self.chance is not None and self.chance.random() < self.deployment.late_share
        self._at(self.now + (self.deployment.late_seconds if late else 0.0), self._report)

    def _report(self) -> None:
        self.executor_free += 1
        self.reported += 1
        self.changed = True

    def _close(self, number: int, *, failed: bool) -> None:
        """A task is over: its successors may be ready at the next loop."""
        state = self.states[number]
        state.end = self.now
        state.failed = failed
        self.open -= 1
        self.changed = True
        for child in self.plan.children[number]:
            after = self.states[child]
            after.waiting -= 1
            after.upstream_failed = after.upstream_failed or failed
            if after.waiting == 0:
                self.ripe.append(child)

    # -- chance ----------------------------------------------------------------------------------------------------

    def _vary(self, seconds: float) -> float:
        if self.chance is None or seconds <= 0:
            return seconds
        return seconds * math.exp(self.chance.gauss(0.0, _JITTER))

    def _duration(self, task: SimulatedTask) -> float:
        if self.chance is None or task.spread <= 0:
            return task.seconds
        return task.seconds * math.exp(self.chance.gauss(0.0, task.spread))
