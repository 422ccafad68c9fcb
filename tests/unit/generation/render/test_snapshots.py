"""Every feature of the writer, as the file it gives."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.generation.render import render_dag
from airflow_provider_wfintel.engine.model import WorkflowSpec, from_json, to_json

HERE = Path(__file__).parent


def _all_specs() -> dict[str, WorkflowSpec]:
    found = importlib.util.spec_from_file_location("wfintel_dag_specs", HERE / "dag_specs.py")
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module.ALL_SPECS


SPECS = _all_specs()


@pytest.mark.parametrize("name", SPECS)
def test_the_file_is_as_reviewed(name, dag_file):
    assert render_dag(SPECS[name]) == dag_file


@pytest.mark.parametrize("name", SPECS)
def test_the_file_passes_its_own_checks(name):
    assert check_source(render_dag(SPECS[name])).issues == ()


@pytest.mark.parametrize("name", SPECS)
def test_the_file_does_not_depend_on_how_the_spec_arrived(name):
    spec = SPECS[name]
    assert render_dag(from_json(WorkflowSpec, to_json(spec))) == render_dag(spec)


def test_the_formatter_and_the_linter_leave_all_files_as_they_are(tmp_path):
    for name, spec in SPECS.items():
        (tmp_path / f"{name}.py").write_text(render_dag(spec), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    formatted = [*ruff, "format", "--isolated", "--no-cache", "--line-length", "110", "--diff", str(tmp_path)]
    done = subprocess.run(formatted, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    linted = [*ruff, "check", "--isolated", "--no-cache", "--select", "AIR,F,E9", str(tmp_path)]
    done = subprocess.run(linted, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_snapshot_is_left_over():
    files = (HERE / "__snapshots__" / "test_snapshots").glob("*.py.txt")
    assert {path.name.partition("[")[2].partition("]")[0] for path in files} == set(SPECS)
