"""Measures rewrites in a real Airflow: original and rewritten DAG files, run in turn, their results verified.

    python tests/bench/slow_dags.py [--set DIR] [--runs 3] [--only NAME ...] [--out FILE.json]

A set is a folder with `<name>.py`, `<name>.note.json` and `etl_lib.py` (its README says what they are). Without `--set`
it is `data/slow_dags` of the folder that WFINTEL_EVAL_SETS names, or of `shared` beside the repository, or else the
project's own set. Needs PostgreSQL at 127.0.0.1 (user postgres, port 5432 or PGPORT); makes a database of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from airflow_provider_wfintel.app.optimize import (  # noqa: E402
    OptimizeRequest,
    optimize,
    read_history_file,
)
from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run, wait_for  # noqa: E402
from airflow_provider_wfintel.cli.demo.processes import Crew, ends_on_signals  # noqa: E402
from airflow_provider_wfintel.cli.demo.workplace import Workplace, free_ports  # noqa: E402
from airflow_provider_wfintel.engine.optimization.rewrites.draft import PoolSize  # noqa: E402

SHARED = Path(os.environ.get("WFINTEL_EVAL_SETS", ROOT.parent / "shared"))
OWN = ROOT / "tests" / "evals" / "optimization" / "slow_dags"
POSTGRES = f"postgres@127.0.0.1:{os.environ.get('PGPORT', '5432')}"
SLOTS = 16
BETTER = "_rewritten"
EXPERT = "_expert"
WARM_UP = """
from airflow.sdk import DAG, task
with DAG("warm_up", schedule=None) as dag:
    for number in range(16):
        @task(task_id=f"t{number}")
        def nothing():
            pass
        nothing()
"""


@dataclass
class Case:
    """One DAG of the set with its measurements."""

    name: str
    note: dict[str, Any]
    makespans: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


class Bench:
    """A real Airflow with the DAGs of a set."""

    def __init__(self, folder: Path, slow_dags: Path, database: str) -> None:
        self.place = Workplace(folder)
        self.slow_dags = slow_dags
        self.data = folder / "data"
        for path in (self.place.dags, self.place.airflow_home, self.place.logs, self.data):
            path.mkdir(parents=True)
        self.ports = free_ports()
        self.environment = self.place.environment(self.ports)
        self.environment.pop("AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME")
        self.environment.update(
            {
                "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{POSTGRES}/{database}",
                "AIRFLOW__CORE__PARALLELISM": str(SLOTS),
                "SLOW_DAGS_DATA": str(self.data),
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(self.place.dags)]),
            }
        )
        self.api = AirflowApi(f"http://127.0.0.1:{self.ports.airflow}")
        spec = importlib.util.spec_from_file_location("etl_lib", slow_dags / "etl_lib.py")
        assert spec is not None
        assert spec.loader is not None
        self.library = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.library)

    def start(self, crew: Crew) -> None:
        """Start the processes and make the workers warm."""
        crew.run("migrate", ["airflow", "db", "migrate"], timeout=300)
        for name in ("api-server", "scheduler", "dag-processor"):
            crew.start(name, ["airflow", name])
        wait_for("the api-server", lambda: self._answers(), timeout=300, check=crew.check)
        self.api.log_in()
        self.api.warm_up()
        self.add("warm_up", WARM_UP, crew)
        for _ in range(2):
            self.run("warm_up", crew)

    def _answers(self) -> bool:
        import requests

        try:
            return requests.get(f"{self.api.base_url}/api/v2/version", timeout=10).ok
        except OSError:
            return False

    def add(self, dag_id: str, source: str, crew: Crew) -> None:
        """Put a DAG file into the folder and wait until Airflow knows the DAG."""
        (self.place.dags / f"{dag_id}.py").write_text(source, encoding="utf-8")
        wait_for(dag_id, lambda: self.api.dag_is_there(dag_id, f"{dag_id}.py"), timeout=180, check=crew.check)
        self.api.unpause(dag_id)

    def pool(self, name: str, slots: int) -> None:
        """Make a pool, or change its size."""
        body = {"name": name, "slots": slots, "description": "", "include_deferred": False}
        if self.api.call("GET", f"pools/{name}", missing_ok=True) is None:
            self.api.call("POST", "pools", body)
        else:
            self.api.call("PATCH", f"pools/{name}?update_mask=slots", body)

    def run(self, dag_id: str, crew: Crew) -> tuple[Run, str, float]:
        """Run a DAG once: the run, its state and its makespan in seconds."""
        run = self.api.trigger(dag_id)
        done = lambda: (state := self.api.run_state(run)) in ("success", "failed") and state  # noqa: E731
        state = str(wait_for(f"a run of {dag_id}", done, timeout=900, check=crew.check, pause=0.5))
        row = self.api.call("GET", f"dags/{dag_id}/dagRuns/{run.run_id}")
        return run, state, _seconds(row["end_date"]) - _seconds(row["start_date"])

    def instances(self, run: Run) -> list[dict[str, Any]]:
        """The task instances of a run."""
        return self.api.tasks(run)

    def faults(self, run: Run, note: dict[str, Any]) -> list[str]:
        """What is wrong with the data of a run, by the set's own check."""
        safe = re.sub(r"[^A-Za-z0-9_.-]", "_", run.run_id)
        tasks = self.api.call("GET", f"dags/{run.dag_id}/tasks")["tasks"]
        downstream = {task["task_id"]: task["downstream_task_ids"] for task in tasks}
        found: list[str] = self.library.verify(self.data / run.dag_id / safe, note, downstream)
        return found


