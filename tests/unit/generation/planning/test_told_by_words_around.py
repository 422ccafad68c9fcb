"""What the words around a value tell: the folder of a command, the place of "there", a whole message, a name that is a table."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import TaskSpec


def _value(task: TaskSpec, name: str) -> object:
    argument = task.argument(name)
    assert argument is not None
    return getattr(argument.value, "value", None)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("Daily at 5 run dbt build --select visits+ in /opt/dbt.", "cd /opt/dbt && dbt build --select visits+"),
        ("Daily at 5 run python load.py --full in the folder /srv/jobs.", "cd /srv/jobs && python load.py --full"),
        ("Daily at 5 run `make all in /srv/jobs`.", "make all in /srv/jobs"),
    ],
)
def test_a_command_runs_in_its_folder(words: str, command: str) -> None:
    answer = generate(words)
    assert _value(answer.spec.tasks[0], "bash_command") == command
    assert not answer.unused


def test_a_deletion_there_is_in_the_folder_that_was_written_to() -> None:
    answer = generate("Daily at 5 upload /tmp/a.csv to s3://keep/visits/ and delete objects older than 30 days there.")
    task = answer.spec.tasks[-1]
    assert (_value(task, "bucket"), _value(task, "prefix"), _value(task, "older_than_days")) == ("keep", "visits/", 30)


def test_a_deletion_there_never_takes_the_file_itself_for_the_folder() -> None:
    answer = generate(
        "Daily at 5 upload /tmp/a.csv to s3://keep/visits/a.csv and delete objects older than 30 days there."
    )
    assert answer.spec.tasks[-1].argument("prefix") is None


@pytest.mark.parametrize(
    ("words", "name", "message"),
    [
        ("send an email to ops@acme.example saying the visits are loaded", "html_content", "the visits are loaded"),
        ("post to #ops that all visits are loaded", "text", "all visits are loaded"),
    ],
)
def test_an_unquoted_message_is_sent_as_a_whole(words: str, name: str, message: str) -> None:
    answer = generate(f"Daily at 5 run `a.sh`, then {words}.")
    assert _value(answer.spec.tasks[-1], name) == message


def test_a_single_name_is_a_table_and_no_statement() -> None:
    task = generate(
        "Daily at 5 query visits_eu from MySQL and upload the result as CSV to s3://out/visits.csv."
    ).spec.tasks[0]
    assert task.argument("sql") is None
    assert _value(task, "table") == "visits_eu"


@pytest.mark.parametrize("opening", ["When", "Whenever", "Every time", "As soon as"])
def test_a_command_after_an_awaited_file_is_run(opening: str) -> None:
    tasks = generate(f"{opening} a new file lands in s3://in/visits/, run `load.sh`.").spec.tasks
    assert [task.action for task in tasks] == ["wait_for", "trigger"]


def test_a_plain_name_of_a_server_is_its_connection() -> None:
    task = generate("Daily at 5 upload /tmp/a.csv to the SFTP server bank_sftp at /in.").spec.tasks[-1]
    assert _value(task, "ssh_conn_id") == "bank_sftp"


def test_a_partition_of_a_day_is_read_by_its_column() -> None:
    answer = generate("Daily at 3 copy yesterday's partition of the Hive table logs.visits to gs://archive/.")
    assert "WHERE ds = '{{ macros.ds_add(ds, -1) }}'" in answer.source
    assert any("'ds'" in item.text for item in answer.assumptions)


def test_a_zone_with_an_underscore_may_end_a_sentence() -> None:
    answer = generate("Schedule: daily 04:15 America/New_York. Run `a.sh`.")
    assert answer.spec.schedule.timezone == "America/New_York"
    assert len(answer.spec.tasks) == 1


def test_checksums_of_tables_are_no_file_of_the_worker() -> None:
    words = "Daily at 6 copy the MySQL table shop.visits to the Redshift table dw.visits and reconcile the checksums."
    assert "verify_checksum" not in [task.operator.recipe for task in generate(words).spec.tasks]
