"""What importing the package costs. Every Airflow process imports the plugin, so it must stay light."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

import pytest

HEAVY = ("sklearn", "networkx", "libcst", "fastapi", "requests", "numpy", "scipy", "pandas", "rapidfuzz", "holidays")
PACKAGE_SECONDS = 0.050

RUNS = 7

# Airflow itself loads fastapi, requests and more, which would hide what the plugin loads: it is replaced by the class
# and the decorator that the plugin takes from it. If the plugin took more, its import would fail here.
WITHOUT_AIRFLOW = """
import sys, types
for name in ("airflow", "airflow.plugins_manager", "airflow.listeners"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
sys.modules["airflow.plugins_manager"].AirflowPlugin = type("AirflowPlugin", (), {})
sys.modules["airflow.listeners"].hookimpl = lambda function: function
"""
PLUGIN = "import airflow_provider_wfintel.plugin.wfintel_plugin"


def processor_seconds(code: str) -> float:
    """Processor time of a fresh interpreter that runs some code: the median of some runs."""
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def loaded_by(*imports: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter holds after the imports."""
    code = "\n".join((*imports, "import sys", "print(*{name.partition('.')[0] for name in sys.modules})"))
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


def test_the_plugin_alone_loads_nothing_but_the_standard_library():
    added = loaded_by(WITHOUT_AIRFLOW, PLUGIN) - loaded_by(WITHOUT_AIRFLOW)
    assert "airflow_provider_wfintel" in added
    assert added - sys.stdlib_module_names == {"airflow_provider_wfintel"}


def test_the_check_would_see_a_heavy_module():
    assert "networkx" in loaded_by(WITHOUT_AIRFLOW, PLUGIN, "import networkx") - loaded_by(WITHOUT_AIRFLOW)


def test_what_the_plugin_adds_takes_less_than_50_ms_to_import():
    assert processor_seconds(WITHOUT_AIRFLOW + PLUGIN) - processor_seconds(WITHOUT_AIRFLOW) < PACKAGE_SECONDS


@pytest.mark.parametrize(
    "module",
    [
        "airflow_provider_wfintel",
        "airflow_provider_wfintel.get_provider_info",
        "airflow_provider_wfintel.cli.main",
        "airflow_provider_wfintel.engine.model",
        "airflow_provider_wfintel.engine.generation.service",
    ],
)
def test_modules_that_are_imported_everywhere_load_nothing_heavy(module):
    assert {*HEAVY, "airflow", "sqlalchemy", "rich"} & loaded_by(f"import {module}") == set()


def test_the_package_itself_costs_less_than_50_ms():
    assert processor_seconds("import airflow_provider_wfintel") - processor_seconds("pass") < PACKAGE_SECONDS
