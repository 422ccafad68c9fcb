"""Run the resolution trials in a real Airflow: who is helped by the machine, what acted, how long it took.

    python -m tests.e2e.faults.resolve [--only WORD] [--write trials.json]

The sessions are driven over the REST routes of this package, as an operator or a page does it: open, resolve, wait
until it is due, verify. The exit status is 1 if a remedy acted that is not acceptable, or a floor is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.demo.airflow_api import wait_for
from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.e2e.faults.deployment import Deployment
from tests.e2e.faults.people import answer_question, deploy_own_dags
from tests.e2e.faults.traces import leaves, take_back
from tests.e2e.faults.trial_records import KINDS, POLICY, Trial, trials

__all__ = [
    "Outcome",
    "OwnRoutes",
    "as_wanted",
    "await_failure",
    "line_of",
    "main",
    "passed",
    "prepared",
    "run_trials",
    "state_of_task",
    "summary",
    "trial_airflow",
]

OWN = "/wfintel/api/workflows/troubleshooting"
TASK = "job"
MOST_SECONDS = 240.0
PAUSE = 1.0
WAITING_SECONDS = 5.0
RESOLVED_FLOOR = 0.9
DIAGNOSIS_SECONDS = 15.0
REMEDY_SECONDS = 60.0
RESULTS = Path(__file__).with_name("corpus") / "trials.json"
OVER = ("failed", "upstream_failed", "success")
ESCALATED = ("escalated", "manual_intervention_required")


@dataclass(slots=True)
class Outcome:
    """What came of a trial.

    Attributes:
        acted: remedies that acted, in order.
        status: status of the last session.
        task: state of the task at the end.
        asked_seconds: from the end of the failed try until this program asked for its diagnosis.
        diagnosis_seconds: from the end of the failed try to its diagnosis.
        remedy_seconds: from the end of the failed try until the first remedy acted, or until it began to wait for a
            source or a pause; None if none was chosen.
    """

    name: str
    kind: str
    label: str = ""
    acted: list[str] = field(default_factory=list)
    status: str = ""
    task: str = ""
    reason: str = ""
    asked_seconds: float | None = None
    diagnosis_seconds: float | None = None
    remedy_seconds: float | None = None
    harmful: list[str] = field(default_factory=list)
    good: bool = False
    left: str = ""
    taken_back: str = ""


class OwnRoutes:
    """This package's routes, as a person with all rights calls them."""

    def __init__(self, base_url: str) -> None:
        import requests

        self._base = base_url
        self._session = requests.Session()
        self._session.trust_env = False
        token = self._session.get(f"{base_url}/auth/token", timeout=60).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self._session.request(method, f"{self._base}{OWN}{path}", json=body, timeout=120)
        return answer.status_code, answer.json() if answer.content else None


def run_trials(airflow: Deployment, chosen: list[Trial]) -> Iterator[Outcome]:
    """Run the trials, four at a time, and yield what came of each."""
    with ThreadPoolExecutor(4) as threads:
        try:
            asked = [threads.submit(_one, airflow, item) for item in chosen]
            yield from (done.result() for done in as_completed(asked))
        finally:  # who ends the program does not wait for trials that have not begun
            threads.shutdown(wait=False, cancel_futures=True)


def _one(airflow: Deployment, trial: Trial) -> Outcome:
    with contextlib.ExitStack() as stack:
        heal = prepared(airflow, trial, stack)
        outcome = Outcome(trial.name, trial.kind)
        ended: float | None = None
        for _ in range(trial.runs):
            run = airflow.api.trigger(trial.name)
            ended = await_failure(airflow, trial, run)
        if ended is None:
            outcome.reason = "the task did not fail as the trial wants"
            return outcome
        if trial.heal and trial.heal[1] == "mend":  # a person has mended the code before anybody looks
            heal()
            ended = _await_new_version(airflow, trial)
        elif trial.heal:
            timer = threading.Timer(trial.heal[0], heal)
            timer.start()
            stack.callback(timer.cancel)
        _drive_all(airflow, trial, run, outcome, ended)
        if outcome.status == "auto_resolved":  # a task that has left its pool's queue has not succeeded yet
            _await_end_of_try(airflow, run, time.monotonic() + MOST_SECONDS)
        outcome.task = state_of_task(airflow, run)
        outcome.left = leaves(airflow, trial, run)
        outcome.taken_back = take_back(airflow, trial, OwnRoutes(airflow.api.base_url))
    outcome.harmful = [name for name in outcome.acted if name not in trial.acceptable]
    outcome.good = not outcome.harmful and as_wanted(trial, outcome)
    return outcome


