"""The plugin is loaded once and costs other processes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from airflow_provider_wfintel.plugin.asgi import LazyApp
from airflow_provider_wfintel.plugin.wfintel_plugin import WfIntelPlugin

pytestmark = pytest.mark.integration

HEAVY = ("sklearn", "networkx", "libcst", "numpy", "requests", "fastapi", "alembic", "rapidfuzz")
OWN_HEAVY = tuple(f"airflow_provider_wfintel.{name}" for name in ("store", "api", "app", "engine", "host", "hooks"))


def measure(code: str) -> Any:
    """What a fresh interpreter prints as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_airflow_loads_it_through_its_entry_point() -> None:
    from airflow.plugins_manager import _get_plugins

    plugins, errors = _get_plugins()
    assert [plugin.name for plugin in plugins].count("wfintel") == 1
    assert not any("wfintel" in where for where in errors)


def test_it_mounts_the_rest_app_unbuilt() -> None:
    (mounted,) = WfIntelPlugin.fastapi_apps
    assert mounted["url_prefix"] == "/wfintel"
    assert isinstance(mounted["app"], LazyApp)


def test_there_are_no_pages_in_the_user_interface_yet() -> None:
    assert WfIntelPlugin.react_apps == []


@pytest.mark.parametrize(
    ("module", "needed"),
    [
        ("airflow_provider_wfintel.plugin.wfintel_plugin", "airflow.plugins_manager"),
        ("airflow_provider_wfintel.cli.airflow_commands", "airflow.cli.cli_config"),
        ("airflow_provider_wfintel.get_provider_info", "typing"),
    ],
)
def test_what_every_process_imports_loads_nothing_heavy(module: str, needed: str) -> None:
    # What Airflow loads anyway does not count, only what our module adds.
    code = f"""
import sys, json
import {needed}
before = set(sys.modules)
import {module}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    added = measure(code)
    assert module in added
    assert [name for name in added if name.partition(".")[0] in HEAVY or name.startswith(OWN_HEAVY)] == []


def test_loading_the_plugin_takes_less_than_20_ms_of_cpu() -> None:
    # One interpreter imports the module several times; the median is robust against a busy machine.
    code = """
import json, statistics, sys, time
import airflow.plugins_manager
times = []
for _ in range(7):
    for name in [name for name in sys.modules if name.startswith("airflow_provider_wfintel")]:
        del sys.modules[name]
    start = time.process_time()
    import airflow_provider_wfintel.plugin.wfintel_plugin
    times.append(time.process_time() - start)
print(json.dumps([times[0], statistics.median(times)]))
"""
    first, median = measure(code)
    assert median < 0.020, (first, median)
