"""What a step hands to the job, function or script that it starts."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Daily invoke the Lambda function tidy with the run date as payload.", 'payload=\'{"run_date": "{{ ds }}"}\''),
        ("Daily invoke the Lambda function tidy passing the run date as day.", 'payload=\'{"day": "{{ ds }}"}\''),
        ("Daily run the Databricks job 12 with the run date as job parameter day.", 'job_parameters={"day": "{{ ds }}"}'),
        ("Daily run the Databricks notebook /a/b with parameter day set to the run date, stage=prod.", 'notebook_params={"day": "{{ ds }}", "stage": "prod"}'),
        ("Daily run the Glue job wash and pass it the execution date as the argument --day.", 'script_args={"--day": "{{ ds }}"}'),
        ("Daily run the Azure Data Factory pipeline nightly with the run date as parameter window.", 'parameters={"window": "{{ ds }}"}'),
        ("Daily trigger the DAG other_one passing the run date.", 'conf={"run_date": "{{ ds }}"}'),
        ("Daily run `python load.py` with the run date as argument.", 'bash_command="python load.py --run_date {{ ds }}"'),
        ("Daily run the Step Functions state machine arn:aws:states:eu-west-1:123456789012:stateMachine:tidy with the run date as input.", 'state_machine_input={"run_date": "{{ ds }}"}'),
    ],
    ids=lambda value: value[:60],
)  # fmt: skip
def test_it_stands_in_the_argument_that_takes_it(plan: Any, text: str, written: str) -> None:
    done = plan(text)
    assert written in done.source
    assert not [item for item in done.warnings if item.about == "not_done"]


def test_a_name_that_was_not_said_is_told(plan: Any) -> None:
    done = plan("Daily invoke the Lambda function tidy with the run date as payload.")
    assert any("'run_date'" in item.text for item in done.assumptions)


def test_what_an_operator_cannot_take_is_still_told(plan: Any) -> None:
    done = plan("Daily run the Athena query `select 1` with the run date as payload, results in s3://out/a/.")
    assert any(item.about == "not_done" for item in done.warnings)
