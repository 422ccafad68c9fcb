"""Rewrites that only a person can decide on: suggested where they fit, written once confirmed, silent elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.strategies import Limits
from tests.unit.optimization.rewrites.cases import draft_of, surroundings

BEGIN = datetime(2026, 3, 1, 2, tzinfo=timezone.utc)


def planned(body: str, *confirmed: str, strategy: str = "reliability", failing=(), pools=None, slots=16, **known):
    draft = draft_of(body)
    around = surroundings(draft, strategy=strategy, failing=failing, confirmed=confirmed, pools=pools, slots=slots)
    return choose(draft, replace(around, **known), REWRITES)


def offered(plan) -> dict[str, str]:
    """Suggested rewrites by name, with the word that confirms each."""
    return {item.rewrite: item.confirm for item in plan.suggested}


def applied(plan) -> list[str]:
    return [item.proposal.rewrite for item in plan.applied]


TWO = """
    with DAG("d") as dag:
        a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 30})
        b = PythonOperator(task_id="b", python_callable=depot.build, op_args=["b", "in_a"], op_kwargs={"pause": 30})
        a >> b
"""


# Timeouts


def test_a_timeout_is_three_times_the_slowest_runs_and_twice_the_longest():
    durations = {"a": tuple(range(20, 40)), "b": (30.0,) * 20}
    assert offered(planned(TWO, durations=durations))["set-timeouts"] == "timeouts"
    task = planned(TWO, "timeouts", durations=durations).final.dag.task
    assert task("a").argument("execution_timeout").total_seconds() == 120
    assert task("b").argument("execution_timeout").total_seconds() == 120


def test_tasks_of_one_loop_share_the_largest_limit():
    body = """
    with DAG("d") as dag:
        for name in ["a", "b"]:
            PythonOperator(task_id=name, python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 30})
    """
    plan = planned(body, "timeouts", durations={"a": (30.0,) * 12, "b": (300.0,) * 12})
    assert {task.argument("execution_timeout").total_seconds() for task in plan.final.dag.tasks} == {900}


@pytest.mark.parametrize(
    "durations", [{"a": (30.0,) * 9, "b": (30.0,) * 9}, {}], ids=["fewer than ten runs", "no history"]
)
def test_nothing_is_said_about_timeouts_without_enough_runs(durations):
    assert "set-timeouts" not in offered(planned(TWO, durations=durations))


def test_a_timeout_that_the_author_has_set_stays():
    body = TWO.replace('DAG("d")', 'DAG("d", default_args={"execution_timeout": timedelta(hours=1)})')
    body = "\n    from datetime import timedelta\n" + body
    assert "set-timeouts" not in offered(planned(body, durations={"a": (30.0,) * 20, "b": (30.0,) * 20}))


# Retries and the retry policy


def test_a_task_that_fails_at_times_gets_retries_with_back_off_once_it_is_said_to_be_repeatable():
    known = {"failing": ("a",), "durations": {"a": (30.0,) * 5}}
    assert offered(planned(TWO, **known))["add-retries"] == "more-retries"
    plan = planned(TWO, "more-retries", **known)
    task = plan.final.dag.task("a")
    assert (task.argument("retries"), task.argument("retry_exponential_backoff")) == (3, True)
    assert plan.after.success > plan.before.success
    assert plan.final.dag.task("b").argument("retries") is None


def test_a_task_that_must_not_be_repeated_gets_none():
    known = {"failing": ("a",), "durations": {"a": (30.0,) * 5}, "limits": Limits(once=frozenset({"a"}))}
    assert planned(TWO, "more-retries", **known).applied == ()


def test_a_task_that_never_succeeded_is_not_repeated():
    assert "add-retries" not in offered(planned(TWO, failing=("a",)))


def test_the_exception_decides_once_it_is_confirmed():
    body = TWO.replace('DAG("d")', 'DAG("d", default_args={"retries": 2})')
    assert offered(planned(body, failing=("a",)))["set-retry-policy"] == "retry-policy"
    source = planned(body, "retry-policy", failing=("a",)).final.source
    assert "retry_policy=DiagnosisRetryPolicy()" in source
    assert "from airflow_provider_wfintel.policies.diagnosis_retry_policy import DiagnosisRetryPolicy" in source
    assert source.count("retry_policy=") == 1


# Teardown

CLEANS = """
    import os

    def sweep():
        os.remove("/srv/stage/rows.csv")

    def stage():
        with open("/srv/stage/rows.csv", "w") as file:
            file.write("1")

    with DAG("d") as dag:
        load = PythonOperator(task_id="load", python_callable=stage)
        work = PythonOperator(task_id="work", python_callable=depot.build, op_args=["b", "in_a"], op_kwargs={"pause": 30})
        clean = PythonOperator(task_id="clean", python_callable=sweep{rule})
        load >> work >> clean
