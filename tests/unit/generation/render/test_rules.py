"""What the writer promises beyond the look of the file."""

from __future__ import annotations

import ast
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.generation.render import render_dag, required_distributions
from airflow_provider_wfintel.engine.model import (
    AlertSpec,
    Argument,
    DeadlineSpec,
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
    TemplateValue,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import CatalogError, SpecError

BASH = OperatorRef("operator", "airflow.providers.standard.operators.bash:BashOperator")


def bash(task_id="step", **arguments):
    values = {"bash_command": "true", **arguments}
    return TaskSpec(
        task_id,
        task_id,
        "none",
        BASH,
        arguments=tuple(
            Argument(name, value if hasattr(value, "kind_tag") else LiteralValue.of(value))
            for name, value in values.items()
        ),
    )


def taskflow(task_id, recipe, decorator="task", **arguments):
    return replace(
        bash(task_id), operator=OperatorRef("taskflow", decorator, recipe), arguments=bash(**arguments).arguments[1:]
    )


def dag(*tasks, **settings):
    return WorkflowSpec("dag", tasks=tasks, **settings)


def calls(source, name):
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name)
    ]


class TestRefusals:
    @pytest.mark.parametrize("name", ["", "a b", "../x", "x/y", "é", "a\n", "x" * 251])
    def test_ids_that_airflow_refuses(self, name):
        with pytest.raises(SpecError):
            render_dag(replace(dag(bash()), dag_id=name))
        with pytest.raises(SpecError):
            render_dag(dag(bash(name)))

    @pytest.mark.parametrize("path", ["os.system", "a:b:c", "x y:Z", "pkg:class", "pkg.import:Op", "m:Op()", ""])
    def test_import_paths_that_are_none(self, path):
        with pytest.raises(SpecError):
            render_dag(dag(replace(bash(), operator=OperatorRef("operator", path))))

    @pytest.mark.parametrize("name", ["a-b", "x y", "é", "1a", ""])
    def test_arguments_that_are_no_names(self, name):
        with pytest.raises(SpecError):
            render_dag(dag(bash(**{name: "x"})))

    @pytest.mark.parametrize("zone", ["", "Europe/Ber lin", 'x"y', "../etc"])
    def test_time_zones_that_are_none(self, zone):
        with pytest.raises(SpecError):
            render_dag(dag(bash(), schedule=Schedule("cron", ("0 0 * * *",), timezone=zone)))

    @pytest.mark.parametrize("start", ["tomorrow", "2026-13-01", "2026-1-1", "2026-01-01; import os"])
    def test_start_dates_that_are_none(self, start):
        with pytest.raises(SpecError):
            render_dag(dag(bash(), start_date=start))

    @pytest.mark.parametrize(
        "schedule",
        [Schedule("cron"), Schedule("interval"), Schedule("asset"), Schedule("asset_or_cron", ("0 0 * * *",))],
    )
    def test_schedules_that_lack_what_their_kind_needs(self, schedule):
        with pytest.raises(SpecError):
            render_dag(dag(bash(), schedule=schedule))

    def test_numbers_that_python_cannot_write(self):
        for value in (float("nan"), float("inf"), 10**400):
            with pytest.raises(SpecError):
                render_dag(dag(bash(env={"N": value})))

    def test_an_unknown_recipe(self):
        with pytest.raises(CatalogError, match="no recipe 'juggle'"):
            render_dag(dag(taskflow("step", "juggle")))

    def test_an_argument_that_the_recipe_does_not_take(self):
        with pytest.raises(SpecError, match="takes no argument 'colour'") as caught:
            render_dag(dag(taskflow("step", "list_files", folder="x", colour="red")))
        assert "folder" in caught.value.hint

    def test_a_recipe_without_an_argument_it_needs(self):
        with pytest.raises(SpecError, match="needs the argument 'folder'"):
            render_dag(dag(taskflow("step", "list_files")))

    def test_a_decorator_that_is_none(self):
        with pytest.raises(SpecError):
            render_dag(dag(taskflow("step", "list_files", decorator="os.system", folder="x")))

    def test_templates_where_airflow_renders_nothing(self):
        with pytest.raises(SpecError, match="not rendered"):
            render_dag(dag(bash(append_env=TemplateValue("{{ ds }}"))))

    def test_outputs_where_airflow_resolves_nothing(self):
        with pytest.raises(SpecError, match="cannot take the output"):
            render_dag(dag(bash("a"), bash("b", append_env=OutputRef("a"))))

    def test_tasks_that_wait_for_each_other(self):
        with pytest.raises(SpecError, match="wait for each other"):
            render_dag(dag(bash("a", env=OutputRef("b")), bash("b", env=OutputRef("a"))))

    def test_mapping_over_something_that_is_no_list(self):
        with pytest.raises(SpecError, match="no list"):
            render_dag(dag(replace(bash(), mapping=MappingSpec("env", LiteralValue.of("abc")))))

    def test_a_deadline_that_is_no_time_of_day(self):
        with pytest.raises(SpecError, match="no time of day"):
            render_dag(dag(bash(), schedule=Schedule("cron", ("0 6 * * *",)), deadline=DeadlineSpec("noon")))

    def test_placeholders_take_import_paths_only(self):
        for path in ("os", "os.path", "a:b c", "x:y;z"):
            with pytest.raises(SpecError):
                render_dag(dag(taskflow("n", "count_rows", table="t", conn_id="c", hook=SymbolRef(path))))


