"""One Airflow with a history and one Chromium for all browser tests; a fresh page for each.

`WFINTEL_UI_DEPLOYMENT` names the file of a deployment that runs already (`python -m tests.e2e.deployment FOLDER` writes
`FOLDER/deployment.json`), so that one test can be tried again in seconds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from airflow_provider_wfintel.cli.demo.airflow_api import wait_for
from tests.e2e.browser import Look, Watched, chromium_path, dressed, running_browser
from tests.e2e.deployment import Deployment, read_deployment, seeded_airflow
from tests.e2e.seeded_dags import HISTORY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

LEARN_SECONDS = 300.0
REPORTS = Path(__file__).resolve().parents[3] / "reports" / "ui"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not chromium_path():
        reason = "no Chromium: apt-get install chromium, or name one in WFINTEL_CHROMIUM"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running_browser() as started:
        yield started


@pytest.fixture(scope="session")
def airflow(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The deployment. It needs the browser: without one there is no reason to start it."""
    running = os.environ.get("WFINTEL_UI_DEPLOYMENT", "")
    if running:
        yield read_deployment(Path(running))
        return
    with seeded_airflow(tmp_path_factory.mktemp("ui") / "airflow") as deployment:
        yield deployment


def _learned(context: BrowserContext) -> bool:
    """Whether the collector has read the history and made health and anomalies of it."""
    place = "/wfintel/api/workflows/monitoring"
    health, anomalies = (context.request.get(f"{place}/{name}") for name in ("health", "anomalies"))
    if not (health.ok and anomalies.ok):
        return False
    return len(health.json()["dags"]) >= len(HISTORY) and bool(anomalies.json()["anomalies"])


@pytest.fixture(scope="session")
def logged_in(browser: Browser, airflow: Deployment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file with the cookies of somebody who has logged in."""
    context = browser.new_context(base_url=airflow.base_url)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto("/pools")
    page.get_by_role("link", name="Dags").first.wait_for()
    # What is slow but once, is paid for here and not by the test that happens to come first: Airflow's bundle, the
    # catalogue, and the collector's first look at the history.
    wait_for("a history that was read", lambda: _learned(context), timeout=LEARN_SECONDS, check=airflow.crew.check)
    page.goto("/plugin/wfintel/generate?text=Every%20day%20load%20s3%3A%2F%2Flake%2Fin.csv%20into%20Snowflake")
    page.get_by_label("code", exact=True).wait_for()
    target = str(tmp_path_factory.mktemp("state") / "state.json")
    context.storage_state(path=target)
    context.close()
    return target


@pytest.fixture(scope="session")
def contexts(browser: Browser, airflow: Deployment, logged_in: str) -> Callable[[Look], BrowserContext]:
    """One context for each look, so that Airflow's UI is loaded once and not for every test."""
    made: dict[Look, BrowserContext] = {}

    def get(look: Look) -> BrowserContext:
        if look not in made:
            made[look] = dressed(browser, airflow.base_url, look, logged_in)
        return made[look]

    return get


@pytest.fixture
def open_page(
    contexts: Callable[[Look], BrowserContext], airflow: Deployment, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Opens pages. Afterwards: a picture of what failed; no error of ours in the console; no other host was asked."""
    opened: list[tuple[Watched, bool]] = []

    def make(look: Look, *, errors_expected: bool = False) -> Page:
        watched = Watched.open(contexts(look), airflow.base_url)
        opened.append((watched, errors_expected))
        return watched.page

    failures = request.session.testsfailed
    yield make
    for watched, errors_expected in opened:
        if request.session.testsfailed > failures:
            name = re.sub(r"[^\w.-]+", "_", request.node.name)
            watched.page.screenshot(path=REPORTS / "failed" / f"{name}.png")
        watched.page.close()
        assert watched.strangers == []
        assert errors_expected or watched.errors == []
