"""Values that the words leave open: nothing acts before somebody has given them."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.service import generate

REMOVAL = "remove the old export from the S3 bucket"


def test_a_dag_started_by_hand_asks_for_the_value_in_the_form():
    source = generate(f"Run by hand: {REMOVAL}.").source
    assert 'type="string"' in source
    assert "None" not in source.split("with DAG")[1].replace("schedule=None", "")


def test_a_scheduled_dag_refuses_the_empty_value_before_the_operator_acts():
    source = generate(f"Every day at 5 {REMOVAL}.").source
    assert "| required(" in source
    assert 'user_defined_filters={"required": required}' in source
    assert "raise ValueError" in source


def test_a_dag_without_open_values_has_no_such_filter():
    assert "required" not in generate("Every day at 5 run `report.sh`.").source
