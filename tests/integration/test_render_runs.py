"""Generated files that really run, on SQLite, with `dag.test()`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.generation.render import render_dag
from airflow_provider_wfintel.engine.model import (
    Argument,
    CalendarGate,
    Dependency,
    LiteralValue,
    MappingSpec,
    OperatorRef,
    OutputRef,
    ParamRef,
    ParamSpec,
    Schedule,
    SymbolRef,
    TaskSpec,
    WorkflowSpec,
)

pytestmark = pytest.mark.integration

SQLITE = SymbolRef("airflow.providers.sqlite.hooks.sqlite:SqliteHook")
BASH = "airflow.providers.standard.operators.bash:BashOperator"


def arguments(**values):
    return tuple(
        Argument(name, value if hasattr(value, "kind_tag") else LiteralValue.of(value))
        for name, value in values.items()
    )


def recipe(task_id, name, *, decorator="", mapping=None, rule="all_success", **values):
    operator = OperatorRef("taskflow", decorator, recipe=name)
    return TaskSpec(task_id, "", "none", operator, arguments=arguments(**values), mapping=mapping, trigger_rule=rule)


def bash(task_id, command, **settings):
    return TaskSpec(
        task_id, "", "none", OperatorRef("operator", BASH), arguments=arguments(bash_command=command), **settings
    )


@pytest.fixture
def run(airflow_db, tmp_path, monkeypatch):
    """Write the file into the DAG folder, run it and give the states of its tasks."""
    from airflow import settings
    from airflow.dag_processing.dagbag import DagBag

    connection = {"conn_type": "sqlite", "host": str(tmp_path / "shop.db")}
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_DB", json.dumps(connection))
    folder = Path(settings.DAGS_FOLDER)

    def start(spec, **how):
        path = folder / f"{spec.dag_id}.py"
        path.write_text(render_dag(spec), encoding="utf-8")
        bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
        assert bag.import_errors == {}
        result = bag.dags[spec.dag_id].test(**how)
        return str(result.state), {
            (item.task_id if item.map_index < 0 else f"{item.task_id}[{item.map_index}]"): str(item.state)
            for item in result.get_task_instances()
        }

    return start


def database(tmp_path):
    return sqlite3.connect(tmp_path / "shop.db")


def test_files_of_a_folder_are_loaded_in_parallel_and_summed_up(run, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "north.csv").write_text("region,amount,code\nnorth,1.5,007\nnorth,2.5,008\n", encoding="utf-8")
    (inbox / "south.csv").write_text("region,amount,code\nsouth,10.0,\n", encoding="utf-8")
    spec = WorkflowSpec(
        "csv_to_sums",
        tasks=(
            recipe("files", "list_files", folder=str(inbox), pattern="*.csv"),
            recipe(
                "load",
                "load_csv_file",
                table="sales",
                conn_id="shop_db",
                hook=SQLITE,
                mapping=MappingSpec("path", OutputRef("files")),
            ),
            TaskSpec(
                "sums",
                "",
                "query",
                OperatorRef("operator", "airflow.providers.common.sql.operators.sql:SQLExecuteQueryOperator"),
                arguments=arguments(
                    conn_id="shop_db",
                    sql="CREATE TABLE sums AS SELECT region, SUM(amount) AS s FROM sales GROUP BY region",
                ),
            ),
        ),
        dependencies=(Dependency("load", "sums"),),
    )
    state, tasks = run(spec)
    assert state == "success"
    assert tasks == {"files": "success", "load[0]": "success", "load[1]": "success", "sums": "success"}
    with database(tmp_path) as connection:
        assert connection.execute("SELECT * FROM sums ORDER BY region").fetchall() == [("north", 4.0), ("south", 10.0)]
        assert connection.execute("SELECT code FROM sales ORDER BY code").fetchall() == [(None,), ("007",), ("008",)]


def report_spec(dag_id, minimum, path):
    return WorkflowSpec(
        dag_id,
        tasks=(
            recipe("rows", "query_rows", sql="SELECT 1 AS id, 'a\"b' AS name", conn_id="shop_db", hook=SQLITE),
            recipe(
                "load", "load_rows_create_table", rows=OutputRef("rows"), table="orders", conn_id="shop_db", hook=SQLITE
            ),
            recipe("count", "count_rows", table="orders", conn_id="shop_db", hook=SQLITE),
            recipe("enough", "has_rows", value=OutputRef("count"), minimum=minimum),
            recipe("report", "write_report", value=OutputRef("rows"), path=str(path), title="Orders"),
        ),
        dependencies=(Dependency("load", "count"), Dependency("enough", "report")),
    )


def test_rows_become_a_table_a_count_and_a_report(run, tmp_path):
    target = tmp_path / "reports" / "orders.json"
    state, tasks = run(report_spec("rows_to_report", 1, target))
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert json.loads(target.read_text(encoding="utf-8")) == [{"id": 1, "name": 'a"b'}]


def test_the_report_is_skipped_when_there_are_too_few_rows(run, tmp_path):
    target = tmp_path / "orders.md"
    state, tasks = run(report_spec("no_report", 5, target))
    assert (state, tasks["enough"], tasks["report"]) == ("success", "success", "skipped")
    assert not target.exists()


@pytest.mark.parametrize(("threshold", "taken", "left"), [(0, "many", "few"), (9, "few", "many")])
def test_a_branch_takes_one_way(run, tmp_path, threshold, taken, left):
    with database(tmp_path) as connection:
        connection.execute("CREATE TABLE orders (id INT)")
        connection.execute("INSERT INTO orders VALUES (1), (2)")
    spec = WorkflowSpec(
        f"branch_{threshold}",
        tasks=(
            recipe("count", "count_rows", table="orders", conn_id="shop_db", hook=SQLITE),
            recipe(
                "choose", "branch_on_value", value=OutputRef("count"), operator=">", threshold=threshold,
                if_true=["many"], if_false=["few"],
            ),
            bash("many", "echo many"),
            bash("few", "echo few"),
            bash("after", "echo done", trigger_rule="none_failed_min_one_success"),
        ),
        dependencies=(
            Dependency("choose", "many", label="> threshold"),
            Dependency("choose", "few", label="else"),
            Dependency("many", "after"),
            Dependency("few", "after"),
        ),
    )  # fmt: skip
    state, tasks = run(spec)
    assert (state, tasks[taken], tasks[left], tasks["after"]) == ("success", "success", "skipped", "success")


def test_hostile_words_reach_the_shell_as_they_are(run, tmp_path):
    target = tmp_path / "out.txt"
    command = f"printf %s '{{{{ ds }}}} {{% raw %}} \"x\"' > {target}"
    state, _ = run(WorkflowSpec("quoted_words", tasks=(bash("write", command),)))
    assert state == "success"
    assert target.read_text(encoding="utf-8") == '{{ ds }} {% raw %} "x"'


def test_a_parameter_reaches_its_task_with_the_value_of_the_run(run, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "one.txt").touch()
    spec = WorkflowSpec(
        "with_params",
        params=(ParamSpec("folder", default=LiteralValue.of(str(tmp_path / "a"))),),
        tasks=(
            recipe("files", "list_files", folder=ParamRef("folder")),
            recipe("report", "write_report", value=OutputRef("files"), path=str(tmp_path / "files.json")),
        ),
    )
    state, _ = run(spec, run_conf={"folder": str(tmp_path / "b")})
    assert state == "success"
    assert json.loads((tmp_path / "files.json").read_text(encoding="utf-8")) == [str(tmp_path / "b" / "one.txt")]


@pytest.mark.parametrize(
    ("gate", "day", "passes"),
    [
        (CalendarGate("last_business_day"), "2026-05-29", True),
        (CalendarGate("last_business_day"), "2026-05-28", False),
        (CalendarGate("nth_business_day", 3), "2026-05-05", True),
        (CalendarGate("nth_business_day", 3, "DE"), "2026-05-05", False),
        (CalendarGate("nth_business_day", 3, "DE"), "2026-05-06", True),
        (CalendarGate("every_n_weeks", 2), "2026-01-12", True),
        (CalendarGate("every_n_weeks", 2), "2026-01-05", False),
        (CalendarGate("every_n_months", 3), "2026-04-01", True),
        (CalendarGate("every_n_months", 3), "2026-05-01", False),
        (CalendarGate("not_holiday", 1, "US"), "2026-12-25", False),
        (CalendarGate("not_holiday", 1, "US"), "2026-12-28", True),
    ],
)
def test_calendar_gates_let_the_right_days_through(gate, day, passes, tmp_path):
    """The gate's function alone, called the way Airflow calls it."""
    import pendulum
    from airflow.dag_processing.dagbag import DagBag

    schedule = Schedule("cron", ("0 23 * * *",), timezone="America/New_York", gate=gate)
    path = tmp_path / "gated.py"
    path.write_text(render_dag(WorkflowSpec("gated", schedule=schedule, tasks=(bash("go", "true"),))), encoding="utf-8")
    (dag,) = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="test").dags.values()
    (task,) = dag.roots
    # 23:00 in New York is the next day in UTC: the date in the schedule's zone counts.
    moment = pendulum.parse(f"{day}T23:00", tz="America/New_York").in_timezone("UTC")
    assert task.python_callable(**{**task.op_kwargs, "logical_date": moment}) is passes


