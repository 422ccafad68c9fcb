"""Monitor, Overview, Reports and the card on Airflow's home page, over a history of months."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, PHONE_AT_NIGHT
from tests.e2e.seeded_dags import HISTORY, RUNNING
from tests.e2e.ui.pages import GeneratePage, HomeCard, HomePage, MonitorPage, ReportsPage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LOOKS = pytest.mark.parametrize("look", [DESK, PHONE_AT_NIGHT], ids=str)


@pytest.fixture
def monitor(open_page, look):
    page = MonitorPage(open_page(look))
    page.open_it()
    return page


@LOOKS
def test_health_is_listed_with_reasons_the_worst_first(monitor):
    rows = monitor.health.get_by_role("row")
    expect(rows.nth(len(HISTORY))).to_be_attached()
    scores = [
        float(re.match(r"\d+", text)[0]) for text in monitor.health.locator("tbody td:nth-child(2)").all_inner_texts()
    ]
    assert scores == sorted(scores)
    expect(rows.nth(1)).to_contain_text("fail")


@LOOKS
def test_a_dag_of_the_list_leads_to_its_page(monitor):
    link = monitor.health.get_by_role("link").first
    dag_id = link.inner_text()
    link.click()
    expect(monitor.page).to_have_url(re.compile(rf"/dags/{dag_id}/plugin/wfintel_dag$"))
    expect(monitor.section("Forecast")).to_be_visible()


@LOOKS
def test_a_false_alarm_is_marked_and_stays_marked(monitor):
    # The one before may be marked already, by the same test in another look.
    buttons = monitor.anomalies.get_by_role("button", name="False alarm", disabled=False)
    expect(buttons.first).to_be_visible()
    left = buttons.count() - 1
    buttons.first.click()
    expect(buttons).to_have_count(left)
    monitor.page.reload()
    expect(monitor.anomalies.get_by_text("false alarm", exact=True).first).to_be_visible()


@LOOKS
def test_a_spike_is_among_the_anomalies_with_its_run(monitor):
    anomaly = monitor.anomalies.get_by_text(re.compile(r"times the usual")).first
    expect(anomaly).to_be_visible()
    monitor.anomalies.get_by_role("link").first.click()
    expect(monitor.page).to_have_url(re.compile(r"/dags/[^/]+(/runs/.+)?$"))


@LOOKS
def test_an_alert_is_acknowledged(monitor, airflow):
    alerts = monitor.section("Alerts")
    alerts.get_by_role("combobox").select_option(label="All alerts")
    alerts.get_by_role("button", name="Acknowledge").first.click()
    expect(alerts.get_by_text(re.compile("^Noted"))).to_be_visible()


@LOOKS
def test_the_report_of_a_month_has_health_movers_and_incidents(open_page, look):
    reports = ReportsPage(open_page(look))
    reports.open_it()
    reports.look_back("Last 30 days")
    expect(reports.page.get_by_text(re.compile(r"runs of 3\d DAGs"))).to_be_visible()
    expect(reports.page.get_by_role("table", name="Lowest health")).to_be_visible()


@LOOKS
def test_the_overview_says_how_the_week_was(open_page, look):
    home = HomePage(open_page(look))
    home.open()
    expect(home.section("The last 7 days").get_by_role("img", name="Runs over time")).to_be_visible()
    expect(home.section("The last 7 days")).to_contain_text("Successful")


@LOOKS
def test_a_rating_counts_on_the_overview(open_page, look):
    """The user-satisfaction figure: asked, not computed."""
    page = GeneratePage(open_page(look))
    page.open("/generate?text=Every%20hour%20run%20the%20dbt%20project%20ratings")
    page.page.get_by_role("button", name="4 of 5").click()
    expect(page.page.get_by_text("Thank you, noted")).to_be_visible()
    page.go_to("Overview")
    expect(page.page.get_by_text(re.compile(r"of \d+ ratings, 1 to 5"))).to_be_visible()


@LOOKS
def test_an_answer_in_a_list_gets_a_thumb_and_then_a_rating(monitor):
    alerts = monitor.section("Alerts")
    alerts.get_by_role("combobox").select_option(label="All alerts")
    alerts.get_by_role("button", name="Right", exact=True).first.click()
    expect(alerts.get_by_text("Thank you, noted")).to_be_visible()
    alerts.get_by_role("button", name="5 of 5").click()
    expect(alerts.get_by_role("button", name="5 of 5")).to_have_attribute("aria-pressed", "true")


@LOOKS
def test_the_card_on_airflows_home_page_leads_to_ours(open_page, look):
    card = HomeCard(open_page(look))
    card.open()
    expect(card.page.get_by_text("Health of the deployment")).to_be_visible()
    card.title.click()
    expect(HomePage(card.page).heading).to_be_visible()


@LOOKS
def test_the_runs_that_go_on_are_listed_with_their_odds_or_why_there_are_none(monitor, airflow):
    """The live run is the first of its DAG: the page says that nothing can be said yet. Its row leads to its page."""
    run = airflow.begun(RUNNING)
    row = monitor.page.get_by_role("table", name="Running now").get_by_role("row").filter(has_text=RUNNING)
    expect(row).to_contain_text(re.compile("No forecast yet|not enough runs"))
    row.get_by_role("link").nth(1).click()
    expect(monitor.page).to_have_url(re.compile(rf"/dags/{RUNNING}/runs/.+/plugin/wfintel_run$"))
    assert run.dag_id == RUNNING


@LOOKS
def test_a_run_that_runs_on_is_shown_on_its_page(open_page, airflow, look):
    page = open_page(look)
    run = airflow.begun(RUNNING)
    page.goto(f"/dags/{RUNNING}/runs/{run.run_id}/plugin/wfintel_run")
    expect(page.get_by_text("Run time so far")).to_be_visible()


@LOOKS
def test_the_week_is_shown_by_hours_with_the_dags_that_start_together(monitor):
    schedule = monitor.section("When DAGs run")
    hours = schedule.get_by_role("img", name=re.compile("runs due"))
    expect(hours).to_have_count(168)
    expect(schedule.get_by_role("list", name="DAGs that usually start at the same time")).to_be_visible()
    schedule.get_by_role("combobox", name="Period").select_option(label="Last 7 days")
    expect(hours).to_have_count(168)
