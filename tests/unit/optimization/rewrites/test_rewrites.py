"""What each rewrite does to a file, and when it leaves the file alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.pools import stated_limit
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.rewrites.retries import growing_pauses
from tests.unit.optimization.rewrites.cases import draft_of, surroundings


def planned(body: str, **around):
    draft = draft_of(body)
    return choose(draft, surroundings(draft, **around), REWRITES)


def names(plan) -> list[str]:
    return [item.proposal.rewrite for item in plan.applied]


LOOP_CHAIN = """
    SOURCES = {"harbours": 20, "vessels": 25, "cargo": 30}

    with DAG("d") as dag:
        last = None
        for source, seconds in SOURCES.items():
            # one copy per source
            fetch = PythonOperator(
                task_id=f"fetch_{source}", python_callable=depot.fetch, op_args=[source], op_kwargs={"pause": seconds}
            )
            if last is not None:
                last >> fetch
            last = fetch
        first_mart = PythonOperator(
            task_id="mart_one", python_callable=depot.build, op_args=["one", "in_harbours", "in_vessels"], op_kwargs={"pause": 20}
        )
        second_mart = PythonOperator(
            task_id="mart_two", python_callable=depot.build, op_args=["two", "in_cargo"], op_kwargs={"pause": 20}
        )
        last >> first_mart >> second_mart
"""


def test_a_chain_made_by_a_loop_is_undone_and_what_is_needed_is_said_instead():
    plan = planned(LOOP_CHAIN)
    assert plan.final.dag.edges == {
        ("fetch_harbours", "mart_one"),
        ("fetch_vessels", "mart_one"),
        ("fetch_cargo", "mart_two"),
    }
    assert "last" not in plan.final.source
    assert "# one copy per source" in plan.final.source
    assert plan.after.makespan < 0.6 * plan.before.makespan


def test_a_barrier_gives_way_to_the_orders_that_it_stood_for():
    plan = planned("""
        @dag(schedule=None)
        def flow():
            begin, ready = EmptyOperator(task_id="begin"), EmptyOperator(task_id="ready")
            for name, one, two in [("a", 30, 5), ("b", 5, 30)]:
                @task(task_id=f"fetch_{name}")
                def fetch(x, seconds):
                    depot.fetch(x, pause=seconds)

                @task(task_id=f"build_{name}")
                def build(x, seconds):
                    depot.build(f"m_{x}", f"in_{x}", pause=seconds)

                begin >> fetch(name, one) >> ready >> build(name, two)

        flow()
    """)
    assert {edge for edge in plan.final.dag.edges if "begin" not in edge and "ready" not in edge} == {
        ("fetch_a", "build_a"),
        ("fetch_b", "build_b"),
    }


def test_a_loop_over_partitions_becomes_a_mapped_task():
    plan = planned("""
        DAYS = ["mon", "tue", "wed", "thu", "fri"]

        with DAG("d") as dag:
            @task
            def rebuild():
                '''Rebuild every day.'''
                for day in DAYS:
                    depot.fetch(day, pause=10)
                    depot.build(f"day_{day}", f"in_{day}", pause=5)

            @task
            def weekly():
                depot.build("week", *[f"day_{day}" for day in DAYS], pause=5)

            rebuild() >> weekly()
    """)
    assert names(plan) == ["split-loop"]
    assert "rebuild.expand(day=DAYS) >> weekly()" in plan.final.source
    assert plan.final.dag.task("rebuild").instances == 5


def test_work_before_and_after_the_loop_is_still_done_once():
    plan = planned("""
        DAYS = ["mon", "tue", "wed", "thu", "fri"]

        with DAG("d") as dag:
            @task
            def rebuild():
                depot.fetch("calendar", pause=2)
                for day in DAYS:
                    depot.build(f"day_{day}", "in_calendar", pause=15)
                depot.build("week", *[f"day_{day}" for day in DAYS], pause=2)

            rebuild()
    """)
    assert names(plan) == ["split-loop"]
    assert {(one.partition("_")[0], two.partition("_")[0]) for one, two in plan.final.dag.edges} == {
        ("prepare", "rebuild"),
        ("rebuild", "finish"),
    }


@pytest.mark.parametrize(
    "turn",
    [
        "depot.build(f'day_{day}', 'day_mon', pause=10)",
        "depot.build('total', f'in_{day}', pause=10)",
        "total += 1; depot.build(f'day_{day}', f'in_{total}', pause=10)",
        "rows.append(day); depot.build(f'day_{day}', *rows, pause=10)",
        "depot.build(f'day_{day}', f'in_{day}', pause=10); mystery(day)",
    ],
)
def test_a_loop_whose_turns_depend_on_each_other_is_left_alone(turn):
    plan = planned(f"""
        from elsewhere import mystery
        DAYS = ["mon", "tue", "wed", "thu", "fri"]

        with DAG("d") as dag:
            @task
            def rebuild():
                total = 0
                rows = []
                for day in DAYS:
                    {turn}

            rebuild()
    """)
    assert names(plan) == []
    assert plan.final.source == plan.original.source


def test_short_tasks_in_a_row_become_one():
    plan = planned("""
        with DAG("d") as dag:
            for name in ["a", "b", "c"]:
                fetch = PythonOperator(task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name])
                build = PythonOperator(task_id=f"build_{name}", python_callable=depot.build, op_args=[f"m_{name}", f"in_{name}"])
                fetch >> build
    """)
    assert "fuse-chain" in names(plan)
    assert plan.final.dag.tasks[0].task_id.startswith("fetch_and_build")


def test_many_tiny_tasks_become_one_task_that_works_through_them():
    plan = planned("""
        RULES = [f"rule_{number}" for number in range(24)]

        with DAG("d") as dag:
            load = PythonOperator(task_id="load", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 20})
            verdicts = []
            for rule in RULES:
                verdicts.append(PythonOperator(
                    task_id=rule, python_callable=depot.build, op_args=[f"v_{rule}", "in_a"], op_kwargs={"pause": 0.05}
                ))
            publish = PythonOperator(
                task_id="publish", python_callable=depot.build, op_args=["out", *[f"v_{rule}" for rule in RULES]], op_kwargs={"pause": 20}
            )
            chain(load, *verdicts, publish)
    """)
    assert names(plan)[:2] == ["drop-needless-orders", "fuse-batch"]
    assert len(plan.final.dag.tasks) == 3
    assert plan.after.makespan < 0.75 * plan.before.makespan


SENSORS = """
    from airflow.providers.standard.sensors.python import PythonSensor
    with DAG("d", max_active_tasks=2) as dag:
        before = None
        for name in ["a", "b"]:
            wait = PythonSensor(task_id=f"wait_{name}", python_callable=depot.landed, op_args=[name], poke_interval=30)
            load = PythonOperator(task_id=f"load_{name}", python_callable=depot.build, op_args=[f"m_{name}", name])
            if before:
                before >> wait
            wait >> load
            before = wait
        for name in ["x", "y"]:
            PythonOperator(task_id=f"tend_{name}", python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 20})
