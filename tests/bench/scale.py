"""A PostgreSQL database of the scale that figures are wanted for: 2,000 DAGs with 1,000,000 tries, and all around them.

Rows are made in the database: runs and tries in Airflow's tables and in ours, DAGs with versions, stored source, tags
and owners, and what a deployment of that size has beside it (alerts, sessions, plans, looks at services, feedback).
The collector's own steps compute figures by hour and day and learn health for the first 20 DAGs; the others get copies
of these rows: a query reads the same from a copy. Spans are computed from all of them. The newest rows are of the
present.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.odds import TellOdds
from airflow_provider_wfintel.app.collecting.poll import CollectReport
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.store.repositories.spans import Spans

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
TASKS = 5
LEARNED = 20
RUNNING = 100
"""Runs that go on, each of another DAG."""

RUNS = """
INSERT INTO wfintel_workflow_executions
  (execution_id, kind, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, run_type,
   run_after, queued_at, started_at, ended_at, duration, pool, pool_slots, queue, priority_weight, hostname,
   dag_version, error_fingerprint, details, changed_at, superseded, batch, recorded_at)
SELECT gen_random_uuid()::text, 'run', 'dag_' || d, 'run_' || r, '', -1, 0, 0,
       CASE WHEN random() < 0.03 THEN 'failed' ELSE 'success' END, '', 'scheduled',
       t, t, t + interval '2 s', t + interval '2 s' + s * interval '1 s', s, '', 0, '', 1, '', '', '', '{}', t, false,
       1 + r, t
FROM (SELECT d, r,
             CAST(:now AS timestamptz) - (1 + :runs - r) * interval '14 hours' + d % 2500 * interval '20 s' AS t,
             60 + 600 * random() AS s
      FROM generate_series(:first, :last) d, generate_series(1, :runs) r) x
"""
TRIES = """
INSERT INTO wfintel_workflow_executions
  (execution_id, kind, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, run_type,
   scheduled_at, queued_at, started_at, ended_at, duration, pool, pool_slots, queue, priority_weight, hostname,
   dag_version, error_fingerprint, details, changed_at, superseded, batch, recorded_at)
