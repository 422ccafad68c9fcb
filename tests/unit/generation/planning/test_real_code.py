"""What was code to fill in before: functions of one's own, results of query jobs, counts that must agree, layouts of tables."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, OutputRef, ParamRef


def _arguments(task: Any) -> dict[str, Any]:
    return {item.name: item.value for item in task.arguments}


def _class(task: Any) -> str:
    return task.operator.recipe or task.operator.path.rpartition(":")[2]


def _below(spec: Any, task_id: str) -> list[str]:
    return [edge.downstream for edge in spec.dependencies if edge.upstream == task_id]


class TestPythonFunctions:
    def test_a_function_that_is_named_in_full_is_called(self, plan: Any) -> None:
        answer = plan("Daily at 5 UTC run the Python function acme.sales.rollup.")
        (task,) = answer.spec.tasks
        assert _class(task) == "call_python_callable"
        assert _arguments(task) == {"function": LiteralValue.of("acme.sales.rollup")}
        assert not answer.warnings

    def test_it_takes_what_was_read_where_the_words_speak_of_it(self, plan: Any) -> None:
        read, call, load = plan(
            "Daily at 6 UTC: read the orders from Postgres table a.orders, dedupe them with the Python function acme.etl.dedupe; load into MySQL table dw.orders."
        ).spec.tasks
        assert _arguments(call)["value"] == OutputRef(read.task_id)
        assert _arguments(load)["rows"] == OutputRef(call.task_id)

    def test_it_takes_nothing_that_the_words_do_not_speak_of(self, plan: Any) -> None:
        spec = plan(
            "Daily at 6 UTC: count the rows of Postgres table a.orders, then run the Python function acme.etl.close."
        ).spec
        assert "value" not in _arguments(spec.tasks[1])

    def test_it_is_called_for_each_item(self, plan: Any) -> None:
        (task,) = plan(
            "Daily at 4 UTC, for each of emea, apac and latam, run the Python function s.rollup.totals."
        ).spec.tasks
        assert task.mapping is not None
        assert task.mapping.argument == "value"
        assert task.mapping.over == LiteralValue.of(["emea", "apac", "latam"])

    def test_what_is_handed_over_is_a_keyword(self, plan: Any) -> None:
        (task,) = plan(
            "Daily at 5 UTC run the Python function a.b.c with parameter day set to the run date."
        ).spec.tasks
        assert _arguments(task)["arguments"] == LiteralValue.of({"day": {"__template__": "{{ ds }}"}})

    @pytest.mark.parametrize("name", ["os.system", "subprocess.run", "shutil.rmtree"])
    def test_the_standard_library_is_not_called(self, plan: Any, name: str) -> None:
        spec = plan(f"Daily at 5 UTC run the Python function {name}.").spec
        assert all(_class(task) != "call_python_callable" for task in spec.tasks)


class TestAthena:
    @pytest.mark.parametrize(
        ("sql", "condition", "recipe"),
        [
            ("SELECT count(*) FROM a.b", "the count is greater than 0", "athena_value"),
            ("SELECT id FROM a.b", "it returns more than 1000 rows", "athena_rows"),
        ],
    )
    def test_the_result_of_a_query_decides(self, plan: Any, sql: str, condition: str, recipe: str) -> None:
        answer = plan(
            f"Daily at 3 UTC run the Athena query `{sql}` with results to s3://ath/out/. If {condition} open a Jira ticket in project REC."
        )
        query, read, check, ticket = answer.spec.tasks
        assert (_class(query), _class(read), _class(check)) == ("AthenaOperator", recipe, "has_rows")
        assert _arguments(read)["query_execution_id"] == OutputRef(query.task_id)
        assert _arguments(check)["value"] == OutputRef(read.task_id)
        assert _below(answer.spec, check.task_id) == [ticket.task_id]
        assert not answer.clarifications

    def test_it_chooses_between_two_ways(self, plan: Any) -> None:
        spec = plan(
            "Daily at 3 UTC run the Athena query `SELECT id FROM a.b` with results to s3://ath/out/. If it returns more than 1000 rows, post to #ops on Slack, otherwise run the Glue job tidy_up."
        ).spec
        branch = next(task for task in spec.tasks if _class(task) == "branch_on_value")
        assert _arguments(branch)["if_true"].value + _arguments(branch)["if_false"].value == _below(
            spec, branch.task_id
        )


@pytest.mark.parametrize(
    "words",
    [
        "count the rows of Postgres table a.x, count the rows of Snowflake table b.x, fail if the counts differ",
        "compare the row counts of Postgres table a.x and Snowflake table b.x; on mismatch fail and alert #data on Slack",
        "compare the row counts of Postgres table a.x and Snowflake table b.x; they must match",
    ],
)
def test_counts_that_must_agree_fail_the_run_if_they_do_not(plan: Any, words: str) -> None:
    answer = plan(f"Daily at 6 UTC: {words}.")
    left, right, check = answer.spec.tasks
    assert [_class(task) for task in answer.spec.tasks] == ["count_rows", "count_rows", "require_equal_counts"]
    assert _arguments(check) == {"left": OutputRef(left.task_id), "right": OutputRef(right.task_id)}
    assert _below(answer.spec, left.task_id) == _below(answer.spec, right.task_id) == [check.task_id]
    assert not answer.clarifications


def test_what_follows_the_counts_follows_their_comparison(plan: Any) -> None:
    spec = plan(
        "Daily at 6 UTC: load s3://a/b.csv into Postgres table s.x, then compare the row counts of Postgres table s.x and Snowflake table b.x, they must match, then run dbt build."
    ).spec
    check = next(task.task_id for task in spec.tasks if _class(task) == "require_equal_counts")
    assert _below(spec, check) == [spec.tasks[-1].task_id]
    assert all(_below(spec, task.task_id) == [check] for task in spec.tasks if _class(task) == "count_rows")


@pytest.mark.parametrize(
    ("words", "partitions", "clusters"),
    [
        ("partitioned by day", {"type": "DAY"}, None),
        ("partitioned by month of order_date", {"type": "MONTH", "field": "order_date"}, None),
        ("partitioned by order_date", {"type": "DAY", "field": "order_date"}, None),
        (
            "partitioned on order_date and clustered by region, customer_id",
            {"type": "DAY", "field": "order_date"},
            ["region", "customer_id"],
        ),
        ("clustered by customer_id", None, ["customer_id"]),
    ],
)
def test_the_layout_of_a_table_is_an_argument_of_the_load(
    plan: Any, words: str, partitions: dict[str, str] | None, clusters: list[str] | None
) -> None:
    answer = plan(f"Daily at 5 UTC load gs://a/b.parquet into BigQuery table d.t {words}.")
    found = _arguments(answer.spec.tasks[0])
    assert getattr(found.get("time_partitioning"), "value", None) == partitions
    assert getattr(found.get("cluster_fields"), "value", None) == clusters
    assert not [item for item in answer.warnings if item.about == "not_done"]


def test_a_region_is_asked_for_once_per_service(plan: Any) -> None:
    answer = plan("Daily at 5 UTC submit gs://code/a.py to Dataproc, then submit gs://code/b.py to Dataproc.")
    assert {_arguments(task)["region"] for task in answer.spec.tasks} == {ParamRef("dataproc_region")}
    assert [item.name for item in answer.spec.params] == ["dataproc_region"]


def test_a_region_that_is_said_once_is_that_of_all(plan: Any) -> None:
    answer = plan(
        "Daily at 5 UTC submit gs://code/a.py to Dataproc in region europe-west1, then submit gs://code/b.py to Dataproc."
    )
    assert {_arguments(task)["region"] for task in answer.spec.tasks} == {LiteralValue.of("europe-west1")}
    assert not answer.spec.params


def test_two_steps_that_are_called_alike_do_not_share_what_each_of_them_lacks(plan: Any) -> None:
    answer = plan("Daily at 5 UTC run a query in Postgres on the leads. Then run a query in Postgres on the orders.")
    asked = [value for task in answer.spec.tasks for value in _arguments(task).values() if isinstance(value, ParamRef)]
    assert len(asked) == len(set(asked)) == 2


def test_the_same_dbt_command_with_another_selection_is_another_run(plan: Any, values: Any) -> None:
    spec = plan("Daily at 2 UTC run dbt run --select staging, dbt run --select marts and dbt test.").spec
    commands = [values(task)["bash_command"] for task in spec.tasks]
    assert [item for item in commands if "run" in item] == ["dbt run --select staging", "dbt run --select marts"]


@pytest.mark.parametrize(("service", "where"), [("Teams", "the Teams channel Ops"), ("Slack", "#ops on Slack")])
def test_how_many_were_deleted_is_in_the_message(plan: Any, service: str, where: str) -> None:
    spec = plan(
        f"Daily at 2 UTC delete *.tmp files older than 7 days from /var/exports and post how many were deleted to {where}."
    ).spec
    texts = [str(getattr(value, "template", "")) for value in _arguments(spec.tasks[-1]).values()]
    assert any("deleted: {{ ti.xcom_pull(task_ids='" in text for text in texts), service


def test_a_teams_channel_is_that_of_its_webhook(plan: Any) -> None:
    answer = plan("Daily at 2 UTC run the Databricks job 7, followed by a note in the Teams channel.")
    assert not answer.clarifications
    assert any("webhook" in item.text for item in answer.assumptions)
