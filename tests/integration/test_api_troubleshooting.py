"""A log over REST: the root cause with its evidence, secrets masked, bad bodies refused by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.integration

ANALYZE = "/wfintel/api/workflows/troubleshooting/analyze"
LOG = """
[2026-01-05T03:00:11.000+0000] {taskinstance.py:3313} ERROR - Task failed with exception
Traceback (most recent call last):
  File "/opt/dags/load.py", line 41, in load
    import polars
ModuleNotFoundError: No module named 'polars'
"""

ClientAs = Callable[[str], TestClient]


def test_a_log_is_explained_with_the_line_that_proves_it(client_as: ClientAs) -> None:
    answer = client_as("user").post(ANALYZE, json={"error_logs": LOG})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["label"] == body["ranked"][0]
    assert any("No module named 'polars'" in line for line in body["evidence"])
    assert body["transient"] == "permanent"
    assert len(body["ranked"]) == len(body["probabilities"])


def test_no_secret_comes_back(client_as: ClientAs) -> None:
    log = LOG + "\nconnecting to postgresql://etl:hunter2-7fK@db:5432/dwh\n"
    answer = client_as("user").post(ANALYZE, json={"error_logs": log})
    assert answer.status_code == 200, answer.text
    assert "hunter2-7fK" not in answer.text


def test_facts_stand_in_for_a_log_that_is_not_there(client_as: ClientAs) -> None:
    answer = client_as("user").post(ANALYZE, json={"error_logs": "", "facts": {"state": "upstream_failed"}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["label"]


def test_an_unknown_key_is_refused(client_as: ClientAs) -> None:
    answer = client_as("user").post(ANALYZE, json={"error_logs": LOG, "apply": True})
    assert answer.status_code == 422
    assert "apply" in answer.text
