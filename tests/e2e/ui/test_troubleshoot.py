"""Troubleshoot: a pasted log, and the tab beside a try that really failed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, PHONE_AT_NIGHT
from tests.e2e.seeded_dags import BROKEN, RUNNING, SUCCEEDING
from tests.e2e.ui.pages import TaskTab, TroubleshootPage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LOOKS = pytest.mark.parametrize("look", [DESK, PHONE_AT_NIGHT], ids=str)
PROOF = 'psycopg2.OperationalError: FATAL:  password authentication failed for user "etl"'
LOG = "\n".join(
    [
        *(f"[2026-11-30T06:00:{at % 60:02d}Z] INFO - row {at} read" for at in range(400)),
        "Traceback (most recent call last):",
        '  File "/opt/dags/orders.py", line 20, in load',
        PROOF,
    ]
)  # fmt: skip


@pytest.fixture
def troubleshoot(open_page, look):
    page = TroubleshootPage(open_page(look))
    page.open()
    return page


@LOOKS
def test_a_pasted_log_is_answered_with_its_cause(troubleshoot):
    troubleshoot.explain(LOG)
    expect(troubleshoot.page.get_by_text("bad credentials").first).to_be_visible()
    expect(troubleshoot.evidence.first).to_contain_text("password authentication failed")
    expect(troubleshoot.page.get_by_role("region", name="What a person should do")).to_be_visible()


@LOOKS
def test_a_click_on_evidence_scrolls_the_log_to_it(troubleshoot):
    troubleshoot.explain(LOG)
    expect(troubleshoot.log).to_be_visible()
    expect(troubleshoot.log.get_by_text("row 0 read")).to_be_visible()
    assert troubleshoot.proof.count() == 0, "the proof is at the end, which is not drawn yet"
    troubleshoot.evidence.filter(has_text="password authentication failed").first.click()
    expect(troubleshoot.proof.filter(has_text="password authentication failed")).to_be_in_viewport()


@LOOKS
def test_secrets_are_not_repeated_in_the_answer(troubleshoot):
    secret = "hunter2-AKIAIOSFODNN7EXAMPLE"
    troubleshoot.explain(f"connecting to postgresql://etl:{secret}@db/shop\n{PROOF}")
    expect(troubleshoot.evidence.first).to_be_visible()
    assert secret not in troubleshoot.page.get_by_role("region", name="Evidence").inner_text()


@LOOKS
def test_a_log_that_says_nothing_gets_no_made_up_cause(troubleshoot):
    troubleshoot.explain("hello\nworld")
    expect(troubleshoot.page.get_by_text("does not say enough")).to_be_visible()


@LOOKS
def test_the_page_of_a_failed_try_tells_why(open_page, airflow, look):
    tab = TaskTab(open_page(look))
    tab.open(airflow.ended(BROKEN), "fetch_rates")
    expect(tab.page.get_by_text("connection refused", exact=True).first).to_be_visible()
    expect(tab.evidence.first).to_contain_text("refused")
    expect(tab.log.get_by_text("Task failed with exception")).to_be_visible()
    tab.evidence.first.click()
    expect(tab.proof.first).to_be_in_viewport()


@LOOKS
def test_the_tab_is_reached_from_airflows_own_page(open_page, airflow, look):
    tab = TaskTab(open_page(look))
    tab.open(airflow.ended(BROKEN), "fetch_rates", tab="")
    tab.choose()
    expect(tab.page).to_have_url(re.compile(r"/plugin/wfintel_diagnosis$"))
    expect(tab.evidence.first).to_be_visible()


@LOOKS
@pytest.mark.parametrize(
    ("dag_id", "task_id", "state"), [(SUCCEEDING, "fetch_rates", "success"), (RUNNING, "export_rows", "running")]
)
def test_a_try_that_has_not_failed_says_so(open_page, airflow, look, dag_id, task_id, state):
    run = airflow.begun(dag_id) if state == "running" else airflow.ended(dag_id)
    tab = TaskTab(open_page(look))
    tab.open(run, task_id)
    expect(tab.page.get_by_text("This try has not failed")).to_be_visible()
    expect(tab.page.get_by_text(f"Its state is {state}.")).to_be_visible()
