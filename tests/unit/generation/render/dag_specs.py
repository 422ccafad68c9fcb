"""DAGs built by hand, one for every feature of the writer."""

from __future__ import annotations

from airflow_provider_wfintel.engine.model import (
    AlertSpec,
    Argument,
    AssetCondition,
    CalendarGate,
    DeadlineSpec,
    Dependency,
    GroupSpec,
    LimitSpec,
    LiteralValue,
    MappingSpec,
    OperatorRef,
    OutputRef,
    ParamRef,
    ParamSpec,
    RetrySpec,
    Schedule,
    SecondsValue,
    SymbolRef,
    TaskSpec,
    TemplateValue,
    WorkflowSpec,
)

BASH = "airflow.providers.standard.operators.bash:BashOperator"
EMPTY = "airflow.providers.standard.operators.empty:EmptyOperator"
SQL = "airflow.providers.common.sql.operators.sql:SQLExecuteQueryOperator"
FILE_SENSOR = "airflow.providers.standard.sensors.filesystem:FileSensor"
SQLITE_HOOK = "airflow.providers.sqlite.hooks.sqlite:SqliteHook"


_SETTINGS = set(TaskSpec.__dataclass_fields__) - {"arguments"}


def argument(name, value):
    return Argument(name, value if hasattr(value, "kind_tag") else LiteralValue.of(value))


def task(task_id, operator=None, *, kind="operator", action="none", **settings):
    """A task; keyword arguments that are no settings of `TaskSpec` become arguments."""
    own = {name: settings.pop(name) for name in list(settings) if name in _SETTINGS}
    return TaskSpec(
        task_id,
        task_id.replace("_", " "),
        action,
        OperatorRef(kind, operator or EMPTY),
        arguments=tuple(argument(name, value) for name, value in settings.items()),
        **own,
    )


def recipe(task_id, name, *, decorator="", **settings):
    own = {key: settings.pop(key) for key in list(settings) if key in _SETTINGS}
    return TaskSpec(
        task_id,
        task_id.replace("_", " "),
        "none",
        OperatorRef("taskflow", decorator, recipe=name),
        arguments=tuple(argument(key, value) for key, value in settings.items()),
        **own,
    )


def bash(task_id, command="true", **settings):
    return task(task_id, BASH, bash_command=command, **settings)


def edges(*pairs):
    return tuple(Dependency(*pair.split(">")) for pair in pairs)


def cron(*crons, zone="UTC", **more):
    return Schedule("cron", crons, timezone=zone, **more)


def dag(dag_id, *tasks, deps=(), **settings):
    return WorkflowSpec(dag_id, tasks=tuple(tasks), dependencies=edges(*deps), **settings)


def _schedules():
    step = bash("step")
    yield dag("manual_run", step)
    yield dag("cron_in_zone", step, schedule=cron("0 7 * * 1-5", zone="Europe/Berlin"))
    yield dag("several_crons", step, schedule=cron("0 9 * * 1-5", "30 17 * * 5", zone="America/New_York"))
    yield dag("every_ninety_minutes", step, schedule=Schedule("interval", interval_seconds=5400.0))
    yield dag("once_only", step, schedule=Schedule("once"), start_date="2026-05-01T06:30")
    yield dag("without_end", step, schedule=Schedule("continuous"), limits=LimitSpec(active_runs=3))
    both = AssetCondition(("s3://lake/orders", "s3://lake/customers"))
    yield dag("after_both_assets", step, schedule=Schedule("asset", assets=both))
    either = AssetCondition(("s3://lake/orders", "file:///data/orders.csv"), mode="any")
    yield dag("after_either_asset", step, schedule=Schedule("asset", assets=either))
    yield dag(
        "asset_or_morning",
        task("publish", outlets=("s3://lake/report",), inlets=("s3://lake/orders",)),
        schedule=Schedule("asset_or_cron", ("0 6 * * *",), assets=AssetCondition(("s3://lake/orders",))),
    )
    for kind, n, country in (
        ("last_business_day", 1, ""),
        ("nth_business_day", 3, "DE"),
        ("every_n_weeks", 2, ""),
        ("every_n_months", 3, ""),
        ("not_holiday", 1, "US"),
        ("not_on_days", 1, ""),
    ):
        gate = CalendarGate(kind, n, country, days=(0, 6) if kind == "not_on_days" else ())
        yield dag(f"gate_{kind}", step, schedule=cron("0 8 * * 1-5", zone="Europe/Paris", gate=gate))
    yield dag(
        "backfill", step, schedule=cron("0 0 * * *"), start_date="2025-03-01", end_date="2025-12-31", catchup=True
    )


