"""How long every read route takes over HTTP, with 1,000,000 tries of 2,000 DAGs in PostgreSQL.

    python -m tests.bench.routes_speed [--dags 2000] [--tries 1000000] [--rounds 40] [--real-time] [--keep NAME]
                                       [--only PATTERN]

The database is that of `tests/bench/scale.py`, the server a real api-server with one worker, the caller an
administrator who may read all DAGs. Every GET route of `docs/openapi.json` is asked; one that nothing is known of is an
error. `first` is the first answer of a fresh server, which loads and compiles once. With `--real-time` (for root) the
server and the database's processes for it go before other work (SCHED_RR). Ends with status 1 if the 95th percentile of
a route is above `--most` milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.bench.api_server import Server, serving
from tests.bench.scale import ROOT, scaled_database

MONITORING = "/api/workflows/monitoring"
QUERIES: dict[str, tuple[dict[str, Any], ...]] = {
    "/api/health": ({},),
    "/api/health/checks": ({},),
    "/api/workflows/automation/services": ({}, {"q": "s3"}),
    "/api/workflows/automation/templates": ({},),
    "/api/workflows/feedback/summary": ({"subject": "all"}, {}),
    f"{MONITORING}/alert-rules": ({},),
    f"{MONITORING}/alert-rules/schema": ({},),
    f"{MONITORING}/alerts": ({}, {"status": "firing"}, {"dag_id": "dag_7"}),
    f"{MONITORING}/alerts/{{alert_id}}": ({},),
    f"{MONITORING}/anomalies": ({}, {"days": 30, "limit": 1000}),
    f"{MONITORING}/forecast": ({"dag_id": "dag_7"}, {"dag_id": "dag_1500"}),
    f"{MONITORING}/forecasts": ({},),
    f"{MONITORING}/health": ({}, {"limit": 100}, {"limit": 1000}, {"dag_id": "dag_7"}, {"reliability": True}),
    f"{MONITORING}/insights": ({}, {"limit": 1000}),
    f"{MONITORING}/metrics": ({}, {"days": 30}, {"days": 20}, {"format": "prometheus"}),
    f"{MONITORING}/metrics/dag": ({"dag_id": "dag_7"},),
    f"{MONITORING}/report": ({}, {"days": 30, "format": "html"}),
    f"{MONITORING}/schedule": ({}, {"days": 7}),
    f"{MONITORING}/services": ({},),
    f"{MONITORING}/services/{{conn_id}}": ({},),
    f"{MONITORING}/silences": ({},),
    "/api/workflows/optimization/results": ({}, {"dag_id": "dag_7"}),
    "/api/workflows/troubleshooting/rates": ({},),
    "/api/workflows/troubleshooting/sessions": ({}, {"dag_id": "dag_7"}),
    "/api/workflows/troubleshooting/sessions/{session_id}": ({},),
}
"""What each route is asked for."""


@dataclass(frozen=True)
class Figure:
    """What a route took, in milliseconds, and the bytes of its answer."""

    name: str
    first: float
    p50: float
    p95: float
    cpu: float
    size: int


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--tries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--keep", default="")
    parser.add_argument("--only", default="", help="only routes whose path has this pattern (regular expression)")
    parser.add_argument("--most", type=float, default=200.0, help="milliseconds at the 95th percentile")
    options = parser.parse_args()
    with scaled_database(options.keep, options.dags, options.tries) as engine, serving(engine) as server:
        with engine.connect() as connection:
            things = {
                "alert_id": connection.scalar(text("SELECT min(alert_id) FROM wfintel_alerts")),
                "session_id": connection.scalar(text("SELECT min(session_id) FROM wfintel_troubleshooting_sessions")),
                "conn_id": "service_7",
            }
        found = [
            ask(server, path.format(**things), query, options)
            for path in read_routes()
            if re.search(options.only, path)
            for query in QUERIES[path]
        ]
    slow = [figure for figure in found if figure.p95 > options.most]
    asked = sum(bool(re.search(options.only, path)) for path in read_routes())
    print(f"{len(found)} questions to {asked} routes; above {options.most:.0f} ms: {len(slow)}")
    print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))
    return int(bool(slow))


def read_routes() -> list[str]:
    """The paths of all GET routes, as the schema has them."""
    schema = json.loads((Path(ROOT) / "docs" / "openapi.json").read_text("utf-8"))
    paths = sorted(path for path, methods in schema["paths"].items() if "get" in methods)
    unknown = set(paths) ^ set(QUERIES)
    assert not unknown, f"say in QUERIES what these are asked for: {sorted(unknown)}"
    return paths


def ask(server: Server, path: str, query: dict[str, Any], options: argparse.Namespace) -> Figure:
    """Ask one route as often as wanted and print its line."""
    client = server.session()
    first = timed(client, server, path, query)[0]
    if options.real_time:
        server.goes_first()
    timed(client, server, path, query)
    before, times, size = server.cpu_seconds(), [], 0
    for _ in range(options.rounds):
        took, size = timed(client, server, path, query)
        times.append(took)
    cpu = 1000 * (server.cpu_seconds() - before) / options.rounds
    ordered = sorted(times)
    shown = "&".join(f"{name}={value}" for name, value in query.items())
    figure = Figure(
        f"{path}{'?' if shown else ''}{shown}",
        first,
        statistics.median(times),
        ordered[max(0, round(0.95 * len(ordered)) - 1)],
        cpu,
        size,
    )
    name = figure.name.removeprefix("/api/").removeprefix("workflows/")
    print(
        f"{name:<56} first {figure.first:7.0f}   p50 {figure.p50:6.1f}   p95 {figure.p95:6.1f} ms"
        f"   processor {figure.cpu:6.1f} ms   {size / 1024:7.1f} KB",
        flush=True,
    )
    return figure


def timed(client: requests.Session, server: Server, path: str, query: dict[str, Any]) -> tuple[float, int]:
    """Milliseconds until the whole answer is there, and its bytes."""
    began = time.perf_counter()
    answer = client.get(f"{server.base_url}/wfintel{path}", params=query, timeout=120)
    took = 1000 * (time.perf_counter() - began)
    assert answer.ok, (path, query, answer.status_code, answer.text[:500])
    return took, len(answer.content)


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