"""


def test_sensors_in_line_look_more_often_and_stand_side_by_side():
    plan = planned(SENSORS, waits={"wait_a": 60.0, "wait_b": 90.0})
    assert ("wait_a", "wait_b") not in plan.final.dag.edges
    assert {("wait_a", "load_a"), ("wait_b", "load_b")} <= plan.final.dag.edges
    assert plan.final.dag.settings["max_active_tasks"] == 2
    assert plan.after.makespan < plan.before.makespan


POOL = """
    with DAG("d") as dag:
        # {comment}
        for name in "abcdefgh":
            PythonOperator(
                task_id=f"fetch_{{name}}", python_callable=depot.fetch, op_args=[name], op_kwargs={{"pause": 20}}, pool="{pool}"
            )
"""


@pytest.mark.parametrize(
    ("comment", "description", "pool", "slots"),
    [
        ("nothing to say", "", "reports", 1),
        ("nothing to say", "the licence is for 4 sessions", "reports", 4),
        ("the pool reports: at most three at once", "", "reports", 3),
        ("nothing to say", "protects the old server", "reports", 1),
        ("nothing to say", "", "erp_api", 1),
        ("nothing to say", "only 1 connection", "reports", 1),
    ],
)
def test_a_pool_grows_up_to_what_it_is_said_to_bear_and_not_further(comment, description, pool, slots):
    plan = planned(POOL.format(comment=comment, pool=pool), pools={pool: 1}, descriptions={pool: description})
    assert plan.final.pools.get(pool, 1) == slots


def test_a_pool_of_which_nothing_is_known_grows_once_a_person_confirms_it():
    body = POOL.format(comment="nothing to say", pool="reports")
    (offered,) = planned(body, pools={"reports": 1}).suggested[:1]
    assert offered.confirm == "pool:reports"
    plan = planned(body, pools={"reports": 1}, confirmed=("pool:reports",))
    assert plan.final.pools == {"reports": 8}


def test_an_order_that_nobody_can_prove_goes_once_a_person_confirms_it():
    body = """
    with DAG("d") as dag:
        one = BashOperator(task_id="one", bash_command="./first")
        two = BashOperator(task_id="two", bash_command="./second")
        three = BashOperator(task_id="three", bash_command="./third")
        one >> two >> three
    """
    draft = draft_of(body)
    assert choose(draft, surroundings(draft), REWRITES).applied == ()
    draft = replace(draft, needless=frozenset({("one", "two")}))
    plan = choose(draft, surroundings(draft), REWRITES)
    assert names(plan) == ["drop-needless-orders"]
    # The order of the first and the third task was not confirmed.
    assert plan.final.dag.edges == {("one", "three"), ("two", "three")}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("at most 4 sessions", 4),
        ("the API allows two calls at a time", 2),
        ("max 8", 8),
        ("slow since 2019", None),
        ("", None),
    ],
)
def test_a_limit_is_read_from_words(text, limit):
    assert stated_limit(text) == limit


def test_a_long_pause_before_a_retry_grows_from_a_short_one_with_as_much_patience():
    plan = planned(
        """
        from datetime import timedelta
        with DAG("d", default_args={"retries": 2, "retry_delay": timedelta(minutes=5)}) as dag:
            PythonOperator(task_id="fetch", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 5})
        """,
        failing=("fetch",),
    )
    assert names(plan) == ["grow-retry-pauses"]
    task = plan.final.dag.task("fetch")
    assert task.argument("retry_exponential_backoff") is True
    assert task.argument("max_retry_delay").total_seconds() == 300


@pytest.mark.parametrize("retries", [1, 2, 3, 5])
@pytest.mark.parametrize("delay", [10.0, 60.0, 300.0])
def test_growing_pauses_last_at_least_as_long_in_all(retries, delay):
    count, first = growing_pauses(retries, delay)
    assert count >= retries
    assert sum(min(first * 2**number, delay) for number in range(count)) >= retries * delay


def test_a_sound_layout_is_left_alone():
    plan = planned("""
        with DAG("d") as dag:
            a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 30})
            b = PythonOperator(task_id="b", python_callable=depot.build, op_args=["b", "in_a"], op_kwargs={"pause": 30})
            a >> b
    """)
    assert plan.applied == ()
    assert plan.final.source == plan.original.source


def test_the_same_input_gives_the_same_plan():
    assert planned(LOOP_CHAIN).final.source == planned(LOOP_CHAIN).final.source


def test_tasks_made_in_a_function_are_named_by_their_dag():
    plan = planned("""
        def make(source, after):
            fetch = PythonOperator(task_id=f"fetch_{source}", python_callable=depot.fetch, op_args=[source, 20])
            build = PythonOperator(task_id=f"build_{source}", python_callable=depot.build, op_args=[f"m_{source}", f"in_{source}"])
            fetch >> build
            if after is not None:
                after >> fetch
            return build

        with DAG("d") as dag:
            tail = None
            for source in ["a", "b", "c"]:
                tail = make(source, tail)
            tail >> PythonOperator(task_id="all", python_callable=depot.build, op_args=["all", "m_a", "m_b", "m_c"])
    """)
    assert 'dag.get_task("build_a")' in plan.final.source
    assert plan.final.dag.edges == {
        *((f"fetch_{name}", f"build_{name}") for name in "abc"),
        *((f"build_{name}", "all") for name in "abc"),
    }


def test_the_same_extract_is_done_once():
    plan = planned("""
        MARTS = {"one": ["a", "b"], "two": ["b", "c"], "three": ["a", "c"]}

        with DAG("d") as dag:
            before = None
            for mart, sources in MARTS.items():
                build = PythonOperator(
                    task_id=f"mart_{mart}", python_callable=depot.build, op_args=[mart, *[f"in_{s}" for s in sources]]
                )
                for source in sources:
                    fetch = PythonOperator(task_id=f"fetch_{source}_{mart}", python_callable=depot.fetch, op_args=[source, 30])
                    fetch >> build
                    if before:
                        before >> fetch
                before = build
    """)
    assert "drop-repeated-work" in names(plan)
    assert sum(task.task_id.startswith("fetch") for task in plan.final.dag.tasks) == 3


def test_rows_added_twice_are_not_taken_for_the_same_work():
    plan = planned("""
        with DAG("d") as dag:
            one = SQLExecuteQueryOperator(task_id="one", conn_id="c", sql="INSERT INTO t SELECT * FROM s")
            two = SQLExecuteQueryOperator(task_id="two", conn_id="c", sql="INSERT INTO t SELECT * FROM s")
            one >> two
    """)
    assert names(plan) == []


def test_a_task_that_only_hands_on_what_it_is_given_goes():
    plan = planned("""
        @dag(schedule=None)
        def flow():
            @task
            def fetch():
                return depot.fetch("a", pause=4)

            @task
            def hand_on(name):
                return name

            @task
            def use(name):
                depot.build("b", name, pause=4)

            use(hand_on(fetch()))

        flow()
    """)
    assert names(plan)[0] == "drop-couriers"
    assert "use(fetch())" in plan.final.source
    assert "hand_on" not in plan.final.source


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("print(ROWS)", "load_rows()"),
        ("depot.fetch(ROWS[0])", "load_rows()[0]"),
    ],
)
def test_work_at_the_top_level_waits_until_a_task_asks(use, expected):
    plan = planned(f"""
        import time

        def rows():
            time.sleep(3)
            return ["a", "b"]

        ROWS = rows()

        def work(name):
            {use}
            depot.fetch(name, pause=2)

        with DAG("d") as dag:
            a = PythonOperator(task_id="a", python_callable=work, op_args=["x"])
            b = PythonOperator(task_id="b", python_callable=depot.build, op_args=["y", "in_x"])
            a >> b
    """)
    assert names(plan)[0] == "defer-top-level-code"
    assert plan.final.file.top_level == ()
    assert expected.partition("(")[0].removeprefix("load_") in plan.final.source


def test_many_tiny_mapped_instances_share_processes():
    plan = planned("""
        NAMES = [f"n{number}" for number in range(60)]

        with DAG("d") as dag:
            @task
            def take(name):
                depot.fetch(name, pause=0.05)

            @task
            def total():
                depot.build("all", *[f"in_{name}" for name in NAMES], pause=2)

            take.expand(name=NAMES) >> total()
    """)
    assert names(plan) == ["group-mapped"]
    assert plan.final.dag.task("take").instances < 60


def test_records_and_named_tuples_are_read():
    draft = draft_of("""
        from collections import namedtuple
        from dataclasses import dataclass

        @dataclass(frozen=True)
        class Source:
            name: str
            pause: int = 3

        Mart = namedtuple("Mart", "name needs")

        with DAG("d") as dag:
            for source in [Source("a"), Source("b", pause=5)]:
                PythonOperator(task_id=source.name, python_callable=depot.fetch, op_args=[source.name, source.pause])
            for name, needs in [Mart("m", ["in_a", "in_b"])]:
                PythonOperator(task_id=name, python_callable=depot.build, op_args=[name, *needs])
    """)
    assert [task.task_id for task in draft.dag.tasks] == ["a", "b", "m"]
    assert draft.dag.task("b").record.sleeps == 5
    assert all(task.known for task in draft.dag.tasks)


FILE_SENSORS = """
    from airflow.providers.standard.sensors.filesystem import FileSensor

    with DAG("d", max_active_tasks=1) as dag:
        wait = FileSensor(task_id="wait", filepath="/srv/landing/a.csv", poke_interval=5)
        other = PythonOperator(task_id="other", python_callable=depot.fetch, op_args=["other"], op_kwargs={"pause": 40})
"""


def test_a_sensor_is_handed_to_the_triggerer_only_once_a_person_confirms_it():
    offered = planned(FILE_SENSORS, waits={"wait": 300.0})
    assert "deferrable" in [item.confirm for item in offered.suggested]
    assert "deferrable=True" not in offered.final.source
    plan = planned(FILE_SENSORS, waits={"wait": 300.0}, confirmed=("deferrable",))
    assert names(plan) == ["defer-sensors"]
    assert "deferrable=True" in plan.final.source
    assert plan.after.makespan < plan.before.makespan


def test_a_sensor_that_hardly_waits_or_says_itself_how_is_left_alone():
    assert planned(FILE_SENSORS, waits={"wait": 5.0}).suggested == ()
    said = FILE_SENSORS.replace("poke_interval=5", "poke_interval=5, deferrable=False")
    assert "deferrable" not in [item.confirm for item in planned(said, waits={"wait": 300.0}).suggested]