@pytest.mark.parametrize("name", ["python_step", "check_condition", "branch_on_condition"])
def test_steps_without_code_fail_loudly(name, tmp_path):
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.exceptions import AirflowFailException

    values = {"python_step": {"purpose": "clean up"}, "check_condition": {"condition": "clean up"}}
    given = values.get(name, {"condition": "clean up", "if_true": ["a"], "if_false": ["b"]})
    path = tmp_path / "todo.py"
    path.write_text(render_dag(WorkflowSpec("todo", tasks=(recipe("step", name, **given),))), encoding="utf-8")
    (dag,) = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="test").dags.values()
    task = dag.get_task("step")
    with pytest.raises(AirflowFailException, match="clean up"):
        task.python_callable(**task.op_kwargs)


def _open_value(schedule):
    return WorkflowSpec(
        f"open_value_{schedule.kind}",
        schedule=schedule,
        tasks=(bash("act", ParamRef("what"), retry=None),),
        params=(ParamSpec("what"),),
    )


def test_a_scheduled_run_fails_before_a_task_acts_on_a_value_that_nobody_gave(run, tmp_path):
    spec = _open_value(Schedule("cron", crons=("0 0 * * *",)))
    assert run(spec) == ("failed", {"act": "failed"})
    assert run(spec, run_conf={"what": f"touch {tmp_path}/acted"}) == ("success", {"act": "success"})
    assert (tmp_path / "acted").exists()


