"""Page objects: our pages in Airflow's UI, in the words of who uses them."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from airflow_provider_wfintel.cli.demo.airflow_api import Run

__all__ = [
    "TITLE",
    "DagTab",
    "GeneratePage",
    "HomeCard",
    "HomePage",
    "MonitorPage",
    "OptimizePage",
    "ReportsPage",
    "RunTab",
    "TaskTab",
    "TroubleshootPage",
]

TITLE = "Workflow Intelligence"
HOME = "/plugin/wfintel"
POINTS, POINT_MS = 10, 3_000
# Generous, since two cores may be busy; a deployment is only handed out when it has warmed up.
expect.set_options(timeout=60_000)


@dataclass(frozen=True, slots=True)
class HomePage:
    """What all pages behind the navigation entry share."""

    page: Page

    def open(self, path: str = "") -> None:
        """Go to one of the pages by its address, and wait until it is drawn."""
        self.page.goto(f"{HOME}{path}")
        expect(self.heading).to_be_visible()

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", name=TITLE, level=1)

    def go_to(self, name: str) -> None:
        """Click one of the entries of our own navigation."""
        self.page.get_by_role("navigation", name=TITLE).get_by_role("link", name=name, exact=True).click()

    def section(self, title: str) -> Locator:
        """A titled part of the page."""
        return self.page.get_by_role("region", name=title, exact=True)

    def settle(self) -> None:
        """Wait until nothing is loading."""
        expect(self.page.get_by_role("status", name="Loading")).to_have_count(0)


@dataclass(frozen=True, slots=True)
class GeneratePage(HomePage):
    """From words to a DAG file."""

    def describe(self, text: str) -> None:
        """Type a description."""
        self.box.fill(text)

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Description")

    @property
    def summary(self) -> Locator:
        """How many tasks there are and what is left to ask."""
        return self.page.locator("[aria-live=polite]").filter(has_text="task")

    def task(self, task_id: str) -> Locator:
        """A task of the graph."""
        return self.page.get_by_role("figure", name="graph").locator(f'.react-flow__node[data-id="{task_id}"]')

    @property
    def code(self) -> Locator:
        return self.page.get_by_label("code", exact=True)

    def point_at(self, words: Locator, *, until: Locator) -> None:
        """Move the mouse onto some words until something shows: as a hand does if the page moves away below it."""
        for _ in range(POINTS):
            self.page.mouse.move(0, 0)
            words.hover()
            with contextlib.suppress(PlaywrightTimeout):
                until.wait_for(state="attached", timeout=POINT_MS)
                return
        expect(until).to_be_attached(timeout=POINT_MS)

    def pick_example(self, title: str) -> None:
        self.page.get_by_role("combobox", name="Start from an example").select_option(label=title)

    def set_value(self, label: str, value: str) -> None:
        """Set one value of the forms."""
        form = self.section("Change it in forms")
        form.get_by_label(label, exact=True).fill(value)
        form.get_by_role("button", name=f"Set: {label}", exact=True).click()

    def answer(self, option: str) -> None:
        """Answer an open question by one of the offered answers."""
        self.section("Questions").get_by_role("button", name=option, exact=True).click()

    def download(self, folder: Path) -> Path:
        """Download the DAG file, and tell where it is."""
        with self.page.expect_download() as waiting:
            self.section("DAG file").get_by_role("button", name="Download").click()
        target = folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target


@dataclass(frozen=True, slots=True)
class OptimizePage(HomePage):
    """What would make one DAG better."""

    def open_for(self, dag_id: str) -> None:
        self.open(f"/optimize?dag_id={dag_id}")

    def choose(self, dag_id: str) -> None:
        """Type the name of a DAG."""
        self.page.get_by_role("combobox", name="DAG").fill(dag_id)

    def analyze(self, strategy: str = "") -> None:
        if strategy:
            self.page.get_by_role("combobox", name="What is to become better").select_option(label=strategy)
        self.page.get_by_role("button", name="Find what costs time").click()

    @property
    def answer(self) -> Locator:
        """The sentence that comes first."""
        return self.page.locator("[aria-live=polite]").filter(has_text=re.compile("gain|saved"))


@dataclass(frozen=True, slots=True)
class MonitorPage(HomePage):
    """How the deployment does."""

    def open_it(self) -> None:
        self.open("/monitor")

    @property
    def health(self) -> Locator:
        return self.page.get_by_role("table", name="Health")

    @property
    def anomalies(self) -> Locator:
        return self.section("Not as usual")


@dataclass(frozen=True, slots=True)
class ReportsPage(HomePage):
    """The performance report."""

    def open_it(self) -> None:
        self.open("/reports")

    def look_back(self, period: str) -> None:
        self.page.get_by_role("combobox", name="Period").select_option(label=period)


@dataclass(frozen=True, slots=True)
class HomeCard:
    """Our card on Airflow's home page."""

    page: Page

    def open(self) -> None:
        self.page.goto("/")
        self.title.wait_for()

    @property
    def title(self) -> Locator:
        return self.page.locator("[data-wfintel=page]").get_by_role("link", name=TITLE)


@dataclass(frozen=True, slots=True)
class _Explained:
    """A diagnosis beside a log."""

    page: Page

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("region", name="log", exact=True)

    @property
    def evidence(self) -> Locator:
        """The lines that prove the cause, as buttons."""
        return self.page.get_by_role("region", name="Evidence").get_by_role("button")

    @property
    def proof(self) -> Locator:
        """The lines that are marked in the log and drawn at present."""
        return self.log.locator("[data-evidence]")


@dataclass(frozen=True, slots=True)
class TroubleshootPage(_Explained):
    """A log that somebody has, explained."""

    def open(self) -> None:
        HomePage(self.page).open("/troubleshoot")

    def explain(self, log: str) -> None:
        """Paste a log and ask."""
        self.page.get_by_role("textbox", name="Log").fill(log)
        self.page.get_by_role("button", name="Find the cause").click()


@dataclass(frozen=True, slots=True)
class TaskTab(_Explained):
    """Why it failed, on the page of a task instance."""

    def open(self, run: Run, task_id: str, *, tab: str = "plugin/wfintel_diagnosis") -> None:
        self.page.goto(f"/dags/{run.dag_id}/runs/{quote(run.run_id)}/tasks/{task_id}/{tab}")

    def choose(self) -> None:
        """Click our tab among Airflow's."""
        self.page.get_by_role("link", name="Why it failed").click()


@dataclass(frozen=True, slots=True)
class DagTab:
    """Health and layout, on the page of a DAG."""

    page: Page

    def open(self, dag_id: str) -> None:
        self.page.goto(f"/dags/{dag_id}/plugin/wfintel_dag")

    def section(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title, exact=True)


@dataclass(frozen=True, slots=True)
class RunTab:
    """Where time went, on the page of a run."""

    page: Page

    def open(self, dag_id: str, run_id: str) -> None:
        self.page.goto(f"/dags/{dag_id}/runs/{quote(run_id)}/plugin/wfintel_run")
