"""Descriptions in the form of a docstring or a README: what introduces or sums up becomes no work."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.generation.reading.documents import read_document
from airflow_provider_wfintel.engine.generation.reading.drawn import drawn_graph
from airflow_provider_wfintel.engine.generation.reading.paragraphs import rows_of, sentences
from airflow_provider_wfintel.engine.model import Generation


def actions(answer: Generation) -> list[str]:
    return [task.action for task in answer.spec.tasks]


def unused(answer: Generation) -> str:
    return " | ".join(span.of(answer.text) for span in answer.unused)


def test_a_numbered_list_holds_the_work_and_the_overview_above_it_does_not() -> None:
    answer = service.generate(
        "# Harbour tides\n\nThis project loads tide tables from an FTP server into Postgres and mails a report.\n"
        "The DAG performs the following steps:\n\n1. Download `/tides/today.csv` from the FTP server\n"
        "2. Load the rows into the Postgres table `sea.tides`\n3. Send the report to harbour@example.org by mail\n"
    )
    assert actions(answer) == ["extract", "extract", "load", "notify"]
    assert "This project loads tide tables" in unused(answer)
    assert "performs the following steps" not in unused(answer)


@pytest.mark.parametrize(
    "introduction",
    [
        "The pipeline consists of three tasks:",
        "This workflow is divided into the following stages.",
        "It runs these steps:",
        "## Tasks",
        "Steps:",
    ],
)
def test_what_introduces_a_list_is_no_step(introduction: str) -> None:
    answer = service.generate(
        f"{introduction}\n\n- Extract the table `crm.visits` from MySQL\n- Validate the visits\n"
        "- Delete the table `crm.visits_old` in MySQL\n"
    )
    assert len(answer.spec.tasks) == 3


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("This DAG is responsible for fetching tariffs from https://tariffs.example.org/v1.", 1),
        ("The `tariff_feed` dag is designed to fetch tariffs from https://tariffs.example.org/v1.", 1),
        ("This DAG runs daily at 04:00 to copy gs://a/in.csv to gs://b/in.csv.", 1),
        ("Tariff feed of the northern grid\nThis DAG fetches tariffs from https://tariffs.example.org/v1.", 1),
        ("This DAG copies gs://a/in.csv to gs://b/in.csv, ensuring everybody has fresh figures.", 1),
        ("Copy gs://a/in.csv to gs://b/in.csv. This approach avoids a second download.", 1),
        ("Copy gs://a/in.csv to gs://b/in.csv. This DAG consists of a single task.", 1),
    ],
)
def test_openings_titles_and_purposes_are_no_work_of_their_own(text: str, tasks: int) -> None:
    assert len(service.generate(text).spec.tasks) == tasks


def test_a_table_of_tasks_is_a_list() -> None:
    answer = service.generate(
        "The DAG performs the following tasks:\n\n| Task | Purpose |\n|---|---|\n"
        "| `get_ships` | Extract the table `port.ships` from Oracle |\n| `clean` | Clean the ships |\n"
        "| `publish` | Load the ships into the Postgres table `port.today` |\n"
    )
    assert [set(task.services) for task in answer.spec.tasks] == [{"oracle"}, {"python"}, {"postgres"}]


def test_a_table_of_other_things_is_no_work() -> None:
    answer = service.generate(
        "Every hour copy gs://a/in.csv to gs://b/in.csv.\n\n| severity | delete after |\n|---|---|\n| high | 2 days |\n"
    )
    assert actions(answer) == ["copy"]


def test_what_stands_under_headings_for_people_is_told() -> None:
    answer = service.generate(
        "## Flow\n\nCopy gs://a/in.csv to gs://b/in.csv.\n\n## Troubleshooting\n\n"
        "- Restart the export job in the console\n"
        "- Delete the lock file by hand\n"
    )
    assert actions(answer) == ["copy"]
    assert "Restart the export job" in unused(answer)


def test_things_under_an_item_are_no_verbs() -> None:
    answer = service.generate(
        "Steps:\n1. Read the members of the club from the MySQL table `club.people`\n"
        "   - Juniors\n   - Join dates\n   - Fees\n"
        "2. Delete the table `club.old` in MySQL\n"
    )
    assert len(answer.spec.tasks) == 2


def test_remarks_in_brackets_behind_an_item_are_told() -> None:
    answer = service.generate(
        "The job has two steps:\n1. Load gs://a/in.csv into the BigQuery table `d.t` (creates missing columns)\n"
        "2. Query the table (rank and sort the members)\n"
    )
    assert len(answer.spec.tasks) == 2
    assert "rank and sort the members" in unused(answer)


def test_work_asked_for_above_a_list_stays() -> None:
    answer = service.generate(
        "Wait for gs://a/ready.txt. Then the pipeline performs the following steps:\n"
        "1. Load gs://a/in.csv into the BigQuery table `d.t`\n2. Delete gs://a/in.csv\n"
    )
    assert actions(answer)[0] == "wait_for"
    assert len(answer.spec.tasks) == 3


def test_rows_are_told_apart() -> None:
    rows = rows_of("Title\n=====\n\nSome prose\nthat goes on.\n- one\n  more\n1. two\n| a | b |\n|---|---|\n**Bold**\n")
    assert [row.kind for row in rows] == ["heading", "prose", "item", "more", "item", "table", "table", "heading"]
    assert [row.ruler for row in rows if row.kind == "table"] == [False, True]


def test_sentences_end_at_stops_but_not_in_abbreviations() -> None:
    text = "Load the files, e.g. csv. Then stop!"
    assert [span.of(text) for span in sentences(text)] == ["Load the files, e.g. csv.", "Then stop!"]


def test_a_plain_request_is_no_document() -> None:
    text = "Every day load s3://a/b.csv into the Postgres table t."
    document = read_document(text, text)
    assert (document.told, document.silent, document.marks) == ((), (), ())


def test_a_name_in_front_of_an_item_names_its_task() -> None:
    answer = service.generate(
        "Tasks:\n1. get_tides - Fetch the tides from https://tides.example.org/v1\n"
        "2. run_dbt_models - Transform the tides with dbt\n"
    )
    assert [task.task_id for task in answer.spec.tasks] == ["get_tides", "run_dbt_models"]
    command = answer.spec.tasks[1].argument("bash_command")
    assert command is not None
    assert "run_dbt_models" not in str(command.value)


def test_a_name_of_two_items_names_none() -> None:
    answer = service.generate(
        "- copy_it: Copy gs://a/x.csv to gs://b/x.csv\n- copy_it: Copy gs://a/y.csv to gs://b/y.csv\n"
    )
    assert "copy_it" not in {task.task_id for task in answer.spec.tasks}


def test_a_drawing_gives_the_order() -> None:
    answer = service.generate(
        "Tasks:\n1. get_tides - Fetch the tides from https://tides.example.org/v1\n"
        "2. get_ships - Fetch the ships from https://ships.example.org/v1\n3. check_all - Check the rows\n"
        "4. tell_all - Send a message to #port in Slack\n\nDependencies:\n"
        "    get_tides ─┐\n              ├─→ check_all → tell_all\n    get_ships ─┘\n"
    )
    edges = {(edge.upstream, edge.downstream) for edge in answer.spec.dependencies}
    assert edges == {("get_tides", "check_all"), ("get_ships", "check_all"), ("check_all", "tell_all")}


def test_a_fork_goes_to_all_lines_below_it() -> None:
    spans, edges = drawn_graph("go ─┬─→ left\n    └─→ right\n", {"go", "left", "right"})
    assert edges == (("go", "left"), ("go", "right"))
    assert len(spans) == 1


def test_a_drawing_of_unknown_names_is_none() -> None:
    assert drawn_graph("go ─→ there\n", {"go"}) == ((), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "It is automatically triggered by the nightly DAG to refresh the figures.",
        "The DAG must be run with a valid configuration.",
        "By default the DAG will run as a rehearsal.",
        "This is a maintenance DAG that should be run once.",
        "This separation allows a rerun of the load alone.",
        "The workflow relies on file names to ensure that no file is loaded twice.",
    ],
)
def test_how_a_dag_is_operated_and_built_is_told(sentence: str) -> None:
    answer = service.generate(f"Copy gs://a/in.csv to gs://b/in.csv. {sentence}")
    assert actions(answer) == ["copy"]


def test_parameters_explained_in_a_list_are_no_work() -> None:
    answer = service.generate(
        "Delete the rows in the Postgres table `a.b`.\n\nRequired run parameters:\n\n"
        "- reason: a text that is written to the log\n- filter: an SQL `WHERE` clause used to select the rows\n"
    )
    assert actions(answer) == ["delete"]


def test_what_orchestrates_a_chain_is_its_introduction() -> None:
    answer = service.generate("Airflow DAG that orchestrates the tide pipeline:\nextract -> validate -> load\n")
    assert actions(answer) == ["extract", "check", "load"]


def test_a_list_is_no_place_that_goes_into_another() -> None:
    answer = service.generate("Ingest the Shopify orders from the CSV list into GCS bucket port.")
    assert any(task.action == "load" and "google_cloud_storage" in task.services for task in answer.spec.tasks)


def test_what_stands_behind_the_colon_of_a_told_sentence_is_no_value() -> None:
    answer = service.generate(
        "Run the Dataproc job `tides`.\n\nThe resulting figures are used by the following page:\nhttps://tides.example.org/today\n"
    )
    assert "tides.example.org/today" not in answer.source.partition('"""')[2].partition('"""')[2]
    assert answer.spec.tasks[0].services == ("google_dataproc",)


def task_ids(answer: Generation) -> list[str]:
    return [task.task_id for task in answer.spec.tasks]


@pytest.mark.parametrize(
    "announcement",
    [
        "This DAG orchestrates the complete tulip harvest:",
        "This DAG orchestrates a pipeline that:",
        "Airflow DAG that automates the bulb trade:",
    ],
)
def test_a_sentence_that_announces_a_list_of_verbs_is_no_step(announcement: str) -> None:
    answer = service.generate(
        f"Tulip pipeline v2\n\n{announcement}\n1. Fetch the bids from https://bids.example.org/today\n"
        "2. Validate the bids\n3. Load the bids into the Postgres table `bulbs.bids`\n"
    )
    assert actions(answer) == ["extract", "check", "load"]


def test_a_list_item_can_head_the_list_of_work_and_what_is_told_above_is_an_overview() -> None:
    answer = service.generate(
        "This folder holds a small pipeline. The DAG downloads JSON from a REST API and loads it into PostgreSQL.\n\n"
        "## Overview\n- **Schedule**: Daily at midnight\n- **Tasks**:\n  1. `fetch` – read `/bids` from the REST API\n"
        "  2. `store` – load the bids into the PostgreSQL table `bulbs.bids`\n"
    )
    assert task_ids(answer) == ["fetch", "store"]


@pytest.mark.parametrize(
    "heading",
    ["## Airflow Setup", "Demo Instructions:", "## Best practices", "## Monitoring & Troubleshooting", "## Next steps"],
)
def test_instructions_for_people_are_no_steps(heading: str) -> None:
    answer = service.generate(
        "This DAG copies gs://a/in.csv to gs://b/in.csv.\n\n"
        f"{heading}\n- Install the packages with pip\n- Check the table in BigQuery\n- Trigger the DAG in the UI\n"
    )
    assert len(answer.spec.tasks) == 1


def test_connections_below_the_steps_belong_to_no_step() -> None:
    answer = service.generate(
        "This DAG performs the following steps:\n1. **read_bids**: Fetches the bids from the API of the auction.\n"
        "2. **keep_bids**: Loads them into Postgres.\n\n**Required Connections:**\n"
        "- `auction_api`: HTTP connection to the auction\n- `pg_bulbs`: Postgres connection for loading.\n"
    )
    assert len(answer.spec.tasks) == 2


def test_a_stage_with_things_below_it_is_the_work_itself() -> None:
    answer = service.generate(
        "## Stages\n\n1. **Extract**: Pull bids from the database of the auction\n"
        "   - Bids of today\n   - Bids of the week\n\n"
        "2. **Checks**: Validate the bids\n   - Price rules\n   - Name rules\n   - Dates\n\n"
        "3. **Clean**: Delete old bids\n"
    )
    assert actions(answer) == ["extract", "check", "delete"]


@pytest.mark.parametrize(
    "inside",
    [
        "Trigger the AWS Lambda function `sort-bulbs`. The function saves the lots and pushes their path to a queue.",
        "Run `make lots`. This command builds the whole project and loads every table.",
        "Submit the Dataproc job `lots`. The job reads the bids from GCS and writes them to BigQuery.",
    ],
)
def test_what_a_started_job_does_inside_is_no_step(inside: str) -> None:
    answer = service.generate(inside)
    assert len(answer.spec.tasks) == 1


@pytest.mark.parametrize(
    "more",
    [
        "It will process the data for the previous day.",
        "Prices are public at 02:00, so this DAG is scheduled one hour later.",
        "All data is stored in MinIO.",
        "Requires the MySQL container.",
    ],
)
def test_remarks_on_days_reasons_and_places_are_no_steps(more: str) -> None:
    answer = service.generate(f"This DAG runs daily at 03:00 to copy gs://a/in.csv to gs://b/in.csv.\n{more}")
    assert len(answer.spec.tasks) == 1


def test_a_flow_that_is_drawn_again_is_read_once() -> None:
    answer = service.generate(
        "Daily DAG that fetches bids from the auction API, deletes old bids, and loads the result into the Snowflake "
        "table BULBS.BIDS.\n\nPipeline  : auction API → fetch_bids() → delete old bids\n"
        "            → load_bids() → Snowflake BULBS.BIDS\n"
    )
    assert actions(answer) == ["extract", "delete", "load"]


def test_the_word_that_opens_an_item_among_verbs_is_a_verb_though_unknown() -> None:
    answer = service.generate("1. Clean the lots\n2. Frobnicate the lots\n3. Index the lots in Qdrant\n")
    assert task_ids(answer)[1] == "frobnicate_lots"
    nouns = service.generate("1. Clean the lots\n2. Integration of lots\n3. Index the lots in Qdrant\n")
    assert len(nouns.spec.tasks) == 2


def test_a_step_for_both_ends_is_no_alert() -> None:
    answer = service.generate(
        "Run `CALL a.b()` in Postgres. "
        "Then stop the docker container after execution, regardless of success or failure."
    )
    assert [task.trigger_rule for task in answer.spec.tasks] == ["all_success", "all_done"]


def test_a_failure_notice_below_a_heading_for_people_is_still_an_alert() -> None:
    answer = service.generate(
        "This DAG copies gs://a/in.csv to gs://b/in.csv.\n\n## Troubleshooting\n- Read the logs of the task\n"
        "- Failed tasks trigger a Slack notification in #bulbs.\n"
    )
    assert [alert.on for alert in answer.spec.alerts] == ["failure"]


def test_polling_until_something_is_done_is_waiting() -> None:
    answer = service.generate(
        "1. Start the GitHub workflow `lots`\n"
        "2. Uses an `HttpSensor` to poll https://ci.example.org/runs/7 until it is complete\n"
    )
    assert actions(answer)[-1] == "wait_for"


def test_a_description_that_says_what_the_dag_does_is_work() -> None:
    answer = service.generate("Description: This DAG copies gs://a/in.csv to gs://b/in.csv.")
    assert actions(answer) == ["copy"]


def test_bare_names_below_an_announcement_are_what_the_step_is_repeated_for() -> None:
    answer = service.generate(
        "Copy the following tables from Postgres to gs://shop/raw/:\n\n1. shop.plants\n\n2. shop.pots\n\n"
        "Then tell #shop on Slack.\n"
    )
    assert actions(answer) == ["copy", "notify"]
    assert '"SELECT * FROM shop.plants"' in answer.source
    assert '"SELECT * FROM shop.pots"' in answer.source


@pytest.mark.parametrize(
    "text",
    [
        "Airflow DAG to fetch prices daily.\nRuns every day at 6 PM to download prices from https://p.example.org/v1.",
        "Airflow DAG that loads plants into the shop.\n\nExtract plants from https://p.example.org/v1.",
        "DAG that copies gs://a/in.csv to gs://b/in.csv.",
    ],
)
def test_a_headline_and_the_sentence_that_tells_it_again_are_one_step(text: str) -> None:
    assert len(service.generate(text).spec.tasks) == 1


def test_a_headline_that_names_more_than_the_rest_is_work() -> None:
    answer = service.generate(
        "DAG that copies gs://a/in.csv to gs://b/in.csv. It then loads gs://b/in.csv into the BigQuery table x.y."
    )
    assert actions(answer) == ["copy", "load"]


def test_names_of_operators_above_paragraphs_are_no_steps_and_only_the_first_sentence_is_work() -> None:
    answer = service.generate(
        "prepare (PythonOperator):\n    This task will delete the rows of yesterday. It stores the state.\n\n"
        "clean_up (BashOperator):\n    This task removes every file.\n"
    )
    assert actions(answer) == ["delete", "delete"]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Ingest readings from the OpenWeatherMap API.", "extract"),
        ("Ingest readings from the OpenWeatherMap API into the Postgres table `sky.readings`.", "load"),
    ],
)
def test_to_ingest_from_a_place_is_to_read_from_it(text: str, action: str) -> None:
    assert action in actions(service.generate(text))


def test_what_is_skipped_is_no_step() -> None:
    answer = service.generate("This DAG copies gs://a/in.csv to gs://b/in.csv.\nRows without a name are skipped.\n")
    assert len(answer.spec.tasks) == 1
