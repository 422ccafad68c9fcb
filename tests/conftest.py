"""Keeps the tests away from anybody's Airflow: a home of its own, thrown away at the end.

Nothing of Airflow is imported here, so unit tests run without it. Airflow reads these variables when an
integration test imports it. `WFINTEL_TEST_DATABASE_URL` names another database than a fresh SQLite file.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="wfintel-tests-"))
(_HOME / "dags").mkdir()
(_HOME / "plugins").mkdir()

os.environ.update(
    {
        "AIRFLOW_HOME": str(_HOME),
        "AIRFLOW_CONFIG": str(_HOME / "airflow.cfg"),
        "AIRFLOW__API_AUTH__JWT_SECRET": "a secret that only these tests know, long enough for HS512: 0123456789abcdef",
        "AIRFLOW__CORE__DAGS_FOLDER": str(_HOME / "dags"),
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(_HOME / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": os.environ.get(
            "WFINTEL_TEST_DATABASE_URL", f"sqlite:///{_HOME / 'airflow.db'}"
        ),
    }
)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home."""
    shutil.rmtree(_HOME, ignore_errors=True)
