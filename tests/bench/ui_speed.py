"""How fast the pages are, in a real Airflow with a history and a real browser: one line per figure.

    python -m tests.bench.ui_speed [--rounds 20] [DEPLOYMENT.json]

Starts its own deployment unless the file of a running one is given (`python -m tests.e2e.deployment FOLDER`). Times are
those of the wall clock, as a person sees them: other work on the machine counts, so the load is printed with them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.e2e.browser import DESK, dressed, running_browser
from tests.e2e.deployment import Deployment, read_deployment, seeded_airflow
from tests.e2e.seeded_dags import LONG_LOG
from tests.e2e.ui.pages import GeneratePage, HomePage, TaskTab

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

TEXT = "Every day at 7, load s3://lake/in.csv into the Snowflake table raw.orders"
GENERATE = "**/wfintel/api/workflows/automation/generate"


# In the page: when keys were pressed, when which answer came, and when the code was drawn anew.
WATCH = """() => {
    const seen = { key: 0, drawn: 0 };
    globalThis.wfintelSeen = seen;
    document.addEventListener("input", () => { seen.key = performance.now(); }, true);
    const code = document.querySelector("[aria-label=code]");
    new MutationObserver(() => requestAnimationFrame(() => { seen.drawn = performance.now(); }))
        .observe(code, { characterData: true, childList: true, subtree: true });
    performance.setResourceTimingBufferSize(5000);
}"""
PHASES = """() => {
    const { key, drawn } = globalThis.wfintelSeen;
    const asked = performance.getEntriesByType("resource").filter((item) => item.name.endsWith("/automation/generate"));
    const { requestStart, responseEnd, startTime } = asked.at(-1);
    return [startTime - key, responseEnd - startTime, drawn - responseEnd];
}"""


def typing_to_preview(page: Page, rounds: int, phases: list[list[float]] | None = None) -> list[float]:
    """From the last key to the new answer on the page, the rest that ends typing included.

    The last words are typed key by key, 90 ms apart, as by a fast hand: questions of the keys before are under way.
    `phases` takes, for each round, seconds until the question, until its answer, and until it was drawn.
    """
    view = GeneratePage(page)
    view.open("/generate")
    view.describe(f"{TEXT}.")
    view.code.wait_for()
    page.evaluate(WATCH)
    times = []
    for number in range(rounds):
        view.describe(f"{TEXT}. Retry {number % 9 + 1} times, ")
        page.wait_for_timeout(700)
        view.box.press("End")
        view.box.press_sequentially(f"{number + 2} minutes apart.", delay=90)
        shown = [view.code.element_handle(), f"minutes={number + 2}"]
        page.wait_for_function("([code, words]) => code.textContent.includes(words)", arg=shown)
        page.wait_for_timeout(150)  # the frame after the change notes the time
        parts = [value / 1000 for value in page.evaluate(PHASES)]
        times.append(sum(parts))
        if phases is not None:
            phases.append(parts)
    return times


def overview_interactive(page: Page, rounds: int) -> list[float]:
    """From the click in Airflow's navigation to the drawn overview; Airflow's own UI is loaded already."""
    times = []
    for _ in range(rounds):
        page.goto("/pools")
        link = page.get_by_role("link", name="Workflow Intelligence")
        link.wait_for()
        start = time.perf_counter()
        link.click()
        page.get_by_text("Airflow 3.").first.wait_for()
        times.append(time.perf_counter() - start)
    return times


def page_change(page: Page, rounds: int) -> list[float]:
    """Between two of our pages that have been open before."""
    home = HomePage(page)
    home.open()
    times = []
    for number in range(rounds + 2):
        start = time.perf_counter()
        if number % 2:
            home.go_to("Overview")
            page.get_by_text("Airflow 3.").first.wait_for()
        else:
            home.go_to("Generate")
            GeneratePage(page).box.wait_for()
        times.append(time.perf_counter() - start)
    return times[2:]


DRAWN = """() => ["node", "edge"].every((part) => {
    const found = [...document.querySelectorAll(`.react-flow__${part}`)];
    return found.length > 3 && getComputedStyle(found[0]).visibility === "visible";
})"""


def large_graph(page: Page, tasks: int) -> tuple[float, float]:
    """The drawn graph of that many tasks, in layers of 25: from the server's answer until its beginning can be read.

    Then, from the click on "fit view", until every task is drawn. Both in seconds.
    """

    def grown(route: Route) -> None:
        answer = route.fetch().json()
        model = answer["spec"]["tasks"][0]
        names = [f"task_{number:03d}" for number in range(tasks)]
        answer["spec"]["tasks"] = [{**model, "task_id": name} for name in names]
        answer["spec"]["dependencies"] = [
            {"upstream": names[number - 25], "downstream": name} for number, name in enumerate(names) if number >= 25
        ]
        answer["evidence"] = []
        route.fulfill(json=answer)
        answered.append(time.perf_counter())

    answered: list[float] = []
    page.route(GENERATE, grown)
    view = GeneratePage(page)
    view.open("/generate")
    view.describe(f"{TEXT}.")
    page.wait_for_function(DRAWN)
    drawn = time.perf_counter() - answered[-1]
    page.unroute(GENERATE)
    start = time.perf_counter()
    page.locator(".react-flow__controls-fitview").click()
    page.wait_for_function("n => document.querySelectorAll('.react-flow__node').length === n", arg=tasks)
    return drawn, time.perf_counter() - start


def long_log(page: Page, airflow: Deployment) -> tuple[float, float]:
    """Seconds until the log of 60,000 lines is there, and the longest frame while it is scrolled, in seconds."""
    tab = TaskTab(page)
    run = airflow.ended(LONG_LOG)
    start = time.perf_counter()
    tab.open(run, "copy_rows")
    tab.log.wait_for()
    there = time.perf_counter() - start
    longest = tab.log.evaluate(
        """async (box) => {
            let last = performance.now(), longest = 0;
            for (let step = 1; step <= 60; step += 1) {
                box.scrollTop = box.scrollHeight * step / 60;
                await new Promise(requestAnimationFrame);
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
            }
            return longest;
        }"""
    )
    return there, longest / 1000


def figure(name: str, times: list[float], target: float) -> None:
    """Print half and 95 % of the times, in milliseconds."""
    ordered = sorted(times)
    high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    half = statistics.median(ordered)
    print(f"{name}: median {1000 * half:.0f} ms, 95 % {1000 * high:.0f} ms (n={len(ordered)}, target {target:.0f} ms)")


def typing(page: Page, rounds: int) -> None:
    """Measure typing, and print what the time was spent on."""
    phases: list[list[float]] = []
    figure("typing to preview", typing_to_preview(page, rounds, phases), 400)
    for name, values in zip(("rest of the keyboard", "answer", "drawing"), zip(*phases, strict=True), strict=True):
        figure(f"  of it {name}", list(values), 400)


def graphs(page: Page, tasks: int, rounds: int = 5) -> None:
    """Measure large graphs."""
    times = [large_graph(page, tasks) for _ in range(rounds)]
    figure(f"graph of {tasks} tasks", [drawn for drawn, _ in times], 2000)
    figure("  of it all tasks at once, after a click", [all_of_it for _, all_of_it in times], 2000)


def attempt(name: str, run: Callable[[], None]) -> None:
    """Run one measurement; what cannot be measured is said and does not hide the others."""
    try:
        run()
    except Exception as error:  # a measurement, whatever it was, has no figure then
        print(f"{name}: not measured: {str(error).splitlines()[0]}")


@contextlib.contextmanager
def _deployment(path: str) -> Iterator[Deployment]:
    if path:
        yield read_deployment(Path(path))
        return
    with (
        tempfile.TemporaryDirectory(prefix="wfintel-bench-") as folder,
        seeded_airflow(Path(folder) / "airflow", long_log=True) as deployment,
    ):
        yield deployment


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("deployment", nargs="?", default="", help="the file of a running deployment")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    rounds = options.rounds
    with running_browser() as browser, _deployment(options.deployment) as airflow:
        state = tempfile.NamedTemporaryFile("w", suffix=".json")  # noqa: SIM115 - closed with the process
        json.dump({"cookies": [], "origins": []}, state)
        state.flush()
        page = dressed(browser, airflow.base_url, DESK, state.name).new_page()
        page.goto("/pools")
        page.get_by_text("default_pool").first.wait_for()
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        attempt("typing", lambda: typing(page, rounds))
        attempt("overview", lambda: figure("overview interactive", overview_interactive(page, rounds), 1500))
        attempt("page change", lambda: figure("page change, warm", page_change(page, rounds), 300))
        for tasks in (500, 1000):
            attempt(f"graph of {tasks} tasks", partial(graphs, page, tasks))

        def log() -> None:
            there, longest = long_log(page, airflow)
            print(
                f"log of 60,000 lines: there after {there:.1f} s, longest frame while scrolling {1000 * longest:.0f} ms"
            )

        attempt("log", log)
    return 0


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
