"""What a poll of Airflow's tables brings: tries, runs and entries of the event log, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_wfintel.engine.model.history import TaskTry, WorkflowRun

__all__ = ["EventNote", "RunChange", "TryChange"]


@dataclass(frozen=True, slots=True)
class TryChange:
    """A try as Airflow's tables had it.

    Attributes:
        item: the try.
        changed_at: Airflow's `updated_at` of the row; empty if the row has none.
        superseded: whether another try has taken its place: it was retried or cleared, so it is not how the task ended.
    """

    item: TaskTry
    changed_at: str = ""
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class RunChange:
    """A run as Airflow's tables had it.

    Attributes:
        run: the run.
        row: the number of its row, which grows with every run that is made.
        changed_at: Airflow's `updated_at` of the row; empty if the row has none.
    """

    run: WorkflowRun
    row: int
    changed_at: str = ""


@dataclass(frozen=True, slots=True)
class EventNote:
    """One entry of Airflow's event log that says how a try ended or who changed it.

    Attributes:
        row: the number of its row, which grows.
        try_number: 0 if the entry is about no try in particular.
        owner: the user, for what a person did.
    """

    row: int
    event: str
    at: str
    dag_id: str
    run_id: str
    task_id: str = ""
    map_index: int = -1
    try_number: int = 0
    owner: str = ""
