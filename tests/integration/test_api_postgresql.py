"""The routes once more, with Airflow's database on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.postgres]

HERE = Path(__file__).parent


@pytest.mark.timeout(900)  # a second Airflow starts here
def test_the_routes_behave_the_same_on_postgresql(postgres_url: str) -> None:
    # Airflow binds to one database per process, so this needs a process of its own.
    environment = {**os.environ, "WFINTEL_TEST_DATABASE_URL": postgres_url}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "test_api_routes.py")],
        env=environment,
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=840,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
