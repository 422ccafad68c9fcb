"""How every page looks: light and dark, on a desk and on a phone. No serious finding of axe, nothing too wide.

Leaves a picture of every page in `reports/ui`. With `WFINTEL_WRITE_DOCS=1` also writes those of the documentation anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Page, expect

from tests.e2e.browser import ALL_LOOKS
from tests.e2e.deployment import Deployment
from tests.e2e.seeded_dags import BROKEN, HISTORY
from tests.e2e.ui.pages import (
    DagTab,
    GeneratePage,
    HomeCard,
    HomePage,
    MonitorPage,
    OptimizePage,
    ReportsPage,
    RunTab,
    TaskTab,
    TroubleshootPage,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

COLOURED = "INFO start\n\x1b[31mERROR\x1b[0m could not connect to server: Connection refused\n\x1b[33mWARN\x1b[0m over"
REPORTS = Path(__file__).resolve().parents[3] / "reports" / "ui"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "images" / "ui"
# Of long pages the documentation has the beginning.
DOCS_PIXELS = 1400
OURS = "[data-wfintel=page]"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A list of hundreds of rows need not be seen in full.
MOST_PIXELS = 6000
# These are about whole documents, which are Airflow's; ours is a part of one.
NOT_OURS = ("landmark-one-main", "page-has-heading-one", "region", "bypass", "document-title", "html-has-lang")


def overview(page: Page, _: Deployment) -> None:
    home = HomePage(page)
    home.open()
    expect(page.get_by_text("Airflow 3.").first).to_be_visible()


def generate(page: Page, _: Deployment) -> None:
    view = GeneratePage(page)
    view.open("/generate")
    view.pick_example("From an API to a table to a report")
    expect(page.locator(".react-flow__edge").first).to_be_attached()


def generate_with_questions(page: Page, _: Deployment) -> None:
    view = GeneratePage(page)
    view.open(
        "/generate?text=Load%20s3%3A%2F%2Flake%2Fin.csv%20into%20Snowflake.%20If%20it%20fails%2C%20alert%20the%20team."
    )
    expect(view.section("Questions")).to_be_visible()


def troubleshoot(page: Page, _: Deployment) -> None:
    view = TroubleshootPage(page)
    view.open()
    view.explain(COLOURED)
    expect(view.evidence.first).to_be_visible()


def task_tab(page: Page, airflow: Deployment) -> None:
    view = TaskTab(page)
    view.open(airflow.ended(BROKEN), "fetch_rates")
    expect(view.evidence.first).to_be_visible()


def session(page: Page, airflow: Deployment) -> None:
    view = TaskTab(page)
    view.open(airflow.ended(BROKEN), "fetch_rates")
    page.get_by_role("button", name="What can be done about it?").click()
    expect(page.get_by_role("region", name="Remedies")).to_be_visible()


def optimize(page: Page, _: Deployment) -> None:
    view = OptimizePage(page)
    view.open_for("billing_marts")
    view.analyze()
    expect(view.answer).to_be_visible()


def monitor(page: Page, _: Deployment) -> None:
    view = MonitorPage(page)
    view.open_it()
    expect(view.health).to_be_visible()
    expect(view.anomalies.get_by_role("link").first).to_be_visible()


def reports(page: Page, _: Deployment) -> None:
    view = ReportsPage(page)
    view.open_it()
    expect(page.get_by_role("table", name="Lowest health")).to_be_visible()


def home_card(page: Page, _: Deployment) -> None:
    HomeCard(page).open()
    expect(page.get_by_text("Health of the deployment")).to_be_visible()


def dag_tab(page: Page, _: Deployment) -> None:
    view = DagTab(page)
    view.open("billing_marts")
    expect(view.section("Forecast")).to_contain_text("The next run takes")


def run_tab(page: Page, airflow: Deployment) -> None:
    dag_id = next(item.dag_id for item in HISTORY if item.dag_id.endswith("_regions"))
    run = airflow.api.first_run(dag_id)
    assert run is not None, f"{dag_id} has no run"
    RunTab(page).open(dag_id, run.run_id)
    expect(page.get_by_text("of the run").first).to_be_visible()


PAGES = (
    overview,
    generate,
    generate_with_questions,
    optimize,
    monitor,
    troubleshoot,
    session,
    reports,
    home_card,
    dag_tab,
    run_tab,
    task_tab,
)
Show = Callable[[Page, Deployment], None]


@pytest.mark.parametrize("look", ALL_LOOKS, ids=str)
@pytest.mark.parametrize("show", PAGES, ids=lambda item: item.__name__)
def test_page(open_page, airflow, show: Show, look):
    page = open_page(look)
    show(page, airflow)
    HomePage(page).settle()
    unrolled(page)
    page.screenshot(path=REPORTS / f"{show.__name__}-{look}.png")
    if os.environ.get("WFINTEL_WRITE_DOCS"):
        picture(page, f"{show.__name__}-{look}".replace("_", "-"))

    assert serious_findings(page) == []
    ours = page.locator(OURS).locator("> *").first
    assert ours.evaluate("element => element.scrollWidth - element.clientWidth") <= 0, "wider than its place"


def picture(page: Page, name: str) -> None:
    """A picture for the documentation."""
    size = page.viewport_size
    assert size is not None
    clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], DOCS_PIXELS)}
    page.screenshot(path=DOCS / f"{name}.jpg", type="jpeg", quality=70, clip=clip)


def unrolled(page: Page) -> None:
    """Make the window as high as all that the page holds, so that nothing is left out of sight."""
    height = page.locator(OURS).evaluate(
        """element => {
            let most = 0;
            for (let box = element; box !== null; box = box.parentElement) {
                most = Math.max(most, box.scrollHeight - box.clientHeight);
            }
            return innerHeight + most;
        }"""
    )
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(height + 20, MOST_PIXELS)})


def serious_findings(page: Page) -> list[str]:
    """What axe holds to be serious or critical in our part of the page, one line each."""
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {name: {"enabled": False} for name in NOT_OURS},
    }
    found = Axe().run(page, context={"include": [OURS]}, options=options).response["violations"]
    return [
        f"{item['id']}: {item['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"][:4]
    ]


@pytest.mark.parametrize("look", ALL_LOOKS[::2], ids=str)
def test_the_graph_has_the_ground_of_the_page(open_page, look):
    """Its library has a look of its own, which must be the one that the user chose."""
    page = open_page(look)
    generate(page, None)
    grounds = page.evaluate(
        """ours => {
            const seen = box => getComputedStyle(box).backgroundColor;
            let around = document.querySelector(ours);
            while (around.parentElement && /transparent|, 0\\)/.test(seen(around))) around = around.parentElement;
            return [seen(document.querySelector('.react-flow__node > div')), seen(around)];
        }""",
        OURS,
    )
    assert grounds[0] == grounds[1]


def test_the_check_finds_what_is_wrong(open_page, airflow):
    """A check that cannot fail is none."""
    page = open_page(ALL_LOOKS[0])
    HomePage(page).open()
    page.locator(OURS).evaluate(
        "element => element.insertAdjacentHTML('beforeend', '<img src=\"data:,\"><button></button>')"
    )
    assert {line.split(":")[0] for line in serious_findings(page)} >= {"image-alt", "button-name"}