def as_wanted(trial: Trial, outcome: Outcome) -> bool:
    """Whether a trial ended as it has to."""
    if outcome.left == "missing" or outcome.taken_back == "still there":
        return False
    if outcome.kind == "resolvable":
        return outcome.task == "success" and outcome.status == "auto_resolved"
    if outcome.kind == "asked" and trial.acceptable:
        return outcome.task == "success" and outcome.status == "resolved"
    reached = outcome.status in ESCALATED
    return reached and bool(outcome.acted) == (outcome.kind in ("budget", "stopped"))


def await_failure(airflow: Deployment, trial: Trial, run: Any) -> float | None:
    """When the task failed, by the wall clock; None if it did something else."""
    until, marked, since = time.monotonic() + MOST_SECONDS, False, 0.0
    while time.monotonic() < until:
        task = _task(airflow, run)
        state = task.get("state") or "none"
        if trial.mark_failed and state == "running" and not marked:
            place = f"dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{TASK}"
            airflow.call("PATCH", place, {"new_state": "failed"})
            marked = True
        if state == trial.state:
            if trial.state != "scheduled" and not trial.waits:
                return _moment(task.get("end_date")) or time.time()
            # A task that waits has no end; it is a failure once it has waited for some seconds.
            since = since or time.time()
            if time.time() - since > (trial.waits or WAITING_SECONDS):
                return time.time()
            time.sleep(PAUSE)
            continue
        if state in ("success", "failed", "upstream_failed", "skipped"):
            return None
        since = 0.0
        time.sleep(PAUSE)
    return None


def _await_new_version(airflow: Deployment, trial: Trial) -> float:
    """Wait until the mended file has been parsed."""
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        latest = airflow.call("GET", f"dags/{trial.name}/details").get("latest_dag_version") or {}
        if latest.get("version_number", 0) > 1:
            break
        time.sleep(PAUSE)
    return time.time()


def _drive_all(airflow: Deployment, trial: Trial, run: Any, outcome: Outcome, ended: float) -> None:
    """The one task, or all copies that failed at the same time."""
    if not trial.mapped:
        _drive(airflow, trial, run, outcome, ended)
        return
    wait_for(
        "all copies",
        lambda: all(item["state"] in OVER for item in _copies(airflow, run)),
        timeout=MOST_SECONDS,
        check=airflow.crew.check,
    )
    failed = [item["map_index"] for item in _copies(airflow, run) if item["state"] == "failed"]
    each = [Outcome(outcome.name, outcome.kind) for _ in failed]
    with ThreadPoolExecutor(len(failed)) as threads:
        list(threads.map(lambda one, index: _drive(airflow, trial, run, one, ended, index), each, failed))
    first = each[0]
    outcome.label, outcome.asked_seconds, outcome.reason = first.label, first.asked_seconds, first.reason
    outcome.diagnosis_seconds, outcome.remedy_seconds = first.diagnosis_seconds, first.remedy_seconds
    outcome.acted = [name for one in each for name in one.acted]
    outcome.status = next((one.status for one in each if one.status != "auto_resolved"), "auto_resolved")


def _copies(airflow: Deployment, run: Any) -> list[dict[str, Any]]:
    return [task for task in airflow.api.tasks(run) if task["task_id"] == TASK]


def _drive(airflow: Deployment, trial: Trial, run: Any, outcome: Outcome, ended: float, map_index: int = -1) -> None:
    """Open, resolve, verify, and again for the next try, until the session has an end."""
    own = OwnRoutes(airflow.api.base_url)
    until = time.monotonic() + MOST_SECONDS
    first = True
    while time.monotonic() < until:
        key = {"dag_id": run.dag_id, "run_id": run.run_id, "task_id": TASK, "map_index": map_index}
        asked = time.time()
        status, answer = own("POST", "/sessions", key)
        if status != 200:
            outcome.reason = f"open: {status} {str(answer)[:300]}"
            if status == 422 or status == 400:  # it has succeeded meanwhile
                return
            time.sleep(PAUSE)
            continue
        session = answer["session"]
        if first:
            outcome.label, outcome.diagnosis_seconds = session["label"], round(time.time() - ended, 2)
            outcome.asked_seconds = round(asked - ended, 2)
        again = _resolve(own, session["session_id"], outcome, ended if first else None, until)
        first = False
        if trial.answer and outcome.status == "manual_intervention_required":
            outcome.status, outcome.acted = answer_question(airflow, trial, session["session_id"], own)
        if not again:
            return
        _await_end_of_try(airflow, run, until, map_index)


