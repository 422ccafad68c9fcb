"""Our part broken or slow: Airflow's own pages do not notice, and ours say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser import DESK
from tests.e2e.seeded_dags import BROKEN
from tests.e2e.ui.pages import TITLE, GeneratePage, TaskTab

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

OURS = re.compile(r"/wfintel(-ui)?/")
REST = re.compile(r"/wfintel/api/")


def broken(route: Route) -> None:
    route.fulfill(status=500, body="Internal Server Error")


def cut_off(route: Route) -> None:
    route.abort("connectionreset")


def no_answer(route: Route) -> None:
    """Neither answered nor refused, as by a server that hangs."""


def not_a_script(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html>a proxy's login page</html>")


FAULTS = pytest.mark.parametrize("fault", [broken, cut_off, no_answer, not_a_script], ids=lambda item: item.__name__)


@pytest.fixture
def page(open_page) -> Page:
    return open_page(DESK, errors_expected=True)


@FAULTS
def test_airflows_pages_work_whatever_ours_do(page: Page, airflow, fault: Callable[[Route], None]):
    """One way through Airflow with all of ours faulty: our tab, Airflow's log beside it, our page, assets, home.

    In one load of a whole page, which is what takes the time; from there on as a person goes, by clicks.
    """
    page.route(OURS, fault)
    TaskTab(page).open(airflow.ended(BROKEN), "fetch_rates")
    page.get_by_role("link", name="Logs", exact=True).click()
    # Airflow's log opens at its end: what was said at first is out of sight, and not drawn.
    expect(page.get_by_text("Connection refused").first).to_be_visible()
    page.get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(re.compile(r"/plugin/wfintel"))
    page.get_by_role("link", name="Assets", exact=True).click()
    expect(page).to_have_url(re.compile(r"/assets"))
    expect(page.get_by_role("heading", name=re.compile("Asset")).first).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).first.click()
    # Of the home page, what stands beside our card.
    expect(page.get_by_role("link", name=re.compile("Failed")).first).to_be_visible()


def test_a_broken_backend_is_told_in_words_and_can_be_asked_again(page: Page):
    page.route(REST, broken)
    generate = GeneratePage(page)
    generate.open("/generate")
    generate.describe("Every day load s3://lake/in.csv into Snowflake")
    alert = page.get_by_text(re.compile("Internal Server Error|status 500"))
    expect(alert).to_be_visible()
    page.unroute(REST)
    page.get_by_role("button", name="Try again").click()
    expect(generate.summary).to_contain_text("1 task")


def test_a_slow_backend_leaves_the_text_to_type_in(page: Page):
    page.route(REST, no_answer)
    generate = GeneratePage(page)
    generate.open("/generate")
    generate.describe("Every day load s3://lake/in.csv into Snowflake")
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    generate.box.press("End")
    generate.box.press_sequentially(" daily")
    expect(generate.box).to_have_value("Every day load s3://lake/in.csv into Snowflake daily")


def test_a_task_whose_log_is_gone_says_so(page: Page, airflow):
    page.route(re.compile(r"/logs/\d"), broken)
    tab = TaskTab(page)
    tab.open(airflow.ended(BROKEN), "fetch_rates")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
