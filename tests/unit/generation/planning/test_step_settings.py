"""Retries, timeouts and the pause between two looks reach the task that the words mean."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import LiteralValue, TaskSpec


def _tasks(text: str) -> dict[str, TaskSpec]:
    return {task.services[0] if task.services else task.task_id: task for task in generate(text).spec.tasks}


def _value(task: TaskSpec, name: str) -> object:
    argument = task.argument(name)
    return argument.value.value if argument is not None and isinstance(argument.value, LiteralValue) else None


def test_retries_of_one_step_are_not_those_of_the_dag() -> None:
    text = "Daily 5:00 run the Databricks job 4242, then the Glue job tidy-orders. Retry the Databricks job 4 times."
    tasks = _tasks(text)
    assert tasks["databricks"].retry is not None
    assert tasks["databricks"].retry.retries == 4
    assert tasks["aws_glue"].retry is None
    assert generate(text).spec.retry is None


def test_retries_of_anything_are_those_of_the_dag() -> None:
    spec = generate("Daily 5:00 run `tidy.sh`. Retry the task 4 times.").spec
    assert spec.retry is not None
    assert spec.retry.retries == 4


@pytest.mark.parametrize(
    ("words", "poke", "timeout"),
    [
        ("checking every 5 minutes for at most 3 hours", 300, 10800),
        ("but no longer than 2 hours", None, 7200),
        ("poking every 30 seconds", 30, None),
    ],
)
def test_a_sensor_takes_how_often_and_how_long_it_looks(words: str, poke: int | None, timeout: int | None) -> None:
    sensor = _tasks(f"Daily 5:00 wait for s3://drop-x/_READY, {words}, then run the Glue job tidy-orders.")["amazon_s3"]
    assert (_value(sensor, "poke_interval"), _value(sensor, "timeout")) == (poke, timeout)


def test_the_timeout_of_a_step_is_its_own() -> None:
    tasks = _tasks(
        "Daily 5:00 run `df -h` over SSH, then the Glue job tidy-orders. Timeout for the SSH task: 10 minutes."
    )
    assert tasks["ssh"].timeout_seconds == 600
    assert tasks["aws_glue"].timeout_seconds is None


def test_a_stated_connection_says_where_it_comes_from() -> None:
    task = _tasks("Daily 5:00 run the Postgres query `select 1` using conn_id pg_main.")["postgres"]
    argument = task.argument("conn_id")
    assert argument is not None
    assert (argument.origin, _value(task, "conn_id")) == ("stated", "pg_main")


def test_what_is_said_of_a_snowflake_session_goes_to_the_hook() -> None:
    task = _tasks("Daily 5:00 query Snowflake with warehouse WH_A and role R_B: `select 1`.")["snowflake"]
    assert _value(task, "hook_params") == {"role": "R_B", "warehouse": "WH_A"}


def test_a_second_recipient_gets_the_same_message() -> None:
    tasks = generate("Daily 5:00 mail 'Done' to a@example.org. Also tell b@example.org.").spec.tasks
    assert [_value(task, "to") for task in tasks] == [["a@example.org", "b@example.org"]]


def test_variables_of_the_environment_reach_the_container() -> None:
    task = _tasks("Daily 5:00 run the Docker image registry.example.org/f:2.7 with REGION=eu and MODE=full.")["docker"]
    assert _value(task, "environment") == {"MODE": "full", "REGION": "eu"}
