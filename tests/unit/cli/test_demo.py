"""The parts of the demo that need no Airflow: its folder, its processes, its local server, its descriptions."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from airflow_provider_wfintel.cli.demo.airflow_api import wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew
from airflow_provider_wfintel.cli.demo.story import load_examples
from airflow_provider_wfintel.cli.demo.workplace import free_ports, prepare_folder
from airflow_provider_wfintel.exceptions import RunError, TargetExistsError, UserInputError

ROOT = Path(__file__).resolve().parents[3]


class TestDescriptions:
    def test_there_are_three(self):
        assert [item.id for item in load_examples()] == ["orders_report", "sales_by_region", "close_of_day"]

    def test_readme_prints_the_same_ones(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for example in load_examples():
            assert example.text in readme, f"README must print {example.id!r} word for word"


class TestFolder:
    def test_is_made_with_its_inputs(self, tmp_path):
        place = prepare_folder(tmp_path / "demo")
        assert sorted(path.name for path in (place.folder / "inbox").iterdir()) == [
            "east.csv",
            "north.csv",
            "south.csv",
        ]
        assert place.database.exists()
        assert not place.flag.exists()

    def test_a_second_demo_keeps_your_own_dag_files(self, tmp_path):
        place = prepare_folder(tmp_path)
        (place.dags / "mine.py").write_text("# mine")
        place.alarms.write_text("old")
        (place.airflow_home / "airflow.db").write_text("old")
        prepare_folder(tmp_path)
        assert (place.dags / "mine.py").exists()
        assert not place.alarms.exists()
        assert list(place.airflow_home.iterdir()) == []

    def test_a_folder_with_something_else_in_it_is_left_alone(self, tmp_path):
        (tmp_path / "thesis.tex").write_text("years of work")
        with pytest.raises(TargetExistsError, match="not a demo folder"):
            prepare_folder(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]

    def test_the_server_listens_on_loopback_only(self, tmp_path):
        env = prepare_folder(tmp_path).environment(free_ports())
        assert env["AIRFLOW__API__HOST"] == "127.0.0.1"
        assert env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "True"

    def test_new_dag_files_are_looked_for_often_enough_to_appear_within_ten_seconds(self, tmp_path):
        env = prepare_folder(tmp_path).environment(free_ports())
        assert int(env["AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL"]) <= 5
        assert int(env["AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL"]) <= 5

    def test_nothing_of_another_airflow_gets_in(self, tmp_path, monkeypatch):
        monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
        monkeypatch.setenv("AIRFLOW_CONN_PROD", "postgres://prod")
        env = prepare_folder(tmp_path).environment(free_ports())
        assert env["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
        assert "AIRFLOW_CONN_PROD" not in env


class TestPorts:
    def test_are_four_different_ones(self):
        ports = free_ports()
        assert len({ports.airflow, ports.worker_logs, ports.trigger_logs, ports.shop}) == 4

    def test_one_in_use_is_refused(self):
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(UserInputError, match="cannot be used"):
                free_ports(taken.getsockname()[1])


class TestProcesses:
    @pytest.fixture
    def crew(self, tmp_path):
        (tmp_path / "logs").mkdir()
        with Crew(tmp_path, tmp_path / "logs", dict(os.environ)) as crew:
            yield crew

    def test_all_end_with_the_block_even_grandchildren_in_groups_of_their_own(self, tmp_path, crew):
        (tmp_path / "parent.py").write_text(
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
            "open('pid', 'w').write(str(child.pid))\n"
            "time.sleep(600)\n"
        )
        parent = crew.start("parent", ["parent"])
        wait_for(
            "the pid",
            lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(),
            timeout=60,
            check=crew.check,
        )
        grandchild = int((tmp_path / "pid").read_text())
        crew.stop()
        assert not parent.alive
        assert not is_running(grandchild)

    def test_sigterm_ends_them_too(self, tmp_path):
        (tmp_path / "child.py").write_text("import time; time.sleep(600)\n")
        (tmp_path / "starter.py").write_text(
            "import os, time\n"
            "from pathlib import Path\n"
            "from airflow_provider_wfintel.cli.demo.processes import Crew, ends_on_signals\n"
            "with ends_on_signals(), Crew(Path(), Path(), dict(os.environ)) as crew:\n"
            "    child = crew.start('child', ['child'])\n"
            "    Path('pid.new').write_text(str(child.process.pid))\n"
            "    Path('pid.new').rename('pid')\n"
            "    time.sleep(600)\n"
        )
        starter = subprocess.Popen([sys.executable, "starter.py"], cwd=tmp_path, stderr=subprocess.DEVNULL)
        wait_for("the pid", (tmp_path / "pid").exists, timeout=60, check=lambda: None)
        child = int((tmp_path / "pid").read_text())
        assert is_running(child)
        starter.send_signal(signal.SIGTERM)
        starter.wait(60)
        assert not is_running(child)

    def test_a_process_that_ends_is_told_with_its_log(self, tmp_path, crew):
        (tmp_path / "bad.py").write_text("raise SystemExit('no port')\n")
        child = crew.start("bad", ["bad"])
        child.process.wait(60)
        with pytest.raises(RunError, match="no port"):
            crew.check()

    def test_a_step_that_fails_is_told_with_its_log(self, tmp_path, crew):
        (tmp_path / "bad.py").write_text("raise SystemExit('no table')\n")
        with pytest.raises(RunError, match="no table"):
            crew.run("bad", ["bad"], timeout=60)

    def test_waiting_ends(self):
        with pytest.raises(RunError, match="the moon: not within 0 s"):
            wait_for("the moon", lambda: False, timeout=0.1, check=lambda: None, pause=0.05)


def is_running(pid: int) -> bool:
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_shop_serves_orders_and_keeps_webhook_calls(tmp_path):
    port, alarms = free_ports().shop, tmp_path / "alarms.jsonl"
    shop = subprocess.Popen([sys.executable, "-m", "airflow_provider_wfintel.cli.demo.shop", str(port), str(alarms)])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                opener.open(f"{url}/health", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < until, "the shop did not open"
                time.sleep(0.1)
        with opener.open(f"{url}/orders", timeout=5) as answer:
            assert {item["customer"] for item in json.load(answer)} >= {"Hansen", "Duarte"}
        request = urllib.request.Request(f"{url}/alarm", data=b'{"text": "on fire"}', method="POST")
        opener.open(request, timeout=5).close()
        assert json.loads(alarms.read_text()) == {"path": "/alarm", "message": {"text": "on fire"}}
    finally:
        shop.send_signal(signal.SIGTERM)
        shop.wait(30)
