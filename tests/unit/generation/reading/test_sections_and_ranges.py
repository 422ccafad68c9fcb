"""Sections of a list, ranges to repeat over, conditions that exclude each other, compounds with a service's name."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.reading.items import find_items, parts_of
from airflow_provider_wfintel.engine.generation.reading.sections import find_sections
from airflow_provider_wfintel.engine.generation.service import generate

LIST = (
    "1. Collect\n   - copy Postgres table q.one to s3://raw/one/\n   - copy MySQL table q.two to s3://raw/two/\n"
    "2. Combine\n   - run the Glue job glue_all\n   - run `CALL q.close()` in Postgres\n3. Mail ops@example.com"
)


def test_a_short_item_above_deeper_items_heads_a_section() -> None:
    assert [section.name for section in find_sections(LIST)] == ["Collect", "Combine"]


@pytest.mark.parametrize(
    "text", ["1. Collect\n2. Combine\n3. Tell", "1. Collect\n   - one thing", "Collect\n   - a\n   - b"]
)
def test_lists_without_deeper_items_have_no_sections(text: str) -> None:
    assert find_sections(text) == ()


def test_the_head_of_a_section_is_no_step_but_a_task_group() -> None:
    spec = generate(f"Daily at 3:\n{LIST}").spec
    assert [task.group for task in spec.tasks] == ["collect", "collect", "combine", "combine", ""]
    assert [group.label for group in spec.groups] == ["Collect", "Combine"]


def test_sub_items_below_in_parallel_have_no_order_among_them(read: Any) -> None:
    text = (
        "- fetch /a.csv from the FTP server\n- in parallel:\n  - load it into MySQL table q.a\n"
        "  - put it into the S3 bucket raw\n- run `dbt build`"
    )
    assert read(text).order == {(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)}


@pytest.mark.parametrize(
    ("words", "items"),
    [
        ("1 to 4", ("1", "2", "3", "4")),
        ("08-11", ("08", "09", "10", "11")),
        ("2 bis 3", ("2", "3")),
        ("5 to 3", ("5 to 3",)),
        ("1 to 9000", ("1 to 9000",)),
    ],
)
def test_a_range_stands_for_its_numbers(words: str, items: tuple[str, ...]) -> None:
    assert parts_of(words, "de" if "bis" in words else "en") == items
    assert (find_items(words, "de") is not None) == (len(items) > 1)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Run the Glue job tally_one for shards 1 to 3, then mail ops@example.com.", ("1", "2", "3")),
        ("Run the Glue job tally_one for the sites oslo, bergen as well as hamar.", ("oslo", "bergen", "hamar")),
    ],
)
def test_a_listed_noun_behind_for_repeats_the_step(read: Any, text: str, items: tuple[str, ...]) -> None:
    foreach = read(text).flow.steps[0].foreach
    assert foreach is not None
    assert foreach.items == items


@pytest.mark.parametrize(
    "text",
    [
        "If it is 'up' run the Glue job job_a, if it is 'down' run the Glue job job_b, otherwise tell #ops on Slack.",
        "If it says 'up' the Glue job job_a is run, if it says 'no' the Glue job job_b is started, else tell Slack #q.",
        "If the count is 0 run the Glue job job_a. If it is above 10 run the Glue job job_b. Otherwise tell Slack #q.",
    ],
)
def test_otherwise_after_two_conditions_is_neither_of_them(text: str) -> None:
    spec = generate(f"Daily at 3: Run `SELECT s FROM q.s` in Postgres. {text}").spec
    ways = [task for task in spec.tasks if task.operator.path == "task.branch"]
    assert len(ways) == 2
    first, second = (task.task_id for task in ways)
    assert set(spec.downstream_of(first)) == {
        second,
        *(t.task_id for t in spec.tasks if t.task_id.endswith("job_a_glue")),
    }
    assert len(spec.downstream_of(second)) == 2


@pytest.mark.parametrize(("answer", "positive"), [("If so", True), ("If yes", True), ("If not", False)])
def test_an_answer_is_a_guard_on_what_was_asked_last(read: Any, answer: str, positive: bool) -> None:
    reading = read(f"Check whether Postgres table q.new has rows. {answer}, run the Glue job job_a.")
    guard = reading.flow.steps[-1].guard
    assert guard is not None
    assert (guard.kind, guard.positive) == ("not_empty", positive)


def test_that_a_check_passed_is_no_condition_of_its_own(read: Any) -> None:
    reading = read(
        "Check that Redshift table q.a has no duplicates. When the check passes, refresh the Tableau workbook `Q`."
    )
    assert [step.guard for step in reading.flow.steps] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "Die Oracle-Tabelle q.one in den S3-Bucket raw kopieren.",
        "Copy the Oracle-hosted table q.one to the S3 bucket raw.",
    ],
)
def test_compounds_name_their_service(read: Any, text: str) -> None:
    assert read(text).said == ["copy oracle > amazon_s3"]


@pytest.mark.parametrize(
    "after",
    ["Nach dem Export wird der Glue-Job q_job gestartet.", "Nach dem Export den Glue-Job q_job starten."],
)
def test_a_german_step_goes_on_behind_the_noun_that_it_follows(read: Any, after: str) -> None:
    reading = read(f"Die Postgres-Tabelle q.one nach s3://raw/one.csv exportieren. {after}")
    assert reading.said == ["copy postgres > amazon_s3", "trigger aws_glue"]
    assert reading.order == {(0, 1)}


def test_a_statement_runs_in_the_one_database_of_the_text(read: Any) -> None:
    reading = read("Load s3://raw/one.csv into Vertica table q.one, then run `CALL q.close()`.")
    assert reading.flow.steps[-1].target == "vertica"


def test_with_two_databases_the_one_of_a_statement_stays_open() -> None:
    answer = generate("Daily at 3 copy Postgres table q.one to Snowflake table Q.ONE. Then run `CALL q.close()`.")
    assert "connection" in {question.about for question in answer.clarifications}


def test_a_cluster_that_is_removed_whatever_happens_is_an_airflow_teardown() -> None:
    text = (
        "Daily at 3 create the EMR cluster q_tmp, run the Spark script s3://code/q.py on it "
        "and terminate the cluster at the end, whatever happens."
    )
    answer = generate(text)
    first, _, last = answer.spec.tasks
    assert first.is_setup
    assert last.is_teardown
    assert f".as_teardown(setups={first.task_id})" in answer.source


def test_without_a_setup_nothing_is_a_teardown() -> None:
    spec = generate(
        "Daily at 3 run the Glue job job_a and always delete s3://scratch/joba/ at the end, whatever happens."
    ).spec
    assert not any(task.is_teardown for task in spec.tasks)


@pytest.mark.parametrize(
    "text",
    [
        "Caricare il file /in/a.csv dal server SFTP nella tabella Postgres q.one e poi avviare il job Glue q_job.",
        "Laad /in/a.csv van de SFTP-server in de Postgres-tabel q.one en start daarna de Glue job q_job.",
    ],
)
def test_italian_and_dutch_steps(read: Any, text: str) -> None:
    reading = read(text)
    assert reading.said == ["load sftp > postgres", "trigger aws_glue"]
    assert reading.values(1, "job") == ("q_job",)


def test_german_clauses_end_with_their_verb(read: Any) -> None:
    reading = read("Ein DAG, der /in/a.csv vom FTP-Server holt, sie in die Postgres-Tabelle q.one schreibt.")
    assert reading.said == ["extract ftp", "load postgres"]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Run the Glue job job_a. Meanwhile, run the Glue job job_b. After both run `dbt build`.", {(0, 2), (1, 2)}),
        ("Run the Glue job job_a. In parallel, run the Glue job job_b. Then run `dbt build`.", {(0, 2), (1, 2)}),
        (
            "Run the Glue job job_a. In parallel, run the Glue job job_b and the Glue job job_c.",
            {(0, 1), (0, 2)},
        ),
    ],
)
def test_one_piece_of_work_in_parallel_runs_beside_the_last(read: Any, text: str, order: set[tuple[int, int]]) -> None:
    assert read(text).order == order


def test_into_it_is_the_table_of_the_step_before(read: Any) -> None:
    reading = read("Truncate the Redshift table q.one, then load s3://raw/one.csv into it.")
    assert reading.said[1] == "load amazon_s3 > amazon_redshift"
    assert reading.values(1, "table") == ("q.one",)


def test_a_name_behind_the_service_names_the_job(read: Any) -> None:
    assert read("Lancer le job Glue cumul, puis prévenir #ops sur Slack.").values(0, "job") == ("cumul",)


@pytest.mark.parametrize(
    "text",
    [
        "Copy the Postgres table q.one and the MySQL table q.two to BigQuery, then run `dbt build`.",
        "Die Postgres-Tabelle q.one und die MySQL-Tabelle q.two nach BigQuery kopieren, danach `dbt build` ausführen.",
    ],
)
def test_every_source_of_one_target_is_copied_by_itself(read: Any, text: str) -> None:
    reading = read(text)
    assert reading.said[:2] == ["copy postgres > google_bigquery", "copy mysql > google_bigquery"]
    assert reading.order == {(0, 2), (1, 2)}


def test_a_file_lies_where_its_marker_was_waited_for(read: Any) -> None:
    reading = read("Wait for /out/q.done on the SFTP server, then load /out/q.csv into Postgres table q.one.")
    assert reading.said[1] == "load sftp > postgres"


@pytest.mark.parametrize("anyhow", ["afterwards even when the script fails", "at the end, no matter how the job ended"])
def test_what_is_torn_down_anyhow_is_one_step(read: Any, anyhow: str) -> None:
    reading = read(
        f"Spin up an EMR cluster, submit the Spark script s3://code/q.py to it, and tear the cluster down {anyhow}."
    )
    assert reading.said[-1] == "delete amazon_emr"
    assert reading.flow.steps[-1].trigger_rule == "all_done"


def test_a_spanish_noun_behind_despues_de_is_no_step_of_its_own(read: Any) -> None:
    reading = read(
        "Cargar s3://raw/one.csv en la tabla Redshift q.one. Después de la carga, ejecutar el job Glue q_job."
    )
    assert reading.said == ["load amazon_s3 > amazon_redshift", "trigger aws_glue"]


def test_dropping_things_in_a_place_deletes_nothing(read: Any) -> None:
    assert read("Grab the HubSpot contacts and drop them in s3://raw/crm/.").said[-1].startswith("load")
