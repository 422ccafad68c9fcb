"""Everything by keyboard: each page is walked with Tab, and each of the journeys is gone without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESK
from tests.e2e.deployment import Deployment
from tests.e2e.seeded_dags import BROKEN
from tests.e2e.ui.keyboard import tab_to, walk
from tests.e2e.ui.pages import TITLE, GeneratePage, HomePage, MonitorPage, OptimizePage, ReportsPage, TaskTab
from tests.e2e.ui.test_looks import PAGES

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def page(open_page) -> Page:
    return open_page(DESK)


@pytest.mark.parametrize("show", PAGES, ids=lambda item: item.__name__)
def test_every_page_is_walked_with_tab(page: Page, airflow: Deployment, show: Callable[[Page, Deployment], None]):
    """All that can be acted on is reached, in the order of the page, seen when it is, and left again."""
    show(page, airflow)
    HomePage(page).settle()
    walked = walk(page)
    assert walked.names, "a page without anything to act on"
    assert walked.missed == []
    assert walked.unseen == []
    assert walked.backwards == []
    assert walked.mouse_only == []
    assert walked.left, "the focus is trapped"
    # Where one of these comes to be, its own rules are to be tested: focus goes back, arrows change the tab.
    assert page.locator("[data-wfintel=page]").locator("[role=dialog], [role=tablist], [role=menu]").count() == 0


def test_the_walk_finds_what_is_wrong(page: Page):
    """A check that cannot fail is none."""
    HomePage(page).open()
    HomePage(page).settle()
    page.locator("[data-wfintel=page]").evaluate(
        """element => element.insertAdjacentHTML("beforeend",
            '<button style="outline: none">unseen</button><button id="late" tabindex="0">trap</button>'
            + '<div style="cursor: pointer">mouse only</div>')"""
    )
    page.locator("#late").evaluate("e => e.addEventListener('keydown', event => event.preventDefault())")
    walked = walk(page)
    assert "unseen" in walked.unseen
    assert len(walked.mouse_only) == 1
    assert not walked.left


def test_a_dag_is_described_answered_and_downloaded_by_keyboard(page: Page, tmp_path: Path):
    page.goto("/pools")
    tab_to(page, page.get_by_role("link", name=TITLE))
    page.keyboard.press("Enter")
    generate = GeneratePage(page)
    tab_to(page, page.get_by_role("navigation", name=TITLE).get_by_role("link", name="Generate"))
    page.keyboard.press("Enter")
    tab_to(page, generate.box)
    page.keyboard.type("Load s3://lake/in.csv into the Snowflake table raw.orders. If anything fails, alert the team.")
    question = generate.section("Questions").get_by_text("over which channel")
    expect(question).to_be_visible()
    tab_to(page, generate.section("Questions").get_by_role("button", name="Slack", exact=True))
    page.keyboard.press("Space")
    expect(question).to_have_count(0)
    # The button is gone; the place in the page is not.
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('[data-wfintel=page]').contains(document.activeElement)")
    tab_to(page, generate.section("DAG file").get_by_role("button", name="Download"))
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    waiting.value.save_as(tmp_path / "dag.py")
    assert "SlackWebhook" in (tmp_path / "dag.py").read_text(encoding="utf-8")


def test_a_task_of_the_graph_lights_its_words_when_it_has_the_focus(page: Page):
    generate = GeneratePage(page)
    generate.open(
        "/generate?text=Every%20day%20load%20s3%3A%2F%2Flake%2Fin.csv%20into%20Snowflake%2C%20then%20post%20to%20Slack"
    )
    expect(generate.code).to_be_visible()
    task = page.locator(".react-flow__node").last
    tab_to(page, task)
    expect(generate.code.locator("[data-lit]").first).to_be_attached()


def test_a_dag_is_optimized_by_keyboard(page: Page):
    optimize = OptimizePage(page)
    optimize.open("/optimize")
    tab_to(page, page.get_by_role("combobox", name="DAG", exact=True))
    page.keyboard.type("billing_marts")
    page.keyboard.press("Enter")
    strategy = page.get_by_role("combobox", name="What is to become better")
    tab_to(page, strategy)
    page.keyboard.type("Rel")
    expect(strategy).to_have_value("reliability")
    tab_to(page, page.get_by_role("button", name="Find what costs time"))
    page.keyboard.press("Enter")
    expect(optimize.answer).to_be_visible()
    tab_to(page, page.get_by_role("button", name=re.compile("^I confirm: change it: let the exception decide")))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Side by side"))
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Side by side")).to_have_attribute("aria-pressed", "true")


def test_an_alert_is_looked_at_and_a_report_chosen_by_keyboard(page: Page):
    monitor = MonitorPage(page)
    monitor.open_it()
    choice = monitor.section("Alerts").get_by_role("combobox")
    tab_to(page, choice)
    page.keyboard.type("All")
    expect(page).to_have_url(re.compile("alerts=all"))
    tab_to(page, monitor.section("Alerts").get_by_role("button", name="Right", exact=True).first)
    page.keyboard.press("Space")
    expect(monitor.section("Alerts").get_by_text("Thank you, noted")).to_be_visible()
    ReportsPage(page).open_it()
    period = page.get_by_role("combobox", name="Period")
    tab_to(page, period)
    page.keyboard.type("Last 30")
    expect(period).to_have_value("30")


def test_a_failed_try_is_understood_by_keyboard(page: Page, airflow: Deployment):
    tab = TaskTab(page)
    tab.open(airflow.ended(BROKEN), "fetch_rates")
    tab_to(page, tab.evidence.first)
    page.keyboard.press("Enter")
    expect(tab.proof.first).to_be_in_viewport()
    tab_to(page, page.get_by_role("button", name="What can be done about it?"))
    page.keyboard.press("Enter")
    dry = page.get_by_role("region", name="Remedies").get_by_role("button", name="What exactly would happen?").first
    tab_to(page, dry)
    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="Remedies").get_by_role("button", name="Do it").first).to_be_enabled()
    tab_to(page, tab.log)
    assert tab.log.evaluate("box => box.scrollHeight > box.clientHeight"), "nothing to scroll"
    page.keyboard.press("End")
    page.wait_for_function(
        "box => box.scrollTop + box.clientHeight >= box.scrollHeight - 2", arg=tab.log.element_handle()
    )
    # The arrows are Airflow's on this page, but for what has the focus.
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "box => box.scrollTop + box.clientHeight < box.scrollHeight - 2", arg=tab.log.element_handle()
    )
    expect(page).to_have_url(re.compile("/tasks/fetch_rates/"))
