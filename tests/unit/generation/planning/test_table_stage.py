"""Files of S3 that go into Snowflake without a named stage: over the stage of the table, and nothing is asked."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Generation, LiteralValue


def _texts(answer: Generation) -> dict[str, object]:
    arguments = answer.spec.tasks[0].arguments
    return {item.name: item.value.value for item in arguments if isinstance(item.value, LiteralValue)}


def test_bucket_key_and_table_are_kept_and_nothing_is_asked() -> None:
    answer = generate("Daily at 2 UTC load s3://plum/in/day.csv into the Snowflake table RAW.PLUM.DAY.")
    given = _texts(answer)
    assert (given["bucket"], given["key"], given["table"]) == ("plum", "in/day.csv", "RAW.PLUM.DAY")
    assert not answer.clarifications
    assert any(item.about == "stage" for item in answer.assumptions)


def test_columns_of_parquet_files_are_matched_by_name() -> None:
    given = _texts(generate("Daily at 2 UTC load the parquet files under s3://plum/in/ into Snowflake table RAW.DAY."))
    assert given["file_format"] == "(TYPE = PARQUET)"
    assert given["by_name"] is True


def test_a_connection_of_snowflake_is_none_of_s3() -> None:
    given = _texts(generate("Daily at 2 UTC load s3://plum/day.csv into Snowflake table RAW.DAY (connection sf_raw)."))
    assert (given["conn_id"], given["s3_conn_id"]) == ("sf_raw", "aws_default")


def test_a_named_stage_is_used() -> None:
    source = generate("Daily load gs://plum/day/ into the Snowflake table RAW.DAY from stage PLUM_STAGE.").source
    assert "CopyFromExternalStageToSnowflakeOperator" in source
