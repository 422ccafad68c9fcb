"""Optimize, as somebody does whose DAG takes too long: what costs time, what would pay, and the proof."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, PHONE_AT_NIGHT
from tests.e2e.ui.pages import DagTab, OptimizePage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LOOKS = pytest.mark.parametrize("look", [DESK, PHONE_AT_NIGHT], ids=str)
DESK_ONLY = pytest.mark.parametrize("look", [DESK], ids=str)
DAG = "billing_marts"


@pytest.fixture
def optimize(open_page, look):
    return OptimizePage(open_page(look))


@DESK_ONLY
def test_a_dag_is_found_by_typing_its_name_and_kept_in_the_address(optimize):
    optimize.open("/optimize")
    optimize.choose(DAG)
    expect(optimize.page).to_have_url(re.compile(f"dag_id={DAG}"))
    optimize.page.reload()
    expect(optimize.page.get_by_role("combobox", name="DAG", exact=True)).to_have_value(DAG)


@DESK_ONLY
def test_what_is_to_become_better_stands_in_the_address_too(optimize):
    optimize.open(f"/optimize?dag_id={DAG}&strategy=cost")
    strategy = optimize.page.get_by_role("combobox", name="What is to become better")
    expect(strategy).to_have_value("cost")
    strategy.select_option(label="Reliability")
    expect(optimize.page).to_have_url(re.compile("strategy=reliability"))
    optimize.page.reload()
    expect(strategy).to_have_value("reliability")
    optimize.choose("orders_marts")
    expect(optimize.page).to_have_url(re.compile("(?=.*dag_id=orders_marts)(?=.*strategy=reliability)"))


@LOOKS
def test_the_answer_comes_first_and_then_what_costs_time(optimize):
    optimize.open_for(DAG)
    optimize.analyze()
    expect(optimize.answer).to_be_visible()
    expect(optimize.section("What costs time").get_by_role("row").nth(1)).to_contain_text("s")
    expect(optimize.section("Critical path").first).to_contain_text("stage → ")


@DESK_ONLY
def test_the_change_of_the_file_can_be_read_in_both_ways_and_downloaded(optimize, tmp_path):
    optimize.open_for(DAG)
    optimize.analyze()
    diff = optimize.page.get_by_role("region", name="What changes", exact=True).last
    expect(diff).to_contain_text("retry_exponential_backoff=True")
    optimize.page.get_by_role("button", name="Side by side").click()
    expect(diff).to_contain_text("retry_exponential_backoff=True")
    with optimize.page.expect_download() as waiting:
        optimize.page.get_by_role("button", name="Download").click()
    target = tmp_path / "file.patch"
    waiting.value.save_as(target)
    assert target.read_text(encoding="utf-8").startswith("--- a/")


@LOOKS
def test_the_run_before_and_after_stands_on_one_axis(optimize):
    optimize.open_for(DAG)
    optimize.analyze()
    chart = optimize.page.get_by_role("figure", name="Tasks over time")
    expect(chart.get_by_role("img", name=re.compile(r"^stage: .+, before$"))).to_be_visible()
    expect(chart.locator("[data-critical]")).not_to_have_count(0)
    expect(chart).to_contain_text("slots before, at most")


@DESK_ONLY
def test_a_rewrite_that_is_skipped_is_gone_and_can_be_taken_in_again(optimize):
    optimize.open_for(DAG)
    optimize.analyze()
    changes = optimize.section("Changes of the file")
    changes.get_by_role("button", name=re.compile("^Skip: ")).first.click()
    back = optimize.page.get_by_role("button", name=re.compile("take it in again"))
    expect(back).to_be_visible()
    expect(optimize.section("What changes")).to_have_count(0)
    back.click()
    expect(optimize.section("What changes").first).to_be_visible()


@DESK_ONLY
def test_what_a_person_confirms_becomes_a_plan_to_accept(optimize):
    optimize.open_for(DAG)
    optimize.analyze()
    optimize.section("Needs a person who knows the DAG").get_by_role("button").first.click()
    expect(optimize.page.get_by_role("button", name="retry-pauses: take it back")).to_be_visible()
    expect(optimize.section("Values to set at run time")).to_contain_text("retries")
    optimize.page.get_by_role("button", name="Accept the run-time values").click()
    expect(optimize.page.get_by_text(re.compile("^Accepted: "))).to_be_visible()
    plans = optimize.section("Plans and what they did")
    plans.get_by_role("button", name="Take back").first.click()
    expect(plans.get_by_role("button", name="Take back")).to_have_count(0)


@DESK_ONLY
def test_a_change_of_the_file_is_confirmed_on_the_page_and_taken_back(optimize):
    optimize.open_for(DAG)
    optimize.analyze("Reliability")
    open_ = optimize.section("Changes of the file that a person has to confirm")
    choice = open_.get_by_role("button", name=re.compile("let the exception decide"))
    choice.click()
    back = optimize.page.get_by_role("button", name="retry-policy: take it back")
    expect(back).to_be_visible()
    expect(optimize.section("Changes of the file").first).to_contain_text("let the exception decide")
    expect(optimize.page.get_by_role("region", name="What changes", exact=True).last).to_contain_text("retry_policy")
    back.click()
    expect(choice).to_be_visible()


@LOOKS
def test_the_page_of_a_dag_offers_the_same(open_page, look):
    tab = DagTab(open_page(look))
    tab.open(DAG)
    expect(tab.section("Health").get_by_role("listitem").first).to_be_visible()
    expect(tab.section("Forecast")).to_contain_text("The next run takes")
    tab.page.get_by_role("button", name="Find what costs time").click()
    expect(tab.section("What costs time")).to_be_visible()
