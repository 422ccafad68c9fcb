"""Folders of an SFTP server that go to S3: each file is copied, a folder is never read as one file."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    "text",
    [
        "Hourly copy everything in the SFTP folder /out/meters (connection grid) to s3://plum/in/.",
        "Hourly copy all files from the SFTP directory /out/meters to s3://plum/in/.",
        "Hourly copy /out/meters/ from the SFTP server to s3://plum/in/.",
    ],
)
def test_the_files_of_a_folder_are_listed_and_copied_one_by_one(text: str) -> None:
    spec = generate(text).spec
    recipes = [task.operator.recipe for task in spec.tasks]
    assert recipes[:2] == ["list_sftp_files", "file_arguments"]
    assert spec.tasks[2].mapping is not None
    assert spec.tasks[2].argument("s3_key") is None  # each file has its own


def test_one_file_is_copied_as_one_file() -> None:
    spec = generate("Hourly copy /out/meters.csv from the SFTP server to s3://plum/in/.").spec
    assert len(spec.tasks) == 1
    assert spec.tasks[0].mapping is None


def test_a_list_that_the_words_give_is_no_task() -> None:
    spec = generate(
        "Daily at 2: list the tables [users, carts, refunds] and for every one of them copy it from MySQL (conn shop) "
        "to the Postgres schema raw with 2 in parallel."
    ).spec
    assert len(spec.tasks) == 1
    assert spec.tasks[0].mapping is not None
    assert spec.tasks[0].max_active == 2
