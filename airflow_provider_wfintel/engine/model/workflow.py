"""`WorkflowSpec`: the one picture of a DAG.

Generation writes it, optimization reads and rewrites it, the UI draws it, the REST bodies carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model.schedule import Schedule
from airflow_provider_wfintel.engine.model.values import Argument, ArgumentValue, LiteralValue, Span
from airflow_provider_wfintel.exceptions import SpecError

__all__ = [
    "Action",
    "AlertEvent",
    "AlertSpec",
    "DeadlineSpec",
    "Dependency",
    "DependencyReason",
    "GroupSpec",
    "LimitSpec",
    "MappingSpec",
    "OperatorRef",
    "ParamSpec",
    "RetrySpec",
    "TaskSpec",
    "TriggerRule",
    "WorkflowSpec",
]

Action: TypeAlias = Literal[
    "extract", "load", "transform", "query", "copy", "wait_for", "notify", "train", "branch", "check", "trigger",
    "delete", "approve", "none",
]  # fmt: skip
TriggerRule: TypeAlias = Literal[
    "all_success", "all_failed", "all_done", "all_skipped", "one_failed", "one_success", "one_done", "none_failed",
    "none_failed_min_one_success", "none_skipped", "always", "all_done_min_one_success",
]  # fmt: skip
DependencyReason: TypeAlias = Literal["stated", "order_of_words", "data", "condition", "barrier", "implied", "code"]
AlertEvent: TypeAlias = Literal["failure", "success", "retry", "deadline"]


@dataclass(frozen=True, slots=True)
class OperatorRef:
    """How a task is carried out.

    Attributes:
        kind: `operator`, `sensor` and `transfer` are classes; `taskflow` is a decorated function.
        path: `"package.module:Class"` of the class, or the decorator (`task`, `task.short_circuit`, ...).
        recipe: for `taskflow`, the name of the catalogue's recipe whose body the function gets.
        distribution: the PyPI distribution that must be installed, empty for what Airflow itself brings.
    """

    kind: Literal["operator", "sensor", "transfer", "taskflow"]
    path: str
    recipe: str = ""
    distribution: str = ""


@dataclass(frozen=True, slots=True)
class RetrySpec:
    """How often and when a failed try is repeated. Delays are in seconds."""

    retries: int | None = None
    delay_seconds: float | None = None
    exponential: bool = False
    max_delay_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class AlertSpec:
    """Whom to tell about what.

    `service` is a catalogue id (`slack`, `smtp`, `pagerduty`, `webhook`, ...), `target` the channel, address or
    URL the words name, `connection_id` the Airflow connection to use.
    """

    on: AlertEvent
    service: str
    target: str = ""
    connection_id: str = ""
    message: str = ""
    task_ids: tuple[str, ...] = ()
    """Empty: the whole DAG."""
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class DeadlineSpec:
    """When a run must be over: a wall-clock time `by` ("HH:MM"), or so many seconds after it was queued."""

    by: str = ""
    within_seconds: float | None = None
    fail: bool = False
    """Whether a run that takes longer is to be ended (`dagrun_timeout`), not only reported."""
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """How much may run at once."""

    active_runs: int | None = None
    active_tasks: int | None = None
    pool: str = ""
    pool_slots: int | None = None


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """Dynamic task mapping: one task instance for every item of `over`.

    `argument` is the parameter that receives the item; `over` is a list literal or another task's output.
    """

    argument: str
    over: ArgumentValue
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """A typed parameter of the DAG, as the trigger form shows it. `default` is JSON text, empty: must be given."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "array", "object"] = "string"
    default: LiteralValue | None = None
    description: str = ""
    nullable: bool = False
    optional: bool = False
    """Whether a run may go without it: its template is empty then, and no task is refused."""
    choices: LiteralValue | None = None
    """The list of values that are allowed, if the words give one."""
    format: str = ""
    """What the text must look like: `date` or `date-time`."""
    minimum: float | None = None
    maximum: float | None = None
    run_day_offset: int | None = None
    """The value if none is given, as days from the day of the run: 0 is that day, -1 the day before."""


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A task group."""

    group_id: str
    parent: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Dependency:
    """`downstream` starts after `upstream`. `label` is shown on the edge (branches)."""

    upstream: str
    downstream: str
    reason: DependencyReason = "stated"
    label: str = ""
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One task: what it does, with which service, by which operator, and the words it was read from."""

    task_id: str
    label: str
    action: Action
    operator: OperatorRef
    services: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    trigger_rule: TriggerRule = "all_success"
    group: str = ""
    mapping: MappingSpec | None = None
    retry: RetrySpec | None = None
    pool: str = ""
    max_active: int | None = None
    timeout_seconds: float | None = None
    priority_weight: int | None = None
    inlets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    is_setup: bool = False
    is_teardown: bool = False
    depends_on_past: bool = False
    """Whether it runs only if it succeeded in the run before."""
    evidence: tuple[Span, ...] = ()
    confidence: float = 1.0
    note: str = ""
    """Something a reader of the file must know about this task, e.g. that a service has no own provider."""

    def argument(self, name: str) -> Argument | None:
        """The argument called `name`, if it is set."""
        return next((item for item in self.arguments if item.name == name), None)


