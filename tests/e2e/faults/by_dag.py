"""The same trials, handled by the self-diagnosis DAG itself, on its own schedule, in a real Airflow.

    python -m tests.e2e.faults.by_dag [--only WORD ...] [--write trials_by_dag.json]

Nobody drives a session here: `dags/wfintel_self_diagnosis.py` is put into the DAGs folder as it is and finds the
failures. Once, while its `resolve_and_verify` runs, that task and its supervisor are killed: the next run has to go on
without doing anything twice. The exit status is 1 if a remedy acted that is not acceptable, two acted on one try, or
a trial did not end as it has to.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.e2e.faults.deployment import Deployment
from tests.e2e.faults.resolve import (
    Outcome,
    OwnRoutes,
    as_wanted,
    await_failure,
    line_of,
    passed,
    prepared,
    state_of_task,
    summary,
    trial_airflow,
)
from tests.e2e.faults.traces import leaves, take_back
from tests.e2e.faults.trial_records import Trial, trials

__all__ = ["CHOSEN", "main", "run_by_dag"]

SELF, ACTING_TASK = "wfintel_self_diagnosis", "resolve_and_verify"
CHOSEN = (
    "http_503", "http_reset", "deadlock", "fallback", "missing_input", "time_limit", "upstream", "other_queue",
    "payment", "policy_off", "permission", "bad_data", "key_error", "never_heals",
)  # fmt: skip
MOST_SECONDS = 900.0
PAUSE = 5.0
ENDED = ("auto_resolved", "resolved", "escalated", "manual_intervention_required")


def run_by_dag(airflow: Deployment, chosen: list[Trial], *, kill: bool = True) -> tuple[list[Outcome], dict[str, Any]]:
    """Let all of them fail at once and wait until the DAG has ended every session; what came of each and the kill."""
    stop = threading.Event()
    killed: dict[str, Any] = {}
    killer = threading.Thread(target=_kill_once, args=(airflow, stop, killed), daemon=True)
    if kill:
        killer.start()
    try:
        with ThreadPoolExecutor(len(chosen)) as threads:
            outcomes = list(threads.map(lambda trial: _one(airflow, trial), chosen))
    finally:
        stop.set()
    own = OwnRoutes(airflow.api.base_url)
    acts = _acts_by_try(own)
    return outcomes, {**killed, "tries_acted_on": len(acts), "most_acts_on_a_try": max(acts.values(), default=0)}


def _one(airflow: Deployment, trial: Trial) -> Outcome:
    own = OwnRoutes(airflow.api.base_url)
    outcome = Outcome(trial.name, trial.kind)
    with contextlib.ExitStack() as stack:
        heal = prepared(airflow, trial, stack)
        run = airflow.api.trigger(trial.name)
        ended = await_failure(airflow, trial, run)
        if ended is None:
            outcome.reason = "the task did not fail as the trial wants"
            return outcome
        if trial.heal:
            timer = threading.Timer(trial.heal[0], heal)
            timer.start()
            stack.callback(timer.cancel)
        found = _await_end(airflow, trial, run, own)
    _tell(own, found, outcome, ended)
    outcome.task = state_of_task(airflow, run)
    outcome.left = leaves(airflow, trial, run)
    outcome.taken_back = take_back(airflow, trial, own)
    outcome.harmful = [name for name in outcome.acted if name not in trial.acceptable]
    outcome.good = not outcome.harmful and as_wanted(trial, outcome)
    return outcome


def _sessions(own: OwnRoutes, dag_id: str) -> list[dict[str, Any]]:
    return _listed(own, f"dag_id={dag_id}")


def _listed(own: OwnRoutes, wanted: str) -> list[dict[str, Any]]:
    """Sessions, the oldest first; none if the server does not answer in time, as on a very busy machine."""
    try:
        status, found = own("GET", f"/sessions?{wanted}&limit=100")
    except OSError:
        return []
    return list(reversed(found["sessions"])) if status == 200 else []


def _await_end(airflow: Deployment, trial: Trial, run: Any, own: OwnRoutes) -> list[dict[str, Any]]:
    """The sessions, once the last one of each copy has ended and the task with it."""
    until = time.monotonic() + MOST_SECONDS
    while True:
        found = _sessions(own, trial.name)
        last = {item["map_index"]: item["status"] for item in found}
        over = bool(last) and all(status in ENDED for status in last.values())
        handed = any(status not in ("auto_resolved", "resolved") for status in last.values())
        if over and (handed or state_of_task(airflow, run) == "success"):
            return found
        if time.monotonic() > until:
            return found
        time.sleep(PAUSE)


def _tell(own: OwnRoutes, found: list[dict[str, Any]], outcome: Outcome, ended: float) -> None:
    begun: list[float] = []
    for session in found:
        _, detail = own("GET", f"/sessions/{session['session_id']}")
        outcome.acted += [item["remedy"] for item in detail["attempts"] if item["applied_at"]]
        begun += [_moment(item["requested_at"]) for item in detail["attempts"]]
    if not found:
        outcome.reason = "no session was opened"
        return
    outcome.label, outcome.diagnosis_seconds = found[0]["label"], round(_moment(found[0]["opened_at"]) - ended, 2)
    outcome.remedy_seconds = round(min(begun) - ended, 2) if begun else None
    last = {item["map_index"]: item for item in found}.values()
    worst = next((item for item in last if item["status"] != "auto_resolved"), next(iter(last)))
    outcome.status, outcome.reason = worst["status"], worst.get("reason") or ""


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _acts_by_try(own: OwnRoutes) -> dict[str, int]:
    """How many remedies acted on each try."""
    found: dict[str, int] = {}
    for name in [trial.name for trial in trials()]:
        for session in _sessions(own, name):
            _, detail = own("GET", f"/sessions/{session['session_id']}")
            acted = sum(bool(item["applied_at"]) for item in detail["attempts"])
            if acted:
                key = str(session.get("try_id") or session["session_id"])
                found[key] = found.get(key, 0) + acted
    return found


def _kill_once(airflow: Deployment, stop: threading.Event, killed: dict[str, Any]) -> None:
    """Kill the acting task of the DAG with its supervisor, once something has acted and has not been verified yet."""
    own = OwnRoutes(airflow.api.base_url)
    while not stop.wait(0.5):
        if not any(item["phase"] == "verification" for item in _listed(own, "status=in_progress")):
            continue
        runs = airflow.call("GET", f"dags/{SELF}/dagRuns?state=running")["dag_runs"]
        for run in runs:
            place = f"dags/{SELF}/dagRuns/{run['dag_run_id']}/taskInstances/{ACTING_TASK}"
            task = airflow.call("GET", place, missing_ok=True)
            if task and task["state"] == "running" and (pids := _processes_of(task["id"])):
                for pid in pids:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                killed |= {"killed_run": run["dag_run_id"], "killed_processes": len(pids)}
                return


def _processes_of(task_id: str) -> list[int]:
    """The supervisor of a task instance, whose title names it, and its children."""
    parents: dict[int, int] = {}
    named = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            title = (entry / "cmdline").read_text(errors="replace")
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if task_id in title:
                named.add(int(entry.name))
    return sorted(named | {pid for pid, parent in parents.items() if parent in named})


def main() -> int:
    """Run, print, write."""
    from tests.e2e.faults.collect import away_from_other_airflows

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", default=CHOSEN, metavar="NAME")
    parser.add_argument("--write", type=Path, metavar="FILE.json")
    arguments = parser.parse_args()
    chosen = [trial for trial in trials() if trial.name in arguments.only]
    with tempfile.TemporaryDirectory(prefix="wfintel-by-dag-") as place:
        away_from_other_airflows(Path(place))
        with trial_airflow(Path(place), chosen, SELF) as airflow:
            outcomes, killed = run_by_dag(airflow, chosen)
    for outcome in outcomes:
        print(line_of(outcome), flush=True)
    figures = {**summary(outcomes), **killed}
    print(json.dumps(figures, indent=1))
    if arguments.write:
        made = datetime.now(timezone.utc).isoformat(timespec="seconds")
        rows = [asdict(item) for item in outcomes]
        arguments.write.write_text(json.dumps({"made": made, "figures": figures, "trials": rows}, indent=1) + "\n")
    once = figures["most_acts_on_a_try"] <= 1
    return 0 if passed(figures) and once and "killed_run" in figures else 1


if __name__ == "__main__":
    with ends_on_signals():
        sys.exit(main())
