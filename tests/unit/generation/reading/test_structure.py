"""Structure that the form of a text shows: labels and graphs, lists side by side, lists to map over, languages."""

from __future__ import annotations

from typing import Any

import pytest

ONE = "copy Postgres table q.one to S3 bucket raw"
TWO = "copy MySQL table q.two to S3 bucket raw"
EINS = "die Postgres-Tabelle q.one in den S3-Bucket raw kopieren"
ZWEI = "die MySQL-Tabelle q.two in den S3-Bucket raw kopieren"


@pytest.mark.parametrize(
    "text",
    [
        f"a) {ONE}\nb) {TWO}\nc) run `dbt build` (after a, b)",
        f"Step A: {ONE}. Step B: {TWO}. Step C needs A and B and runs `dbt build`.",
        f"- name: x\n  do: {ONE}\n- name: y\n  do: {TWO}\n- name: z\n  do: run `dbt build`\n  depends on: x, y",
        f"[pull_one, pull_two] -> build_all\npull_one: {ONE}\npull_two: {TWO}\nbuild_all: run `dbt build`",
        f"1. {ONE}\n2. {TWO}\n3. After steps 1 and 2, run `dbt build`",
        f"1. {EINS}\n2. {ZWEI}\n3. Nach Schritt 1 und 2 `dbt build` ausführen",
    ],
)
def test_a_step_follows_the_labels_that_words_name(read: Any, text: str) -> None:
    reading = read(text)
    assert len(reading.flow.steps) == 3
    assert reading.order == {(0, 2), (1, 2)}


@pytest.mark.parametrize("heading", ["In parallel:", "All of these run side by side:", "In any order:", "Parallel:"])
def test_the_items_of_a_parallel_list_have_no_order_among_them(read: Any, heading: str) -> None:
    assert read(f"{heading}\n- {ONE}\n- {TWO}\n\nThen:\n- run `dbt build`").order == {(0, 2), (1, 2)}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("For each of oslo, bergen and hamar run the Lambda function tally.", ("oslo", "bergen", "hamar")),
        ("Run the Lambda function tally once per city (oslo / bergen).", ("oslo", "bergen")),
        ("cities = oslo, bergen, hamar\n- invoke the Lambda function tally once per city", ("oslo", "bergen", "hamar")),
        ("Für jede der Städte Oslo, Bergen und Hamar die Lambda-Funktion tally starten.", ("Oslo", "Bergen", "Hamar")),
        ("Pour chacune des villes oslo, bergen et hamar, lancer la Lambda tally.", ("oslo", "bergen", "hamar")),
        ("Para cada ciudad (oslo, bergen, hamar) ejecutar la función Lambda tally.", ("oslo", "bergen", "hamar")),
        ("Para cada uma das cidades oslo, bergen e hamar, executar a Lambda tally.", ("oslo", "bergen", "hamar")),
        ("对上海、成都、广州三个城市分别调用Lambda函数 tally。", ("上海", "成都", "广州")),
    ],
)
def test_a_list_of_plain_words_is_what_a_step_is_repeated_for(read: Any, text: str, items: tuple[str, ...]) -> None:
    foreach = read(text).flow.steps[-1].foreach
    assert foreach is not None
    assert foreach.items == items


def test_two_nouns_with_an_and_are_no_list(read: Any) -> None:
    foreach = read(
        "Read the Postgres table shop.orders, then for each order and customer call the Lambda function tally."
    )
    assert foreach.flow.steps[-1].foreach.items == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "After fetching the trips from https://x.example.com/trips, load them into Postgres table q.a.",
            "extract http",
        ),
        ("Before the Tableau workbook 'Fleet' is refreshed, run `CALL q.fill()` in Postgres.", "trigger postgres"),
        ("Antes de actualizar el libro de Tableau 'Flota', ejecutar `CALL q.fill()` en Postgres.", "trigger postgres"),
    ],
)
def test_work_inside_after_and_before_is_a_step_of_its_own(read: Any, text: str, first: str) -> None:
    reading = read(text)
    assert len(reading.flow.steps) == 2
    assert reading.said[0] == first
    assert (0, 1) in reading.order


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Se descarga el archivo /x/a.csv del servidor SFTP, se sube al bucket S3 crudo "
            "y se carga en la tabla Redshift q.a.",
            ["extract sftp", "load amazon_s3", "load amazon_redshift"],
        ),
        (
            "Os pedidos são lidos da tabela MySQL q.a e gravados na tabela Snowflake Q.A.",
            ["extract mysql", "load snowflake"],
        ),
        (
            "Le fichier /x/a.csv est téléchargé depuis le serveur SFTP, puis il est chargé dans la table Postgres q.a.",
            ["extract sftp", "load postgres"],
        ),
        (
            "从MySQL表 q.a 读取数据\uff0c写入Snowflake表 Q.A\uff0c运行 `dbt build`。",
            ["extract mysql", "load snowflake", "trigger dbt"],
        ),
    ],
)
def test_passives_and_full_width_commas_part_steps(read: Any, text: str, said: list[str]) -> None:
    assert read(text).said == said
    assert not read(text).clauses("condition")