def _resolve(own: OwnRoutes, session_id: str, outcome: Outcome, ended: float | None, until: float) -> bool:
    """One session to its end; whether the task failed again and has to be looked at anew."""
    while time.monotonic() < until:
        status, answer = own("POST", f"/sessions/{session_id}/resolve", {"mode": "apply"})
        if status != 200:
            outcome.reason = f"resolve: {status} {str(answer)[:300]}"
            time.sleep(PAUSE)
            continue
        outcome.status, outcome.reason = answer["session"]["status"], answer["reason"]
        if answer["outcome"] in ("applied", "waiting") and ended is not None and outcome.remedy_seconds is None:
            outcome.remedy_seconds = round(time.time() - ended, 2)
        if answer["outcome"] == "applied":
            outcome.acted.append(answer["remedy"])
            return _verify(own, session_id, outcome, until)
        if answer["outcome"] == "moved_on":
            return True
        if answer["outcome"] not in ("waiting", "later"):
            return False
        time.sleep(PAUSE)
    return False


def _verify(own: OwnRoutes, session_id: str, outcome: Outcome, until: float) -> bool:
    while time.monotonic() < until:
        status, answer = own("POST", f"/sessions/{session_id}/verify")
        if status == 200:
            outcome.status = answer["status"]
            if answer["status"] != "in_progress":
                return answer["status"] == "closed" and answer["outcome"] == "failed_again"
        time.sleep(PAUSE)
    return False


def _await_end_of_try(airflow: Deployment, run: Any, until: float, map_index: int | None = None) -> None:
    while time.monotonic() < until and _task(airflow, run, map_index).get("state") not in OVER:
        time.sleep(PAUSE)


def _task(airflow: Deployment, run: Any, map_index: int | None = None) -> dict[str, Any]:
    """The task instance; of copies the one that failed, if there is one."""
    found = [item for item in _copies(airflow, run) if map_index in (None, item["map_index"])]
    return next((item for item in found if item["state"] == "failed"), found[-1] if found else {})


def state_of_task(airflow: Deployment, run: Any) -> str:
    """The state of the task; of copies the one that is not a success."""
    states = [item["state"] or "none" for item in _copies(airflow, run)]
    return next((state for state in states if state != "success"), "success" if states else "")


def _moment(text: str | None) -> float | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None


def prepared(airflow: Deployment, trial: Trial, stack: contextlib.ExitStack) -> Any:
    """What the trial needs before it starts; returns what heals it."""
    from sqlalchemy import create_engine, text

    _, what, argument = trial.heal or (0.0, "", "")
    if what == "http_up":
        airflow.services.down.add(argument)
        return lambda: airflow.services.down.discard(argument)
    if what == "listen":
        return lambda: airflow.services.listen(int(argument))
    if what == "file":
        return lambda: (airflow.folder / "data" / argument).write_text("id,qty\n1,2\n")
    if what == "mend":
        target = airflow.dags / trial.path.name
        return lambda: target.write_text(trial.path.read_text().replace('column="quantity"', 'column="qty"'))
    if what in ("release", "disconnect"):
        shop = airflow.shop.url
        url = shop.set(username=f"{shop.database}_{argument}") if what == "disconnect" else shop
        engine = create_engine(url)
        connection = engine.connect()
        stack.callback(engine.dispose)
        stack.callback(connection.close)
        connection.execute(text(argument if what == "release" else "SELECT 1"))

        def let_go() -> None:
            connection.close()
            engine.dispose()

        return let_go
    return lambda: None