"""


@pytest.mark.parametrize("rule", ["", ', trigger_rule="all_done"'])
def test_a_task_at_the_end_that_only_deletes_what_was_made_becomes_a_teardown(rule):
    body = CLEANS.replace("{rule}", rule)
    assert offered(planned(body))["teardown-for-cleanup"] == "teardown:clean"
    plan = planned(body, "teardown:clean")
    assert applied(plan) == ["teardown-for-cleanup"]
    assert plan.final.source.rstrip().endswith("clean.as_teardown()")
    assert plan.final.dag.edges == plan.original.dag.edges


def test_a_taskflow_task_in_a_chain_is_named_first():
    plan = planned(
        """
        import os

        @dag(schedule=None)
        def flow():
            @task
            def stage():
                with open("/srv/stage/rows.csv", "w") as file:
                    file.write("1")

            @task
            def sweep():
                os.remove("/srv/stage/rows.csv")

            stage() >> sweep()

        flow()
        """,
        "teardown:sweep",
    )
    assert applied(plan) == ["teardown-for-cleanup"]
    assert plan.final.dag.edges == {("stage", "sweep")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("load >> work >> clean", "load >> work >> clean >> PythonOperator(task_id='x', python_callable=stage)"),
        ("load >> work >> clean", "load >> work\n        clean"),
        ('os.remove("/srv/stage/rows.csv")', 'os.remove("/srv/stage/rows.csv"); print(open("/srv/other").read())'),
        ('os.remove("/srv/stage/rows.csv")', 'os.remove("/srv/elsewhere.csv")'),
        ('os.remove("/srv/stage/rows.csv")', 'os.system("rm /srv/stage/rows.csv")'),
    ],
    ids=["something follows it", "nothing came before", "it reads more", "it deletes something else", "not understood"],
)
def test_what_is_more_than_a_cleanup_is_left_alone(old, new):
    body = CLEANS.replace("{rule}", "")
    assert old in body
    assert "teardown-for-cleanup" not in offered(planned(body.replace(old, new)))


# Staggered starts

NIGHTLY = """
    with DAG("d", schedule="0 2 * * *") as dag:
        for name in "abcdefgh":
            PythonOperator(task_id=f"t_{name}", python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 60})
"""


def tries(dag_id: str, count: int, seconds: float, begin: datetime = BEGIN, days: int = 5) -> RunHistory:
    rows = []
    for day in range(days):
        start = begin + timedelta(days=day)
        end = start + timedelta(seconds=seconds)
        rows += [
            TaskTry(
                f"{dag_id}-{day}-{n}", dag_id, f"{dag_id}-{day}", f"t_{'abcdefghijklmnopqrstuvwxyz'[n]}", state="success",
                started_at=start.isoformat(), ended_at=end.isoformat(), duration=seconds,
            )
            for n in range(count)
        ]  # fmt: skip
    return RunHistory(tries=tuple(rows))


def collision(**known):
    return {"own": tries("d", 8, 240), "others": tries("other", 14, 600), "strategy": "performance", **known}


def test_a_dag_that_collides_with_others_starts_when_they_are_done():
    assert offered(planned(NIGHTLY, **collision()))["stagger-starts"] == "schedule:10 2 * * *"
    plan = planned(NIGHTLY, "schedule:10 2 * * *", **collision())
    assert 'schedule="10 2 * * *"' in plan.final.source
    assert applied(plan) == ["stagger-starts"]


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (("", ""), {"others": tries("other", 14, 600, BEGIN + timedelta(hours=5))}),
        (("", ""), {"awaited": frozenset({"d"})}),
        (("0 2 * * *", "*/5 * * * *"), {}),
        (('"0 2 * * *"', "None"), {}),
        (("", ""), {"own": tries("d", 8, 240, days=2)}),
    ],
    ids=["no collision", "another DAG waits for it", "no single start", "no schedule", "too few runs"],
)
def test_a_start_stays_where_moving_it_would_not_help_or_could_harm(change, known):
    assert "stagger-starts" not in offered(planned(NIGHTLY.replace(*change), **collision(**known)))


# Assets instead of cron gaps

GAP = """
    def write():
        with open("/srv/orders.csv", "w") as file:
            file.write("1")

    def read():
        open("/srv/orders.csv").read()

    with DAG("loads", schedule="0 2 * * *") as one:
        PythonOperator(task_id="write", python_callable=write)

    with DAG("marts", schedule="0 4 * * *") as two:
        PythonOperator(task_id="read", python_callable=read)
