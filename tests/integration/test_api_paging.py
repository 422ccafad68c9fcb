"""Lists over REST: pages that a cursor holds together, whatever comes and goes meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from airflow_provider_wfintel.api.paging import Page
from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.store.tables import (
    Alert,
    AlertRule,
    DagState,
    PerformanceInsight,
    TroubleshootingSession,
    WorkflowOptimization,
)

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows"
START = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=1)
COUNT = 7
ClientAs = Callable[[str], TestClient]

# Path, the list in the answer, what identifies an item.
LISTS = [
    ("monitoring/alerts", "alerts", "alert_id"),
    ("monitoring/anomalies", "anomalies", "anomaly_id"),
    ("monitoring/insights", "insights", "fingerprint"),
    ("monitoring/alert-rules", "rules", "rule"),
    ("troubleshooting/sessions", "sessions", "session_id"),
    ("optimization/results", "results", "optimization_id"),
    ("automation/services", "services", "id"),
    ("monitoring/health", "dags", "dag_id"),
    ("monitoring/services", "services", "conn_id"),
]


def moment(number: int) -> datetime:
    """Two items of each moment: their keys tell them apart."""
    return START + timedelta(minutes=number // 2)


def an_alert(number: int) -> Alert:
    body = {"message": "", "cause": "", "follows_from": "", "value": None, "tags": [], "owners": [], "told": True}
    return Alert(
        alert_id=f"paged-{number}", alert_key=f"paged-{number}", rule="r", kind="run.failed", severity="error",
        status="firing", title="t", dag_id="paged", body=body, last_seen_at=moment(number),
    )  # fmt: skip


def rows() -> Iterator[Any]:
    for number in range(COUNT):
        yield an_alert(number)
        for kind in ("anomaly.spike", "retries_hide_failures"):
            yield PerformanceInsight(
                fingerprint=f"{kind}-{number}", kind=kind, dag_id="paged", severity="warning", status="open",
                message="m", evidence=[], last_seen_at=moment(number),
            )  # fmt: skip
        # Two DAGs of each score, and numbers that no decimal fraction says exactly.
        yield DagState(dag_id=f"paged-{number}", runs=1, score=number // 2 / 3, health={"enough_runs": False})
        yield AlertRule(name=f"paged-{number}", severity="", scope={}, condition={"title": "x", "raised_by": []})
        yield TroubleshootingSession(
            session_id=f"paged-{number}", try_id=f"paged-{number}", dag_id="paged", run_id="r", task_id="t",
            phase="diagnosis", opened_at=moment(number),
        )  # fmt: skip
        yield WorkflowOptimization(
            optimization_id=f"paged-{number}", dag_id="paged", strategy="hybrid", status="proposed", plan={},
            fingerprint_before=f"{number}", plan_hash=f"{number}",
            before={}, predicted={}, patch="", created_by="ann", created_at=moment(number),
        )  # fmt: skip


@pytest.fixture(scope="module")
def stored(airflow_db: None) -> Iterator[None]:
    def forget(session: Any) -> None:
        for table in (Alert, PerformanceInsight, AlertRule, DagState, TroubleshootingSession, WorkflowOptimization):
            session.execute(delete(table))
        session.execute(delete(DagModel).where(DagModel.dag_id.like("paged%")))

    with metadata_session() as session:
        forget(session)
        session.merge(DagBundleModel(name="paged"))
        session.flush()
        for name in ("paged", *(f"paged-{number}" for number in range(COUNT))):
            session.merge(DagModel(dag_id=name, bundle_name="paged", fileloc="x", owners="ada"))
        session.add_all(rows())
    yield
    with metadata_session() as session:
        forget(session)


@pytest.fixture
def client(client_as: ClientAs, stored: None, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    used = {f"paged_{number}": ("paged",) for number in range(COUNT)}
    monkeypatch.setattr("airflow_provider_wfintel.host.connections_in_use.connections_in_use", lambda _session: used)
    return client_as("admin")


def page(client: TestClient, path: str, **query: Any) -> dict:
    answer = client.get(f"{OWN}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_pages(client: TestClient, path: str, items: str, limit: int) -> Iterator[list[dict]]:
    cursor = ""
    while True:
        body = page(client, path, limit=limit, cursor=cursor)
        yield body[items]
        cursor = body["next_cursor"]
        if not cursor:
            return


@pytest.mark.parametrize(("path", "items", "key"), LISTS)
class TestEveryList:
    def test_pages_give_each_item_once_in_the_order_of_the_list(
        self, client: TestClient, path: str, items: str, key: str
    ) -> None:
        limit = 200 if path == "automation/services" else 2
        whole, query = [], {"limit": 100}
        while chunk := page(client, path, offset=len(whole), **query)[items]:
            whole += chunk
        paged = [item for part in all_pages(client, path, items, limit) for item in part]
        assert len(paged) >= COUNT
        assert [item[key] for item in paged] == [item[key] for item in whole]
        assert all(len(part) == limit for part in list(all_pages(client, path, items, limit))[:-1])

    def test_a_cursor_is_refused_where_it_does_not_belong(
        self, client: TestClient, path: str, items: str, key: str
    ) -> None:
        cursor = page(client, path, limit=1)["next_cursor"]
        assert cursor
        for query in ({"cursor": cursor, "offset": 1}, {"cursor": cursor, "dag_id": "paged"}, {"cursor": "x"}):
            answer = client.get(f"{OWN}/{path}", params=query)
            assert answer.status_code == 422, answer.text
            assert answer.json()["error_type"] == "CursorError"


def test_what_comes_and_goes_between_two_pages_moves_nothing(client: TestClient) -> None:
    first = page(client, "monitoring/alerts", limit=3)
    shown = [item["alert_id"] for item in first["alerts"]]
    with metadata_session() as session:
        session.add_all([an_alert(100), an_alert(101)])
        session.execute(delete(Alert).where(Alert.alert_id == shown[-1]))
    try:
        second = page(client, "monitoring/alerts", limit=10, cursor=first["next_cursor"])
        rest = [item["alert_id"] for item in second["alerts"]]
        assert set(shown) | set(rest) == {f"paged-{number}" for number in range(COUNT)}
        assert not set(shown) & set(rest)
    finally:
        with metadata_session() as session:
            session.execute(delete(Alert))
            session.add_all(an_alert(number) for number in range(COUNT))


def made_by_hand(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cursor=st.text(st.characters(codec="utf-8"), max_size=40)
    | st.lists(st.text(max_size=20), max_size=3).map(lambda parts: made_by_hand(*parts))
    | st.integers().map(made_by_hand)
)
def test_no_invented_cursor_is_a_fault_of_ours(client: TestClient, cursor: str) -> None:
    answer = client.get(f"{OWN}/monitoring/alerts", params={"cursor": cursor})
    assert answer.status_code == (422 if cursor else 200), answer.text


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), unique=True),
    st.integers(1, 5),
)
def test_pages_of_a_list_in_memory_add_up_to_it(names: list[str], limit: int) -> None:
    names.sort()
    seen: list[str] = []
    place: tuple[str, ...] = ()
    while True:
        shown, following = Page(limit, place=place).of(names, lambda name: name)
        seen += shown
        if not following:
            break
        place = (shown[-1],)
    assert seen == names
