"""How long overviews take with 1,000,000 tries of 2,000 DAGs in PostgreSQL.

    python -m tests.bench.overview_speed [--dags 2000] [--tries 1000000] [--rounds 40] [--real-time] [--keep NAME]

The database is that of `tests/bench/scale.py`. Answers are made up to the JSON text that the routes send, by the
routes' own functions, without HTTP and Airflow's authorization; with both: `tests/bench/routes_speed.py`. With
`--real-time` (for root) this process and the database's process for it go before other work (SCHED_RR): niceness counts
only within a session where the kernel groups processes by session. The database is dropped afterwards, unless it is
kept by a name to be used again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.api.datamodels.monitoring import DeploymentHealthBody
from airflow_provider_wfintel.api.paging import Page
from airflow_provider_wfintel.api.routes import monitoring
from airflow_provider_wfintel.app.monitoring.anomalies import anomalies
from airflow_provider_wfintel.app.monitoring.insights import insights
from airflow_provider_wfintel.app.monitoring.metrics import dag_metrics, overview, prometheus_text
from tests.bench.scale import scaled_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--tries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--keep", default="")
    args = parser.parse_args()
    with scaled_database(args.keep, args.dags, args.tries) as engine:
        measure(engine, args.dags, args.rounds, first=args.real_time)


def asked(visible: frozenset[str]) -> dict[str, Callable[[Session, int], object]]:
    """What is asked, by name: the text of the answer for a caller who may read these DAGs."""

    now = datetime.now(timezone.utc)

    def pages(session: Session, limit: int) -> bytes:
        answer = monitoring.health_answer(session, visible, Page(limit))
        return DeploymentHealthBody.__pydantic_serializer__.to_json(answer)

    return {
        "overview, 7 days": lambda s, _n: monitoring.overview_answer(s, now, 7, visible),
        "overview, 30 days": lambda s, _n: monitoring.overview_answer(s, now, 30, visible),
        "overview, 30 days, half of the DAGs": lambda s, _n: overview(s, now=now, days=30, dag_ids=half(visible)),
        "overview, 20 days (added up)": lambda s, _n: overview(s, now=now, days=20, dag_ids=visible),
        "health, the worst 200 DAGs": lambda s, _n: pages(s, 200),
        "health, the worst 500 DAGs (a page)": lambda s, _n: pages(s, 500),
        "health, the worst 1,000 DAGs": lambda s, _n: pages(s, 1000),
        "one DAG, 30 days": lambda s, n: dag_metrics(s, f"dag_{1 + n}", now=now, days=30),
        "anomalies of 7 days": lambda s, _n: anomalies(s, now=now, days=7, dag_ids=visible),
        "insights": lambda s, _n: insights(s, dag_ids=visible),
        "Prometheus text": lambda s, _n: prometheus_text(s, now=now, dag_ids=visible),
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
