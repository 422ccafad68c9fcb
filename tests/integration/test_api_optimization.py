"""A deployed DAG over REST: analyzed from its serialized form, predicted, applied, withdrawn, and measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update

from airflow_provider_wfintel.engine.model import RunChange, TaskTry, TryChange, WorkflowRun
from airflow_provider_wfintel.host.session import metadata_session
from airflow_provider_wfintel.policies.run_time_plan import read_plan
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.tables import WorkflowExecution, WorkflowOptimization

pytestmark = pytest.mark.integration

ROUTES = "/wfintel/api/workflows/optimization"
DAG_ID = "optimized_depot"
SOURCE = """
import time
from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

PASSWORD = "postgresql://etl:hunter2-7fK@db:5432/dwh"


def fetch(name):
    time.sleep(20)
    with open(f"/srv/depot/{name}.json", "w") as file:
        file.write("[]")


def build(name, source):
    with open(f"/srv/depot/{source}.json") as file:
        rows = file.read()
    time.sleep(20)
    with open(f"/srv/depot/{name}.json", "w") as file:
        file.write(rows)


with DAG("optimized_depot", schedule=None, start_date=datetime(2026, 1, 1), max_active_tasks=2) as dag:
    first = PythonOperator(task_id="first", python_callable=fetch, op_args=["first"])
    second = PythonOperator(task_id="second", python_callable=fetch, op_args=["second"])
    third = PythonOperator(task_id="third", python_callable=fetch, op_args=["third"], retries=2,
        retry_delay=timedelta(seconds=60))
    last = PythonOperator(task_id="last", python_callable=build, op_args=["last", "first"])
    first >> second >> third
    first >> last
"""
LENGTHS = {"first": 20.0, "second": 20.0, "third": 20.0, "last": 20.0}
BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)

ClientAs = Callable[[str], TestClient]


def record(runs: int, *, first: datetime, factor: float = 1.0, failing: str = "") -> None:
    """Runs of the DAG one after the other, each task behind the one before."""
    tries, changes = [], []
    for number in range(runs):
        name = f"run{first.isoformat()}{number}"
        clock = begin = first + timedelta(hours=number)
        for task_id, seconds in LENGTHS.items():
            end = clock + timedelta(seconds=seconds * factor)
            for state, at in (
                (("failed", 1), ("success", 2)) if task_id == failing and number % 2 == 0 else (("success", 1),)
            ):
                item = TaskTry(
                    str(uuid4()), DAG_ID, name, task_id, try_number=at, state=state, operator="PythonOperator",
                    scheduled_at=clock.isoformat(), started_at=clock.isoformat(), ended_at=end.isoformat(),
                    duration=seconds * factor,
                )  # fmt: skip
                tries.append(TryChange(item, end.isoformat()))
            clock = end + timedelta(seconds=1)
        run = WorkflowRun(
            DAG_ID,
            name,
            "success",
            run_after=begin.isoformat(),
            started_at=begin.isoformat(),
            ended_at=clock.isoformat(),
        )
        changes.append(RunChange(run, clock.isoformat()))
    with metadata_session() as session:
        Executions(session).write(tries, changes)


@pytest.fixture(scope="module")
def deployed(airflow_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The DAG as the DAG processor would have stored it, and five runs."""
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.models.dagbundle import DagBundleModel

    folder = tmp_path_factory.mktemp("dags")
    (folder / "depot_dag.py").write_text(SOURCE)
    with metadata_session() as session:
        if session.get(DagBundleModel, "optimized") is None:
            session.add(DagBundleModel(name="optimized"))
    bag = DagBag(dag_folder=str(folder), bundle_path=folder, bundle_name="optimized")
    assert not bag.import_errors
    with metadata_session() as session:
        sync_bag_to_db(bag, "optimized", None, session=session)
    record(6, first=BEGIN, failing="third")
    yield
    with metadata_session() as session:
        session.execute(delete(WorkflowExecution).where(WorkflowExecution.dag_id == DAG_ID))