@dataclass(frozen=True, slots=True)
class WorkflowSpec:
    """A whole DAG. Build it with any parts and call `validate` before handing it on."""

    dag_id: str
    description: str = ""
    schedule: Schedule = Schedule()
    tasks: tuple[TaskSpec, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    params: tuple[ParamSpec, ...] = ()
    start_date: str = ""
    """ISO date in the schedule's zone; empty: the day the file is written for."""
    end_date: str = ""
    catchup: bool = False
    retry: RetrySpec | None = None
    depends_on_past: bool = False
    """Whether every task runs only if it succeeded in the run before."""
    wait_for_downstream: bool = False
    """Whether it also waits for the tasks right after it in the run before."""
    alerts: tuple[AlertSpec, ...] = ()
    deadline: DeadlineSpec | None = None
    limits: LimitSpec = LimitSpec()
    owner: str = ""
    tags: tuple[str, ...] = ()
    doc: str = ""

    def task(self, task_id: str) -> TaskSpec:
        """The task called `task_id`.

        Raises:
            SpecError: there is none.
        """
        for item in self.tasks:
            if item.task_id == task_id:
                return item
        raise SpecError(f"no task {task_id!r} in {self.dag_id!r}", hint=f"tasks: {', '.join(self.task_ids)}")

    @property
    def task_ids(self) -> tuple[str, ...]:
        """All task ids in the order of the spec."""
        return tuple(item.task_id for item in self.tasks)

    def upstream_of(self, task_id: str) -> tuple[str, ...]:
        """Direct upstream tasks, in the order of the dependencies."""
        return tuple(edge.upstream for edge in self.dependencies if edge.downstream == task_id)

    def downstream_of(self, task_id: str) -> tuple[str, ...]:
        """Direct downstream tasks, in the order of the dependencies."""
        return tuple(edge.downstream for edge in self.dependencies if edge.upstream == task_id)

    def topological_order(self) -> tuple[str, ...]:
        """Task ids, each after all of its upstream tasks; ties in the order of the spec.

        Raises:
            SpecError: the dependencies form a cycle.
        """
        position = {name: index for index, name in enumerate(self.task_ids)}
        sorter: TopologicalSorter[str] = TopologicalSorter({name: set(self.upstream_of(name)) for name in position})
        try:
            sorter.prepare()
        except CycleError as error:
            cycle = " -> ".join(error.args[1])
            raise SpecError(f"the dependencies of {self.dag_id!r} form a cycle: {cycle}") from error
        order: list[str] = []
        ready: list[str] = list(sorter.get_ready())
        while ready:
            ready.sort(key=lambda name: position.get(name, -1))
            name = ready.pop(0)
            order.append(name)
            sorter.done(name)
            ready.extend(sorter.get_ready())
        return tuple(order)

    def validate(self) -> WorkflowSpec:
        """Check the spec against itself and return it.

        Raises:
            SpecError: a duplicate or unknown id, a cycle, or a reference to nothing.
        """
        ids = self.task_ids
        known = set(ids)
        if len(known) != len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise SpecError(f"task id {twice!r} is used twice in {self.dag_id!r}")
        for edge in self.dependencies:
            for end in (edge.upstream, edge.downstream):
                if end not in known:
                    raise SpecError(f"a dependency names the unknown task {end!r}", hint=f"tasks: {', '.join(ids)}")
        groups = {group.group_id for group in self.groups}
        for item in self.tasks:
            if item.group and item.group not in groups:
                raise SpecError(f"task {item.task_id!r} lies in the unknown group {item.group!r}")
        self._validate_references(known)
        self.topological_order()
        return self

    def _validate_references(self, known: set[str]) -> None:
        params = {param.name for param in self.params}
        for item in self.tasks:
            values = [argument.value for argument in item.arguments]
            if item.mapping is not None:
                values.append(item.mapping.over)
            for value in values:
                target = getattr(value, "task_id", None)
                if target is not None and target not in known:
                    raise SpecError(f"task {item.task_id!r} uses the output of the unknown task {target!r}")
                name = getattr(value, "name", None)
                if name is not None and name not in params:
                    raise SpecError(f"task {item.task_id!r} uses the unknown parameter {name!r}")
