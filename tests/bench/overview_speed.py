"""How long overviews take with 1,000,000 tries of 2,000 DAGs in PostgreSQL.

    python -m tests.bench.overview_speed [--dags 2000] [--tries 1000000] [--rounds 40] [--real-time] [--keep NAME]

Rows are made in the database. The collector's own steps compute figures by hour and day and learn health for the first
20 DAGs; the others get copies of these rows: a query reads the same from a copy. Spans are computed from all of them.
Answers are made up to the JSON text that the routes send, by the routes' own functions, without HTTP and Airflow's
authorization. With `--real-time` (for root) this process and the database's process for it go before other work
(SCHED_RR): niceness counts only within a session where the kernel groups processes by session. The database is dropped
afterwards, unless it is kept by a name to be used again.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.api.datamodels.monitoring import DeploymentHealthBody
from airflow_provider_wfintel.api.paging import Page
from airflow_provider_wfintel.api.routes import monitoring
from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.poll import CollectReport
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.app.monitoring.anomalies import anomalies
from airflow_provider_wfintel.app.monitoring.insights import insights
from airflow_provider_wfintel.app.monitoring.metrics import dag_metrics, overview, prometheus_text
from airflow_provider_wfintel.store.repositories.spans import Spans

SERVER = "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
TASKS = 5
LEARNED = 20

RUNS = """
INSERT INTO wfintel_workflow_executions
  (execution_id, kind, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, run_type,
   run_after, queued_at, started_at, ended_at, duration, pool, pool_slots, queue, priority_weight, hostname,
   dag_version, error_fingerprint, details, changed_at, superseded, batch, recorded_at)
SELECT gen_random_uuid()::text, 'run', 'dag_' || d, 'run_' || r, '', -1, 0, 0,
       CASE WHEN random() < 0.03 THEN 'failed' ELSE 'success' END, '', 'scheduled',
       t, t, t + interval '2 s', t + interval '2 s' + s * interval '1 s', s, '', 0, '', 1, '', '', '', '{}', t, false,
       1 + r, t
FROM (SELECT d, r, timestamptz '2026-06-01' - (:runs - r) * interval '14 hours' + d * interval '20 s' AS t,
             60 + 600 * random() AS s
      FROM generate_series(:first, :last) d, generate_series(1, :runs) r) x
"""
TRIES = """
INSERT INTO wfintel_workflow_executions
  (execution_id, kind, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, run_type,
   scheduled_at, queued_at, started_at, ended_at, duration, pool, pool_slots, queue, priority_weight, hostname,
   dag_version, error_fingerprint, details, changed_at, superseded, batch, recorded_at)
SELECT gen_random_uuid()::text, 'try', dag_id, run_id, 'task_' || k, -1, 1, 1, state, 'PythonOperator', '',
       queued_at, queued_at, started_at + (k - 1) * duration / :tasks * interval '1 s',
       started_at + k * duration / :tasks * interval '1 s', duration / :tasks, 'default_pool', 1, 'default', 1,
       'worker', '', '', '{}', changed_at, false, batch, recorded_at
FROM wfintel_workflow_executions, generate_series(1, :tasks) k
WHERE kind = 'run' AND split_part(dag_id, '_', 2)::int BETWEEN :first AND :last
"""
WINDOWS = """
INSERT INTO wfintel_workflow_monitoring_metrics
SELECT 'dag_' || d, m.window_seconds, m.window_start, m.runs, m.failed_runs, m.tries, m.failed_tries, m.retries,
       m.makespan_seconds, m.task_seconds, m.wait_seconds, m.slot_seconds, m.cost, m.last_success_at, m.detail,
       m.updated_at
FROM generate_series(:first, :dags) d
JOIN wfintel_workflow_monitoring_metrics m ON m.dag_id = 'dag_' || (1 + d % :learned)
"""
COPIES = """
INSERT INTO wfintel_dag_states (dag_id, runs, score, deadline_seconds, seen, last_due_at, next_slot_at, health, tracker,
                                stream, updated_at)