def test_a_run_by_hand_starts_only_with_the_value(run, tmp_path):
    spec = _open_value(Schedule())
    with pytest.raises(Exception, match="what"):
        run(spec)
    assert run(spec, run_conf={"what": f"touch {tmp_path}/acted"}) == ("success", {"act": "success"})
    assert (tmp_path / "acted").exists()


@pytest.mark.parametrize(("rows", "taken", "left_out"), [(3, "few", "many"), (30, "many", "few")])
def test_a_branch_on_a_count_runs_one_way_and_what_follows_both(run, tmp_path, rows, taken, left_out):
    with database(tmp_path) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visits (id INTEGER)")
        connection.executemany("INSERT INTO visits VALUES (?)", [(n,) for n in range(rows)])
    ways = {"operator": "<", "threshold": 10, "if_true": ["few"], "if_false": ["many"]}
    spec = WorkflowSpec(
        f"two_ways_{taken}",
        tasks=(
            recipe("count", "query_rows", sql="SELECT COUNT(*) AS n FROM visits", conn_id="shop_db", hook=SQLITE),
            recipe("choose", "branch_on_value", decorator="task.branch", value=OutputRef("count"), **ways),
            bash("few", "true"),
            bash("many", "true"),
            bash("after", "true", trigger_rule="none_failed_min_one_success"),
        ),
        dependencies=(
            Dependency("choose", "few"),
            Dependency("choose", "many"),
            Dependency("few", "after"),
            Dependency("many", "after"),
        ),
    )
    state, states = run(spec)
    assert state == "success"
    assert (states[taken], states[left_out], states["after"]) == ("success", "skipped", "success")
