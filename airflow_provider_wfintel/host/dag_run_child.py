"""The child of `dag_run`: run as a script, never imported by the package.

Arguments: a JSON file that names the DAG files, and the folder for the results. Each file is run by a process of its
own, forked from this one, so that Airflow is imported once and nothing of a run is left for the next.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

_pause = time.sleep  # the stand-ins shorten it for tasks


def main(arguments: list[str]) -> int:
    """Run all files of the request."""
    sys.path[:] = [part for part in sys.path if part != str(Path(__file__).resolve().parent)]
    request = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    home, results = Path(os.environ["AIRFLOW_HOME"]), Path(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (request["memory_mb"] << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    _database(home, Path(request["template"]))
    import airflow.dag_processing.dagbag
    import airflow.models.dagrun
    import airflow.providers.common.sql.hooks.sql
    import airflow.sdk.execution_time.supervisor  # noqa: F401 - loaded before the forks, once for all

    stand_ins = _stand_ins(home, [item["source"] for item in request["files"]])
    for item in request["files"]:
        for answers in request["answers"]:
            _fork(item, answers, results, request, stand_ins)
    return 0


def _stand_ins(home: Path, sources: list[str]) -> tuple[Any, Any]:
    """Put all stand-ins in place and load the providers that the files name, once for all runs."""
    import contextlib
    from importlib import import_module

    from airflow_provider_wfintel.host.trial import files, network, services, tasks
    from airflow_provider_wfintel.host.trial.recorder import Recorder

    recorder = Recorder()
    overlay = files.Overlay(recorder, home)
    services.install(recorder)
    network.install(recorder)
    overlay.install()
    tasks.install(recorder, overlay)
    for module in sorted(set(re.findall(r"from (airflow\.providers[\w.]+) import", "\n".join(sources)))):
        with contextlib.suppress(Exception):  # whoever needs it gets the error again
            import_module(module)
    _load_early(home, recorder)
    return recorder, overlay


def _load_early(home: Path, recorder: Any) -> None:
    """Run a small DAG in this process: what it loads and prepares, each forked run has already.

    Left behind are the app that answers the tasks and the mappings of the tables. Its thread and the connections to
    the database end here, since a fork cannot take them along.
    """
    import contextlib
    import gc
    from importlib import import_module

    from airflow import settings
    from airflow.api_fastapi.execution_api.app import InProcessExecutionAPI
    from airflow.sdk.execution_time import supervisor

    for module in ("pandas", "snowflake.connector"):
        package = f"airflow.providers.{module.split('.')[0]}"
        with contextlib.suppress(ImportError):
            if module == "pandas" or package in sys.modules:
                import_module(module)
    path = home / "dags" / "generated_dag.py"
    path.write_text(_SMALL, encoding="utf-8")
    shutil.copyfile(home / "template.db", home / "airflow.db")
    real = supervisor.run_task_in_process
    run(path, recorder)
    supervisor.run_task_in_process = real
    app = supervisor.in_process_api_server().app
    supervisor.in_process_api_server.cache_clear()
    gc.collect()
    api = InProcessExecutionAPI(app=app)
    supervisor.in_process_api_server = lambda: api  # type: ignore[assignment]
    settings.dispose_orm()
    settings.configure_orm()  # type: ignore[no-untyped-call]


_SMALL = """\
from airflow.sdk import DAG, task
with DAG("small", schedule=None):
    @task
    def small():
        return 1
    small()
