"""Generate, as somebody does who has a sentence and wants a DAG."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, PHONE_AT_NIGHT
from tests.e2e.ui.pages import GeneratePage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

TEXT = (
    "Every weekday at 06:00 Europe/Berlin, copy the table `orders` from PostgreSQL to S3, then post to #ops on Slack."
)
LOOKS = pytest.mark.parametrize("look", [DESK, PHONE_AT_NIGHT], ids=str)


@pytest.fixture
def generate(open_page, look):
    page = GeneratePage(open_page(look))
    page.open("/generate")
    return page


@LOOKS
def test_a_sentence_becomes_services_schedule_graph_and_code(generate):
    generate.describe(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")
    for service in ("postgres", "amazon_s3", "slack"):
        expect(generate.section("Services")).to_contain_text(service)
    expect(generate.section("Schedule")).to_contain_text("at 06:00, Monday through Friday, Europe/Berlin time")
    expect(generate.section("Schedule").get_by_role("listitem")).not_to_have_count(0)
    for task in ("extract_orders_postgres", "load_s3"):
        expect(generate.task(task)).to_be_visible()
    expect(generate.code).to_contain_text("from airflow.sdk import")


@LOOKS
def test_the_graph_follows_what_is_added_to_the_sentence(generate):
    generate.describe("Every day at 7, load s3://lake/in.csv into the Snowflake table raw.orders.")
    expect(generate.summary).to_contain_text("1 task,")
    generate.box.press("End")
    generate.box.press_sequentially(" Then post to #ops on Slack.", delay=20)
    expect(generate.summary).to_contain_text("2 tasks")
    expect(generate.page.locator(".react-flow__node")).to_have_count(2)
    expect(generate.page.locator(".react-flow__edge")).to_have_count(1)


@LOOKS
def test_an_example_fills_the_page(generate):
    generate.pick_example("From an API to a table to a report")
    expect(generate.box).not_to_have_value("")
    expect(generate.summary).to_contain_text("tasks")
    expect(generate.page.locator(".react-flow__node").first).to_be_visible()


@LOOKS
def test_an_answer_changes_the_dag_and_its_question_is_gone(generate):
    generate.describe(
        "Every day at 7, load s3://lake/in.csv into the Snowflake table raw.orders. If anything fails, alert the team."
    )
    question = generate.section("Questions").get_by_text("over which channel")
    expect(question).to_be_visible()
    generate.answer("Slack")
    expect(question).to_have_count(0)
    expect(generate.code).to_contain_text("SlackWebhook")
    expect(generate.summary).to_contain_text("1 task,")


@LOOKS
def test_the_downloaded_file_is_the_code_on_the_page(generate, tmp_path: Path):
    generate.describe(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")
    saved = generate.download(tmp_path)
    source = saved.read_text(encoding="utf-8")
    ast.parse(source)
    assert f'"{saved.stem}"' in source
    expect(generate.code).to_contain_text(saved.stem)


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_words_task_and_code_light_up_together(generate):
    generate.describe(TEXT)
    expect(generate.task("load_s3")).to_be_visible()
    generate.settle()
    lit = generate.code.locator("[data-lit]")
    generate.point_at(generate.section("Description").locator("mark").last, until=lit.filter(has_text="slack").first)


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_nothing_that_is_typed_is_lost_while_answers_come(generate):
    """The first change of the address must not draw the page anew under the hands of who types."""
    generate.box.focus()
    for word in ["Every", "day", "at", "7,", "load", "s3://lake/in.csv", "into", "Snowflake"]:
        generate.page.keyboard.type(f"{word} ")
        generate.page.wait_for_timeout(300)
    expect(generate.summary).to_be_visible()
    generate.page.keyboard.type("daily")
    expect(generate.box).to_have_value("Every day at 7, load s3://lake/in.csv into Snowflake daily")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_reload_keeps_the_description(generate):
    generate.describe(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")
    generate.page.reload()
    expect(generate.box).to_have_value(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_link_with_a_description_opens_it(generate):
    generate.page.goto("/plugin/wfintel/generate?text=Every%20hour%20run%20the%20dbt%20project%20shop")
    expect(generate.box).to_have_value("Every hour run the dbt project shop")
    expect(generate.section("Schedule")).to_contain_text("hour")


@LOOKS
def test_what_is_set_in_a_form_is_written_into_the_file_and_can_be_taken_back(generate):
    generate.describe(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")
    form = generate.section("Change it in forms")
    generate.set_value("Schedule in words", "every Monday at 05:30")
    expect(generate.code).to_contain_text('schedule="30 5 * * 1"')
    form.get_by_role("combobox", name="Task", exact=True).select_option("load_s3")
    generate.set_value("s3_bucket", "lake")
    expect(generate.code).to_contain_text('s3_bucket="lake"')
    generate.set_value("Retries", "4")
    expect(generate.code).to_contain_text("retries=4")
    generate.page.reload()
    expect(generate.code).to_contain_text('s3_bucket="lake"')
    form.get_by_role("button", name=re.compile("^Take back: s3_bucket of load_s3")).click()
    expect(generate.code).not_to_contain_text('s3_bucket="lake"')


@LOOKS
def test_another_operator_is_chosen_for_a_task_and_the_words_are_the_way_back(generate):
    generate.describe(TEXT)
    expect(generate.summary).to_contain_text("3 tasks")
    form = generate.section("Change it in forms")
    form.get_by_role("combobox", name="Task", exact=True).select_option("post_slack")
    operator = form.get_by_role("combobox", name="Operator")
    operator.select_option(label="SlackWebhookOperator")
    expect(generate.code).to_contain_text("SlackWebhookOperator(")
    expect(generate.task("post_slack")).to_contain_text("SlackWebhookOperator")
    operator.select_option(label="SlackAPIFileOperator (asks for: file name)")
    expect(generate.section("Questions")).to_contain_text("Which file name does SlackAPIFileOperator take?")
    generate.set_value("channels", "#deploys")
    expect(generate.code).to_contain_text('channels="#deploys"')
    operator.select_option(label="As the words say")
    expect(generate.code).to_contain_text("SlackAPIPostOperator(")
    expect(form.get_by_role("group", name="Set by hand")).to_have_count(0)


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_the_dag_is_run_with_stand_ins(generate):
    generate.describe("Every day fetch https://api.example.org/rates and print the number of rows.")
    expect(generate.summary).to_contain_text("task")
    trial = generate.section("Run with stand-ins")
    trial.get_by_role("button", name="Run with stand-ins").click()
    expect(trial.get_by_text("with data", exact=True)).to_be_visible(timeout=180_000)
    expect(trial.get_by_role("listitem").first).to_contain_text("success")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_connection_that_is_missing_leads_to_airflows_page(generate):
    generate.describe(TEXT)
    generate.section("Connections in use").get_by_role("link", name="Create it in Airflow").first.click()
    expect(generate.page).to_have_url(re.compile("/connections"))
