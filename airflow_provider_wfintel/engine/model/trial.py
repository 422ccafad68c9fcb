"""What a trial run showed: a DAG that ran with stand-ins in the place of every outside service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Trial", "TrialCall", "TrialLevel", "TrialRun", "TrialState", "TrialTask"]

TrialState: TypeAlias = Literal["success", "failed", "skipped", "stopped", "open", "upstream_failed", "not_run"]
TrialLevel: TypeAlias = Literal["wire", "client", "operator", "local", ""]


@dataclass(frozen=True, slots=True)
class TrialCall:
    """One call that would have left the machine, or one file that would have been touched.

    Attributes:
        service: what would have been called: a host, a connection id with its hook, an AWS service, `files`.
        verb: the method, the operation or the first word of the SQL.
        target: the address, table, key or path.
        payload: a summary of what would have been sent, secrets blanked out.
    """

    service: str
    verb: str
    target: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class TrialTask:
    """One task of a trial run.

    Attributes:
        task_id: its id.
        operator: the class that ran.
        state: how it ended; `stopped` means that a check of the DAG refused the made-up data, `open` that the
            generated code says itself what is missing in it.
        level: how much of the real code ran. `wire`: all of operator and hook, only the driver or transport was
            replaced. `client`: operator or function, with a recording object as the client library. `operator`: only
            templates and arguments; `execute` did not run. `local`: everything, nothing left the machine.
        calls: what it would have done outside.
        error: what went wrong, empty otherwise.
        line: the line of the DAG file that failed, 0 if unknown.
        reason: why it was skipped or did not run.
        mapped: how many times it ran; 1 without mapping.
    """

    task_id: str
    operator: str
    state: TrialState
    level: TrialLevel = ""
    calls: tuple[TrialCall, ...] = ()
    error: str = ""
    line: int = 0
    reason: str = ""
    mapped: int = 1


@dataclass(frozen=True, slots=True)
class TrialRun:
    """One run of the DAG.

    Attributes:
        answers: what the stand-ins answered: `rows` (data is there, approvals are given) or `empty` (no data, zero,
            the last option of an approval).
        tasks: the tasks in the order in which they ended; those that did not run come last.
    """

    answers: str
    tasks: tuple[TrialTask, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no task failed or is open."""
        return not any(task.state in ("failed", "not_run", "open") for task in self.tasks)

    @property
    def faultless(self) -> bool:
        """Whether no task failed, apart from those that name a gap in the description."""
        return not any(task.state in ("failed", "not_run") for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial of one DAG.

    Attributes:
        dag_id: the DAG, empty if the file could not be loaded.
        runs: one for each kind of answers.
        params: the values made up for params that the file leaves open.
        error: why there is no run at all.
        missing: distributions that have to be installed first.
        seconds: wall time of all runs.
    """

    dag_id: str
    runs: tuple[TrialRun, ...] = ()
    params: tuple[str, ...] = ()
    error: str = ""
    missing: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the file ran and no task failed in any run."""
        return bool(self.runs) and not self.error and all(run.ok for run in self.runs)

    @property
    def faultless(self) -> bool:
        """Whether the file ran and nothing failed, apart from tasks that name a gap in the description."""
        return bool(self.runs) and not self.error and all(run.faultless for run in self.runs)