@pytest.fixture
def plan_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The configured plan file; plans are forgotten afterwards."""
    path = tmp_path / "plan.json"
    monkeypatch.setenv("AIRFLOW__WFINTEL__PLAN_FILE", str(path))
    yield path
    with metadata_session() as session:
        session.execute(delete(WorkflowOptimization))


def analyzed(client: TestClient, **more: object) -> dict:
    answer = client.post(f"{ROUTES}/analyze", json={"dag_id": DAG_ID, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("deployed")
def test_a_deployed_dag_is_analyzed_from_what_airflow_stored(client_as: ClientAs, plan_file: Path) -> None:
    body = analyzed(client_as("user"))
    assert body["history"]["runs"] == 6
    assert body["history"]["median_makespan_s"] == pytest.approx(84.0)
    assert body["tasks"] == 4
    assert body["critical_path"][0] == "first"
    kinds = [item["kind"] for item in body["bottlenecks"]]
    assert "order without shared data" in kinds
    assert body["bottlenecks"] == sorted(body["bottlenecks"], key=lambda item: -item["saves_s"])
    assert body["source_read"] is True
    assert body["rewrites"][0]["rewrite"] == "drop-needless-orders"
    assert body["patch"].startswith("--- a/depot_dag.py")
    assert "hunter2-7fK" not in json.dumps(body)
    assert body["optimization_id"]


@pytest.mark.usefixtures("deployed")
def test_the_same_plan_is_kept_once(client_as: ClientAs, plan_file: Path) -> None:
    client = client_as("user")
    assert analyzed(client)["optimization_id"] == analyzed(client)["optimization_id"]
    assert len(client.get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]) == 1


@pytest.mark.usefixtures("deployed")
def test_who_may_only_read_keeps_no_plan(client_as: ClientAs, plan_file: Path) -> None:
    body = analyzed(client_as("viewer"))
    assert body["bottlenecks"]
    assert body["optimization_id"] == ""
    assert client_as("viewer").get(f"{ROUTES}/results").json()["results"] == []


@pytest.mark.usefixtures("deployed")
def test_an_unconfirmed_change_is_offered_and_a_confirmed_one_is_planned(client_as: ClientAs, plan_file: Path) -> None:
    offered = analyzed(client_as("user"))
    assert [item["measure"] for item in offered["to_confirm"]] == ["retry-pauses"]
    assert offered["run_time_entry"]["tasks"] == {}
    planned = analyzed(client_as("user"), strategy="performance", confirmed=["retry-pauses"])
    values = planned["run_time_entry"]["tasks"]["third"]
    assert values["retries"] == {"set": values["retries"]["set"], "was": 2}
    assert values["retry_exponential_backoff"]["set"] is True


@pytest.mark.usefixtures("deployed")
def test_a_change_of_the_file_is_offered_and_made_once_it_is_confirmed(client_as: ClientAs, plan_file: Path) -> None:
    offered = analyzed(client_as("user"), strategy="reliability")
    (policy,) = [item for item in offered["suggestions"] if item["confirm"] == "retry-policy"]
    assert policy["title"] not in [item["title"] for item in offered["rewrites"]]
    made = analyzed(client_as("user"), strategy="reliability", confirmed=["retry-policy"])
    assert policy["title"] in [item["title"] for item in made["rewrites"]]
    assert "retry_policy" in made["patch"]


@pytest.mark.usefixtures("deployed")
def test_a_single_rewrite_is_skipped_by_its_title(client_as: ClientAs, plan_file: Path) -> None:
    title = analyzed(client_as("user"))["rewrites"][0]["title"]
    body = analyzed(client_as("user"), limits={"skip": [title]})
    assert title not in [item["title"] for item in body["rewrites"]]


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("word", ["first->second", "anything", "pool:", "retry-policy and more"])
def test_what_no_engine_asks_for_cannot_be_confirmed(client_as: ClientAs, word: str) -> None:
    answer = client_as("user").post(f"{ROUTES}/analyze", json={"dag_id": DAG_ID, "confirmed": [word]})
    assert answer.status_code == 422


@pytest.mark.usefixtures("deployed")
def test_a_limit_that_forbids_more_tries_is_kept(client_as: ClientAs, plan_file: Path) -> None:
    body = analyzed(client_as("user"), strategy="performance", confirmed=["retry-pauses"], limits={"once": ["third"]})
    assert body["run_time_entry"]["tasks"] == {}
    assert "breaks a limit" in body["left"][0]["why"]


@pytest.mark.usefixtures("deployed")
def test_a_plan_is_applied_seen_measured_and_withdrawn(client_as: ClientAs, plan_file: Path) -> None:
    client = client_as("user")
    plan = analyzed(client, strategy="performance", confirmed=["retry-pauses"])["optimization_id"]
    body = {"dag_id": DAG_ID, "optimization_id": plan}
    assert client_as("viewer").post(f"{ROUTES}/apply", json=body).status_code == 403
    done = client.post(f"{ROUTES}/apply", json=body)
    assert done.status_code == 200, done.text
    assert done.json()["status"] == "applied"
    # What was written is what the cluster policy reads.
    assert set(read_plan(plan_file).dags[DAG_ID].tasks) == {"third"}
    (found,) = client.get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]
    assert found["in_plan_file"] is True
    assert found["measured"]["verdict"] == "too few runs"

    moment = BEGIN + timedelta(days=2)
    with metadata_session() as session:
        table = WorkflowOptimization
        session.execute(update(table).where(table.optimization_id == plan).values(applied_at=moment))
    record(6, first=moment + timedelta(minutes=1), factor=2.0)
    (found,) = client.get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]
    assert found["measured"]["verdict"] == "did not pay"
    assert found["measured"]["runs_after"] == 6
    assert found["measured"]["high"] < 0
    assert found["offer_revert"] is True

    gone = client.post(f"{ROUTES}/apply", json={"dag_id": DAG_ID, "action": "withdraw"}).json()
    assert gone["reverted"] == [plan]
    assert gone["taken_out_of_plan_file"] is True
    assert read_plan(plan_file).dags == {}
    (found,) = client.get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]
    assert (found["status"], found["in_plan_file"], found["offer_revert"]) == ("reverted", False, False)


@pytest.mark.usefixtures("deployed")
def test_run_time_values_are_predicted_and_nothing_is_stored(client_as: ClientAs, plan_file: Path) -> None:
    entry = {"tasks": {"third": {"retries": {"set": 0}}}}
    body = {"dag_id": DAG_ID, "run_time_entry": entry, "deadline_seconds": 3600}
    answer = client_as("viewer").post(f"{ROUTES}/predict", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["after"]["success_odds"] < found["before"]["success_odds"]
    assert found["before"]["odds_by_deadline"] > 0.5
    with metadata_session() as session:
        assert session.scalars(select(WorkflowOptimization)).all() == []


def test_a_described_workflow_is_analyzed_without_history(client_as: ClientAs) -> None:
    text = "Every day at 06:00 run the shell command `date`, then run the shell command `uptime`"
    spec = (
        client_as("user").post("/wfintel/api/workflows/automation/generate", json={"user_input": text}).json()["spec"]
    )
    answer = client_as("user").post(f"{ROUTES}/analyze", json={"workflow": spec, "strategy": "hybrid"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["history"]["runs"] == 0
    assert len(body["history"]["tasks_without_history"]) == 2
    assert body["optimization_id"] == ""
    assert body["pareto"][0]["picks"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"dag_id": "a", "workflow": {"dag_id": "b"}},
        {"dag_id": "a", "strategy": "luck"},
        {"dag_id": "a", "deadline_seconds": -1},
        {"dag_id": "a", "weights": [0, 0, 0]},
        {"workflow": {"dag_id": 7}},
        {"dag_id": "no_such_dag"},
    ],
)
def test_a_body_that_does_not_fit_is_refused(client_as: ClientAs, body: dict) -> None:
    answer = client_as("user").post(f"{ROUTES}/analyze", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]


def test_values_that_cannot_be_are_refused(client_as: ClientAs) -> None:
    workflow = {
        "dag_id": "w",
        "tasks": [{"task_id": "a", "label": "a", "action": "none", "operator": {"kind": "operator", "path": "x:A"}}],
    }
    entry = {"tasks": {"a": {"retries": {"set": -3}}}}
    answer = client_as("user").post(f"{ROUTES}/predict", json={"workflow": workflow, "run_time_entry": entry})
    assert answer.status_code == 422, answer.text


@pytest.mark.usefixtures("deployed")
def test_a_plan_of_another_dag_is_not_applied(client_as: ClientAs, plan_file: Path) -> None:
    client = client_as("user")
    plan = analyzed(client)["optimization_id"]
    body = {"dag_id": "another", "optimization_id": plan}
    assert client.post(f"{ROUTES}/apply", json=body).status_code == 422
    assert not plan_file.exists()


@pytest.mark.usefixtures("deployed")
def test_the_same_from_the_command_line(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from airflow_provider_wfintel.cli.main import main

    assert main(["optimize", DAG_ID, "--confirm", "retry-pauses"]) == 0
    out = capsys.readouterr().out
    assert "successful runs, median" in out
    assert "order without shared data" in out
    plan = out.rpartition("kept as ")[2].partition(":")[0]
    assert planned("list", DAG_ID, capsys).startswith(plan)
    assert "applied" in planned("apply", plan, capsys)
    assert set(read_plan(plan_file).dags) == {DAG_ID}
    assert "0 applied plans" in planned("measure", "", capsys)
    assert "reverted" in planned("withdraw", DAG_ID, capsys)
    assert read_plan(plan_file).dags == {}
    assert main(["optimize", "no_such_dag"]) == 1
    assert "there is no DAG" in capsys.readouterr().err


def planned(action: str, what: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `airflow wfintel plan` prints."""
    import argparse

    from airflow_provider_wfintel.cli.commands import plan

    parser = argparse.ArgumentParser()
    plan.add_arguments(parser)
    assert plan.run(parser.parse_args([action, what])) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("deployed")
def test_the_collector_judges_applied_plans_and_does_so_seldom(client_as: ClientAs, plan_file: Path) -> None:
    from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
    from airflow_provider_wfintel.app.collecting.plan_outcomes import STATE, JudgePlans
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

    plan = analyzed(client_as("user"), confirmed=["retry-pauses"])["optimization_id"]
    moment = BEGIN + timedelta(days=5)
    with metadata_session() as session:
        table = WorkflowOptimization
        session.execute(update(table).where(table.optimization_id == plan).values(applied_at=moment, status="applied"))
        LearnedStates(session).keep(STATE, {})
    record(6, first=moment + timedelta(minutes=1), factor=0.5)
    work = AfterPoll(metadata_session, lambda: moment + timedelta(days=1), None, lambda session: None)  # type: ignore[arg-type]
    JudgePlans()(work)
    (found,) = client_as("user").get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]
    assert found["status"] == "measured"
    assert found["measured"]["verdict"] == "paid"
    with metadata_session() as session:
        session.execute(update(WorkflowOptimization).values(status="applied"))
    JudgePlans()(work)
    (found,) = client_as("user").get(f"{ROUTES}/results", params={"dag_id": DAG_ID}).json()["results"]
    assert found["status"] == "applied"