def _seconds(moment: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def modules_of(folder: Path) -> list[Path]:
    """What the DAG files of a set import: the files without a note."""
    return [path for path in sorted(folder.glob("*.py")) if not path.with_suffix(".note.json").exists()]


def renamed(source: str, old: str, new: str) -> str:
    """The DAG file with another DAG id."""
    changed = re.sub(rf"""(DAG\(\s*(?:dag_id\s*=\s*)?)(["']){old}\2""", rf"\g<1>\g<2>{new}\g<2>", source, count=1)
    if changed == source:
        changed = re.sub(rf"""(@dag\([^)]*dag_id\s*=\s*)(["']){old}\2""", rf"\g<1>\g<2>{new}\g<2>", source, count=1)
    if changed == source:
        changed = re.sub(r"@dag\(", f'@dag(dag_id="{new}", ', source, count=1)
    if changed == source:
        raise SystemExit(f"cannot give the DAG {old} another id")
    return changed


def measure(bench: Bench, crew: Crew, cases: list[Case], runs: int, *, expert: bool) -> None:
    """History first, then the rewritten files, then all of them in turn."""
    for module in modules_of(bench.slow_dags):
        shutil.copy(module, bench.place.dags)
    for case in cases:
        source = (bench.slow_dags / f"{case.name}.py").read_text(encoding="utf-8")
        bench.add(case.name, source, crew)
        _run_once(bench, crew, case, case.name, "history")
        _rewrite(bench, crew, case)
        if expert:
            text = (bench.slow_dags / "expert" / f"{case.name}.py").read_text(encoding="utf-8")
            bench.add(f"{case.name}{EXPERT}", text, crew)
    for _ in range(runs):
        for case in cases:
            _run_once(bench, crew, case, case.name, "original")
            _run_once(bench, crew, case, f"{case.name}{BETTER}", "rewritten")
            if expert:
                _run_once(bench, crew, case, f"{case.name}{EXPERT}", "expert")


def _run_once(bench: Bench, crew: Crew, case: Case, dag_id: str, what: str) -> None:
    pools = dict(case.note.get("pools_before", {}))
    if what == "rewritten":
        pools.update({pool["name"]: pool["slots"] for pool in case.report["pools_to_create"]})
    if what == "expert":
        pools = dict(case.note.get("pools_expert", {}))
    for name, slots in pools.items():
        bench.pool(name, slots)
    run, state, seconds = bench.run(dag_id, crew)
    case.makespans.setdefault(what, []).append(seconds)
    wrong = bench.faults(run, case.note) if what != "history" else []
    if state != "success":
        wrong.insert(0, f"the run ended as {state}")
    case.faults += [f"{what}: {fault}" for fault in wrong]
    print(f"{case.name:<24} {what:<10} {seconds:7.1f} s  {state}  {'; '.join(wrong[:3])}", flush=True)
    if what == "history":
        place = bench.place.folder / f"{case.name}.history.json"
        rows = bench.instances(run)
        if place.exists():
            rows = json.loads(place.read_text())["task_instances"] + rows
        place.write_text(json.dumps({"task_instances": rows, "total_entries": len(rows)}))


def _rewrite(bench: Bench, crew: Crew, case: Case) -> None:
    pools = tuple(PoolSize(name, slots, "") for name, slots in case.note.get("pools_before", {}).items())
    # The optimizer gets the file, its modules and the history: neither the note nor the expert's file.
    with tempfile.TemporaryDirectory() as folder:
        for path in (bench.slow_dags / f"{case.name}.py", *modules_of(bench.slow_dags)):
            shutil.copy(path, folder)
        history = read_history_file(bench.place.folder / f"{case.name}.history.json")
        done = optimize(OptimizeRequest(Path(folder) / f"{case.name}.py", history, pools=pools, slots=SLOTS))
    case.report = done.report
    (bench.place.folder / f"{case.name}.report.json").write_text(json.dumps(done.report, indent=2))
    (bench.place.folder / f"{case.name}{BETTER}.txt").write_text(done.after)
    bench.add(f"{case.name}{BETTER}", renamed(done.after, case.name, f"{case.name}{BETTER}"), crew)


def figures(cases: list[Case]) -> list[dict[str, Any]]:
    """One row for each DAG: medians, reduction, prediction, faults."""
    rows = []
    for case in cases:
        medians = {what: statistics.median(values) for what, values in case.makespans.items()}
        predicted = case.report["predicted"]["makespan_s"]
        rows.append(
            {
                "name": case.name,
                "original_s": round(medians["original"], 1),
                "rewritten_s": round(medians["rewritten"], 1),
                "reduction_pct": round(100 * (1 - medians["rewritten"] / medians["original"]), 1),
                "expert_reduction_pct": round(100 * (1 - medians["expert"] / medians["original"]), 1)
                if "expert" in medians
                else case.note.get("measured", {}).get("reduction_pct"),
                "predicted_original_s": round(predicted["before"], 1),
                "predicted_rewritten_s": round(predicted["after"], 1),
                "rewrites": [item["rewrite"] for item in case.report["rewrites"]],
                "faults": case.faults,
                "runs": {what: [round(value, 1) for value in values] for what, values in case.makespans.items()},
            }
        )
    return rows


def main() -> int:
    """Run the bench and print one line for each DAG."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    default = SHARED / "data" / "slow_dags"
    parser.add_argument("--set", type=Path, default=default if default.is_dir() else OWN)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--expert", action="store_true", help="measure the expert's files, too")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    cases = []
    for path in sorted(args.set.glob("*.note.json")):
        name = path.name.removesuffix(".note.json")
        if not args.only or name in args.only:
            cases.append(Case(name, json.loads(path.read_text(encoding="utf-8"))))
    database = f"wfintel_bench_{os.getpid()}"
    folder = Path(tempfile.mkdtemp(prefix="wfintel-bench-"))
    _database(f'CREATE DATABASE "{database}"')
    started = time.monotonic()
    try:
        bench = Bench(folder / "airflow", args.set, database)
        with Crew(bench.place.folder, bench.place.logs, bench.environment) as crew:
            bench.start(crew)
            measure(bench, crew, cases, args.runs, expert=args.expert)
        rows = figures(cases)
    finally:
        _database(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    for row in rows:
        print(
            f"{row['name']:<24} {row['original_s']:7.1f} -> {row['rewritten_s']:6.1f} s "
            f" {row['reduction_pct']:5.1f} %  "
            f"(expert {row['expert_reduction_pct']} %)  faults {len(row['faults'])}  {', '.join(row['rewrites'])}"
        )
    mean = statistics.fmean(row["reduction_pct"] for row in rows)
    faults = sum(len(row["faults"]) for row in rows)
    took = time.monotonic() - started
    print(f"mean reduction {mean:.1f} %, faults {faults}, {args.runs} runs each, {took:.0f} s; {folder}")
    if args.out:
        args.out.write_text(json.dumps({"mean_reduction_pct": round(mean, 1), "dags": rows}, indent=2) + "\n")
    return 1 if faults else 0


def _database(statement: str) -> None:
    import psycopg

    with psycopg.connect(f"postgresql://{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
