"""What is done is no more than the words say, in their order, and where they say it."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.model import OutputRef


def _edges(found) -> set[tuple[str, str]]:
    services = {task.task_id: task.services[0] for task in found.spec.tasks}
    return {(services[edge.upstream], services[edge.downstream]) for edge in found.spec.dependencies}


def test_a_deletion_of_some_documents_never_matches_all(plan, values):
    found = plan("Elasticsearch index logs: delete documents older than 60 days every night at 3.")
    assert not any("match_all" in str(values(task)) for task in found.spec.tasks)


def test_the_other_way_of_a_passed_check_is_told_of(plan):
    text = "The BigQuery table raw.ev must have at least 10 rows. If the check passes run `call m.b()`, otherwise page us via PagerDuty. Daily."
    told = next(task for task in plan(text).spec.tasks if task.services == ("pagerduty",))
    assert told.trigger_rule == "one_failed"


def test_followed_by_and_finally_is_an_order(plan):
    text = "Airbyte connection 11111111-2222-3333-4444-555555555555 must sync at 02:00, followed by dbt Cloud job 4711 and finally a Slack message to #a."
    assert {("airbyte", "dbt"), ("dbt", "slack")} <= _edges(plan(text))


@pytest.mark.parametrize(
    ("words", "statement"),
    [
        ("copy the table S.F from Snowflake to Postgres bi.f, run ANALYZE on it", "ANALYZE bi.f"),
        ("vacuum and analyze the Postgres table ops.files", "VACUUM ops.files"),
        (
            "run a.sql in Snowflake, then drop the Snowflake table stage.old if it exists",
            "DROP TABLE IF EXISTS stage.old",
        ),
    ],
)
def test_upkeep_of_tables_is_sql(plan, values, words, statement):
    found = plan(f"Every day at 5 {words}.")
    assert statement in [values(task).get("sql") for task in found.spec.tasks]


def test_replacing_what_is_there_empties_the_table_first(plan, values):
    found = plan(
        "Load the Google Sheet 1QwErTy into the Postgres table plan.t every weekday at 7, replacing what is there."
    )
    assert [values(task).get("empty_first") for task in found.spec.tasks if task.action == "load"] == [True]


def test_an_answer_that_is_waited_for_decides(plan, values):
    text = 'Every 10 minutes get https://p.example/api/status; when it says "ready", download https://p.example/x.json to /tmp/x.json.'
    check = next(task for task in plan(text).spec.tasks if task.operator.recipe == "check_value")
    assert values(check)["threshold"] == "ready"


def test_a_command_runs_on_the_host_that_was_logged_into(plan, values):
    found = plan("ssh into etl01 (conn etl01_ssh) and run `python3 /srv/load.py` daily at 5.")
    assert values(found.spec.tasks[0])["ssh_conn_id"] == "etl01_ssh"


def test_a_request_for_every_row_is_an_operator(plan, values):
    text = "hourly: query Postgres `SELECT id FROM q` and for every row POST to /v1/crawl (connection crawler_api)"
    task = plan(text).spec.tasks[1]
    assert (values(task)["endpoint"], values(task)["method"]) == ("/v1/crawl", "POST")
    assert task.mapping is not None


def test_files_of_a_server_are_listed_over_its_connection_and_not_copied_to_one_key(plan, values):
    text = "Every hour: for each file in the SFTP folder /outgoing (connection partner_sftp) copy it to s3://landing/partner/."
    listed, pairs, copied = plan(text).spec.tasks
    assert values(listed)["conn_id"] == "partner_sftp"
    assert values(copied)["sftp_conn_id"] == "partner_sftp"
    assert (values(pairs)["source"], values(pairs)["target"]) == ("sftp_path", "s3_key")
    assert copied.mapping.over == OutputRef(pairs.task_id)


def test_a_hole_takes_the_names_behind_for(plan):
    found = plan(
        "Every 6 hours fetch https://api.w.example/v2/forecast?city={city} for Berlin, Paris and Rome and append the answers to the Postgres table w.f."
    )
    assert found.spec.tasks[0].mapping.over.value == [
        f"/v2/forecast?city={name}" for name in ("Berlin", "Paris", "Rome")
    ]


def test_items_go_to_the_parameters_of_a_notebook(plan):
    found = plan(
        "For each region in eu, us and apac run the Databricks notebook /Repos/agg with parameter region. Hourly."
    )
    assert found.spec.tasks[0].mapping.argument == "notebook_params"


def test_a_program_in_running_text_is_no_command(plan, values):
    found = plan("Nightly pg_dump the database crm (connection crm_pg) to /backup/crm.sql")
    assert not any("pg_dump the" in str(values(task).get("bash_command", "")) for task in found.spec.tasks)