"""


def _fork(
    item: dict[str, Any], answers: str, results: Path, request: dict[str, Any], stand_ins: tuple[Any, Any]
) -> None:
    """Run one file once, in a process with a time limit."""
    recorder, _ = stand_ins
    home = Path(os.environ["AIRFLOW_HOME"])
    target = results / f"{item['name']}.{answers}.json"
    for folder in ("dags", "files", "tmp", "work"):
        shutil.rmtree(home / folder, ignore_errors=True)
        (home / folder).mkdir()
    path = home / "dags" / "generated_dag.py"
    path.write_text(item["source"], encoding="utf-8")
    _template_files(item["source"], home / "dags")
    for left in home.glob("airflow.db*"):
        left.unlink()
    shutil.copyfile(home / "template.db", home / "airflow.db")
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(request["seconds"]) + 5,) * 2)
            os.chdir(home / "work")
            recorder.answers = answers
            found = run(path, recorder)
            target.write_text(json.dumps(found), encoding="utf-8")
            code = 0
        except BaseException:  # whatever it is, the parent must learn of it
            target.write_text(json.dumps({"error": traceback.format_exc()[-2000:]}), encoding="utf-8")
        finally:
            os._exit(code)
    status = _wait(child, start + request["seconds"])
    if not target.exists():
        slow = f"it took longer than {request['seconds']:g} seconds"
        why = slow if status == signal.SIGKILL else f"it ended with status {status}"
        target.write_text(json.dumps({"error": f"the run gave no result: {why}"}), encoding="utf-8")
    found = json.loads(target.read_text(encoding="utf-8"))
    found["seconds"] = round(time.monotonic() - start, 2)
    target.write_text(json.dumps(found), encoding="utf-8")


_TEMPLATE_FILE = re.compile(r"[\"']((?:[\w-]+/)*[\w-]+\.(sql|hql))[\"']")


def _template_files(source: str, folder: Path) -> None:
    """Statements in files beside the DAG, which a trial does not have: a sample is rendered in their place."""
    for name, _ in _TEMPLATE_FILE.findall(source):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("SELECT 1", encoding="utf-8")


def _wait(child: int, until: float) -> int:
    """The status of the child, which is killed when its time is up."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            return os.waitpid(child, 0)[1]
        _pause(0.02)


def _database(home: Path, template: Path) -> None:
    """A migrated metadata database: made once for each Airflow version, then copied."""
    if template.exists():
        shutil.copyfile(template, home / "template.db")
        return
    from airflow import settings
    from airflow.utils.db import initdb

    initdb()
    if settings.engine is not None:
        settings.engine.dispose()
    part = template.with_name(f"{template.name}.{os.getpid()}")
    shutil.copyfile(home / "airflow.db", part)
    part.replace(template)
    shutil.copyfile(template, home / "template.db")


