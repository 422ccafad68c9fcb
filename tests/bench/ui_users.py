"""Fifty people look at our pages at once, with 1,000,000 tries of 2,000 DAGs in PostgreSQL: how long does a page take?

    python -m tests.bench.ui_users [--users 50] [--minutes 5] [--workers 1] [--real-time] [--keep NAME]

The database is that of `tests/bench/scale.py`, the server a real api-server. Each user opens one page after the other
and looks at it for 5 to 15 seconds (uniform). A page is the questions that its view asks, at most six at a time as a
browser does, and takes until the last answer is there; answers that the user has already are asked for with their tag
(`If-None-Match`) as a browser does. What a browser draws afterwards is not in it, nor are Airflow's own questions. The
users are threads of this process, on the same machine. With `--real-time` (for root) the server and the database's
processes for it go before other work (SCHED_RR). Ends with status 1 if an answer is an error.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.bench.api_server import Server, serving
from tests.bench.scale import scaled_database

MONITORING = "/api/workflows/monitoring"
SESSIONS = "/api/workflows/troubleshooting/sessions"
TEXT = "Every day at 7, load s3://lake/in.csv into the Snowflake table raw.orders. Retry {} times."
Question = tuple[str, dict[str, Any]]


def page_of(name: str, dag_id: str) -> list[Question]:
    """What the view of a page asks."""
    pages: dict[str, list[Question]] = {
        "overview": [
            ("/api/health", {}),
            (f"{MONITORING}/health", {}),
            (f"{MONITORING}/alerts", {"status": "firing"}),
            ("/api/workflows/feedback/summary", {"subject": "all"}),
            (f"{MONITORING}/metrics", {"days": 7}),
        ],
        "monitor": [
            (f"{MONITORING}/alerts", {}),
            (SESSIONS, {}),
            (f"{MONITORING}/health", {"limit": 100}),
            (f"{MONITORING}/schedule", {"days": 28, "zone": "Europe/Berlin"}),
            (f"{MONITORING}/services", {}),
            (f"{MONITORING}/anomalies", {}),
            (f"{MONITORING}/insights", {}),
        ],
        "a DAG": [
            (f"{MONITORING}/health", {"dag_id": dag_id}),
            (f"{MONITORING}/forecast", {"dag_id": dag_id}),
            (f"{MONITORING}/anomalies", {"dag_id": dag_id}),
            (f"{MONITORING}/insights", {"dag_id": dag_id}),
            (f"{MONITORING}/alerts", {"dag_id": dag_id}),
            (SESSIONS, {"dag_id": dag_id}),
        ],
        "troubleshoot": [(SESSIONS, {}), ("/api/workflows/troubleshooting/rates", {})],
        "reports": [(f"{MONITORING}/report", {"days": 7})],
        "optimize": [("/api/workflows/optimization/results", {"dag_id": dag_id})],
        "generate, a preview": [],
    }
    return pages[name]


PAGES = {
    "overview": 3,
    "monitor": 3,
    "a DAG": 3,
    "troubleshoot": 2,
    "reports": 1,
    "optimize": 1,
    "generate, a preview": 2,
}
"""How often each is opened, relative to the others."""


@dataclass
class Seen:
    """What all users saw: seconds by page, and errors."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    answers: int = 0
    unchanged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class User(threading.Thread):
    """Somebody who looks around until the time is over."""

    def __init__(self, number: int, server: Server, seen: Seen, until: float, dags: int) -> None:
        super().__init__(name=f"user-{number}", daemon=True)
        self._dice = random.Random(number)  # noqa: S311 - the same people every time
        self._server, self._seen, self._until, self._dags = server, seen, until, dags
        self._client = server.session()
        self._client.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=6))
        self._tags: dict[str, str] = {}

    def run(self) -> None:
        """Come within the first ten seconds, then open page after page."""
        time.sleep(self._dice.uniform(0, 10))
        with ThreadPoolExecutor(6) as at_once:
            while time.monotonic() < self._until:
                name = self._dice.choices(list(PAGES), list(PAGES.values()))[0]
                questions = page_of(name, f"dag_{self._dice.randint(1, self._dags)}")
                began = time.perf_counter()
                if questions:
                    list(at_once.map(lambda question: self._ask(*question), questions))
                else:
                    self._generate()
                took = time.perf_counter() - began
                with self._seen.lock:
                    self._seen.pages[name].append(took)
                time.sleep(self._dice.uniform(5, 15))

    def _ask(self, path: str, query: dict[str, Any]) -> None:
        url = requests.Request("GET", f"{self._server.base_url}/wfintel{path}", params=query).prepare().url or ""
        tag = self._tags.get(url)
        self._note(lambda: self._client.get(url, headers={"If-None-Match": tag} if tag else {}, timeout=120), url)

    def _generate(self) -> None:
        url = f"{self._server.base_url}/wfintel/api/workflows/automation/generate"
        body = {"user_input": TEXT.format(self._dice.randint(1, 9))}
        self._note(lambda: self._client.post(url, json=body, timeout=120), "")

    def _note(self, ask: Any, url: str) -> None:
        try:
            answer = ask()
        except requests.RequestException as error:
            with self._seen.lock:
                self._seen.errors.append(f"{url}: {type(error).__name__}")
            return
        with self._seen.lock:
            self._seen.answers += 1
            self._seen.unchanged += answer.status_code == 304
            if answer.status_code >= 400:
                self._seen.errors.append(f"{answer.url}: {answer.status_code}")
        if url and "ETag" in answer.headers:
            self._tags[url] = answer.headers["ETag"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--workers", type=int, default=1, help="processes of the api-server")
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--tries", type=int, default=1_000_000)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--keep", default="")
    options = parser.parse_args()
    with (
        scaled_database(options.keep, options.dags, options.tries) as engine,
        serving(engine, workers=options.workers) as server,
    ):
        seen = load(server, options)
    for name in PAGES:
        figure(name, seen.pages[name])
    figure("all pages", [took for times in seen.pages.values() for took in times])
    for error in sorted(set(seen.errors))[:10]:
        print("error:", error)
    return int(bool(seen.errors))


