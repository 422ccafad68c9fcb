"""What people say of answers is kept, and changes the answers to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.tables import Feedback, ServiceMapping

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows"
TEXT = "Run `select 1` in Snowflake every day at 06:00"
API = "airflow.providers.snowflake.operators.snowflake:SnowflakeSqlApiOperator"
EXECUTE = "airflow.providers.common.sql.operators.sql:SQLExecuteQueryOperator"

ClientAs = Callable[[str], TestClient]


@pytest.fixture
def client(client_as: ClientAs) -> Iterator[TestClient]:
    """A client whose feedback is forgotten afterwards."""
    yield client_as("user")
    with metadata_session() as session:
        for table in (Feedback, ServiceMapping):
            session.execute(delete(table))


def _generated(client: TestClient) -> dict:
    answer = client.post(f"{OWN}/automation/generate", json={"user_input": TEXT})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _operator(body: dict) -> str:
    return str(body["spec"]["tasks"][0]["operator"]["path"])


def _edited(body: dict) -> dict:
    """Feedback with the file as a person changed it: another operator, another connection."""
    saved = body["source"].replace(
        "from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator",
        "from airflow.providers.snowflake.operators.snowflake import SnowflakeSqlApiOperator",
    )
    saved = saved.replace("SQLExecuteQueryOperator(", "SnowflakeSqlApiOperator(").replace(
        "snowflake_default", "snow_etl"
    )
    return {
        "subject": "generation",
        "subject_id": body["spec"]["dag_id"],
        "verdict": "corrected",
        "spec": body["spec"],
        "saved_source": saved,
    }


def test_a_file_that_was_edited_teaches_operator_and_connection(client: TestClient) -> None:
    before = _generated(client)
    assert _operator(before) == EXECUTE
    answer = client.post(f"{OWN}/feedback", json=_edited(before))
    assert answer.status_code == 200, answer.text
    assert answer.json()["votes"] == 2
    after = _generated(client)
    assert _operator(after) == API
    assert "snow_etl" in after["source"]
    assert {"about": "connection", "value": "snow_etl", "source": "corrections"} in after["taken"]


def test_the_same_person_does_not_vote_twice_on_one_answer(client: TestClient) -> None:
    feedback = _edited(_generated(client))
    assert client.post(f"{OWN}/feedback", json=feedback).json()["votes"] == 2
    assert client.post(f"{OWN}/feedback", json=feedback).json()["votes"] == 0


def test_verdicts_are_counted(client: TestClient) -> None:
    for name, verdict in (("a", "accepted"), ("b", "accepted"), ("c", "rejected")):
        body = {"subject": "generation", "subject_id": name, "verdict": verdict}
        assert client.post(f"{OWN}/feedback", json=body).status_code == 200
    summary = client.get(f"{OWN}/feedback/summary").json()
    assert (summary["subject"], summary["total"]) == ("generation", 3)
    assert summary["verdicts"] == {"accepted": 2, "rejected": 1}
    assert (summary["rated"], summary["average"]) == (0, None)


def test_ratings_are_averaged_over_those_who_gave_one(client: TestClient) -> None:
    for subject, name, rating in (("generation", "a", 5), ("diagnosis", "b", 2), ("diagnosis", "c", None)):
        body = {"subject": subject, "subject_id": name, "verdict": "accepted", "rating": rating}
        assert client.post(f"{OWN}/feedback", json=body).status_code == 200
    everything = client.get(f"{OWN}/feedback/summary", params={"subject": "all"}).json()
    assert (everything["total"], everything["rated"], everything["average"]) == (3, 2, 3.5)
    assert everything["ratings"] == {"2": 1, "5": 1}
    assert client.get(f"{OWN}/feedback/summary", params={"subject": "diagnosis"}).json()["average"] == 2.0


def test_a_rating_that_is_given_again_replaces_the_first(client: TestClient) -> None:
    for rating in (1, 4):
        body = {"subject": "generation", "subject_id": "a", "verdict": "accepted", "rating": rating}
        assert client.post(f"{OWN}/feedback", json=body).status_code == 200
    assert client.get(f"{OWN}/feedback/summary").json()["ratings"] == {"4": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "splendid"},
        {"rating": 0},
        {"rating": 6},
        {"subject": "weather"},
        {"corrections": [{"service": "snowflake", "action": "query", "operator": "no path"}]},
        {"spec": {"dag_id": 7}, "saved_source": "x = 1"},
        {"unknown": 1},
    ],
)
def test_a_body_that_does_not_fit_is_refused(client: TestClient, change: dict) -> None:
    body = {"subject": "generation", "subject_id": "a", "verdict": "accepted"} | change
    assert client.post(f"{OWN}/feedback", json=body).status_code == 422


def test_a_saved_file_that_does_not_parse_is_a_typed_error(client: TestClient) -> None:
    body = _edited(_generated(client)) | {"saved_source": "with DAG(:"}
    answer = client.post(f"{OWN}/feedback", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error_type"] == "UserInputError"
    assert client.get(f"{OWN}/feedback/summary").json()["total"] == 0


def test_repeated_requests_are_answered_from_memory(client: TestClient) -> None:
    from airflow_provider_wfintel.app import generate

    _generated(client)
    before = generate._remembered.cache_info().hits
    _generated(client)
    assert generate._remembered.cache_info().hits == before + 1
