"""What importing the package costs. Every Airflow process imports the plugin, so it must stay light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("sklearn", "networkx", "libcst", "fastapi", "requests", "numpy", "scipy", "pandas", "rapidfuzz", "holidays")
PACKAGE_SECONDS = 0.050

TIMING = """
import subprocess, sys, time
def wall(code):
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return min(times)
print(wall("import airflow_provider_wfintel") - wall("pass"))
"""


def loaded_by(*imports: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter holds after the imports."""
    code = "\n".join((*imports, "import sys", "print(*{name.partition('.')[0] for name in sys.modules})"))
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


def test_importing_the_plugin_loads_nothing_heavy_beside_airflow():
    airflow_alone = loaded_by("import airflow.plugins_manager")
    with_plugin = loaded_by("import airflow.plugins_manager", "import airflow_provider_wfintel.plugin.wfintel_plugin")
    assert set(HEAVY) & (with_plugin - airflow_alone) == set()


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
    result = subprocess.run([sys.executable, "-c", TIMING], capture_output=True, text=True, check=True)
    assert float(result.stdout) < PACKAGE_SECONDS