def _settings():
    yield dag(
        "retries_and_limits",
        bash("first", retry=RetrySpec(5, 30.0, exponential=True, max_delay_seconds=3600.0)),
        bash("second", pool="reports", timeout_seconds=1800.0, max_active=2, priority_weight=10),
        deps=("first>second",),
        schedule=cron("0 1 * * *"),
        retry=RetrySpec(2, 300.0),
        limits=LimitSpec(active_runs=1, active_tasks=4, pool="etl_pool"),
        owner="analytics",
        tags=("finance", "daily", "finance"),
        description="Two steps",
        doc="# Two steps\n\nThe first one\n  is indented.",
    )
    yield dag(
        "typed_params",
        bash("show", TemplateValue("echo {{ params.region }}"), env={"LIMIT": {"__param__": "limit"}}),
        recipe("read", "list_files", folder=ParamRef("folder")),
        params=(
            ParamSpec("region", "string", LiteralValue.of("eu"), "Which region"),
            ParamSpec("limit", "integer", LiteralValue.of(10)),
            ParamSpec("folder"),
            ParamSpec("note", nullable=True),
            ParamSpec("dry_run", "boolean", LiteralValue.of(False)),
            ParamSpec("regions", "array", LiteralValue.of(["eu", "us"])),
        ),
        deps=("show>read",),
    )
    yield dag(
        "param_in_schedule", bash("show", ParamRef("what")), schedule=cron("0 0 * * *"), params=(ParamSpec("what"),)
    )
    yield dag(
        "alerts_everywhere",
        bash("fragile"),
        bash("robust"),
        deps=("fragile>robust",),
        alerts=(
            AlertSpec("failure", "slack", "#data-alerts"),
            AlertSpec("failure", "slack"),
            AlertSpec("failure", "smtp", "ops@shop.example, bi@shop.example", message="{{ look }} at this"),
            AlertSpec("failure", "webhook", "http://127.0.0.1:8765/alerts"),
            AlertSpec("failure", "microsoft_teams", "Data Platform"),
            AlertSpec("success", "amazon_sns", "arn:aws:sns:eu-west-1:1:done"),
            AlertSpec("retry", "smtp", "ops@shop.example"),
            AlertSpec("failure", "rocketchat", task_ids=("fragile",), message='It "broke"'),
        ),
    )
    yield dag(
        "deadline_by_clock",
        bash("step"),
        schedule=cron("30 5 * * *", zone="Asia/Tokyo"),
        deadline=DeadlineSpec("07:00"),
    )
    yield dag(
        "deadline_with_alert",
        bash("step"),
        deadline=DeadlineSpec(within_seconds=2400.0),
        alerts=(AlertSpec("deadline", "slack", "#late"),),
    )
    yield dag("run_that_ends", bash("step"), deadline=DeadlineSpec(within_seconds=10800.0, fail=True))


def _structure():
    yield dag(
        "groups_inside_groups",
        bash("prepare"),
        bash("orders", group="extract"),
        bash("customers", group="extract"),
        bash("check", group="quality"),
        bash("publish"),
        groups=(GroupSpec("extract", label="Sources"), GroupSpec("quality", "load"), GroupSpec("load")),
        deps=("prepare>orders", "prepare>customers", "orders>check", "customers>check", "check>publish"),
    )
    yield dag(
        "interleaved_group",
        bash("a", group="g"),
        bash("b"),
        bash("c", group="g"),
        groups=(GroupSpec("g"),),
        deps=("a>b", "b>c"),
    )
    yield dag(
        "fan_out_and_in",
        *(bash(name) for name in ("start", "left", "middle", "right", "end", "x", "y")),
        deps=(
            *("start>left", "start>middle", "start>right", "left>end", "middle>end", "right>end"),
            *("left>x", "middle>x", "right>x", "x>y", "end>y"),
        ),
    )
    wide = [f"a_rather_long_name_of_a_task_number_{number}" for number in range(6)]
    yield dag("wide_lists", bash("start"), *(bash(name) for name in wide), deps=tuple(f"start>{name}" for name in wide))
    yield dag(
        "rules_and_branches",
        recipe("count", "count_rows", table="orders", conn_id="shop_db"),
        task(
            "choose",
            "airflow.providers.common.sql.operators.sql:BranchSQLOperator",
            conn_id="shop_db",
            sql="SELECT COUNT(*) FROM orders",
            follow_task_ids_if_true=["refresh"],
            follow_task_ids_if_false=["report"],
        ),
        bash("refresh", group="work"),
        bash("report"),
        bash("always", trigger_rule="all_done"),
        groups=(GroupSpec("work"),),
    )
    yield dag(
        "setup_and_teardown",
        bash("create_cluster", is_setup=True),
        bash("run_job"),
        bash("delete_cluster", is_teardown=True),
        deps=("create_cluster>run_job", "run_job>delete_cluster"),
    )
    yield dag("odd_names", *(bash(name) for name in ("import", "1st", "a.b", "a-b", "task", "DAG", "list", "class")))


