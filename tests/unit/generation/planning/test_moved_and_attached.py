"""Objects that move, files that go out with a mail, statements without quotes, tables that land as Parquet."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Nightly move the files from s3://in/new/ to s3://in/done/.", ("in", "new/", "in", "done/")),
        (
            "Nightly load s3://drop/x/ into the Redshift table sales.x, then archive the files to s3://old/x/.",
            ("drop", "x/", "old", "x/"),
        ),
        (
            "Nightly copy all files from s3://in/ to s3://lake/raw/, then move the files to s3://old/.",
            ("in", None, "old", None),
        ),
    ],
)
def test_a_move_within_s3_removes_what_it_copied(plan: Any, values: Any, text: str, places: tuple[Any, ...]) -> None:
    (task,) = [item for item in plan(text).spec.tasks if item.operator.recipe == "move_s3_objects"]
    found = values(task)
    assert tuple(found.get(name) for name in ("bucket", "prefix", "target_bucket", "target_prefix")) == places


def test_the_folder_of_the_target_is_not_that_of_the_source(plan: Any, values: Any) -> None:
    (task,) = plan("Nightly copy all files from s3://in/ to s3://lake/raw/.").spec.tasks
    assert values(task)["source_bucket_prefix"] == ""
    assert values(task)["dest_bucket_prefix"] == "raw/"


def test_rows_go_out_as_a_csv_file(plan: Any) -> None:
    done = plan("Each Monday run the Postgres query `select * from kpi` and e-mail the result as a CSV attachment to c@acme.de.")  # fmt: skip
    mail = done.spec.tasks[-1]
    assert mail.operator.recipe == "mail_rows"
    assert 'recipients="c@acme.de"' in done.source
    assert "rows=run_postgres.output" in done.source
    assert not [item for item in done.warnings if item.about == "not_done"]


def test_a_file_that_is_named_is_attached_and_nothing_is_left_to_say(plan: Any, values: Any) -> None:
    done = plan("Daily run `report.sh`, then e-mail /data/out/r.pdf to b@acme.de as an attachment.")
    assert values(done.spec.tasks[-1])["files"] == ["/data/out/r.pdf"]
    assert not [item for item in done.warnings if item.about == "not_done"]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Daily run the Athena query: MSCK REPAIR TABLE lake.x; results go to s3://r/a/.", "MSCK REPAIR TABLE lake.x"),
        ("Nightly run OPTIMIZE lake.x on Databricks.", "OPTIMIZE lake.x"),
        ("Nightly run the Snowflake query: alter task t resume", "alter task t resume"),
    ],
)
def test_a_statement_without_quotes_ends_where_the_words_go_on(
    plan: Any, values: Any, text: str, statement: str
) -> None:
    (task,) = plan(text).spec.tasks
    assert statement in values(task).values()


def test_a_query_leaves_its_result_where_the_words_say(plan: Any, values: Any) -> None:
    (task,) = plan("Daily run the Athena query `select 1 from a.b`; results go to s3://r/a/.").spec.tasks
    assert values(task)["output_location"] == "s3://r/a/"


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("Daily extract the orders table from MySQL and land it as Parquet in s3://lake/o/.", "SqlToS3Operator"),
        (
            "Daily extract the table sales.orders from Postgres, convert it to parquet and upload it to gs://lake/o/.",
            "PostgresToGCSOperator",
        ),
    ],
)
def test_a_table_that_lands_as_parquet_is_one_export(plan: Any, values: Any, text: str, operator: str) -> None:
    done = plan(text)
    (task,) = done.spec.tasks
    assert task.operator.path.endswith(f":{operator}")
    assert "parquet" in values(task).values()
    assert not [item for item in done.warnings if item.about in ("not_done", "code")]


def test_the_file_that_was_loaded_moves_into_the_folder(plan: Any, values: Any) -> None:
    done = plan("Daily load /data/in/c.csv into the Postgres table stg.c, then archive the file to /data/done/.")
    last = done.spec.tasks[-1]
    assert last.operator.recipe == "move_file"
    assert (values(last)["path"], values(last)["folder"]) == ("/data/in/c.csv", "/data/done/")
