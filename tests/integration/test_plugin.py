"""The plugin is loaded once and costs other processes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_wfintel.plugin.asgi import LazyApp
from airflow_provider_wfintel.plugin.wfintel_plugin import WfIntelPlugin

pytestmark = pytest.mark.integration

HEAVY = ("sklearn", "networkx", "libcst", "numpy", "requests", "fastapi", "alembic", "rapidfuzz")
OWN_HEAVY = tuple(f"airflow_provider_wfintel.{name}" for name in ("store", "api", "app", "engine", "host", "hooks"))


MODULES = (
    "airflow_provider_wfintel.get_provider_info",
    "airflow_provider_wfintel.plugin.wfintel_plugin",
    "airflow_provider_wfintel.cli.airflow_commands",
)

# What Airflow loads anyway does not count, only what our modules add to it. The time is the median of several
# imports in one interpreter, so that a busy machine does not decide.
CODE = f"""
import importlib, json, statistics, sys, time

def forget():
    for name in [name for name in sys.modules if name.startswith("airflow_provider_wfintel")]:
        del sys.modules[name]

import airflow.plugins_manager, airflow.cli.cli_config
before = {{name for name in sys.modules if not name.startswith("airflow_provider_wfintel")}}
added = {{}}
for module in {MODULES!r}:
    forget()
    importlib.import_module(module)
    added[module] = sorted(set(sys.modules) - before)
seconds = []
for _ in range(7):
    forget()
    start = time.process_time()
    importlib.import_module("airflow_provider_wfintel.plugin.wfintel_plugin")
    seconds.append(time.process_time() - start)
print(json.dumps({{"added": added, "seconds": statistics.median(seconds)}}))
"""


@pytest.fixture(scope="module")
def fresh_interpreter() -> Any:
    """What a fresh interpreter, in which Airflow is loaded, finds out about our modules."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=240, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_airflow_loads_it_through_its_entry_point() -> None:
    from airflow.plugins_manager import _get_plugins

    plugins, errors = _get_plugins()
    assert [plugin.name for plugin in plugins].count("wfintel") == 1
    assert not any("wfintel" in where for where in errors)


def test_it_mounts_the_rest_app_and_the_pages_unbuilt() -> None:
    assert [mounted["url_prefix"] for mounted in WfIntelPlugin.fastapi_apps] == ["/wfintel", "/wfintel-ui"]
    assert all(isinstance(mounted["app"], LazyApp) for mounted in WfIntelPlugin.fastapi_apps)


def test_each_page_has_an_address_of_its_own_for_the_same_bundle() -> None:
    addresses = [page["bundle_url"] for page in WfIntelPlugin.react_apps]
    assert len(set(addresses)) == len(addresses)
    assert {address.partition("?")[0] for address in addresses} == {"wfintel-ui/main.umd.cjs"}


def test_airflow_takes_every_page() -> None:
    from airflow.api_fastapi.core_api.datamodels.plugins import ReactAppResponse
    from airflow.plugins_manager import get_plugin_info

    (ours,) = [plugin for plugin in get_plugin_info() if plugin["name"] == "wfintel"]
    assert len(ours["react_apps"]) == len(WfIntelPlugin.react_apps)
    for page in ours["react_apps"]:
        ReactAppResponse.model_validate(page)


@pytest.mark.parametrize("name", ["main.umd.cjs?app=wfintel", "elk-worker.min.js"])
def test_the_scripts_of_the_pages_are_served_as_scripts(name: str) -> None:
    from starlette.testclient import TestClient

    from airflow_provider_wfintel.plugin.pages import build_files_app

    answer = TestClient(build_files_app()).get(f"/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] in ("application/javascript", "text/javascript")


@pytest.mark.parametrize("module", MODULES)
def test_what_every_process_imports_loads_nothing_heavy(fresh_interpreter: Any, module: str) -> None:
    added = fresh_interpreter["added"][module]
    assert [name for name in added if name.partition(".")[0] in HEAVY or name.startswith(OWN_HEAVY)] == []


def test_the_modules_were_really_imported(fresh_interpreter: Any) -> None:
    for module in MODULES:
        assert module in fresh_interpreter["added"][module]


def test_loading_the_plugin_takes_less_than_20_ms_of_cpu(fresh_interpreter: Any) -> None:
    assert fresh_interpreter["seconds"] < 0.020


def test_what_the_first_preview_needs_is_loaded_beside_the_first_request(
    airflow_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Building the REST app does not wait for it: it is loaded by a thread of its own."""
    import threading

    from airflow_provider_wfintel.plugin import wfintel_plugin

    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        may_end.wait(60)

    monkeypatch.setattr("airflow_provider_wfintel.app.warm.warm_up", slow)
    assert wfintel_plugin._build_rest_app()
    assert begun.wait(60)
    may_end.set()


def test_warming_up_loads_the_catalogue(airflow_db: None) -> None:
    from airflow_provider_wfintel.app.warm import warm_up
    from airflow_provider_wfintel.engine.catalog import catalog

    catalog._load.cache_clear()
    warm_up()
    assert catalog._load.cache_info().currsize == 1


def test_a_catalogue_that_cannot_be_loaded_does_not_stop_the_app(
    airflow_db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    from airflow_provider_wfintel.app.warm import warm_up

    monkeypatch.setenv("AIRFLOW__WFINTEL__SERVICES_FOLDER", str(tmp_path / "nowhere"))
    warm_up()
    assert "cannot be loaded" in caplog.text


def test_a_reader_of_airflow_wfintel_who_has_seen_enough_gets_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "airflow", "wfintel", "services"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    _, said = process.communicate(timeout=120)
    assert b"Traceback" not in said
    assert b"Broken" not in said
