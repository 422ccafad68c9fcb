"""Ways between our pages and Airflow's: the entry, deep links, back and forth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK
from tests.e2e.seeded_dags import BROKEN, HISTORY
from tests.e2e.ui.pages import TITLE, GeneratePage, HomePage, RunTab, TroubleshootPage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def page(open_page):
    return open_page(DESK)


def test_airflows_navigation_has_our_entry(page):
    page.goto("/pools")
    page.get_by_role("link", name=TITLE).click()
    expect(HomePage(page).heading).to_be_visible()
    expect(page).to_have_url(re.compile(r"/plugin/wfintel/?$"))


def test_our_navigation_leads_to_every_page_and_back_returns(page):
    home = HomePage(page)
    home.open()
    home.go_to("Generate")
    expect(page).to_have_url(re.compile(r"/plugin/wfintel/generate"))
    expect(GeneratePage(page).box).to_be_visible()
    home.go_to("Troubleshoot")
    expect(page.get_by_role("button", name="Find the cause")).to_be_visible()
    page.go_back()
    expect(GeneratePage(page).box).to_be_visible()
    home.go_to("Overview")
    expect(page.get_by_text("Airflow 3.").first).to_be_visible()


@pytest.mark.parametrize("path", ["", "/generate", "/optimize", "/monitor", "/troubleshoot", "/reports"])
def test_every_page_can_be_opened_by_its_address_and_reloaded(page, path):
    home = HomePage(page)
    home.open(path)
    here = page.get_by_role("navigation", name=TITLE).locator("[aria-current=page]")
    expect(here).to_have_attribute("href", f"/plugin/wfintel{path}")
    page.reload()
    expect(home.heading).to_be_visible()
    expect(here).to_have_attribute("href", f"/plugin/wfintel{path}")


def test_two_of_our_pages_can_be_opened_one_after_the_other(page, airflow):
    """Airflow's UI loads each under a name of its own; from one address the second would stay empty."""
    HomePage(page).open()
    run = airflow.ended(BROKEN)
    RunTab(page).open(run.dag_id, run.run_id)
    expect(page.get_by_text(re.compile(r"^fetch_rates took"))).to_be_visible()
    TroubleshootPage(page).open()
    expect(page.get_by_role("button", name="Find the cause")).to_be_visible()


def test_the_page_of_a_run_names_what_made_it_long(page, airflow):
    dag = next(item for item in HISTORY if item.dag_id.endswith("_load") and item.story == "steady")
    run = airflow.api.first_run(dag.dag_id)
    RunTab(page).open(dag.dag_id, run.run_id)
    slowest = max(dag.tasks, key=lambda item: item.seconds)
    expect(page.get_by_text(re.compile(rf"^{slowest.task_id} took .+ of the run$"))).to_be_visible()
