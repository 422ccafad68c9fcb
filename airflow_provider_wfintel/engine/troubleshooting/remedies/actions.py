"""What a remedy does to a deployment, as frozen values: they can be shown, stored, compared and undone.

Nothing here acts. An `Actions` port carries them out (`host/airflow_actions.py`), and says what it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

__all__ = [
    "Action",
    "Actions",
    "Affected",
    "AskPerson",
    "ClearTasks",
    "DropPlanValue",
    "MarkRun",
    "MarkTask",
    "Patch",
    "PatchConnection",
    "PauseDag",
    "Performed",
    "Probe",
    "Proposal",
    "RemovePool",
    "RemoveVariable",
    "Reparse",
    "SetPlanValue",
    "SetPool",
    "SetVariable",
    "TellPerson",
    "TryState",
]

Patch: TypeAlias = "tuple[tuple[str, str | int | None], ...]"


@dataclass(frozen=True, slots=True)
class ClearTasks:
    """Let task instances of one run that failed run again, with what failed behind them.

    Attributes:
        dag_id: the DAG.
        run_id: the run.
        task_ids: the tasks; only instances that are failed or upstream_failed are cleared.
        map_index: the one copy of a mapped task; -1: all copies that failed.
        downstream: whether what could not run because of them is cleared too.
        latest_version: whether the run goes on with the newest version of the DAG.
        note: what is written on the cleared task instances.
    """

    kind_tag: ClassVar[str] = "clear_tasks"
    dag_id: str
    run_id: str
    task_ids: tuple[str, ...]
    map_index: int = -1
    downstream: bool = True
    latest_version: bool = False
    note: str = ""

    def words(self) -> str:
        """The action in one sentence."""
        copy = f" (copy {self.map_index})" if self.map_index >= 0 else ""
        more = " and what failed because of it" if self.downstream else ""
        version = ", on the newest version of the DAG" if self.latest_version else ""
        return f"clear {', '.join(self.task_ids)}{copy}{more} in run {self.run_id} of {self.dag_id}{version}"


@dataclass(frozen=True, slots=True)
class SetPool:
    """Give a pool a number of slots; `was` is the number it has, None if it does not exist yet."""

    kind_tag: ClassVar[str] = "set_pool"
    name: str
    slots: int
    was: int | None = None

    def words(self) -> str:
        """The action in one sentence."""
        if self.was is None:
            return f"create the pool {self.name} with {self.slots} slots"
        return f"set the pool {self.name} from {self.was} to {self.slots} slots"


@dataclass(frozen=True, slots=True)
class RemovePool:
    """Take a pool away that a remedy made. `slots` are those it was made with: a pool that was changed since stays."""

    kind_tag: ClassVar[str] = "remove_pool"
    name: str
    slots: int

    def words(self) -> str:
        """The action in one sentence."""
        return f"remove the pool {self.name}"


@dataclass(frozen=True, slots=True)
class SetVariable:
    """Set a missing Variable to a value that the policy declares. A Variable that exists is left alone."""

    kind_tag: ClassVar[str] = "set_variable"
    key: str
    value: str

    def words(self) -> str:
        """The action in one sentence; the value stays in the policy."""
        return f"set the missing Variable {self.key} to its approved default"


@dataclass(frozen=True, slots=True)
class RemoveVariable:
    """Take a Variable away that a remedy set, unless its value was changed since."""

    kind_tag: ClassVar[str] = "remove_variable"
    key: str
    value: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"remove the Variable {self.key}"


@dataclass(frozen=True, slots=True)
class SetPlanValue:
    """Put a run-time value of a task into the plan that the cluster policy applies. No file of a DAG is edited.

    `field` is one of `policies.run_time_plan.TASK_FIELDS`; `was` the value that the DAG file has.
    """

    kind_tag: ClassVar[str] = "set_plan_value"
    dag_id: str
    task_id: str
    field: str
    value: str | int | float
    was: str | int | float | None = None

    def words(self) -> str:
        """The action in one sentence."""
        before = "" if self.was is None else f" (now {self.was})"
        return f"set {self.field} of {self.dag_id}.{self.task_id} to {self.value}{before} by the run-time plan"


@dataclass(frozen=True, slots=True)
class DropPlanValue:
    """Take a run-time value of a task out of the plan again."""

    kind_tag: ClassVar[str] = "drop_plan_value"
    dag_id: str
    task_id: str
    field: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"take {self.field} of {self.dag_id}.{self.task_id} out of the run-time plan"


@dataclass(frozen=True, slots=True)
class Reparse:
    """Have the file of a DAG read anew at once."""

    kind_tag: ClassVar[str] = "reparse"
    dag_id: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"have the file of {self.dag_id} parsed again"


@dataclass(frozen=True, slots=True)
class PatchConnection:
    """Set fields of a connection (never a secret) to the values that the policy declares as its fallback."""

    kind_tag: ClassVar[str] = "patch_connection"
    conn_id: str
    fields: Patch

    def words(self) -> str:
        """The action in one sentence."""
        return f"set {', '.join(f'{name}={value}' for name, value in self.fields)} on the connection {self.conn_id}"


@dataclass(frozen=True, slots=True)
class MarkTask:
    """Mark a task instance that hangs as failed, which frees its slots."""

    kind_tag: ClassVar[str] = "mark_task"
    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1

    def words(self) -> str:
        """The action in one sentence."""
        return f"mark {self.task_id} in run {self.run_id} of {self.dag_id} failed"


@dataclass(frozen=True, slots=True)
class MarkRun:
    """Mark a run that hangs as failed."""

    kind_tag: ClassVar[str] = "mark_run"
    dag_id: str
    run_id: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"mark run {self.run_id} of {self.dag_id} failed"


@dataclass(frozen=True, slots=True)
class PauseDag:
    """Pause a DAG, or let it go on."""

    kind_tag: ClassVar[str] = "pause_dag"
    dag_id: str
    paused: bool = True

    def words(self) -> str:
        """The action in one sentence."""
        return f"{'pause' if self.paused else 'unpause'} the DAG {self.dag_id}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something for a person to carry out: a diff, lines of requirements. Nothing is changed."""

    kind_tag: ClassVar[str] = "proposal"
    title: str
    text: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"propose: {self.title}"


