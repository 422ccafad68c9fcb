"""A generated DAG is saved over REST only where the administrator allowed it, and never over somebody's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.tables import Workflow

pytestmark = pytest.mark.integration

SAVE = "/wfintel/api/workflows/automation/save"
GENERATE = "/wfintel/api/workflows/automation/generate"
TEXT = "Every day at 06:00 run `select 1` in Snowflake. The dag id is nightly_check."
WORDS = {"user_input": TEXT, "context_aware": False}

ClientAs = Callable[[str], TestClient]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A DAG folder that the administrator opened."""
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    yield tmp_path
    with metadata_session() as session:
        session.execute(delete(Workflow))


def _save(client: TestClient, **more: Any) -> Any:
    return client.post(SAVE, json={**WORDS, **more})


def _rows() -> list[Workflow]:
    with metadata_session() as session:
        return list(session.scalars(select(Workflow)).all())


def test_the_file_that_was_seen_is_written_and_known(folder: Path, client_as: ClientAs) -> None:
    client = client_as("user")
    seen = client.post(GENERATE, json=WORDS).json()["source"]
    answer = _save(client, source_hash=sha256(seen.encode()).hexdigest())
    assert answer.status_code == 200, answer.text
    written = folder / answer.json()["file_name"]
    assert written.read_text(encoding="utf-8") == seen
    (row,) = _rows()
    assert (row.dag_id, row.origin, row.request_text) == (written.stem, "generated", TEXT)
    assert row.created_by == "the_user"


def test_saving_twice_is_saving_once(folder: Path, client_as: ClientAs) -> None:
    client = client_as("user")
    assert _save(client).json() == _save(client).json()
    assert len(list(folder.iterdir())) == 1


def test_it_is_off_until_the_administrator_allows_it(
    folder: Path, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "False")
    assert _save(client_as("admin")).status_code == 403
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("role", "status"), [("nobody", 401), ("viewer", 403)])
def test_who_may_not_edit_dags_saves_none(folder: Path, client_as: ClientAs, role: str, status: int) -> None:
    assert _save(client_as(role)).status_code == status
    assert list(folder.iterdir()) == []


def test_another_file_than_the_one_seen_is_not_written(folder: Path, client_as: ClientAs) -> None:
    answer = _save(client_as("user"), source_hash="0" * 64)
    assert answer.status_code == 422
    assert "look at the file again" in answer.json()["hint"]
    assert list(folder.iterdir()) == []
    assert _rows() == []


def test_a_file_that_is_not_ours_stays(folder: Path, client_as: ClientAs) -> None:
    client = client_as("user")
    name = _save(client).json()["file_name"]
    (folder / name).write_text("# edited by hand\n", encoding="utf-8")
    answer = _save(client, replace=True)
    assert answer.status_code == 409
    assert (folder / name).read_text(encoding="utf-8") == "# edited by hand\n"


def test_our_own_unedited_file_is_replaced_if_asked(folder: Path, client_as: ClientAs) -> None:
    client = client_as("user")
    first = _save(client).json()
    changed = {**WORDS, "user_input": TEXT + " Retry 3 times."}
    assert client.post(SAVE, json=changed).status_code == 409
    answer = client.post(SAVE, json={**changed, "replace": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["replaced"] is True
    assert answer.json()["file_name"] == first["file_name"]
    assert "retries" in (folder / first["file_name"]).read_text(encoding="utf-8")


def test_code_of_the_caller_is_not_taken(folder: Path, client_as: ClientAs) -> None:
    assert _save(client_as("user"), source="import os").status_code == 422
    assert list(folder.iterdir()) == []


def test_if_the_folder_takes_no_file_nothing_is_kept(
    folder: Path, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(folder / "gone"))
    answer = _save(client_as("user"))
    assert answer.status_code == 422
    assert answer.json()["error_type"] == "TargetNotWritableError"
    assert _rows() == []
