"""Each remedy: the case it is for, what it would do, and the cases it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis, Evidence
from airflow_provider_wfintel.engine.model.codec import from_json, to_json
from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import (
    ClearTasks,
    PatchConnection,
    PauseDag,
    Probe,
    Proposal,
    RemovePool,
    Reparse,
    SetPlanValue,
    SetPool,
    SetVariable,
)
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import (
    Bounds,
    Case,
    Inapplicable,
    PastAttempt,
    RemedyPlan,
    Target,
)
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES, remedy_named

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.utc)
TARGET = Target("0190-try", "sales", "r1", "load")
ENDED = (NOW - timedelta(hours=1)).isoformat()


def diagnosis(label: str, *evidence: str, **changed: Any) -> Diagnosis:
    known = failure_classes()[label]
    made = Diagnosis(
        label,
        0.97,
        evidence=tuple(Evidence("log", text) for text in evidence),
        transient={"transient": True, "permanent": False}.get(known.transient),
        action=known.action,
        remedies=known.remedies,
        fix_location=known.fix_location,
        steps=known.steps,
    )
    return replace(made, **changed)


def case(label: str, *evidence: str, bounds: Bounds | None = None, past: Any = (), **facts: Any) -> Case:
    known = {"state": "failed", "end_date": ENDED, **facts}
    return Case(TARGET, diagnosis(label, *evidence), known, NOW, tuple(past), bounds or Bounds())


def attempt(remedy: str, status: str = "failed", *, reruns: bool = True, minutes: int = 30) -> PastAttempt:
    return PastAttempt(remedy, "sales", "load", "r1", NOW - timedelta(minutes=minutes), status, "before", reruns)


def planned(name: str, item: Case) -> RemedyPlan:
    remedy = remedy_named(name)
    assert remedy is not None
    plan = remedy.plan(item)
    assert isinstance(plan, RemedyPlan), plan
    return plan


def refused(name: str, item: Case) -> str:
    remedy = remedy_named(name)
    assert remedy is not None
    plan = remedy.plan(item)
    assert isinstance(plan, Inapplicable), plan
    return plan.reason


def test_names_are_unique_and_every_fallback_exists():
    names = [item.name for item in REMEDIES]
    assert len(names) == len(set(names)) == 23
    for item in (case("connection_dropped"), case("missing_pool", pool="etl"), case("execution_timeout")):
        for remedy in REMEDIES:
            plan = remedy.plan(item)
            assert isinstance(plan, Inapplicable) or not plan.fallback or plan.fallback in names


def test_what_passes_by_itself_is_cleared_with_what_failed_behind_it():
    plan = planned("clear_with_backoff", case("connection_dropped"))
    assert plan.actions == (ClearTasks("sales", "r1", ("load",), note="Run again after connection_dropped (wfintel)"),)
    assert plan.reruns == ("load",)
    assert plan.not_before is None, "the try ended an hour ago: the pause is over"


@pytest.mark.parametrize("state", ["up_for_retry", "running", "queued", "scheduled", "success", None])
def test_a_task_that_airflow_goes_on_with_is_left_alone(state):
    for remedy in REMEDIES:
        plan = remedy.plan(case("connection_dropped", state=state))
        assert isinstance(plan, Inapplicable) or not plan.reruns


@pytest.mark.parametrize("label", ["python_error", "permission_denied", "schema_mismatch", "bad_credentials"])
def test_what_would_fail_again_is_not_run_again(label):
    assert "again" in refused("clear_with_backoff", case(label))


def test_the_pause_doubles_with_each_rerun_and_has_an_end():
    ended = NOW.isoformat()
    pauses = []
    for count in range(9):
        past = [attempt("clear_with_backoff")] * count
        plan = planned("clear_with_backoff", case("connection_dropped", past=past, end_date=ended))
        pauses.append((plan.not_before - NOW).total_seconds())
    assert pauses[1] / pauses[0] == pytest.approx(2)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 3600 * 1.1


def test_a_server_that_says_when_is_believed():
    item = case("rate_limited", "HTTP 429, Retry-After: 120", end_date=NOW.isoformat())
    pause = (planned("clear_with_backoff", item).not_before - NOW).total_seconds()
    assert 120 <= pause <= 132


def test_tries_that_failed_together_do_not_come_back_together():
    item = case("connection_dropped", end_date=NOW.isoformat())
    moments = {
        planned("clear_with_backoff", replace(item, target=replace(TARGET, try_id=str(n)))).not_before
        for n in range(20)
    }
    assert len(moments) > 10


def test_a_lost_server_is_probed_by_its_connection_never_by_an_address_of_the_log():
    plan = planned("wait_for_source", case("connection_refused", conn_id="warehouse"))
    assert plan.gate == Probe("connection", "warehouse")
    assert plan.fallback == "switch_connection"
    assert "no connection" in refused("wait_for_source", case("connection_refused", "connect to evil.test:22 refused"))


def test_the_policy_names_the_connection_to_probe():
    bounds = Bounds(probes={"sales": "other", "sales.load": "warehouse"})
    assert planned("wait_for_source", case("dns_failure", bounds=bounds)).gate == Probe("connection", "warehouse")


def test_late_data_are_waited_for():
    assert planned("wait_for_source", case("missing_file_or_partition")).gate is None


def test_airflows_own_parts_are_waited_for():
    assert planned("wait_for_component", case("heartbeat_lost")).gate == Probe("component", "scheduler")


def test_what_failed_before_is_run_again():
    plan = planned(
        "rerun_upstream", case("upstream_failed", state="upstream_failed", upstream={"a": "failed", "b": "success"})
    )
    assert plan.actions[0].task_ids == ("a",)
    assert plan.reruns == ("a",)


def test_an_upstream_that_would_fail_again_is_left_alone():
    item = case("upstream_failed", upstream={"a": "failed"}, upstream_permanent=["a"])
    assert "fail again" in refused("rerun_upstream", item)


def test_a_missing_pool_is_created_and_can_be_removed_again():
    plan = planned("create_pool", case("missing_pool", pool="etl", pool_slots=6, pool_exists=False))
    assert plan.actions[0] == SetPool("etl", 6)
    assert plan.undo == (RemovePool("etl", 6),)


def test_a_task_that_waits_for_a_missing_pool_needs_no_clear():
    plan = planned("create_pool", case("missing_pool", pool="etl", state="scheduled", pool_exists=False))
    assert plan.actions == (SetPool("etl", 4),)
    assert plan.success == "moves_on"


def test_a_pool_that_may_exist_is_not_created():
    assert "not known" in refused("create_pool", case("missing_pool", pool="etl"))
    assert "exists" in refused("create_pool", case("missing_pool", pool="etl", pool_exists=True))


def test_no_pool_grows_above_its_bound():
    assert "more than the policy" in refused(
        "create_pool", case("missing_pool", pool="etl", pool_slots=65, pool_exists=False)
    )
    big = case("missing_pool", pool="etl", pool_total_slots=1, pool_slots=65)
    assert "more than the policy" in refused("resize_pool", big)


def test_a_pool_that_overruns_a_service_is_halved_but_not_the_default_pool():
    plan = planned("resize_pool", case("too_many_connections", pool="dwh", pool_total_slots=16))
    assert plan.actions[0] == SetPool("dwh", 8, 16)
    assert plan.undo == (SetPool("dwh", 16, 8),)
    assert "default pool" in refused("resize_pool", case("rate_limited", pool="default_pool", pool_total_slots=128))


def test_copies_of_a_mapped_task_are_halved():
    plan = planned("lower_concurrency", case("too_many_connections", is_mapped=True, max_active_tis_per_dagrun=6))
    assert plan.actions[0] == SetPlanValue("sales", "load", "max_active_tis_per_dagrun", 3, 6)
    assert "not mapped" in refused("lower_concurrency", case("too_many_connections"))


def test_a_timeout_grows_in_two_steps_to_its_bound_and_no_further():
    values = []
    for count in (0, 1):
        past = [attempt("raise_execution_timeout")] * count
        plan = planned("raise_execution_timeout", case("execution_timeout", execution_timeout=100.0, past=past))
        assert [type(action) for action in plan.actions] == [SetPlanValue, Reparse, ClearTasks]
        assert plan.actions[2].latest_version
        values.append(plan.actions[0].value)
    assert values == [pytest.approx(141.421), 200.0]
    past = [attempt("raise_execution_timeout")] * 2
    assert "bound" in refused("raise_execution_timeout", case("execution_timeout", execution_timeout=100.0, past=past))
    assert "bound" in refused("raise_execution_timeout", case("execution_timeout", execution_timeout=21_600.0))


def test_a_sensor_may_wait_longer():
    plan = planned("raise_sensor_timeout", case("sensor_timeout", sensor_timeout=60.0))
    assert plan.actions[0].field == "sensor_timeout_seconds"


def test_memory_grows_only_where_the_task_has_a_limit_of_its_own():
    assert planned("raise_memory", case("oom_killed", memory_mb=1000)).actions[0].value == 1414
    assert "shares" in refused("raise_memory", case("oom_killed"))


def test_a_queue_is_the_one_that_the_policy_declares():
    plan = planned("move_to_queue", case("oom_killed", queue="default", bounds=Bounds(queues={"oom_killed": "large"})))
    assert plan.actions[0] == SetPlanValue("sales", "load", "queue", "large", "default")
    assert "no queue" in refused("move_to_queue", case("oom_killed"))


def test_an_expired_token_is_renewed_by_a_new_process_once():
    assert planned("refresh_credentials", case("expired_token")).reruns == ("load",)
    assert "did not help" in refused(
        "refresh_credentials", case("expired_token", past=[attempt("refresh_credentials")])
    )
    assert "wrong password" in refused("refresh_credentials", case("bad_credentials"))


def test_a_connection_is_switched_only_to_its_declared_fallback_and_only_when_waiting_failed():
    bounds = Bounds(fallbacks={"warehouse": {"host": "replica", "port": 5433}})
    item = case("connection_refused", bounds=bounds, conn_id="warehouse")
    assert "first the server" in refused("switch_connection", item)
    plan = planned("switch_connection", replace(item, past=(attempt("wait_for_source", reruns=False),)))
    assert plan.actions[0] == PatchConnection("warehouse", (("host", "replica"), ("port", 5433)))
    assert "no fallback" in refused("switch_connection", case("connection_refused", conn_id="warehouse"))


def test_mended_code_runs_on_the_newest_version():
    plan = planned("run_latest_version", case("python_error", dag_version=3, latest_dag_version=4))
    assert plan.actions[0].latest_version
    assert "no newer" in refused("run_latest_version", case("python_error", dag_version=4, latest_dag_version=4))


def test_a_stuck_task_frees_its_slots_only_after_the_policys_time():
    assert (
        planned("free_stuck_task", case("heartbeat_lost", state="running", seconds_since_heartbeat=4000)).success
        == "done"
    )
    assert "no sign" in refused("free_stuck_task", case("heartbeat_lost", state="running", seconds_since_heartbeat=60))


def test_a_stuck_run_is_failed_only_if_nothing_in_it_is_active():
    stuck = {"run_state": "running", "run_quiet_seconds": 7200}
    assert planned("fail_stuck_run", case("executor_failure", run_active_tasks=0, **stuck)).success == "done"
    assert "not known" in refused("fail_stuck_run", case("executor_failure", run_active_tasks=1, **stuck))


def test_the_circuit_breaker_pauses_and_undo_lets_the_dag_go_on():
    plan = planned("pause_dag", case("python_error", consecutive_failures=5))
    assert plan.actions == (PauseDag("sales"),)
    assert plan.undo == (PauseDag("sales", paused=False),)
    assert "fewer" in refused("pause_dag", case("python_error", consecutive_failures=4))
    assert "by itself" in refused("pause_dag", case("connection_dropped", consecutive_failures=9))


def test_a_variable_gets_only_an_approved_default():
    bounds = Bounds(variables={"region": "eu"})
    plan = planned(
        "create_variable", case("missing_variable", "KeyError: 'Variable region does not exist'", bounds=bounds)
    )
    assert plan.actions[0] == SetVariable("region", "eu")
    assert "eu" not in " ".join(plan.words())
    assert "approves no" in refused("create_variable", case("missing_variable", "Variable region does not exist"))


SOURCE = '''"""My DAG."""

from airflow.operators.python import PythonOperator  # a remark
from airflow.sdk import DAG

SQL = "select custmer_id from orders"


def load(rows, table):
    return save(rows)


with DAG("sales", schedule_interval="@daily", catchup=False):
    PythonOperator(task_id="load", python_callable=load)
'''


@pytest.mark.parametrize(
    ("label", "evidence", "minus", "plus"),
    [
        (
            "dag_import_error",
            "ModuleNotFoundError: No module named 'airflow.operators.python'",
            "-from airflow.operators.python import PythonOperator  # a remark",
            "+from airflow.providers.standard.operators.python import PythonOperator  # a remark",
        ),
        (
            "python_error",
            "TypeError: DAG.__init__() got an unexpected keyword argument 'schedule_interval'",
            '-with DAG("sales", schedule_interval="@daily", catchup=False):',
            '+with DAG("sales", schedule="@daily", catchup=False):',
        ),
        (
            "python_error",
            "TypeError: save() missing 1 required positional argument: 'table'",
            "-    return save(rows)",
            "+    return save(rows, table=table)",
        ),
        (
            "missing_table_or_column",
            'column "custmer_id" does not exist\nHINT: Perhaps you meant to reference the column "orders.customer_id".',
            '-SQL = "select custmer_id from orders"',
            '+SQL = "select customer_id from orders"',
        ),
    ],
)
def test_a_patch_is_a_diff_and_nothing_else_is_touched(label, evidence, minus, plus):
    plan = planned("propose_patch", case(label, evidence, source=SOURCE))
    (proposal,) = plan.actions
    assert isinstance(proposal, Proposal)
    changed = [line for line in proposal.text.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [minus, plus]
    assert not plan.reruns


@pytest.mark.parametrize(
    ("evidence", "source"),
    [
        ("TypeError: save() missing 1 required positional argument: 'mode'", SOURCE),
        ("ModuleNotFoundError: No module named 'polars'", SOURCE),
        ("ModuleNotFoundError: No module named 'airflow.operators.python'", "def ("),
        ("ModuleNotFoundError: No module named 'airflow.operators.python'", ""),
    ],
)
def test_no_value_is_made_up_for_a_patch(evidence, source):
    refused("propose_patch", case("python_error", evidence, source=source))


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        ("ModuleNotFoundError: No module named 'yaml'", "PyYAML"),
        ("No module named 'airflow.providers.apache.spark.hooks'", "apache-airflow-providers-apache-spark"),
        ("No module named 'airflow.providers.snowflake.hooks'", "apache-airflow-providers-snowflake"),
        ("ImportError: cannot import name 'url_decode' from 'werkzeug.urls'", "werkzeug"),
    ],
)
def test_a_missing_requirement_is_named(evidence, line):
    (proposal,) = planned("requirements_hint", case("missing_dependency", evidence)).actions
    assert proposal.text.splitlines()[0] == line


def test_a_person_gets_everything():
    item = case("python_error", "KeyError: 'x'", past=[attempt("clear_with_backoff")], operator="PythonOperator")
    (told,) = planned("escalate", item).actions
    for words in (
        "sales.load",
        "python_error (97%)",
        "KeyError: 'x'",
        "operator: PythonOperator",
        "clear_with_backoff",
    ):
        assert words in told.text


def test_every_plan_survives_being_stored():
    for label in failure_classes():
        facts = {"pool": "etl", "pool_slots": 1, "pool_total_slots": 8, "conn_id": "c", "upstream": {"a": "failed"}}
        facts |= {"execution_timeout": 10.0, "sensor_timeout": 10.0, "memory_mb": 100, "is_mapped": True}
        item = case(label, **facts, bounds=Bounds(queues={label: "large"}), consecutive_failures=9, dag_version=1)
        for remedy in REMEDIES:
            plan = remedy.plan(item)
            if isinstance(plan, RemedyPlan):
                for action in (*plan.actions, *plan.undo):
                    assert from_json(type(action), to_json(action)) == action
                assert all(plan.words())