@dataclass(frozen=True, slots=True)
class TellPerson:
    """Hand the case to a person with all that is known."""

    kind_tag: ClassVar[str] = "tell_person"
    title: str
    text: str

    def words(self) -> str:
        """The action in one sentence."""
        return f"tell a person: {self.title}"


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask a person which of some remedies to carry out."""

    kind_tag: ClassVar[str] = "ask_person"
    question: str
    options: tuple[str, ...]

    def words(self) -> str:
        """The action in one sentence."""
        return f"ask a person: {self.question} ({', '.join(self.options)})"


@dataclass(frozen=True, slots=True)
class Probe:
    """A look, no change, that must succeed before the actions: a connection's server answers, or Airflow is healthy.

    `what` is `connection` (of id `name`) or `component` (`scheduler`, `metadatabase`, `dag_processor`, `triggerer`).
    """

    what: str
    name: str

    def words(self) -> str:
        """The condition in words."""
        return (
            f"the server of the connection {self.name} answers"
            if self.what == "connection"
            else f"Airflow's {self.name} is healthy"
        )


Action: TypeAlias = (
    ClearTasks
    | SetPool
    | RemovePool
    | SetVariable
    | RemoveVariable
    | SetPlanValue
    | DropPlanValue
    | Reparse
    | PatchConnection
    | MarkTask
    | MarkRun
    | PauseDag
    | Proposal
    | TellPerson
    | AskPerson
)


@dataclass(frozen=True, slots=True)
class Performed:
    """What was done, in words, and the actions that take it back; `happened` is False if there was nothing to do."""

    words: str
    undo: tuple[Action, ...] = ()
    happened: bool = True


@dataclass(frozen=True, slots=True)
class Affected:
    """A task instance that an action would run again, and its state now."""

    task_id: str
    map_index: int
    state: str


@dataclass(frozen=True, slots=True)
class TryState:
    """The try that a task instance has now: its id is a new one after each clear and each retry."""

    try_id: str
    state: str
    try_number: int
    ended_at: str = ""


class Actions(Protocol):
    """Carries out actions. Each is safe to repeat: what is so already is left alone, and said to be."""

    def perform(self, action: Action) -> Performed:
        """Carry it out.

        Raises:
            RemoteError: Airflow refused, or did not answer.
            UserInputError: the deployment lacks what the action needs.
        """
        ...

    def preview(self, action: ClearTasks) -> tuple[Affected, ...]:
        """The task instances that a clear would run again."""
        ...

    def probe(self, probe: Probe) -> tuple[bool, str]:
        """Whether the condition holds now, and what was seen."""
        ...

    def current_try(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> TryState | None:
        """The try that the task instance has now; None if it is gone."""
        ...