class TestDeadlines:
    @pytest.mark.parametrize(
        ("crons", "by", "interval"),
        [
            (("0 6 * * *",), "07:00", "hours=1"),
            (("30 22 * * *",), "01:00", "minutes=150"),
            (("0 7 * * *",), "07:00", "days=1"),
            (("0 8-17 * * 1-5",), "18:30", "minutes=90"),
            (("*/15 * * * *",), "07:10", "minutes=10"),
            (("0 1,5/6 * * *", "15 12 * * *"), "13:00", "minutes=45"),
        ],
    )
    def test_a_wall_clock_deadline_is_counted_from_the_last_start_before_it(self, crons, by, interval):
        source = render_dag(dag(bash(), schedule=Schedule("cron", crons), deadline=DeadlineSpec(by)))
        assert f"interval=timedelta({interval})" in source
        assert "DeadlineReference.DAGRUN_LOGICAL_DATE" in source

    @pytest.mark.parametrize("schedule", [Schedule(), Schedule("interval", interval_seconds=60.0), Schedule("once")])
    def test_without_start_times_the_file_says_that_it_is_not_set(self, schedule):
        source = render_dag(dag(bash(), schedule=schedule, deadline=DeadlineSpec("07:00")))
        assert "# Not set: the deadline at 07:00." in source
        assert "DeadlineAlert" not in source


class TestDependencies:
    def test_an_edge_that_an_argument_implies_is_not_written_again(self):
        spec = dag(
            taskflow("files", "list_files", folder="x"),
            taskflow("report", "write_report", value=OutputRef("files"), path="r.md"),
            dependencies=(Dependency("files", "report"),),
        )
        assert ">>" not in render_dag(spec)

    def test_a_label_stands_on_its_edge(self):
        spec = dag(bash("a"), bash("b"), dependencies=(Dependency("a", "b", label='if "x"'),))
        assert "a >> Label('if \"x\"') >> b" in render_dag(spec)

    def test_an_edge_given_twice_is_written_once(self):
        spec = dag(bash("a"), bash("b"), dependencies=(Dependency("a", "b"), Dependency("a", "b")))
        assert render_dag(spec).count(">>") == 1


class TestValues:
    def test_the_same_spec_gives_the_same_text(self):
        spec = dag(bash("a", env={"z": "1", "a": "2"}))
        assert render_dag(spec) == render_dag(spec)

    def test_symbols_are_imported(self):
        spec = dag(bash(trigger_rule=SymbolRef("airflow.sdk:TriggerRule.ALL_DONE")))
        source = render_dag(spec)
        assert "from airflow.sdk import DAG, TriggerRule" in source
        assert "trigger_rule=TriggerRule.ALL_DONE" in source

    def test_two_classes_of_the_same_name_get_different_names(self):
        other = OperatorRef("operator", "airflow.providers.other.operators.bash:BashOperator")
        source = render_dag(dag(bash("a"), replace(bash("b"), operator=other)))
        names = {ast.unparse(call.func) for call in calls(source, "BashOperator")}
        assert len(names) == 2

    def test_a_parameter_without_a_value_is_null_in_a_scheduled_dag(self):
        param = ParamSpec("day")
        task = bash(bash_command=ParamRef("day"))
        assert 'Param(type="string")' in render_dag(dag(task, params=(param,)))
        scheduled = dag(task, params=(param,), schedule=Schedule("once"))
        assert 'Param(None, type=["null", "string"])' in render_dag(scheduled)

    def test_a_parameter_with_an_odd_name_is_reached_by_its_key(self):
        source = render_dag(dag(bash(bash_command=ParamRef("a b")), params=(ParamSpec("a b"),)))
        assert """'{{ params["a b"] }}'""" in source

    def test_a_parameter_to_map_over_gives_its_default(self):
        param = ParamSpec("regions", "array", LiteralValue.of(["eu", "us"]))
        task = replace(bash(), arguments=(), mapping=MappingSpec("bash_command", ParamRef("regions")))
        assert '.expand(bash_command=["eu", "us"])' in render_dag(dag(task, params=(param,)))


def test_requirements_name_operators_recipes_and_notifiers():
    spec = dag(
        replace(bash(), operator=replace(BASH, distribution="apache-airflow-providers-standard")),
        taskflow("fetch", "http_get_json", endpoint="/x"),
        alerts=(AlertSpec("failure", "slack"), AlertSpec("failure", "webhook", "https://hooks.example/x")),
    )
    assert required_distributions(spec) == (
        "apache-airflow-providers-http",
        "apache-airflow-providers-slack",
        "apache-airflow-providers-standard",
    )


def test_ten_tasks_are_written_and_checked_within_thirty_milliseconds():
    tasks = tuple(bash(f"step_{number}", env={"N": str(number)}) for number in range(8))
    tasks += (taskflow("count", "count_rows", table="t", conn_id="c"), taskflow("files", "list_files", folder="x"))
    names = [task.task_id for task in tasks]
    spec = dag(*tasks, dependencies=tuple(Dependency(a, b) for a, b in pairwise(names)))
    check_source(render_dag(spec))  # warm
    best = min(_timed(spec) for _ in range(5))
    assert best < 0.030


def _timed(spec):
    start = time.process_time()
    check_source(render_dag(spec))
    return time.process_time() - start
