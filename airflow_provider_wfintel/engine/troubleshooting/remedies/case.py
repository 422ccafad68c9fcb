"""What a remedy is asked about, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from airflow_provider_wfintel.engine.model import Diagnosis
from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Action, Probe

__all__ = ["Bounds", "Case", "Inapplicable", "PastAttempt", "Remedy", "RemedyPlan", "Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """The try that failed. `try_id` is the UUID that Airflow gives every try."""

    try_id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    try_number: int = 1


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """A remedy that was tried before on this task: when, and what came of it.

    `status` is that of the audit row: `reserved`, `waiting`, `applied`, `verified`, `failed`, `refused`, `undone`.
    """

    remedy: str
    dag_id: str
    task_id: str
    run_id: str
    at: datetime
    status: str
    try_id: str = ""
    reruns: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far remedies may go, and what the deployment declares for them. A policy sets all of it.

    Attributes:
        pool_slots: the most slots that a pool may get; a new pool gets `new_pool_slots`.
        new_pool_slots: slots of a pool that is created.
        timeout_factor: a timeout may grow to this multiple of what the DAG file says.
        timeout_seconds: and never above this.
        memory_factor: the same for memory requests.
        memory_mb: and never above this.
        concurrency: the fewest copies of a mapped task at once.
        wait_seconds: the longest pause before a rerun, and the longest wait for a source.
        backoff_seconds: the pause before the first rerun.
        breaker_failures: after so many failed runs in a row a DAG may be paused.
        stuck_seconds: a run or task without progress for so long may be marked failed.
        queues: queues with more memory or another network, by the class of failure that they help against.
        fallbacks: fields to set on a connection whose server is lost: connection id to field to value.
        variables: approved defaults of Variables.
        probes: the connection to probe for a task: `dag_id.task_id` or `dag_id` to connection id.
    """

    pool_slots: int = 64
    new_pool_slots: int = 4
    timeout_factor: float = 2.0
    timeout_seconds: float = 21_600.0
    memory_factor: float = 2.0
    memory_mb: int = 16_384
    concurrency: int = 1
    wait_seconds: float = 3_600.0
    backoff_seconds: float = 30.0
    breaker_failures: int = 5
    stuck_seconds: float = 3_600.0
    queues: Mapping[str, str] = field(default_factory=dict)
    fallbacks: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    probes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A failed try with its diagnosis and what is known around it.

    Attributes:
        target: the try.
        diagnosis: why it failed.
        facts: what is known beside the log; `docs/reference/remedies.md` names the keys that remedies read.
        now: this moment.
        past: what was tried on this task before, newest first.
        bounds: how far a remedy may go.
    """

    target: Target
    diagnosis: Diagnosis
    facts: Mapping[str, Any]
    now: datetime
    past: tuple[PastAttempt, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def ended(self) -> bool:
        """Whether the try is over for good: Airflow itself will not run it again."""
        return self.facts.get("state") in ("failed", "upstream_failed")

    def evidence_text(self) -> str:
        """All evidence as one text."""
        return "\n".join(item.text for item in self.diagnosis.evidence)

    def number(self, name: str) -> float | None:
        """A fact that is a number; None if it is missing or none."""
        value = self.facts.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """Why a remedy does not fit the case."""

    reason: str


@dataclass(frozen=True, slots=True)
class RemedyPlan:
    """What a remedy would do in a case: its dry run.

    Attributes:
        remedy: name of the remedy.
        actions: what is done, in this order.
        because: why it fits, in words.
        success: how it is known to have helped: `next_try` (the next try succeeds), `moves_on` (the task leaves the
            state in which it hung), `done` (the change itself), `person` (a person says so).
        fallback: name of the remedy to try if this one cannot be carried out; empty: the next in order.
        not_before: the pause: nothing is done before this moment; None: at once.
        gate: what must hold before anything is done; None: nothing.
        give_up_at: a gate that does not hold by then has failed.
        reruns: ids of the tasks that are run again.
        undo: what takes it back, as far as it is known before; the port knows more when it has acted.
        only_adds: the act finds out by itself whether the diagnosis is right: it makes what is missing, under the name
            and with the value that the policy declares, and changes nothing if it is there.
    """

    remedy: str
    actions: tuple[Action, ...]
    because: str
    success: str = "next_try"
    fallback: str = ""
    not_before: datetime | None = None
    gate: Probe | None = None
    give_up_at: datetime | None = None
    reruns: tuple[str, ...] = ()
    undo: tuple[Action, ...] = ()
    only_adds: bool = False

    def words(self) -> tuple[str, ...]:
        """What would happen, step by step."""
        lines = [f"wait until {self.not_before.isoformat(timespec='seconds')}"] if self.not_before else []
        lines += [f"wait until {self.gate.words()}"] if self.gate else []
        return (*lines, *(action.words() for action in self.actions))


class Remedy(Protocol):
    """One way to put a failure right. Pure: it plans, others act."""

    @property
    def name(self) -> str:
        """In policies, audit rows and answers."""
        ...

    @property
    def title(self) -> str:
        """In words."""
        ...

    @property
    def serves(self) -> tuple[str, ...]:
        """Actions of the taxonomy that it carries out; empty: the state of the task decides, whatever the cause."""
        ...

    @property
    def changes(self) -> str:
        """`nothing`, `run` (task instances, runs), `task` (its run-time values) or `settings` (shared by others)."""
        ...

    @property
    def undoable(self) -> bool:
        """Whether what it does can be taken back. A rerun cannot."""
        ...

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """What it would do, or why it does not fit (its precondition)."""
        ...


Answer: TypeAlias = "RemedyPlan | Inapplicable"