def test_a_channel_that_gets_a_message_is_told(read: Any) -> None:
    assert read("Run `dbt build`. The #fleet Slack channel gets a message.").said[-1] == "notify slack"


def test_what_is_quoted_in_a_condition_is_no_event(read: Any) -> None:
    reading = read("Read the Postgres table q.a. If its state is 'late', post it to #fleet on Slack.")
    assert reading.flow.alerts == ()
    assert reading.said[-1] == "notify slack"


def test_the_title_of_a_ticket_is_no_step(read: Any) -> None:
    reading = read("FLEET-7: Close the week\n\n1. Run `dbt build`\n2. Post to #fleet on Slack")
    assert [step.action for step in reading.flow.steps] == ["trigger", "notify"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Refresh the Superset dashboard 3 and the Metabase card 4 side by side.",
            ["trigger superset", "trigger metabase"],
        ),
        (
            "Two extracts run in parallel: the MySQL table q.a and the MongoDB collection q.b.",
            ["extract mysql", "extract mongodb"],
        ),
        (
            "Pull the posts from Hacker News and the headlines from NewsAPI.",
            ["extract hacker_news", "extract newsapi"],
        ),
    ],
)
def test_every_object_of_a_verb_is_a_step_beside_the_others(read: Any, text: str, said: list[str]) -> None:
    reading = read(text)
    assert reading.said == said
    assert reading.order == set()


def test_objects_side_by_side_still_follow_what_came_before(read: Any) -> None:
    order = read("Run `dbt build`, refresh the Superset dashboard 3 and the Metabase card 4 side by side.").order
    assert order == {(0, 1), (0, 2)}


@pytest.mark.parametrize(
    "text",
    [
        "Run `dbt build`. Once legal has signed off, copy /x/a.csv to the SFTP server.",
        "`dbt build` ausführen. Nach Freigabe durch die Leitung, die Datei /x/a.csv auf den SFTP-Server laden.",
    ],
)
def test_an_approval_that_comes_first_is_a_step(read: Any, text: str) -> None:
    assert [step.action for step in read(text).flow.steps][1] == "approve"


def test_a_query_inside_a_condition_is_a_step_before_it(read: Any) -> None:
    reading = read("If `select 1 from q.a` in Postgres returns rows, run `dbt build`.")
    assert reading.said[0] == "query postgres"
    assert reading.flow.steps[1].guard is not None


def test_a_german_condition_may_begin_with_its_verb(read: Any) -> None:
    reading = read("Prüfe, ob die Datei gs://q/a.csv da ist. Ist sie da, wird `dbt build` ausgeführt.")
    assert reading.flow.steps[-1].guard is not None


def test_a_cluster_is_torn_down_in_any_case_and_only_the_teardown_is_meant(read: Any) -> None:
    reading = read(
        "Spin up an EMR cluster, submit the Spark job s3://q/a.py, and tear the cluster down even if the job fails."
    )
    assert reading.said == ["trigger amazon_emr", "trigger amazon_emr", "delete amazon_emr"]
    assert [step.trigger_rule for step in reading.flow.steps] == ["all_success", "all_success", "all_done"]


def test_the_portuguese_no_names_a_place(read: Any) -> None:
    assert read("Executar `dbt build` e depois avisar o canal #frota no Slack.").said[-1] == "notify slack"
    assert read("Run `dbt build` and tell #fleet, no Slack needed.").said[-1] == "notify"