SELECT gen_random_uuid()::text, 'try', dag_id, run_id, 'task_' || k, -1, 1, 1, state, 'EmptyOperator', '',
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
RUNNING_RUNS = """
INSERT INTO wfintel_workflow_executions
  (execution_id, kind, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, run_type,
   run_after, queued_at, started_at, ended_at, duration, pool, pool_slots, queue, priority_weight, hostname,
   dag_version, error_fingerprint, details, changed_at, superseded, batch, recorded_at)
SELECT gen_random_uuid()::text, CASE WHEN k = 0 THEN 'run' ELSE 'try' END, 'dag_' || d, 'running',
       CASE WHEN k = 0 THEN '' ELSE 'task_' || k END, -1, CASE WHEN k = 0 THEN 0 ELSE 1 END, 1,
       CASE WHEN k = 1 THEN 'success' ELSE 'running' END, 'EmptyOperator', CASE WHEN k = 0 THEN 'scheduled' ELSE '' END,
       CASE WHEN k = 0 THEN t END, t, t, CASE WHEN k = 1 THEN t + interval '30 s' END, CASE WHEN k = 1 THEN 30 END,
       'default_pool', 1, 'default', 1, 'worker', '', '', '{}', t, false, 1000000, t
FROM (SELECT d, CAST(:now AS timestamptz) - interval '90 s' AS t FROM generate_series(1, :running) d) x,
     generate_series(0, 2) k
"""
COPIES = """
INSERT INTO wfintel_dag_states (dag_id, runs, score, deadline_seconds, seen, last_due_at, next_slot_at, health, tracker,
                                stream, predictor, predictor_until, updated_at)
SELECT 'dag_' || d, s.runs, s.score, s.deadline_seconds, s.seen, s.last_due_at, NULL, s.health, s.tracker, s.stream,
       s.predictor, s.predictor_until, s.updated_at
FROM generate_series(1, :dags) d CROSS JOIN (SELECT * FROM wfintel_dag_states LIMIT 1) s
ON CONFLICT DO NOTHING
"""
INSIGHTS = """
INSERT INTO wfintel_performance_insights (fingerprint, kind, dag_id, task_id, run_id, severity, status, message,
                                          confidence, samples, evidence, first_seen_at, last_seen_at)
SELECT md5(n::text) || md5('x' || n), CASE WHEN n % 2 = 0 THEN 'anomaly.spike' ELSE 'retries_hide_failures' END,
       'dag_' || (1 + n % :dags), '', '', 'warning', 'open', 'made up', 1, 1, '[]', now_, now_ - n * interval '1 min'
FROM generate_series(1, 20000) n, (SELECT CAST(:now AS timestamptz) AS now_) x
"""
ALERTS = """
INSERT INTO wfintel_alerts (alert_id, alert_key, rule, kind, incident, dag_id, task_id, run_id, map_index, severity,
                            status, title, body, started_at, last_seen_at, acknowledged_by, resolved_by, resolved_at)
SELECT gen_random_uuid()::text, md5(n::text) || md5('y' || n), 'run-failed', 'run.failed', 'incident_' || n / 4,
       'dag_' || (1 + n % :dags), 'task_1', 'run_' || n % 90, -1, 'error',
       CASE WHEN n <= 300 THEN 'firing' ELSE 'resolved' END, 'a run failed',
       '{"message": "made up", "cause": "", "follows_from": "", "value": null, "tags": [], "owners": [], "told": true,
         "incidents": []}',
       now_ - n * interval '2 min', now_ - n * interval '1 min', '', '',
       CASE WHEN n > 300 THEN now_ - n * interval '1 min' END
FROM generate_series(1, 20000) n, (SELECT CAST(:now AS timestamptz) AS now_) x
"""
SESSIONS = """
INSERT INTO wfintel_troubleshooting_sessions
  (session_id, try_id, dag_id, run_id, task_id, map_index, try_number, phase, status, label, confidence, ranked,
   evidence, remedies, explanation, diagnosis, facts, outcome, reason, catalog_version, opened_at, updated_at,
   closed_by)
SELECT gen_random_uuid()::text, execution_id, dag_id, run_id, task_id, -1, 1, 'diagnosis', 'in_progress',
       'out_of_memory', 0.9, '[]', '[]', '[]', 'made up', '{}', '{}', '', '', '', ended_at, ended_at, ''
FROM wfintel_workflow_executions WHERE kind = 'try' AND state = 'failed' LIMIT 20000
"""
PLANS = """
INSERT INTO wfintel_workflow_optimization
  (optimization_id, dag_id, strategy, status, fingerprint_before, fingerprint_after, plan_hash, plan, before,
   predicted, patch, created_by, created_at)
SELECT gen_random_uuid()::text, 'dag_' || d, 'hybrid', 'proposed', '', '', md5(d::text), '{}', '{}', '{}', '', 'ann',
       CAST(:now AS timestamptz) - d * interval '1 min' FROM generate_series(1, :dags) d
"""
LOOKS = """
INSERT INTO wfintel_service_checks (conn_id, checked_at, conn_type, state, address, latency_seconds, login_seconds,
                                    message, checked_by)
SELECT 'service_' || c, CAST(:now AS timestamptz) - n * interval '10 min', 'http', 'ok', 'host:443', 0.01, 0.1, '',
       'worker' FROM generate_series(0, 49) c, generate_series(1, 1000) n
"""
FEEDBACK = """
INSERT INTO wfintel_feedback (feedback_id, subject, subject_id, author, verdict, dag_id, comment, rating, created_at,
                              updated_at)
SELECT gen_random_uuid()::text, (ARRAY['generation', 'insight', 'diagnosis'])[1 + n % 3], 'id_' || n, 'ann',
       'accepted', 'dag_' || (1 + n % :dags), '', 1 + n % 5, now_ - n * interval '1 min', now_
FROM generate_series(1, 5000) n, (SELECT CAST(:now AS timestamptz) AS now_) x
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
VERSIONS = """
INSERT INTO dag_version (id, version_number, dag_id, bundle_name, created_at, last_updated)
SELECT gen_random_uuid(), 1, 'dag_' || d, 'bench', CAST(:now AS timestamptz), CAST(:now AS timestamptz)
FROM generate_series(1, :dags) d
"""
SOURCES = """
INSERT INTO dag_code (id, dag_id, fileloc, created_at, last_updated, source_code, source_code_hash, dag_version_id)
SELECT gen_random_uuid(), dag_id, 'dag.py', created_at, created_at,
       replace(:source, 'NUMBER', split_part(dag_id, '_', 2)), md5(dag_id), id FROM dag_version
"""
SERIALIZED = """
INSERT INTO serialized_dag (id, dag_id, data, created_at, last_updated, dag_hash, dag_version_id)
SELECT gen_random_uuid(), dag_id, CAST(replace(:data, 'dag_NUMBER', dag_id) AS jsonb), created_at, created_at,
       md5(dag_id), id FROM dag_version
"""
AIRFLOW_RUNS = """
INSERT INTO dag_run (dag_id, run_id, run_type, run_after, queued_at, start_date, end_date, logical_date, state,
                     updated_at, created_dag_version_id)
SELECT r.dag_id, r.run_id, 'scheduled', r.run_after, r.queued_at, r.started_at, r.ended_at, r.run_after, r.state,
       r.changed_at, v.id
FROM wfintel_workflow_executions r JOIN dag_version v ON v.dag_id = r.dag_id WHERE r.kind = 'run'
"""
AIRFLOW_TRIES = """
INSERT INTO task_instance (id, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator, queued_dttm,
                           scheduled_dttm, start_date, end_date, duration, pool, pool_slots, queue, priority_weight,
                           hostname, updated_at, dag_version_id, executor_config)