def _mapping():
    yield dag(
        "mapped_operators",
        task("run", BASH, mapping=MappingSpec("bash_command", LiteralValue.of(["echo 1", "echo {{ 2 }}"]), 2)),
        task(
            "copy",
            BASH,
            bash_command="echo $REGION",
            mapping=MappingSpec("env", LiteralValue.of([{"REGION": "eu"}, {"REGION": "us"}])),
        ),
        deps=("run>copy",),
    )
    files = recipe("csv_files", "list_files", folder="inbox", pattern="*.csv")
    load = recipe(
        "load_file",
        "load_csv_file",
        table="sales",
        conn_id="demo_sqlite",
        hook=SymbolRef(SQLITE_HOOK),
        mapping=MappingSpec("path", OutputRef("csv_files")),
    )
    total = task("sum_up", SQL, conn_id="demo_sqlite", sql="SELECT region, SUM(amount) FROM sales GROUP BY region")
    yield dag("mapped_files", files, load, total, deps=("csv_files>load_file", "load_file>sum_up"))


_LONG = "count_everything_that_was_ever_returned_by_customers_abroad"


def _recipes():
    yield dag(
        "orders_report",
        recipe("fetch", "http_get_json", endpoint="/orders", conn_id="shop_api"),
        recipe(
            "load",
            "load_rows_create_table",
            rows=OutputRef("fetch"),
            table="orders",
            conn_id="demo_sqlite",
            hook=SymbolRef(SQLITE_HOOK),
        ),
        recipe("count", "count_rows", table="orders", conn_id="demo_sqlite", hook=SymbolRef(SQLITE_HOOK)),
        recipe("any_rows", "has_rows", value=OutputRef("count")),
        recipe("report", "write_report", value=OutputRef("count"), path="reports/orders.md", title="Orders"),
        deps=("load>count", "any_rows>report"),
        schedule=cron("0 7 * * 1-5", zone="Europe/Berlin"),
    )
    yield dag(
        "shared_recipe",
        recipe("count_orders", "count_rows", table="orders", conn_id="shop_db", retry=RetrySpec(3, 10.0)),
        recipe("count_lines", "count_rows", table="lines", conn_id="shop_db"),
        recipe(_LONG, "count_rows", table="returns", conn_id="shop_db"),
        bash("after"),
        deps=("count_orders>count_lines", "count_lines>after", f"{_LONG}>after"),
    )
    yield dag(
        "code_to_fill_in",
        recipe("clean", "python_step", purpose="remove doubles from the customer list"),
        recipe(
            "train", "call_python_callable", function="shop.models.fit", arguments={"day": {"__template__": "{{ ds }}"}}
        ),
        deps=("clean>train",),
    )


def _arguments():
    yield dag(
        "values_of_all_kinds",
        bash(
            "run",
            "say \"hello\" and 'bye'",
            env={"DAY": {"__template__": "{{ ds }}"}, "RAW": "{{ not_a_template }}", "N": "1"},
            append_env=True,
        ),
        task(
            "ask",
            "airflow.providers.http.operators.http:HttpOperator",
            http_conn_id="shop_api",
            endpoint="/v1/long/path/" + "x" * 90,
            headers={"Accept": "application/json", "X-Numbers": "1, 2"},
            data=OutputRef("run"),
            retry_delay=SecondsValue(90.0),
        ),
        bash("script", "scripts/run.sh"),
    )
    yield dag(
        "sensors",
        task("file", FILE_SENSOR, kind="sensor", filepath="/data/in.csv", fs_conn_id="fs_default", poke_interval=60),
        task(
            "other_dag",
            "airflow.providers.standard.sensors.external_task:ExternalTaskSensor",
            kind="sensor",
            external_dag_id="upstream",
            timeout=7200,
        ),
        bash("go", note="Runs once both have arrived.\nSee the runbook."),
        deps=("file>go", "other_dag>go"),
    )
    yield dag(
        "hostile_words",
        bash("run", 'echo \'"""; import os; os.system("id")\' {{ \'\'.__class__ }} {% raw %} {% endraw %}\n'),
        recipe("list", "list_files", folder="\x00\u202e\\n{{ conn.x.password }}"),
        description='"""\n\nimport os\n"""',
        doc='"""; import os\n\\" """ \\',
        tags=("'; DROP TABLE x; --",),
        owner='"); import os; ("',
        alerts=(AlertSpec("failure", "slack", '#x")\nimport os', message="{{ var.value.secret }}"),),
    )


ALL_SPECS = {
    spec.dag_id: spec for part in (_schedules, _settings, _structure, _mapping, _recipes, _arguments) for spec in part()
}
"""DAG id → spec."""
