"""What a step leaves unsaid because the words before it say it: the next thing, the place, the table, the end."""

from __future__ import annotations


def test_a_second_thing_to_start_needs_no_verb_of_its_own(read):
    found = read("run the Glue job sales_clean and then the Glue crawler sales_crawler")
    assert found.said == ["trigger aws_glue", "trigger aws_glue"]
    assert found.values(1, "crawler") == ("sales_crawler",)


def test_an_address_that_shows_up_is_waited_for(read):
    found = read("when s3://incoming/sales/*.parquet shows up, run the Glue job sales_clean")
    assert found.said == ["wait_for amazon_s3", "trigger aws_glue"]


def test_old_rows_are_those_of_the_table_that_was_written_to(read):
    found = read("write the batch from Kafka into the Postgres table orders_raw, then delete rows older than 90 days")
    assert found.values(1, "table") == ("orders_raw",)
    assert found.said[1] == "delete postgres"


def test_it_is_started_again_and_a_snapshot_is_taken_of_what_was_stopped(read):
    found = read("stop the RDS instance staging-db, take a snapshot, start it up again")
    assert [found.values(index, "instance") for index in range(3)] == [("staging-db",)] * 3


def test_originals_are_the_files_that_were_loaded(read):
    found = read("load gs://drop/in/ into the BigQuery table v.raw, then delete the originals")
    assert found.said[-1] == "delete google_cloud_storage"
    assert found.values(1, "uri") == ("gs://drop/in/",)


def test_the_table_is_the_one_that_was_checked(read):
    found = read("check that the BigQuery table mart.revenue has rows, then export the table to gs://out/revenue/")
    assert found.said[1] == "copy google_bigquery > google_cloud_storage"
    assert found.values(1, "table") == ("mart.revenue",)


def test_the_other_way_of_a_check_is_for_its_failure(read):
    found = read(
        "check that the Postgres table l has at least 1000 rows. Otherwise open a Jira ticket in project DATA."
    )
    assert found.flow.steps[-1].trigger_rule == "one_failed"
    assert found.flow.steps[-1].target == "jira"


def test_work_behind_success_needs_no_condition(read):
    found = read("copy a.csv to s3://x/y, if successful run the Databricks job 12")
    assert [step.guard for step in found.flow.steps] == [None, None]


def test_a_file_that_never_comes_is_a_failed_wait(read):
    found = read(
        "when the file /in/a.csv exists, load it into the Postgres table t. If the file never comes, mail a@b.org."
    )
    assert found.flow.steps[-1].trigger_rule == "one_failed"
    assert found.values(1, "path") == ("/in/a.csv",)


def test_a_setting_said_for_itself_holds_for_all_steps_of_its_service(read):
    found = read("run a.sql in Snowflake, then run b.sql in Snowflake. Use warehouse LOAD_WH.")
    assert [found.values(index, "warehouse") for index in range(2)] == [("LOAD_WH",), ("LOAD_WH",)]


def test_kubernetes_runs_the_docker_image_that_is_named_beside_it(read):
    found = read("run the docker image acme/etl:1.4 on kubernetes in namespace data-prod")
    assert found.said == ["trigger kubernetes"]