def load(server: Server, options: argparse.Namespace) -> Seen:
    """Let the users in, wait until they have gone, and say what it cost."""
    seen, began = Seen(), time.monotonic()
    first = User(0, server, Seen(), 0.0, options.dags)
    for name in PAGES:  # what a fresh server loads and compiles once is not theirs
        for path, query in page_of(name, "dag_1"):
            first._ask(path, query)
    first._generate()
    cpu, began, memory = server.cpu_seconds(), time.monotonic(), server.resident()
    users = [User(number, server, seen, began + 60 * options.minutes, options.dags) for number in range(options.users)]
    for user in users:
        user.start()
    while any(user.is_alive() for user in users):
        if options.real_time:
            server.goes_first()
        time.sleep(5)
    took, used = time.monotonic() - began, server.cpu_seconds() - cpu
    print(
        f"{options.users} users, {took / 60:.1f} minutes, {options.workers} worker(s): {seen.answers} answers "
        f"({seen.answers / took:.1f}/s, {seen.unchanged} unchanged), {len(seen.errors)} errors; "
        f"processor {used / took:.2f} cores; memory {memory / 2**20:.0f} -> {server.resident() / 2**20:.0f} MiB; "
        f"load average {os.getloadavg()[1]:.1f}"
    )
    return seen


def figure(name: str, times: list[float]) -> None:
    """Print the line of a page."""
    ordered = sorted(times)
    if ordered:
        high = ordered[max(0, round(0.95 * len(ordered)) - 1)]
        print(
            f"{name:<20} {len(ordered):5} times   p50 {1000 * statistics.median(ordered):6.0f} ms   "
            f"p95 {1000 * high:6.0f} ms   longest {1000 * ordered[-1]:6.0f} ms"
        )


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
