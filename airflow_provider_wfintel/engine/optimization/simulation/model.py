"""What the simulator is given and what it answers: frozen values. All times are seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import TriggerRule
from airflow_provider_wfintel.exceptions import SpecError

__all__ = [
    "DEFAULT_POOL",
    "Deployment",
    "SimulatedTask",
    "SimulationResult",
    "TaskKind",
    "TaskTimes",
    "Workload",
    "quantile",
]

TaskKind: TypeAlias = Literal["task", "empty", "poke", "reschedule", "deferrable"]
DEFAULT_POOL = "default_pool"


@dataclass(frozen=True, slots=True)
class SimulatedTask:
    """A task as the simulator sees it.

    Attributes:
        task_id: its name.
        seconds: median run time of one instance, without the start of its process.
        spread: standard deviation of the logarithm of the run time; 0 for a task that always takes as long.
        upstream: direct predecessors.
        kind: `empty` never becomes a process; the others than `task` are the three ways in which sensors wait.
        awaited_after: for sensors, seconds from the start of the run until what they wait for is there.
        poke_interval: for sensors, seconds between two looks.
        instances: how many mapped instances there are.
        max_active: how many of them may run at once in one run of the DAG; None for no limit.
        pool: its pool.
        pool_slots: slots of the pool that one instance takes.
        priority_weight: the weight that Airflow sorts by, after `weight_rule`.
        failure_rate: share of tries that fail.
        retries: tries after the first.
        retry_delay: seconds before the next try.
        exponential: whether the delay doubles with every try.
        trigger_rule: `all_success` and its like need successful predecessors, all others only finished ones.
    """

    task_id: str
    seconds: float = 0.0
    spread: float = 0.0
    upstream: tuple[str, ...] = ()
    kind: TaskKind = "task"
    awaited_after: float = 0.0
    poke_interval: float = 60.0
    instances: int = 1
    max_active: int | None = None
    pool: str = DEFAULT_POOL
    pool_slots: int = 1
    priority_weight: float = 1.0
    failure_rate: float = 0.0
    retries: int = 0
    retry_delay: float = 300.0
    exponential: bool = False
    trigger_rule: TriggerRule = "all_success"

    def __post_init__(self) -> None:
        """Check that the numbers are possible.

        Raises:
            SpecError: one is not.
        """
        for name in ("seconds", "spread", "awaited_after", "failure_rate", "retries", "retry_delay", "instances"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise SpecError(f"{name} of task {self.task_id!r} is {getattr(self, name)!r}", hint="give 0 or more")
        if self.poke_interval <= 0 or self.pool_slots < 1 or (self.max_active is not None and self.max_active < 1):
            raise SpecError(
                f"task {self.task_id!r} has no poke_interval, pool_slots or max_active above 0", hint="give 1 or more"
            )


@dataclass(frozen=True, slots=True)
class Workload:
    """One run of a DAG.

    Attributes:
        tasks: its tasks.
        parse_seconds: processor time that every task process spends on the DAG file's top level.
        max_active_tasks: tasks of the run that run at once; None for the deployment's setting.
    """

    tasks: tuple[SimulatedTask, ...]
    parse_seconds: float = 0.0
    max_active_tasks: int | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a deployment schedules. The defaults lie between what was fitted to Airflow 3.3.2 on two hosts.

    Attributes:
        idle_sleep: `[scheduler] scheduler_idle_sleep_time`: pause after a loop that queued nothing and saw no end.
        timer_seconds: the shortest interval of the scheduler's timers, which cut its sleep short (5 with metrics on).
        loop_seconds: time that one loop of the scheduler takes.
        queue_seconds: from queued to the start of the process.
        start_cpu: processor time of one task's process before its work, on one core.
        end_cpu: processor time after a task's end that holds no slot of it but competes with the starts of others.
        end_seconds: from the end of the work to the end of the task.
        cores: processor cores that task processes share.
        parallelism: `[core] parallelism`, tasks that the executor runs at once.
        max_tis_per_query: tasks that one loop queues at most.
        max_active_tasks: `[core] max_active_tasks_per_dag`.
        pools: slots of each pool; a pool that is not named has no limit.
        late_share: share of ends that the executor learns of late; until then they hold a place in `parallelism`.
        late_seconds: how late.
        slot_price: money for one slot and hour.
    """

    idle_sleep: float = 1.0
    timer_seconds: float = 10.0
    loop_seconds: float = 0.05
    queue_seconds: float = 0.07
    start_cpu: float = 0.45
    end_cpu: float = 0.1
    end_seconds: float = 0.02
    cores: float = 2.0
    parallelism: int = 32
    max_tis_per_query: int = 16
    max_active_tasks: int = 16
    pools: tuple[tuple[str, int], ...] = ((DEFAULT_POOL, 128),)
    late_share: float = 1 / 3
    late_seconds: float = 5.0
    slot_price: float = 0.0

    def __post_init__(self) -> None:
        """Check that the numbers are possible.

        Raises:
            SpecError: one is not.
        """
        above = ("timer_seconds", "loop_seconds", "cores", "parallelism", "max_tis_per_query", "max_active_tasks")
        least = ("idle_sleep", "queue_seconds", "start_cpu", "end_cpu", "end_seconds", "late_share", "late_seconds")
        for name in above:
            if not 0 < getattr(self, name) < float("inf"):
                raise SpecError(f"{name} of the deployment is {getattr(self, name)!r}", hint="give a number above 0")
        for name in least:
            if not 0 <= getattr(self, name) < float("inf"):
                raise SpecError(f"{name} of the deployment is {getattr(self, name)!r}", hint="give 0 or more")


@dataclass(frozen=True, slots=True)
class TaskTimes:
    """What happened to one task in a simulated run: the last of its instances, seconds from the start of the run.

    Attributes:
        task_id: its name.
        ready: when its predecessors had ended.
        start: when its first process started.
        end: when its last instance ended.
        tries: processes that were started for it.
    """

    task_id: str
    ready: float
    start: float
    end: float
    tries: int


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """Simulated runs of one workload.

    Attributes:
        makespans: seconds of each run, ascending.
        succeeded: whether the run that took so long succeeded, in the order of `makespans`.
        slot_seconds: seconds for which slots were held, mean over the runs.
        cost: `slot_seconds` times the price of a slot, mean over the runs.
        times: the tasks in the run whose makespan is the median.
    """

    makespans: tuple[float, ...]
    succeeded: tuple[bool, ...]
    slot_seconds: float
    cost: float
    times: tuple[TaskTimes, ...]

    @property
    def makespan(self) -> float:
        """The median makespan."""
        return quantile(self.makespans, 0.5)

    @property
    def p90(self) -> float:
        """The makespan that nine of ten runs stay under."""
        return quantile(self.makespans, 0.9)

    @property
    def success(self) -> float:
        """Share of the runs that succeeded."""
        return sum(self.succeeded) / len(self.succeeded)

    def odds_by(self, deadline: float) -> float:
        """Share of the runs that succeeded within `deadline` seconds."""
        pairs = zip(self.makespans, self.succeeded, strict=True)
        return sum(good and makespan <= deadline for makespan, good in pairs) / len(self.makespans)


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile of ascending values, between two of them by proportion.

    Raises:
        SpecError: there are no values.
    """
    if not values:
        raise SpecError("there are no values to take a quantile of", hint="give at least one")
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
