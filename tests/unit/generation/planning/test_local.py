"""Work on the worker itself."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("dump the Postgres database shop with `pg_dump shop -f /save/shop.dump`", "pg_dump shop -f /save/shop.dump"),
        ("rebuild the dbt models with `dbt run --threads 4`", "dbt run --threads 4"),
    ],
)
def test_a_stated_client_program_is_run(plan: Any, values: Any, words: str, command: str) -> None:
    (task,) = plan(f"Daily at 3 {words}.").spec.tasks
    assert values(task)["bash_command"] == command


def test_a_csv_file_of_the_worker_is_loaded_into_a_table(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 5 load the file /in/parts.csv into the MySQL table shop.parts.").spec.tasks
    assert task.operator.recipe == "load_csv_file"
    assert (values(task)["path"], values(task)["table"]) == ("/in/parts.csv", "shop.parts")


def test_a_table_that_is_dumped_into_a_file_is_not_overwritten_from_it(plan: Any) -> None:
    spec = plan("Daily at 5 dump the MySQL table shop.parts to CSV at /out/parts.csv.").spec
    assert all(task.operator.recipe != "load_csv_file" for task in spec.tasks)


def test_old_files_are_deleted_where_folder_pattern_and_age_are_stated(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 3 delete *.tmp files older than 7 days from /var/exports.").spec.tasks
    assert task.operator.recipe == "delete_files"
    found = values(task)
    assert (found["folder"], found["pattern"], found["older_than_days"]) == ("/var/exports", "*.tmp", 7)


def test_a_file_that_is_named_in_full_is_deleted(plan: Any, values: Any) -> None:
    (task,) = plan("Every Monday at 3 delete /var/exports/last.csv.").spec.tasks
    assert (values(task)["folder"], values(task)["pattern"]) == ("/var/exports/", "last.csv")


@pytest.mark.parametrize(
    "words", ["delete exports older than 7 days", "delete the files older than 7 days in /var/exports"]
)
def test_what_is_not_said_of_old_files_is_asked(plan: Any, words: str) -> None:
    answer = plan(f"Daily at 3 {words}.")
    assert all(task.operator.recipe != "delete_files" for task in answer.spec.tasks)
    assert any("Nothing is deleted" in item.text for item in answer.clarifications)


@pytest.mark.parametrize("words", ["delete /", "delete the folder /var/exports", "delete /var/../etc/passwd.txt"])
def test_folders_and_ways_upwards_are_not_deleted(plan: Any, words: str) -> None:
    assert all(task.operator.recipe != "delete_files" for task in plan(f"Daily at 3 {words}.").spec.tasks)


def test_a_message_that_is_written_is_sent(plan: Any) -> None:
    (task,) = plan("Daily at 5 write a Slack message 'stock is counted' to #stock.").spec.tasks
    assert task.action == "notify"


def test_new_records_of_an_address_pass_a_check_before_they_are_stored(plan: Any) -> None:
    spec = plan(
        "Every day at 6 check the API at https://api.example.org/parts for new parts; only if there are any, "
        "insert them into the Postgres table shop.parts."
    ).spec
    assert spec.tasks[0].operator.recipe == "http_get_json"
    assert spec.tasks[-1].argument("rows").value.task_id == spec.task_ids[0]
