"""Files of S3 that go into Snowflake where no external stage is named: by way of the stage that every table has."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import Choice
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue

__all__ = ["through_table_stage"]

_NAMED = frozenset({"PARQUET", "AVRO", "ORC", "JSON"})


def through_table_stage(desk: Desk, step: Step, choice: Choice | None, values: SlotValues, task: str) -> Draft | None:
    """The task that brings files of S3 into a table over the worker; None if a stage is named or a place is missing."""
    tables = [item.slot.value for item in step.slots if item.slot.name == "table"]
    if choice is None or (step.source, step.target) != ("amazon_s3", "snowflake") or len(tables) != 1:
        return None
    if "stage" not in choice.missing or not is_identifier(tables[0]) or step.foreach is not None:
        return None
    own = slot_values(step)
    bucket = own.values.get("bucket")
    key = own.values.get("key") or own.values.get("prefix") or own.values.get("pattern")
    if not isinstance(bucket, LiteralValue) or not isinstance(key, LiteralValue):
        return None
    form = str(getattr(values.values.get("format"), "value", "") or "csv").upper()
    if re.fullmatch(r"[A-Z]+", form) is None:
        return None
    bucket_id, told = desk.connection(step, "amazon_s3")
    extra: tuple[Argument, ...] = (
        literal("bucket", bucket.value),
        literal("key", key.value),
        literal("table", tables[0]),
        *((literal("file_format", f"(TYPE = {form})"), literal("by_name", True)) if form in _NAMED else ()),
        Argument("s3_conn_id", told.value, told.origin, told.evidence)
        if told is not None
        else literal("s3_conn_id", bucket_id, "default"),
    )
    desk.notes.assume(
        "stage",
        f"The files of {' '.join(step.words.split())[:80]!r} go over the worker to the stage of the table itself. "
        "Where Snowflake reads the bucket by an external stage, name it ('from stage X').",
        desk.span(step),
    )
    return from_recipe(desk, step, "s3_to_snowflake", SlotValues({}, {}), task, service="snowflake", extra=extra)
