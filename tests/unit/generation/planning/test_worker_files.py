"""Files of the worker: archives, checksums, dumps without a name, and which file "it" is from step to step."""

from __future__ import annotations

from typing import Any

import pytest


def _recipes(spec: Any) -> list[str]:
    return [task.operator.recipe or task.operator.path.rpartition(":")[2] for task in spec.tasks]


def _texts(task: Any) -> dict[str, str]:
    """Arguments as text, templates too."""
    return {
        item.name: str(getattr(item.value, "template", getattr(item.value, "value", ""))) for item in task.arguments
    }


@pytest.mark.parametrize(
    ("words", "recipe", "arguments"),
    [
        (
            "unzip /in/orders.zip into /stage/",
            "unpack_archive",
            {"path": "/in/orders.zip", "folder": "/stage/"},
        ),
        ("untar /in/a.tar.gz", "unpack_archive", {"path": "/in/a.tar.gz"}),
        ("gunzip /in/a.csv.gz", "gunzip_file", {"path": "/in/a.csv.gz"}),
        ("decompress /in/a.csv.gz", "gunzip_file", {"path": "/in/a.csv.gz"}),
        ("gzip /in/a.csv", "gzip_file", {"path": "/in/a.csv"}),
        ("compress the file /in/a.csv", "gzip_file", {"path": "/in/a.csv"}),
        (
            "tar the folder /data/reports into /out/reports.tar.gz",
            "pack_archive",
            {"path": "/data/reports", "target_path": "/out/reports.tar.gz"},
        ),
        ("zip /data/a.csv", "pack_archive", {"path": "/data/a.csv", "target_path": "/data/a.csv.zip"}),
        ("rename /in/a.csv to /in/b.csv", "rename_file", {"path": "/in/a.csv", "target_path": "/in/b.csv"}),
        (
            "verify the md5 checksum of /in/a.bin against /in/a.bin.md5",
            "verify_checksum",
            {"path": "/in/a.bin", "checksum_path": "/in/a.bin.md5", "algorithm": "md5"},
        ),
        (
            "write the sha256 checksum of /out/a.csv to /out/a.csv.sha256",
            "write_checksum",
            {"path": "/out/a.csv", "checksum_path": "/out/a.csv.sha256", "algorithm": "sha256"},
        ),
    ],
)
def test_work_on_a_file_is_real_code(plan: Any, words: str, recipe: str, arguments: dict[str, str]) -> None:
    (task,) = plan(f"Daily at 3 UTC {words}.").spec.tasks
    assert task.operator.recipe == recipe
    assert _texts(task) == arguments


def test_where_the_checksum_stands_is_an_assumption_if_nobody_says_so(plan: Any) -> None:
    answer = plan("Daily at 3 UTC verify the sha512 checksum of /in/a.bin.")
    assert [task.operator.recipe for task in answer.spec.tasks] == ["verify_checksum"]
    assert any("/in/a.bin.sha512" in item.text for item in answer.assumptions)


@pytest.mark.parametrize("words", ["unzip /in/../etc/a.zip", "gzip everything", "zip the orders table in Postgres"])
def test_what_names_no_plain_file_is_no_work_on_a_file(plan: Any, words: str) -> None:
    spec = plan(f"Daily at 3 UTC {words}.").spec
    assert not {"unpack_archive", "gzip_file", "pack_archive"} & set(_recipes(spec))


def test_a_dump_without_a_file_gets_one_and_every_later_step_names_it(plan: Any) -> None:
    answer = plan(
        "Daily at 1 UTC dump the MySQL database shop, gzip the dump, upload it to s3://backups/mysql/ and delete the local file."
    )
    dump, squeeze, upload, remove = answer.spec.tasks
    assert _texts(dump)["bash_command"] == "mysqldump --single-transaction shop > /tmp/shop_{{ ds }}.sql"
    assert (squeeze.operator.recipe, _texts(squeeze)) == ("gzip_file", {"path": "/tmp/shop_{{ ds }}.sql"})
    assert upload.operator.path.endswith(":LocalFilesystemToS3Operator")
    assert _texts(upload)["filename"] == "/tmp/shop_{{ ds }}.sql.gz"
    assert _texts(upload)["dest_key"] == "mysql/shop_{{ ds }}.sql.gz"
    assert _texts(remove) == {"folder": "/tmp/", "pattern": "shop_{{ ds }}.sql*"}
    assert any("same disk" in item.text for item in answer.assumptions)
    assert not answer.clarifications


def test_a_dump_that_is_made_every_hour_has_the_time_in_its_name(plan: Any) -> None:
    dump = plan("Every hour pg_dump the Postgres database crm.").spec.tasks[0]
    assert "crm_{{ ts_nodash }}.sql" in _texts(dump)["bash_command"]


def test_a_dump_of_no_named_database_is_not_made_up(plan: Any) -> None:
    (task,) = plan("Fridays 20:00 UTC: back up MySQL.").spec.tasks
    assert "mysqldump" not in str(_texts(task))


def test_the_files_of_an_archive_are_loaded_one_by_one(plan: Any) -> None:
    spec = plan(
        "Daily at 6 UTC: download /out/data.zip from the SFTP server, unzip it and load the CSV into the Postgres table a.b."
    ).spec
    _, unzip, load = spec.tasks
    assert (unzip.operator.recipe, _texts(unzip)["pattern"]) == ("unpack_archive", "*.csv")
    assert load.operator.recipe == "load_csv_file"
    assert load.mapping is not None
    assert load.mapping.argument == "path"


def test_a_file_that_an_archive_holds_is_loaded_by_its_name(plan: Any) -> None:
    spec = plan(
        "Daily at 3 UTC: unzip /in/orders.zip into /stage/ and load /stage/orders.csv into the Postgres table stg.orders."
    ).spec
    assert _texts(spec.tasks[1])["path"] == "/stage/orders.csv"
    assert spec.tasks[1].operator.recipe == "load_csv_file"


def test_a_download_that_is_unpacked_next_is_a_file(plan: Any) -> None:
    spec = plan(
        "Daily at 5 UTC: download https://ex.org/pub/a.csv.gz, gunzip it and load it into Postgres table x.a."
    ).spec
    assert _recipes(spec) == ["http_download", "gunzip_file", "load_csv_file"]
    assert [_texts(task)["path"] for task in spec.tasks] == ["/tmp/a.csv.gz", "/tmp/a.csv.gz", "/tmp/a.csv"]


@pytest.mark.parametrize(("store", "transfer"), [("gs", "LocalFilesystemToGCS"), ("s3", "LocalFilesystemToS3")])
def test_a_file_of_the_worker_is_uploaded_by_the_transfer_of_the_store(plan: Any, store: str, transfer: str) -> None:
    (task,) = plan(f"Sundays at 3 UTC upload the file /data/week.csv to {store}://weekly/week.csv.").spec.tasks
    assert task.operator.path.endswith(f":{transfer}Operator")
