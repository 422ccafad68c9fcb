"""What a deployment knows of a try beside its log. Times are ISO 8601 with offset, durations seconds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EarlierTry", "EventRow", "SettingChange", "SourceChange", "TryFacts", "TypicalDuration"]


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of Airflow's event log about the try, its run or its DAG."""

    event: str
    when: str = ""
    try_number: int | None = None
    owner: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class EarlierTry:
    """An earlier try of the same task instance."""

    try_number: int
    state: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A connection, variable or pool that somebody changed. Values are never kept, only that they changed.

    Attributes:
        kind: `connection`, `variable` or `pool`.
        name: its id or key; empty if the audit row does not tell.
        event: Airflow's name of what was done, such as `patch_connection`.
        when: when.
        owner: who.
    """

    kind: str
    name: str
    event: str
    when: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What changed in the DAG since the task's last success.

    Attributes:
        before: version number of the last success; 0 if unknown.
        after: version number of this try; 0 if unknown.
        changed_at: when the stored source changed.
        diff: a unified diff, shortened; empty if both sources are not kept or the caller may not read code.
    """

    before: int = 0
    after: int = 0
    changed_at: str = ""
    diff: str = ""


@dataclass(frozen=True, slots=True)
class TypicalDuration:
    """How long successful tries of the task took, and how many were looked at."""

    median: float
    longest: float
    count: int


@dataclass(frozen=True, slots=True)
class TryFacts:
    """What is known of one try beside its log. What could not be read has its default.

    Attributes:
        will_retry: whether Airflow itself will try again.
        queued_seconds: from being queued to starting, or to the end (or now) if it never started.
        scheduled_seconds: the same from being scheduled.
        last_success: end of the task's last successful try before this one.
        seconds_in_state: for how long, until now, the try is scheduled, queued or running; None in other states.
        run_quiet_seconds: for how long, until now, nothing was scheduled, queued, started, ended or heard of in its
            run; None unless the run is running.
        seconds_since_heartbeat: from the last heartbeat to the end of the try, or to now while it runs.
        heartbeat_timeout: after how long without one the scheduler gives a try up.
        pool_exists: None if not known.
        execution_timeout: limit of the task.
        max_active_tis_per_dagrun: how many copies of the task may run at once in one run, if it says so.
        conn_id: the connection that the task's definition names, if it is one.
        upstream: states of the direct upstream tasks in this run, the worst of mapped copies.
        siblings: other tasks that failed within five minutes, as `dag.task`.
        components_down: scheduler, dag-processor or triggerer without a heartbeat at the end of the try.
        services_down: bad looks at services of the DAG's connections around the end of the try, one sentence each.
        import_error: last line of the import error of the DAG's file.
        dag_stale: the DAG is no longer in any file.
    """

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    try_number: int = 1
    try_id: str = ""
    state: str = ""
    max_tries: int | None = None
    will_retry: bool | None = None
    operator: str = ""
    queue: str = ""
    hostname: str = ""
    scheduled_at: str = ""
    queued_at: str = ""
    start_date: str | None = None
    end_date: str | None = None
    duration: float | None = None
    note: str = ""
    run_state: str = ""
    run_type: str = ""
    run_note: str = ""
    queued_seconds: float | None = None
    scheduled_seconds: float | None = None
    seconds_in_state: float | None = None
    run_quiet_seconds: float | None = None
    seconds_since_heartbeat: float | None = None
    heartbeat_timeout: float | None = None
    pool: str = ""
    pool_slots: int | None = None
    pool_exists: bool | None = None
    pool_total_slots: int | None = None
    pool_open_slots: int | None = None
    execution_timeout: float | None = None
    max_active_tis_per_dagrun: int | None = None
    conn_id: str = ""
    typical: TypicalDuration | None = None
    last_success: str = ""
    source_change: SourceChange | None = None
    changes: tuple[SettingChange, ...] = ()
    earlier_attempts: tuple[EarlierTry, ...] = ()
    upstream: tuple[tuple[str, str], ...] = ()
    siblings: tuple[str, ...] = ()
    components_down: tuple[str, ...] = ()
    services_down: tuple[str, ...] = ()
    import_error: str = ""
    dag_stale: bool = False
    dag_paused: bool = False
    events: tuple[EventRow, ...] = ()
