"""Files of a folder that are copied one by one: a list, the arguments of each copy, the transfer mapped over them."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, MappingSpec, OutputRef


def _class(task: Any) -> str:
    return task.operator.recipe or task.operator.path.rpartition(":")[2]


def _constants(task: Any) -> dict[str, Any]:
    return {item.name: item.value.value for item in task.arguments if isinstance(item.value, LiteralValue)}


@pytest.mark.parametrize(
    ("words", "lists", "transfer", "source", "target", "folder"),
    [
        ("for each file in the SFTP folder /out/ copy it to the S3 bucket landing under partner/", "list_sftp_files", "SFTPToS3Operator", "sftp_path", "s3_key", "partner/"),
        ("for each CSV file in the SFTP folder /out copy it to gs://lake/partner/", "list_sftp_files", "SFTPToGCSOperator", "source_path", "destination_path", "partner/"),
        ("list the files in /in on the FTP server and for each of them transfer it to s3://lake/in/", "list_ftp_files", "FTPToS3Operator", "ftp_path", "s3_key", "in/"),
        ("list the files in /in on the FTP server and copy each of them to s3://lake/in/", "list_ftp_files", "FTPToS3Operator", "ftp_path", "s3_key", "in/"),
        ("list the keys in s3://a/in/, then for each key copy it to the SFTP folder /drop/", "list_s3_keys", "S3ToSFTPOperator", "s3_key", "sftp_path", "/drop/"),
        ("for each file in /data/export upload it to the GCS bucket lake", "list_files", "LocalFilesystemToGCSOperator", "src", "dst", None),
    ],
)  # fmt: skip
def test_each_file_is_copied_by_the_transfer_operator(
    plan: Any, words: str, lists: str, transfer: str, source: str, target: str, folder: str | None
) -> None:
    answer = plan(f"Daily at 5 UTC: {words}.")
    listed, pairs, copy = answer.spec.tasks
    assert [_class(task) for task in answer.spec.tasks] == [lists, "file_arguments", transfer]
    told = _constants(pairs)
    assert (told["source"], told["target"], told.get("folder")) == (source, target, folder)
    assert pairs.argument("paths").value == OutputRef(listed.task_id)
    assert copy.mapping == MappingSpec("", OutputRef(pairs.task_id))
    assert not {source, target} & set(_constants(copy))
    assert not [item for item in answer.warnings if item.about == "code"]
    assert "wfintel" not in answer.source


def test_an_assumption_about_a_task_that_is_not_there_is_not_made(plan: Any) -> None:
    answer = plan("Daily at 5 UTC: list the files in /in on the FTP server and copy each of them to s3://lake/in/.")
    assert not [item for item in answer.assumptions if item.about == "key"]
