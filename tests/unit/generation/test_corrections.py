"""Corrections: what a person changed in the generated file."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import find_corrections, generate
from airflow_provider_wfintel.engine.model import Correction, Generation
from airflow_provider_wfintel.exceptions import UserInputError

TEXT = "Every day at 6 run `select 1` in Postgres, then tell #ops in Slack."
SQL = "airflow.providers.common.sql.operators.sql"
EXECUTE = f"{SQL}:SQLExecuteQueryOperator"


@pytest.fixture(scope="module")
def answer() -> Generation:
    return generate(TEXT)


def _of(found: tuple[Correction, ...], service: str) -> Correction:
    return next(item for item in found if item.service == service)


def test_a_file_that_was_kept_accepts_its_operators(answer: Generation) -> None:
    correction = _of(find_corrections(answer.spec, answer.source), "postgres")
    assert (correction.operator, correction.instead_of, correction.connection_id) == (EXECUTE, "", "")


def test_another_class_for_the_same_task_is_a_correction(answer: Generation) -> None:
    saved = answer.source.replace("SQLExecuteQueryOperator", "SQLCheckOperator")
    correction = _of(find_corrections(answer.spec, saved), "postgres")
    assert (correction.operator, correction.instead_of) == (f"{SQL}:SQLCheckOperator", EXECUTE)


def test_another_connection_is_a_correction(answer: Generation) -> None:
    saved = answer.source.replace('"postgres_default"', '"reporting_db"')
    assert saved != answer.source
    assert _of(find_corrections(answer.spec, saved), "postgres").connection_id == "reporting_db"


def test_a_task_that_was_renamed_says_nothing(answer: Generation) -> None:
    task_id = next(task.task_id for task in answer.spec.tasks if "postgres" in task.services)
    saved = answer.source.replace(f'task_id="{task_id}"', 'task_id="other"')
    assert all(item.service != "postgres" for item in find_corrections(answer.spec, saved))


def test_a_file_that_does_not_parse_is_a_typed_error(answer: Generation) -> None:
    with pytest.raises(UserInputError, match="no valid Python"):
        find_corrections(answer.spec, "with DAG(:")
