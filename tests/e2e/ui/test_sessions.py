"""A session about a try that really failed: opened, tried dry, closed, found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, PHONE_AT_NIGHT
from tests.e2e.seeded_dags import BROKEN
from tests.e2e.ui.pages import HomePage, TaskTab, TroubleshootPage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture(params=[DESK, PHONE_AT_NIGHT], ids=str)
def session(open_page, airflow, request):
    """The page of the failed try, with its session open."""
    tab = TaskTab(open_page(request.param))
    tab.open(airflow.ended(BROKEN), "fetch_rates")
    tab.page.get_by_role("button", name="What can be done about it?").click()
    expect(tab.page.get_by_role("region", name="Remedies")).to_be_visible()
    return tab.page


def test_a_remedy_says_what_it_would_do_before_it_may_do_it(session):
    remedies = session.get_by_role("region", name="Remedies")
    act = remedies.get_by_role("button", name="Do it").first
    expect(act).to_be_disabled()
    remedies.get_by_role("button", name="What exactly would happen?").first.click()
    expect(act).to_be_enabled()
    expect(remedies.get_by_role("listitem").first).to_be_visible()


def test_a_session_is_listed_and_has_an_address_of_its_own(session):
    page = TroubleshootPage(session)
    page.open()
    link = session.get_by_role("link", name=f"{BROKEN}.fetch_rates").first
    link.click()
    expect(session).to_have_url(re.compile(r"/plugin/wfintel/troubleshoot/[0-9a-f-]+"))
    expect(session.get_by_role("region", name="Evidence")).to_contain_text("refused")
    HomePage(session).go_to("Troubleshoot")
    expect(session.get_by_role("table", name="Sessions of failed tries")).to_be_visible()


def test_an_incident_leads_to_its_session_and_to_the_diagnosis(session):
    TroubleshootPage(session).open()
    row = session.get_by_role("table", name="Incidents").get_by_role("row").filter(has_text=BROKEN)
    row.get_by_role("link", name=re.compile("connection refused")).first.click()
    expect(session.get_by_role("region", name="Evidence")).to_contain_text("refused")
    session.go_back()
    row.get_by_role("link", name="Why it failed").first.click()
    expect(session).to_have_url(re.compile(rf"/dags/{BROKEN}/runs/.+/tasks/fetch_rates/plugin/wfintel_diagnosis$"))
