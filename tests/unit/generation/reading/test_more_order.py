"""Ways and order that single words decide: else if, if not, either, each …, after the …, who asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow_provider_wfintel.engine.generation.service import generate

Reader = Callable[[str], Any]


def test_a_second_else_belongs_to_the_second_condition(read: Reader) -> None:
    found = read(
        "Daily at 5 run the notebook /nb/e.ipynb with papermill. If the AUC is better than 0.8, run the Glue job deploy_it, "
        "else if it is above 0.7 mail ds@example.com, else open a Jira issue in project ML."
    )
    guards = [step.guard for step in found.flow.steps]
    assert [guard and guard.threshold for guard in guards] == [None, "0.8", "0.7", "0.7"]
    assert guards[2].else_of == guards[1].span
    assert guards[3].otherwise
    assert found.order == {(0, 1), (0, 2), (0, 3)}


def test_if_not_is_the_other_way(read: Reader) -> None:
    for text in (
        "Daily at 2 query Postgres `select count(*) from a.b`. If it is over 100, open a Jira issue; if not, tell #ops on Slack.",
        "Todos los d\u00edas a las 2 ejecutar la consulta `select count(*) from a.b` en Postgres. "
        "Si hay m\u00e1s de 100, crear una incidencia en Jira; si no, avisar a #ops en Slack.",
    ):
        found = read(text)
        assert [step.services for step in found.flow.steps] == [("postgres",), ("jira",), ("slack",)]
        assert found.order == {(0, 1), (0, 2)}


def test_one_of_two_waits_is_enough(read: Reader) -> None:
    found = read(
        "Daily from 6:00 wait for either s3://a/x or s3://b/y, whichever comes first, then start the Glue job go_on."
    )
    assert [step.action for step in found.flow.steps] == ["wait_for", "wait_for", "trigger"]
    assert found.flow.steps[2].trigger_rule == "one_success"
    assert found.order == {(0, 2), (1, 2)}


def test_both_of_two_waits_are_needed(read: Reader) -> None:
    found = read("Daily from 6:00 wait for s3://a/x and s3://b/y, then start the Glue job go_on.")
    assert found.flow.steps[2].trigger_rule == "all_success"
    assert found.order == {(0, 2), (1, 2)}


def test_a_repetition_reaches_to_the_end_of_its_sentence() -> None:
    spec = generate(
        "Daily at 2 get the stores from https://a.example/stores. For each store download the journal from https://a.example/journal, "
        "parse it and insert it into Postgres pos.journal. When all are done tell #x on Slack."
    ).spec
    assert [task.mapping is not None for task in spec.tasks] == [False, True, True, True, False]


def test_files_that_are_checked_one_by_one_are_listed_first() -> None:
    spec = generate(
        "Daily at 2 validate each CSV file in gs://plum/inbox/, then load it into Postgres plum.stage."
    ).spec
    assert [task.action for task in spec.tasks] == ["extract", "check", "load"]
    assert [task.mapping is not None for task in spec.tasks] == [False, True, True]


def test_one_verb_for_a_list_parted_by_semicolons(read: Reader) -> None:
    found = read(
        "Daily at 1 purge: the table a.b in MySQL; the redis keys `sess:*`; the index old in OpenSearch. Then mail a@example.com."
    )
    assert found.said == ["delete mysql", "delete redis", "delete opensearch", "notify"]
    assert found.order == {(0, 3), (1, 3), (2, 3)}


def test_a_story_that_the_next_sentences_tell_is_no_step(read: Reader) -> None:
    found = read(
        "As a planner I want stock levels pushed to Shopify, so that nobody oversells. "
        "Daily at 4 read the Oracle table WMS.STOCK and push the rows to the Shopify API."
    )
    assert found.said == ["extract oracle", "load shopify"]


def test_after_the_load_follows_the_load_alone(read: Reader) -> None:
    found = read(
        "Daily at 2 query Postgres `select count(*) from a.b`. If it is over 100, load s3://a/b.csv into Redshift x.y; "
        "if not, tell #ops on Slack. After the load, call https://hooks.example.com/done."
    )
    assert (1, 3) in found.order
    assert (2, 3) not in found.order


def test_an_approval_asked_for_later_stands_before_all_deletions(read: Reader) -> None:
    found = read(
        "Daily at 2 delete the collection app.users from Mongo, the index profiles from Elasticsearch and s3://data/old/. "
        "A reviewer has to approve before anything is removed."
    )
    approval = next(index for index, step in enumerate(found.flow.steps) if step.action == "approve")
    deletions = [index for index, step in enumerate(found.flow.steps) if step.action == "delete"]
    assert len(deletions) == 3
    assert all((approval, index) in found.order for index in deletions)


def test_an_address_that_is_called_is_read_before_its_answer_is_stored(read: Reader) -> None:
    found = read(
        "Daily at 2 load the prices from the REST endpoint https://p.example/v3/x (connection p_api) into Postgres m.p."
    )
    assert found.said == ["load http > postgres"]


def test_where_the_result_goes_is_no_work_of_its_own(read: Reader) -> None:
    found = read(
        "Archive logs older than 30 days daily 03:00 from gs://acme-l; the archive goes to gs://acme-l-archive."
    )
    assert len(found.flow.steps) == 1


def test_in_all_other_cases_is_the_other_way(read: Reader) -> None:
    found = read(
        "Daily at 5 query Postgres `select s from a.b`. When it says 'open', run the Glue job go_on; when it says 'hold', mail ops@example.com; "
        "in all other cases page Opsgenie."
    )
    assert found.order == {(0, 1), (0, 2), (0, 3)}
    assert found.flow.steps[3].guard.otherwise


def test_work_that_is_called_independent_runs_side_by_side(read: Reader) -> None:
    found = read(
        "Daily at 7 download /v/feed.xml from FTP, convert it and load it into MSSQL dbo.feed. Archive the file in Azure container keep-it; "
        "archiving and loading do not depend on each other. When everything is through trigger the DAG marts."
    )
    assert [step.action for step in found.flow.steps] == ["extract", "transform", "load", "copy", "trigger"]
    assert (2, 3) not in found.order
    assert found.order >= {(2, 4), (3, 4)}