def run(path: Path, recorder: Any) -> dict[str, Any]:
    """Run the DAG of the file and tell what its tasks did."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
    if bag.import_errors:
        return {"error": next(iter(bag.import_errors.values()))}
    if not bag.dags:
        return {"error": "Airflow found no DAG in the file"}
    dag_id, dag = next(iter(bag.dags.items()))
    ended = _watch(recorder, path)
    _once(dag)
    conf, params = _params(dag)
    states: dict[str, list[str]] = {}
    result = dag.test(run_conf=conf)
    for item in result.get_task_instances():
        states.setdefault(item.task_id, []).append(str(item.state or ""))
    return {"dag_id": dag_id, "params": params, "tasks": _tasks(dag, ended, states)}


def _once(dag: Any) -> None:
    """One try for each task, no deadline, and sensors that look instead of coming back later."""
    # Airflow stores deadlines when a DAG is parsed by a deployment; a test run looks for them in vain.
    dag.deadline = None
    for task in dag.tasks:
        settings = getattr(task, "partial_kwargs", None)
        if settings is not None:
            settings["retries"] = 0
        else:
            task.retries = 0
        if getattr(task, "mode", "") == "reschedule":
            task.mode = "poke"


def _params(dag: Any) -> tuple[dict[str, Any], list[str]]:
    """Values for the params that the file leaves open."""
    conf: dict[str, Any] = {}
    for name in dag.params:
        param = dag.params.get_param(name)
        if param.has_value and param.value not in (None, ""):
            continue
        conf[name] = _sample(name, param.schema)
    return conf, [f"{name} = {value!r}" for name, value in conf.items()]


def _sample(name: str, schema: dict[str, Any]) -> Any:
    kinds = schema.get("type") or "string"
    kind = next((item for item in ([kinds] if isinstance(kinds, str) else kinds) if item != "null"), "string")
    if schema.get("enum"):
        return next(item for item in schema["enum"] if item is not None)
    if kind == "string":
        if name.endswith("local_path"):
            return "/data/sample.csv"
        return {"date": "2026-01-01", "date-time": "2026-01-01T06:00:00+00:00", "email": "person@example.org"}.get(
            schema.get("format", ""), "https://example.org/x" if name.endswith(("url", "uri")) else "sample"
        )
    return {"integer": 1, "number": 1.0, "boolean": True, "array": ["sample"], "object": {"sample": 1}}[kind]


def _watch(recorder: Any, path: Path) -> dict[str, list[dict[str, Any]]]:
    """Keep what every task did, in the order in which they ended."""
    from airflow.sdk.execution_time import supervisor

    ended: dict[str, list[dict[str, Any]]] = {}
    real = supervisor.run_task_in_process

    def run_task(ti: Any, task: Any, **how: Any) -> Any:
        recorder.start()
        result, error = None, None
        try:
            result = real(ti=ti, task=task, **how)
            error = result.error
        except BaseException as raised:
            error = raised
            raise
        finally:
            ended.setdefault(ti.task_id, []).append(
                {"calls": recorder.calls, "level": recorder.level, **_error(error, path)}
            )
        return result

    supervisor.run_task_in_process = run_task  # type: ignore[assignment]
    return ended


# What a check of the DAG says no with: the made-up data did not please it.
_REFUSALS = re.compile(r"Test failed|tests have failed|Tests failed|Receive \"Reject\"|query returned no")
# What generated code says where the description left a gap.
_GAPS = re.compile(r"this step has no code yet|connect the task that has them")


def _error(error: BaseException | None, path: Path) -> dict[str, Any]:
    if error is None:
        return {"error": "", "line": 0, "as": "", "skip": ""}
    kind = type(error).__name__
    if "Skip" in kind or kind in ("DagRunTriggerException", "DownstreamTasksSkipped"):
        return {"error": "", "line": 0, "as": "", "skip": str(error)}
    own = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    others = [
        f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-3:]
    ]
    last = traceback.extract_tb(error.__traceback__)
    gap = bool(own) and bool(_GAPS.search(str(error)))
    on_purpose = kind == "AirflowFailException" and bool(last) and last[-1].filename == str(path)
    return {
        "error": f"{kind}: {error}"[:600],
        "line": own[-1] if own else 0,
        "where": others,
        "as": "open" if gap else "stopped" if on_purpose or _REFUSALS.search(str(error)) else "failed",
        "skip": "",
    }


def _tasks(dag: Any, ended: dict[str, list[dict[str, Any]]], states: dict[str, list[str]]) -> list[dict[str, Any]]:
    order = [*ended, *(task_id for task_id in dag.task_ids if task_id not in ended)]
    found = []
    for task_id in order:
        done = ended.get(task_id, [])
        bad = next((item for item in done if item["error"]), None)
        state = next((name for name in ("failed", "upstream_failed", "success") if name in states.get(task_id, [])), "")
        state = state or next(iter(states.get(task_id, [])), "") or "not_run"
        if state == "failed" and bad:
            state = bad["as"]
        if state not in ("success", "failed", "skipped", "stopped", "open", "upstream_failed"):
            state = "not_run"
        found.append(
            {
                "task_id": task_id,
                "operator": dag.task_dict[task_id].task_type,
                "state": state,
                "level": next(
                    (n for n in ("operator", "client", "wire", "local") if any(d["level"] == n for d in done)), ""
                ),
                "calls": [call for item in done for call in item["calls"]],
                "error": bad["error"] if bad else "",
                "where": bad.get("where", []) if bad else [],
                "line": bad["line"] if bad else 0,
                "reason": next((item["skip"] for item in done if item["skip"]), ""),
                "mapped": len(states.get(task_id, [])) or 1,
            }
        )
    return found


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)