SELECT CAST(t.execution_id AS uuid), t.dag_id, t.run_id, t.task_id, -1, 1, 1, t.state, t.operator, t.queued_at,
       t.scheduled_at, t.started_at, t.ended_at, t.duration, 'default_pool', 1, 'default', 1, 'worker', t.changed_at,
       v.id, '\\x80057d942e'
FROM wfintel_workflow_executions t JOIN dag_version v ON v.dag_id = t.dag_id WHERE t.kind = 'try'
"""
SOURCE = "from airflow.sdk import dag, task\n" + "".join(
    f"""
@task(retries=2)
def step_{number}(rows):
    # Of DAG NUMBER.
    names = [row["name"].strip().lower() for row in rows if row.get("name")]
    return Hook(http_conn_id="service_{number}").send(names, timeout=30)
"""
    for number in range(10)
)


@contextmanager
def scaled_database(keep: str, dags: int, tries: int) -> Iterator[Engine]:
    """The database: made and dropped, or, with a name, kept and used again."""
    name = keep or f"wfintel_bench_{secrets.token_hex(4)}"
    admin = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        known = connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name})
        if not known:
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(SERVER).set(database=name))
    try:
        if not known:
            make_tables(engine)
            fill(engine, dags, tries)
        as_after_a_look(engine, datetime.now(timezone.utc))
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            if not keep:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def as_after_a_look(engine: Engine, now: datetime) -> None:
    """What the collector does with each look: ready sums begin anew with each day, running runs are foreseen."""
    with Session(engine) as session:
        Spans(session).slide(now)
        session.commit()
    TellOdds(every=timedelta(0), budget_seconds=1e9)(work_on(engine, now))


def environment_of(database: str, home: Path) -> Mapping[str, str]:
    """The environment of an Airflow process on that database, with nothing of another Airflow."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    return kept | {
        "AIRFLOW_HOME": str(home), "AIRFLOW_CONFIG": str(home / "airflow.cfg"), "PYTHONPATH": str(ROOT),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database, "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }  # fmt: skip


def make_tables(engine: Engine) -> None:
    """As `airflow db migrate` does."""
    with tempfile.TemporaryDirectory(prefix="wfintel-bench-") as home:
        environment = environment_of(engine.url.render_as_string(hide_password=False), Path(home))
        migrate = [sys.executable, "-m", "airflow", "db", "migrate"]
        subprocess.run(migrate, env=dict(environment), check=True, capture_output=True)


def fill(engine: Engine, dags: int, tries: int) -> None:
    """Make all rows."""
    now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    runs = max(1, tries // (dags * TASKS))
    make_rows(engine, now, 1, LEARNED, runs)
    began = time.perf_counter()
    RollUp(every=timedelta(0), budget_seconds=1e9, keep_hours=timedelta(days=3650))(work_on(engine, now))
    seconds = time.perf_counter() - began
    print(f"figures by hour and day: {LEARNED * runs * TASKS / seconds:,.0f} tries/s ({seconds:.0f} s)", flush=True)
    LearnDags(budget_seconds=60.0)(work_on(engine, now))
    make_rows(engine, now, LEARNED + 1, dags, runs)
    numbers = {"dags": dags, "first": LEARNED + 1, "learned": LEARNED, "now": now, "running": min(RUNNING, dags)}
    texts = {"source": SOURCE, "data": serialized()}
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO dag_bundle (name, active) VALUES ('bench', true)"))
        for query in (
            WINDOWS, COPIES, RUNNING_RUNS, INSIGHTS, ALERTS, SESSIONS, PLANS, LOOKS, FEEDBACK, DAGS, TAGS, VERSIONS,
            SOURCES, SERIALIZED, AIRFLOW_RUNS, AIRFLOW_TRIES,
        ):  # fmt: skip
            connection.execute(text(query), numbers | texts)
    with Session(engine) as session:
        # Those of the copies; a deployment has them from the collector's rounds.
        session.execute(text("DELETE FROM wfintel_workflow_monitoring_metrics WHERE window_seconds < -1"))
        Spans(session).slide(now)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def serialized() -> str:
    """A DAG of as many tasks in a row, as Airflow stores it."""
    import json

    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.sdk import DAG, chain
    from airflow.serialization.serialized_objects import DagSerialization

    with DAG("dag_NUMBER", schedule=None) as dag:
        chain(*(EmptyOperator(task_id=f"task_{number}") for number in range(1, TASKS + 1)))
    return json.dumps(DagSerialization.to_dict(dag))


def make_rows(engine: Engine, now: datetime, first: int, last: int, runs: int) -> None:
    """Runs and tries of some DAGs in our table."""
    with engine.begin() as connection:
        connection.execute(text(RUNS), {"first": first, "last": last, "runs": runs, "now": now})
        connection.execute(text(TRIES), {"first": first, "last": last, "tasks": TASKS})


def work_on(engine: Engine, now: datetime) -> AfterPoll:
    """What the collector's steps work on."""

    @contextmanager
    def sessions() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    return AfterPoll(sessions, lambda: now, CollectReport(), lambda session: session.commit(), None)