SELECT 'dag_' || d, s.runs, s.score, s.deadline_seconds, s.seen, s.last_due_at, NULL, s.health, s.tracker, s.stream,
       s.updated_at
FROM generate_series(1, :dags) d CROSS JOIN (SELECT * FROM wfintel_dag_states LIMIT 1) s
ON CONFLICT DO NOTHING
"""
INSIGHTS = """
INSERT INTO wfintel_performance_insights (fingerprint, kind, dag_id, task_id, run_id, severity, status, message,
                                          confidence, samples, evidence, first_seen_at, last_seen_at)
SELECT md5(n::text) || md5('x' || n), CASE WHEN n % 2 = 0 THEN 'anomaly.spike' ELSE 'retries_hide_failures' END,
       'dag_' || (1 + n % :dags), '', '', 'warning', 'open', 'made up', 1, 1, '[]', now_, now_ - n * interval '1 min'
FROM generate_series(1, 20000) n, (SELECT timestamptz '2026-06-01' AS now_) x
"""
DAGS = """
INSERT INTO dag (dag_id, bundle_name, fileloc, owners, is_paused, is_stale, exceeds_max_non_backfill, timetable_type,
                 timetable_partitioned, timetable_periodic, partition_mapper_info, max_active_tasks,
                 max_consecutive_failed_dag_runs, has_task_concurrency_limits, fail_fast)
SELECT 'dag_' || d, 'bench', 'dag.py', 'owner_' || d % 40, false, false, false, '', false, true, '{}', 16, 0, false,
       false
FROM generate_series(1, :dags) d
"""
TAGS = """
INSERT INTO dag_tag (name, dag_id) SELECT 'tag_' || d % 60, 'dag_' || d FROM generate_series(1, :dags) d
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--tries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--keep", default="")
    args = parser.parse_args()
    with database(args.keep) as (engine, new):
        if new:
            make_tables(engine)
            fill(engine, args.dags, args.tries)
        measure(engine, args.dags, args.rounds, first=args.real_time)


@contextmanager
def database(keep: str) -> Iterator[tuple[Engine, bool]]:
    name = keep or f"wfintel_bench_{secrets.token_hex(4)}"
    admin = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        known = connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name})
        if not known:
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(SERVER).set(database=name))
    try:
        yield engine, not known
    finally:
        engine.dispose()
        with admin.connect() as connection:
            if not keep:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def make_tables(engine: Engine) -> None:
    from airflow.models import import_all_models
    from airflow.models.base import Base as AirflowBase

    from airflow_provider_wfintel.store.tables import Base

    import_all_models()
    AirflowBase.metadata.create_all(engine)
    Base.metadata.create_all(engine)


