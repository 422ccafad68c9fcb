"""What the demo does, step by step: start Airflow, generate, run, show, stop."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run, wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew, ends_on_signals
from airflow_provider_wfintel.cli.demo.report import Outcome, print_report, received_alarms
from airflow_provider_wfintel.cli.demo.workplace import Workplace, free_ports, prepare_folder
from airflow_provider_wfintel.exceptions import MissingProviderError, RunError

if TYPE_CHECKING:
    from rich.console import Console

    from airflow_provider_wfintel.engine.model import Generation

__all__ = ["Example", "load_examples", "run_demo"]

# Generous on purpose: five interpreters start at once, perhaps on two busy cores.
MIGRATE_SECONDS = 300.0
START_SECONDS = 420.0
APPEAR_SECONDS = 180.0
RUN_SECONDS = 420.0
ALARM_SECONDS = 120.0
EXAMINE_SECONDS = 120.0
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
NEEDED = ("airflow", "airflow.providers.sqlite", "airflow.providers.http", "airflow.providers.standard", "psutil")


@dataclass(frozen=True, slots=True)
class Example:
    """A description that the demo and README share."""

    id: str
    title: str
    text: str


def load_examples() -> tuple[Example, ...]:
    """The example descriptions of the catalogue."""
    from importlib.resources import files

    data = files("airflow_provider_wfintel.engine.catalog").joinpath("data/examples.json").read_text(encoding="utf-8")
    return tuple(Example(item["id"], item["title"], item["text"]) for item in json.loads(data))


def run_demo(folder: str | Path, *, port: int = 0, leave_at_end: bool = False) -> int:
    """Run the demo and return its exit status: 0 if every run ended as it should, 1 otherwise.

    Args:
        folder: the work folder.
        port: the port of the Airflow UI, 0 for a free one.
        leave_at_end: stop everything after the runs instead of waiting for Ctrl-C.

    Raises:
        UserInputError: the folder or port cannot be used.
        RunError: Airflow did not start, or a DAG did not appear.
    """
    from rich.console import Console

    _check_installed()
    console = Console(highlight=False, width=None if _is_terminal() else 120)
    ports = free_ports(port)
    workplace = prepare_folder(folder)
    environment = workplace.environment(ports)
    api = AirflowApi(environment["AIRFLOW__API__BASE_URL"])
    with ends_on_signals(), Crew(workplace.folder, workplace.logs, environment) as crew:
        _start(console, crew, api, workplace, ports.shop)
        generations = _generate_all(console, api, crew, workplace)
        outcomes = _run_all(console, api, crew, workplace, generations)
        passed = print_report(console, api, workplace, outcomes)
        passed = _examine(console, crew) and passed
        _show_more(console, workplace)
        if not leave_at_end:
            _stay(console, crew, api.base_url, workplace)
    console.print("all processes stopped")
    return 0 if passed else 1


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _check_installed() -> None:
    from importlib.util import find_spec

    for name in NEEDED:
        with contextlib.suppress(ModuleNotFoundError):
            if find_spec(name) is not None:
                continue
        raise MissingProviderError(f"the demo needs {name}", hint='pip install "airflow-provider-wfintel[demo]"')


@contextlib.contextmanager
def _step(console: Console, text: str) -> Iterator[None]:
    """Show that a step is under way, and how long it took."""
    start = time.monotonic()
    with console.status(f"{text} …"):
        yield
    console.print(f"[green]✓[/green] {text} [dim]({time.monotonic() - start:.0f} s)[/dim]")


def _start(console: Console, crew: Crew, api: AirflowApi, workplace: Workplace, shop_port: int) -> None:
    console.print(f"work folder {workplace.folder}", soft_wrap=True)
    with _step(console, "made an empty SQLite database for Airflow"):
        crew.run("migrate", ["airflow", "db", "migrate"], timeout=MIGRATE_SECONDS)
    with _step(console, f"started Airflow: {', '.join(COMPONENTS)}"):
        crew.start("shop", ["airflow_provider_wfintel.cli.demo.shop", str(shop_port), str(workplace.alarms)])
        for name in COMPONENTS:
            crew.start(name, ["airflow", name])
        wait_for("a healthy Airflow", api.healthy, timeout=START_SECONDS, check=crew.check, pause=1.0)
        api.warm_up()
        api.log_in()
    console.print(f"  look at it: [bold]{api.base_url}[/bold] (no login: only this machine can reach it)")


def _generate_all(
    console: Console, api: AirflowApi, crew: Crew, workplace: Workplace
) -> tuple[tuple[Example, Generation], ...]:
    from airflow_provider_wfintel.cli.commands.generate import generate_to_file
    from airflow_provider_wfintel.cli.generation_view import print_generation

    made, written = [], {}
    for example in load_examples():
        console.rule(example.title)
        console.print(example.text, style="italic")
        target = workplace.dags / f"{example.id}.py"
        generation = generate_to_file(example.text, target, force=True)
        written[example.id] = time.monotonic()
        print_generation(generation, written=target)
        made.append((example, generation))
    console.rule()
    with _step(console, "Airflow found the new DAG files"):
        for example, generation in made:
            dag_id = generation.spec.dag_id
            appeared = partial(api.dag_is_there, dag_id, f"{example.id}.py")
            wait_for(f"the DAG {dag_id}", appeared, timeout=APPEAR_SECONDS, check=crew.check)
            console.print(
                f"  {dag_id} is there {time.monotonic() - written[example.id]:.1f} s after its file was written"
            )
    return tuple(made)


def _run_all(
    console: Console,
    api: AirflowApi,
    crew: Crew,
    workplace: Workplace,
    generations: Sequence[tuple[Example, Generation]],
) -> list[Outcome]:
    started = [(example, _first_run(api, crew, generation.spec.dag_id)) for example, generation in generations]
    # One of the DAGs waits for this file. It comes now, when the runs are under way.
    workplace.flag.write_text("ledger is complete\n", encoding="utf-8")
    outcomes = _watch(console, api, crew, [(example.title, run, "success") for example, run in started])
    by_id = {example.id: generation for example, generation in generations}
    closing_time = by_id.get("close_of_day")
    if closing_time is not None and outcomes[-1].state == "success":
        console.print("now the alarm: the ledger is gone, so the command must fail, be retried and raise the alarm")
        workplace.ledger.unlink()
        run = api.trigger(closing_time.spec.dag_id)
        outcomes += _watch(console, api, crew, [("The same without its input", run, "failed")])
        workplace.write_ledger()
        _wait_for_alarm(console, crew, workplace)
    return outcomes


def _examine(console: Console, crew: Crew) -> bool:
    """Let the doctor look at what was started, until the collector has read the last tries."""
    with _step(console, "`airflow wfintel doctor` looked at this Airflow"):
        until = time.monotonic() + EXAMINE_SECONDS
        while True:
            status, said = crew.ask(["airflow", "wfintel", "doctor"], timeout=EXAMINE_SECONDS)
            if status == 0 or time.monotonic() > until:
                break
            crew.check()
            time.sleep(5.0)
    console.print(said if status else said.splitlines()[-1], markup=False, soft_wrap=True)
    return status == 0


def _wait_for_alarm(console: Console, crew: Crew, workplace: Workplace) -> None:
    """The dag-processor calls the webhook some seconds after the run has ended. The report tells if it did not."""
    alarm = partial(received_alarms, workplace)
    with contextlib.suppress(RunError), _step(console, "the webhook was called"):
        wait_for("the call of the webhook", alarm, timeout=ALARM_SECONDS, check=crew.check)


def _first_run(api: AirflowApi, crew: Crew, dag_id: str) -> Run:
    """Unpause the DAG and get its first run: the one its schedule starts, or else one that we trigger."""
    if not api.unpause(dag_id):
        return api.trigger(dag_id)
    return wait_for(f"a run of {dag_id}", partial(api.first_run, dag_id), timeout=APPEAR_SECONDS, check=crew.check)


def _watch(console: Console, api: AirflowApi, crew: Crew, runs: Sequence[tuple[str, Run, str]]) -> list[Outcome]:
    """Follow the runs to their end, with a bar for each."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    start = time.monotonic()
    done: dict[Run, Outcome] = {}
    columns = (
        TextColumn("{task.description:<46}"),
        BarColumn(30),
        TextColumn("{task.fields[now]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = {run: progress.add_task(title, total=None, now="") for title, run, _ in runs}

        def all_done() -> bool:
            for title, run, expected in runs:
                if run in done:
                    continue
                tasks, state = api.tasks(run), api.run_state(run)
                ended = sum(task["state"] in ("success", "failed", "skipped", "upstream_failed") for task in tasks)
                progress.update(bars[run], total=len(tasks) or None, completed=ended, now=_now(tasks, state))
                if state in ("success", "failed"):
                    progress.stop_task(bars[run])
                    took = time.monotonic() - start
                    done[run] = Outcome(title, run, state, expected, took, tuple(api.tasks(run)))
            return len(done) == len(runs)

        wait_for("the end of the runs", all_done, timeout=RUN_SECONDS, check=crew.check, pause=1.0)
    return [done[run] for _, run, _ in runs]


def _now(tasks: Sequence[dict[str, Any]], state: str) -> str:
    if state in ("success", "failed"):
        return state
    busy = [
        f"{task['task_id']}: {task['state']}" for task in tasks if task["state"] not in (None, "success", "skipped")
    ]
    return busy[0] if busy else state


def _show_more(console: Console, workplace: Workplace) -> None:
    """The other three verbs on what has just run; the database and the logs stay when everything is stopped."""
    scripts, home = Path(sys.executable).parent, workplace.airflow_home
    log = f"{home}/logs/dag_id=wait_for_ready_flag/*/task_id=run_shell_command_sort/attempt=4.log"
    console.print("look at what ran, now or later:")
    for line in (
        f"export AIRFLOW_HOME={home}",
        f"{scripts}/airflow wfintel health",
        f"{scripts}/airflow wfintel alerts --all",
        f"{scripts}/airflow wfintel optimize orders_api_to_sqlite",
        f"{scripts}/wfintel diagnose {log}",
    ):
        console.print(f"  {line}", soft_wrap=True, markup=False)


def _stay(console: Console, crew: Crew, base_url: str, workplace: Workplace) -> None:
    console.print(f"Airflow keeps running at [bold]{base_url}[/bold]; Ctrl-C stops everything.")
    console.print(f'try your own: wfintel generate "…" --out {workplace.dags}/mine.py', soft_wrap=True)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            crew.check()
            time.sleep(1.0)
