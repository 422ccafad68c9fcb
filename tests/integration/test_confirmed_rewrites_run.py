"""What a person confirms, as Airflow runs it: teardowns after failures, assets as schedules, gates, settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from tests.unit.optimization.rewrites.cases import draft_of, surroundings
from tests.unit.optimization.rewrites.test_confirmed_rewrites import NIGHTLY, collision

pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore:The .airflow.utils")]


@pytest.fixture
def bag_of(airflow_db, request):
    """Write a file into the DAGs folder and let Airflow read it."""

    def read(name: str, source: str):
        from airflow import settings
        from airflow.dag_processing.dagbag import DagBag

        path = Path(settings.DAGS_FOLDER) / f"{name}.py"
        path.write_text(source.replace("import depot\n", ""), encoding="utf-8")
        request.addfinalizer(path.unlink)
        bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
        assert bag.import_errors == {}
        return bag.dags

    return read


def rewritten(body: str, *confirmed: str, strategy: str = "reliability", dag_id: str = "", **known) -> str:
    draft = draft_of(body)
    draft = replace(draft, dag_id=dag_id or draft.dag_id)
    failing = known.pop("failing", ())
    around = surroundings(draft, strategy=strategy, confirmed=confirmed, failing=failing)
    plan = choose(draft, replace(around, **known), REWRITES)
    assert {item.proposal.confirm for item in plan.applied} >= set(confirmed)
    return plan.final.source


CLEANS = """
    import os

    def stage():
        with open("FOLDER/rows.csv", "w") as file:
            file.write("1")

    def work():
        with open("FOLDER/rows.csv") as file, open("FOLDER/result.csv", "w") as out:
            out.write(file.read())
        OUTCOME

    def sweep():
        os.remove("FOLDER/rows.csv")

    with DAG("cleans") as dag:
        first = PythonOperator(task_id="stage", python_callable=stage)
        second = PythonOperator(task_id="work", python_callable=work)
        last = PythonOperator(task_id="sweep", python_callable=sweepRULE)
        first >> second >> last
"""


@pytest.mark.parametrize("rule", ["", ', trigger_rule="all_done"'])
@pytest.mark.parametrize(("outcome", "state"), [("return None", "success"), ("os.stat('/nowhere')", "failed")])
def test_a_teardown_cleans_up_after_success_and_failure_and_hides_neither(rule, outcome, state, bag_of, tmp_path):
    body = CLEANS.replace("FOLDER", str(tmp_path)).replace("OUTCOME", outcome).replace("RULE", rule)
    dag = bag_of("cleans", rewritten(body, "teardown:sweep"))["cleans"]
    assert dag.get_task("sweep").is_teardown
    assert str(dag.test().state) == state
    assert not (tmp_path / "rows.csv").exists()


def test_a_dag_starts_on_the_asset_that_the_other_one_writes(bag_of, tmp_path):
    body = f"""
    def write():
        with open("{tmp_path}/orders.csv", "w") as file:
            file.write("1")

    def read():
        open("{tmp_path}/orders.csv").read()

    with DAG("loads", schedule="0 2 * * *", start_date=datetime(2026, 1, 1)):
        PythonOperator(task_id="write", python_callable=write)

    with DAG("marts", schedule="0 4 * * *", start_date=datetime(2026, 1, 1)):
        PythonOperator(task_id="read", python_callable=read)
    """
    dags = bag_of("chained", rewritten(body, "assets:marts", dag_id="marts", strategy="performance"))
    (asset,) = dags["loads"].get_task("write").outlets
    assert asset.uri == f"file://{tmp_path}/orders.csv"
    assert [item.uri for item in dags["marts"].timetable.asset_condition.objects] == [asset.uri]


def test_a_gated_task_does_its_work_once_for_the_same_input(bag_of, tmp_path):
    (tmp_path / "in.csv").write_text("1")
    body = f"""
    import time

    def convert():
        with open("{tmp_path}/in.csv") as file, open("{tmp_path}/out.csv", "w") as out:
            out.write(file.read())
        if False:
            time.sleep(60)

    with DAG("gated") as dag:
        PythonOperator(task_id="convert", python_callable=convert)
    """
    draft = draft_of(body)
    around = surroundings(draft, strategy="cost", confirmed=("unchanged:convert",))
    task = replace(around.profile.tasks[0], seconds=60.0)
    around = replace(around, profile=replace(around.profile, tasks=(task,)))
    dag = bag_of("gated", choose(draft, around, REWRITES).final.source)["gated"]
    written = []
    for _ in range(2):
        assert str(dag.test().state) == "success"
        written.append((tmp_path / "out.csv").stat().st_mtime_ns)
    assert written[0] == written[1]
    (tmp_path / "in.csv").write_text("2")
    assert str(dag.test().state) == "success"
    assert (tmp_path / "out.csv").read_text() == "2"


def test_timeouts_retries_and_the_retry_policy_are_what_airflow_takes(bag_of):
    from datetime import timedelta

    body = """
    def work():
        pass

    with DAG("settings") as dag:
        PythonOperator(task_id="a", python_callable=work)
        PythonOperator(task_id="b", python_callable=work, retries=1)
    """
    source = rewritten(
        body, "timeouts", "more-retries", "retry-policy",
        failing=("a", "b"), durations={"a": (30.0,) * 12, "b": (30.0,) * 12},
    )  # fmt: skip
    dag = bag_of("settings", source)["settings"]
    assert [dag.get_task(name).execution_timeout for name in "ab"] == [timedelta(minutes=2)] * 2
    assert dag.get_task("a").retries == 3
    assert type(dag.get_task("b").retry_policy).__name__ == "DiagnosisRetryPolicy"


def test_a_staggered_dag_is_stored_and_its_next_runs_start_at_the_new_time(bag_of):
    from airflow.serialization.serialized_objects import DagSerialization

    known, starts = collision(), {}
    body = NIGHTLY.replace('"0 2 * * *"', '"0 2 * * *", start_date=datetime(2026, 1, 1), catchup=True')
    for word, confirmed in (("before", ()), ("after", ("schedule:10 2 * * *",))):
        around = {"own": known["own"], "others": known["others"]}
        source = rewritten(body, *confirmed, strategy="performance", **around).replace("depot.fetch", "print")
        dag = bag_of(f"staggered_{word}", source)["d"]
        stored = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        first = stored.next_dagrun_info(last_automated_run_info=None)
        assert first is not None
        starts[word] = (first.run_after.hour, first.run_after.minute)
    assert starts == {"before": (2, 0), "after": (2, 10)}