"""


def planned_second(body: str, *confirmed: str, **known):
    draft = replace(draft_of(body), dag_id="marts")
    around = surroundings(draft, confirmed=confirmed)
    return choose(draft, replace(around, **known), REWRITES)


def test_a_dag_that_starts_some_time_after_the_one_that_feeds_it_starts_on_its_asset():
    assert offered(planned_second(GAP))["schedule-on-assets"] == "assets:marts"
    source = planned_second(GAP, "assets:marts").final.source
    assert 'with DAG("marts", schedule=[Asset("file:///srv/orders.csv")]) as two:' in source
    assert 'PythonOperator(task_id="write", python_callable=write, outlets=[Asset("file:///srv/orders.csv")])' in source
    assert 'with DAG("loads", schedule="0 2 * * *") as one:' in source
    assert "from airflow.sdk import DAG, TaskGroup" in source
    assert source.count("Asset,") + source.count(", Asset\n") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('open("/srv/orders.csv").read()', 'open("/srv/other.csv").read()'),
        ("0 4 * * *", "0 4 * * 1"),
        ("0 4 * * *", "0 1 * * *"),
        ("def read():", "def read(ds=None):"),
        ("python_callable=write)", 'python_callable=write, outlets=["x"])'),
    ],
    ids=["no shared data", "other days", "it starts before", "it asks for its date", "the author has named outlets"],
)
def test_a_schedule_stays_where_the_data_do_not_tell_when_to_start(old, new):
    assert old in GAP
    assert "schedule-on-assets" not in offered(planned_second(GAP.replace(old, new)))


def test_a_schedule_that_others_wait_for_stays():
    assert "schedule-on-assets" not in offered(planned_second(GAP, awaited=frozenset({"marts"})))


# Work that is left out while nothing has changed

STEADY = """
    import time

    def convert():
        rows = open("/srv/in.csv").read()
        time.sleep(60)
        with open("/srv/out.csv", "w") as file:
            file.write(rows)

    with DAG("d") as dag:
        PythonOperator(task_id="convert", python_callable=convert)
"""


def test_long_work_on_files_alone_is_gated_by_their_checksums_once_confirmed():
    assert offered(planned(STEADY, strategy="cost"))["skip-unchanged"] == "unchanged:convert"
    source = planned(STEADY, "unchanged:convert", strategy="cost").final.source
    assert 'python_callable=only_if_changed(reads=["/srv/in.csv"], writes=["/srv/out.csv"])(convert)' in source
    assert "from airflow_provider_wfintel.operators.unchanged import only_if_changed" in source


def test_a_taskflow_function_gets_the_gate_below_its_decorator_and_keeps_its_comments():
    body = """
    import time

    with DAG("d") as dag:
        # once a night
        @task
        def convert():
            # the whole file
            rows = open("/srv/in.csv").read()
            time.sleep(60)
            with open("/srv/out.csv", "w") as file:
                file.write(rows)

        convert()
    """
    source = planned(body, "unchanged:convert", strategy="cost").final.source
    assert "@task\n    @only_if_changed(" in source
    assert "# once a night" in source
    assert "# the whole file" in source


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("time.sleep(60)", "time.sleep(5)"),
        ('open("/srv/out.csv", "w")', 'open("/srv/out.csv", "a")'),
        ("file.write(rows)", "file.write(rows)\n        return rows"),
        ("rows = open", "import requests; requests.get('x'); rows = open"),
        ('rows = open("/srv/in.csv").read()', 'rows = "1"'),
    ],
    ids=["short", "it appends", "it hands on a value", "it asks a service", "it reads nothing"],
)
def test_work_that_may_depend_on_more_is_not_gated(old, new):
    assert old in STEADY
    assert "skip-unchanged" not in offered(planned(STEADY.replace(old, new), strategy="cost"))
