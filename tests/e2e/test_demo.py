"""The main job, with nothing faked: `wfintel demo --exit` starts a real Airflow, and what it left behind is right."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from airflow_provider_wfintel.cli.demo.shop import ORDERS
from airflow_provider_wfintel.cli.demo.workplace import LEDGER_ROWS, SALES
from tests.unit.docs.pages import ALL

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

SCRIPT = Path(sys.executable).with_name("wfintel")
MARK = "WFINTEL_E2E_MARK"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One run of the demo for all tests: its folder, exit status and output."""
    folder = tmp_path_factory.mktemp("e2e") / "demo"
    environment = {**os.environ, MARK: str(folder), "COLUMNS": "160"}
    result = subprocess.run(
        [str(SCRIPT), "demo", "--exit", "--folder", str(folder)], capture_output=True, text=True, env=environment
    )
    return folder, result


def test_every_run_ended_as_it_should(demo):
    _, result = demo
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count(" yes ") == 4
    assert " no " not in result.stdout.partition("as it should")[2]


def test_the_doctor_finds_nothing_to_mend(demo):
    """Every check is ok on a real Airflow with SQLite, workers, collector and pages."""
    _, result = demo
    assert re.search(r"(\d\d) ok, 0 to be looked at, 0 do not work", result.stdout), result.stdout


def test_the_orders_of_the_api_are_in_the_table(demo):
    folder, _ = demo
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        rows = connection.execute("SELECT id, customer, item, quantity, price FROM orders").fetchall()
    assert sorted(rows) == sorted(tuple(order.values()) for order in ORDERS)


def test_the_report_holds_their_number(demo):
    folder, _ = demo
    assert re.search(rf"\b{len(ORDERS)}\b", (folder / "reports" / "orders.md").read_text())


def test_every_csv_file_is_loaded_and_summed_up_once(demo):
    folder, _ = demo
    rows = [row for table in SALES.values() for row in table]
    expected = {region: sum(row[3] for row in rows if row[1] == region) for region in {row[1] for row in rows}}
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sales").fetchone() == (len(rows),)
        assert dict(connection.execute("SELECT region, amount FROM sales_by_region")) == expected


def test_the_command_sorted_the_ledger(demo):
    folder, _ = demo
    assert (folder / "reports" / "ledger_sorted.csv").read_text().splitlines() == sorted(LEDGER_ROWS)


def test_the_failing_run_was_tried_four_times_ten_seconds_apart_and_raised_one_alarm(demo):
    folder, _ = demo
    alarms = [json.loads(line) for line in (folder / "alarms.jsonl").read_text().splitlines()]
    assert len(alarms) == 1
    with closing(sqlite3.connect(folder / "airflow" / "airflow.db")) as connection:
        failed = connection.execute(
            "SELECT dag_id, run_id, task_id, try_number FROM task_instance WHERE state = 'failed'"
        ).fetchall()
        assert len(failed) == 1
        dag_id, run_id, task_id, last_try = failed[0]
        earlier = connection.execute(
            "SELECT count(*) FROM task_instance_history WHERE dag_id = ? AND run_id = ? AND task_id = ?",
            (dag_id, run_id, task_id),
        ).fetchone()[0]
    assert last_try == 4
    assert earlier == 3


def test_new_files_appear_soon(demo):
    """Within 10 s where a processor is free; the bound leaves room for busy machines. Airflow's default is minutes."""
    _, result = demo
    seconds = [float(item) for item in re.findall(r"is there ([\d.]+) s after its file was written", result.stdout)]
    assert len(seconds) == 3
    assert max(seconds) <= 30


def test_no_process_stays_behind(demo):
    import psutil

    folder, _ = demo
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process.cmdline())
        except psutil.Error:
            continue
    assert left == []


def test_its_ports_are_free_again(demo):
    _, result = demo
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)", result.stdout).group(1))
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_commands_that_the_readme_gives_for_afterwards_show_what_ran(demo):
    """The block is run by a shell as it stands, where the reader stands: beside `.venv` and `.demo`."""
    folder, result = demo
    (block,) = [item for item in ALL if item.mark == "after the demo"]
    place = folder.parent
    for name, target in ((".demo", folder), (".venv/bin", SCRIPT.parent)):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).symlink_to(target)
    before = {path.name for path in (folder / "dags").iterdir()}
    # A reader has no settings of Airflow but those of the block.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.code], cwd=place, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name for path in (folder / "dags").iterdir()} - before == {"mine.py"}
    (folder / "dags" / "mine.py").unlink()
    for shown in (
        "failures come in episodes",
        "task failed: wait_for_ready_flag",
        "what removing each would save",
        "No such file",
    ):
        assert shown in done.stdout, shown
    for line in ("wfintel health", "wfintel alerts --all", "attempt=4.log"):
        assert line in result.stdout, "the demo itself gives the same commands"


def test_the_checks_of_the_user_find_nothing_wrong_with_the_files(demo):
    folder, _ = demo
    files = sorted(str(path) for path in (folder / "dags").glob("*.py"))
    assert len(files) == 3
    result = subprocess.run([str(SCRIPT), "validate", "--import", *files], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
