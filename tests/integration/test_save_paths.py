"""A generated file lands in the folder that the administrator opened, whatever the words and whatever lies there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.integration

SAVE = "/wfintel/api/workflows/automation/save"
ClientAs = Callable[[str], TestClient]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "dags"
    place.mkdir()
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(place))
    return place


@pytest.mark.parametrize(
    "name",
    [
        "../../evil",
        "..",
        "/etc/cron.d/evil",
        "a/../../b",
        "..\\\\evil",
        "evil\x00.py",
        ".hidden",
        "CON",
        "a" * 400,
        "%2e%2e%2fevil",
    ],
)
def test_no_name_leads_out_of_the_folder(folder: Path, client_as: ClientAs, name: str) -> None:
    text = f'Make a DAG called "{name}" that runs the shell command `date` every day at 06:00 UTC'
    answer = client_as("op").post(SAVE, json={"user_input": text})
    assert answer.status_code < 500, answer.text
    outside = [item for item in folder.parent.rglob("*") if item.is_file() and item.parent != folder]
    assert not outside
    for item in folder.iterdir():
        assert item.suffix == ".py"
        assert item.stem.replace("_", "").replace("-", "").replace(".", "").isalnum()
        assert not item.name.startswith(".")


def saved_name(client_as: ClientAs, folder: Path) -> tuple[dict[str, str], Path]:
    body = {"user_input": "Make a DAG called link_test that runs the shell command `date` every day at 06:00 UTC"}
    answer = client_as("op").post(SAVE, json=body)
    assert answer.status_code == 200, answer.text
    path = folder / answer.json()["file_name"]
    return body, path


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "dangling"])
def test_a_link_in_the_folder_is_not_followed(folder: Path, tmp_path: Path, client_as: ClientAs, there: bool) -> None:
    body, path = saved_name(client_as, folder)
    path.unlink()
    victim = tmp_path / "victim.py"
    if there:
        victim.write_text("precious = True\n")
    path.symlink_to(victim)
    answer = client_as("op").post(SAVE, json={**body, "replace": True})
    assert answer.status_code == 409, answer.text
    assert victim.read_text() == "precious = True\n" if there else not victim.exists()
    assert path.is_symlink()