def fill(engine: Engine, dags: int, tries: int) -> None:
    runs = max(1, tries // (dags * TASKS))
    make_rows(engine, 1, LEARNED, runs)
    began = time.perf_counter()
    RollUp(every=timedelta(0), budget_seconds=1e9, keep_hours=timedelta(days=3650))(work_on(engine))
    seconds = time.perf_counter() - began
    print(f"figures by hour and day: {LEARNED * runs * TASKS / seconds:,.0f} tries/s ({seconds:.0f} s)", flush=True)
    LearnDags(budget_seconds=60.0)(work_on(engine))
    make_rows(engine, LEARNED + 1, dags, runs)
    with engine.begin() as connection:
        connection.execute(text(WINDOWS), {"dags": dags, "first": LEARNED + 1, "learned": LEARNED})
        connection.execute(text(COPIES), {"dags": dags})
        connection.execute(text(INSIGHTS), {"dags": dags})
        connection.execute(text("INSERT INTO dag_bundle (name, active) VALUES ('bench', true)"))
        connection.execute(text(DAGS), {"dags": dags})
        connection.execute(text(TAGS), {"dags": dags})
    with Session(engine) as session:
        # Those of the copies; a deployment has them from the collector's rounds.
        session.execute(text("DELETE FROM wfintel_workflow_monitoring_metrics WHERE window_seconds < -1"))
        Spans(session).slide(NOW)
        session.commit()
    vacuum(engine)


def make_rows(engine: Engine, first: int, last: int, runs: int) -> None:
    with engine.begin() as connection:
        connection.execute(text(RUNS), {"first": first, "last": last, "runs": runs})
        connection.execute(text(TRIES), {"first": first, "last": last, "tasks": TASKS})


def vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def work_on(engine: Engine) -> AfterPoll:
    @contextmanager
    def sessions() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    return AfterPoll(sessions, lambda: NOW, CollectReport(), lambda session: session.commit(), None)


def asked(visible: frozenset[str]) -> dict[str, Callable[[Session, int], object]]:
    """What is asked, by name: the text of the answer for a caller who may read these DAGs."""

    def pages(session: Session, limit: int) -> bytes:
        answer = monitoring.health_answer(session, visible, Page(limit))
        return DeploymentHealthBody.__pydantic_serializer__.to_json(answer)

    return {
        "overview, 7 days": lambda s, _n: monitoring.overview_answer(s, NOW, 7, visible),
        "overview, 30 days": lambda s, _n: monitoring.overview_answer(s, NOW, 30, visible),
        "overview, 30 days, half of the DAGs": lambda s, _n: overview(s, now=NOW, days=30, dag_ids=half(visible)),
        "overview, 20 days (added up)": lambda s, _n: overview(s, now=NOW, days=20, dag_ids=visible),
        "health, the worst 200 DAGs": lambda s, _n: pages(s, 200),
        "health, the worst 500 DAGs (a page)": lambda s, _n: pages(s, 500),
        "health, the worst 1,000 DAGs": lambda s, _n: pages(s, 1000),
        "one DAG, 30 days": lambda s, n: dag_metrics(s, f"dag_{1 + n}", now=NOW, days=30),
        "anomalies of 7 days": lambda s, _n: anomalies(s, now=NOW, days=7, dag_ids=visible),
        "insights": lambda s, _n: insights(s, dag_ids=visible),
        "Prometheus text": lambda s, _n: prometheus_text(s, now=NOW, dag_ids=visible),
    }


def half(visible: frozenset[str]) -> frozenset[str]:
    return frozenset(sorted(visible)[::2])


def measure(engine: Engine, dags: int, rounds: int, *, first: bool) -> None:
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM wfintel_workflow_executions WHERE kind = 'try'"))
        size = connection.scalar(text("SELECT count(*) FROM wfintel_workflow_monitoring_metrics"))
    print(f"{count:,} tries, {dags:,} DAGs, {size:,} windows")
    visible = frozenset(f"dag_{number}" for number in range(1, dags + 1))
    if first:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    for name, ask in asked(visible).items():
        times, used = [], 0.0
        with Session(engine) as session:
            backend = session.scalar(text("SELECT pg_backend_pid()"))
            if first:
                os.sched_setscheduler(backend, os.SCHED_RR, os.sched_param(1))
            ask(session, 0)  # what is loaded and compiled once does not count
            for number in range(rounds):
                session.expunge_all()
                began, before = time.perf_counter(), cpu_seconds(backend)
                ask(session, number)
                times.append(1000 * (time.perf_counter() - began))
                used += cpu_seconds(backend) - before
        ordered = sorted(times)
        p95 = ordered[max(0, round(0.95 * len(ordered)) - 1)]
        cpu = 1000 * used / rounds
        print(
            f"{name:<36} p50 {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   processor {cpu:6.1f} ms",
            flush=True,
        )
    print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))


def cpu_seconds(backend: int) -> float:
    """Processor time of this process and of the database's process for it, which must be on the same machine."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
