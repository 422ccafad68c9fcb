"""One file that is copied: the key it gets in a folder, and its removal from where it was."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, WorkflowSpec


def _said(spec: WorkflowSpec, task: int, name: str) -> object:
    argument = spec.tasks[task].argument(name)
    assert argument is not None
    assert isinstance(argument.value, LiteralValue)
    return argument.value.value


@pytest.mark.parametrize(
    ("words", "name", "key"),
    [
        ("copy /out/rates.csv from SFTP to s3://lake/rates/", "s3_key", "rates/rates.csv"),
        ("copy /out/rates.csv from FTP to s3://lake/", "s3_key", "rates.csv"),
        ("copy /out/rates.csv from SFTP to the S3 bucket lake", "s3_key", "rates.csv"),
        ("copy /out/rates.csv from SFTP to gs://lake/in/", "destination_path", "in/rates.csv"),
        ("copy s3://lake/a/rates.csv to the SFTP server /drop/", "sftp_path", "/drop/rates.csv"),
        ("copy s3://lake/a/rates.csv to s3://other/b/", "dest_bucket_key", "b/rates.csv"),
        ("upload /srv/rates.csv to s3://lake/b/", "dest_key", "b/rates.csv"),
    ],
)
def test_one_file_keeps_its_name_in_the_folder(plan: Any, words: str, name: str, key: str) -> None:
    assert _said(plan(f"Every day at 5 UTC {words}.").spec, 0, name) == key


@pytest.mark.parametrize(
    ("words", "name", "place"),
    [
        ("copy s3://lake/a/rates.csv to gs://other/b/", "dest_gcs", "gs://other/b/"),
        ("copy gs://lake/a/rates.csv to SFTP /drop/", "destination_path", "/drop/"),
    ],
)
def test_an_operator_that_wants_a_folder_gets_one(plan: Any, words: str, name: str, place: str) -> None:
    assert _said(plan(f"Every day at 5 UTC {words}.").spec, 0, name) == place


def test_a_key_in_the_words_stays(plan: Any) -> None:
    spec = plan("Every day at 5 UTC copy /out/rates.csv from SFTP to s3://lake/b/today.csv.").spec
    assert _said(spec, 0, "s3_key") == "b/today.csv"


def test_what_loads_the_file_finds_it_under_its_whole_key(plan: Any) -> None:
    spec = plan(
        "Daily at 5 UTC copy /out/rates.csv from SFTP to s3://lake/rates/, then load it into Redshift table fin.rates."
    ).spec
    assert _said(spec, 1, "s3_key") == "rates/rates.csv"


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("then delete it from the SFTP server", "remote_filepath", "/out/rates.csv"),
        ("then remove the file from the SFTP server", "remote_filepath", "/out/rates.csv"),
        ("and delete the original", "remote_filepath", "/out/rates.csv"),
    ],
)
def test_what_was_copied_is_what_is_deleted(plan: Any, words: str, name: str, value: str) -> None:
    answer = plan(f"Every day at 5 UTC copy /out/rates.csv from the SFTP server to s3://lake/rates/, {words}.")
    assert _said(answer.spec, 1, name) == value
    assert _said(answer.spec, 1, "operation") == "delete"
    assert not answer.spec.params


def test_a_pronoun_that_may_mean_either_side_deletes_nothing(plan: Any) -> None:
    spec = plan("Every day at 5 UTC copy s3://lake/a.csv to s3://other/a.csv and delete it.").spec
    assert spec.tasks[1].operator.recipe == "python_step"


def test_a_load_of_one_object_names_it_with_its_folder(plan: Any) -> None:
    spec = plan("Every day at 5 UTC load gs://lake/in/rates.csv into BigQuery table fin.rates.").spec
    assert _said(spec, 0, "source_objects") == ["in/rates.csv"]