def summary(outcomes: list[Outcome]) -> dict[str, Any]:
    """The figures with their denominators."""
    by_kind = {kind: [item for item in outcomes if item.kind == kind] for kind in KINDS}
    diagnosed = sorted(item.diagnosis_seconds for item in outcomes if item.diagnosis_seconds is not None)
    chosen = sorted(item.remedy_seconds for item in outcomes if item.remedy_seconds is not None)
    return {
        "trials": len(outcomes),
        **{kind: [sum(item.good for item in items), len(items)] for kind, items in by_kind.items()},
        "harmful_actions": sum(len(item.harmful) for item in outcomes),
        "actions": sum(len(item.acted) for item in outcomes),
        "diagnosis_seconds": _spread(diagnosed),
        "diagnosed_in_time": [sum(value <= DIAGNOSIS_SECONDS for value in diagnosed), len(outcomes)],
        "remedy_seconds": _spread(chosen),
        "remedy_in_time": [sum(value <= REMEDY_SECONDS for value in chosen), len(chosen)],
    }


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": values[len(values) // 2], "p95": values[int(0.95 * (len(values) - 1))], "most": values[-1]}


def passed(figures: dict[str, Any]) -> bool:
    """Whether the floors hold: no harm, everything escalated that must be, nine in ten resolved."""
    helped, resolvable = figures["resolvable"]
    handed = all(figures[kind][0] == figures[kind][1] for kind in KINDS if kind != "resolvable")
    return figures["harmful_actions"] == 0 and handed and helped >= RESOLVED_FLOOR * resolvable


@contextlib.contextmanager
def trial_airflow(place: Path, chosen: list[Trial], *dags: str) -> Iterator[Deployment]:
    """An Airflow with the policy of the trials, a plan file, the connections that remedies probe, and own DAGs."""
    from tests.e2e.faults.deployment import running_airflow
    from tests.e2e.faults.provoke import deploy

    policy, plan = place / "policy.json", place / "plan.json"
    policy.write_text(json.dumps(POLICY))
    settings = {
        "WFINTEL__REMEDY_POLICY_FILE": str(policy),
        "WFINTEL__PLAN_FILE": str(plan),
        # Long enough for a task without a heartbeat to be seen before Airflow itself ends it.
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
    }
    folder = place / "trials"
    folder.mkdir()
    with running_airflow(folder, **settings) as airflow, deploy(airflow, chosen):  # type: ignore[arg-type]
        services = airflow.services
        ports = {
            "shop_late": services.late[0].getsockname()[1],
            "shop_trigger": services.late[1].getsockname()[1],
            "shop_switch": services.closed,
        }
        for name, port in ports.items():
            body = {"connection_id": name, "conn_type": "http", "host": "127.0.0.1", "port": port}
            airflow.call("POST", "connections", body)
        bounds = {**POLICY["defaults"]["bounds"], "fallbacks": {"shop_switch": {"port": services.http}}}
        policy.write_text(json.dumps({**POLICY, "defaults": {**POLICY["defaults"], "bounds": bounds}}))
        deploy_own_dags(airflow, chosen, *dags)
        yield airflow


def main() -> int:
    """Run, print, write."""
    from tests.e2e.faults.collect import away_from_other_airflows

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="WORD", help="trials whose name holds this word")
    parser.add_argument("--write", type=Path, metavar="FILE.json")
    arguments = parser.parse_args()
    chosen = [trial for trial in trials() if arguments.only in trial.name]
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="wfintel-trials-") as place:
        away_from_other_airflows(Path(place))
        with trial_airflow(Path(place), chosen) as airflow:
            for outcome in run_trials(airflow, chosen):
                outcomes.append(outcome)
                print(line_of(outcome), flush=True)
    figures = summary(outcomes)
    print(json.dumps(figures, indent=1))
    if arguments.write:
        rows = [asdict(item) for item in sorted(outcomes, key=lambda item: item.name)]
        made = datetime.now(timezone.utc).isoformat(timespec="seconds")
        arguments.write.write_text(json.dumps({"made": made, "figures": figures, "trials": rows}, indent=1) + "\n")
    return 0 if passed(figures) else 1


def line_of(item: Outcome) -> str:
    mark = "" if item.good else "NOT AS WANTED"
    times = f"{item.diagnosis_seconds or 0:5.1f} s {item.remedy_seconds or 0:5.1f} s"
    acted = ", ".join(item.acted) or "-"
    what = f"{item.kind:<10} {item.name:<22} {times} {item.label:<26} {acted:<40}"
    return f"{what} {item.status:<28} {item.task:<8} {mark} {item.reason if mark else ''}"


if __name__ == "__main__":
    with ends_on_signals():
        sys.exit(main())
