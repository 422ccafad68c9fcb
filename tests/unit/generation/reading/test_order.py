"""The order of work: that of the words, unless words say otherwise."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Fetch the orders from Stripe, then load them into Postgres table a.b, then run dbt build.",
        "Fetch the orders from Stripe. Load them into Postgres table a.b. Run dbt build.",
        "1. Fetch the orders from Stripe\n2. Load them into Postgres table a.b\n3. Run dbt build",
        "Fetch the orders from Stripe and load them into Postgres table a.b; afterwards run dbt build.",
        "Hole die Bestellungen aus Stripe, lade sie in die Postgres-Tabelle a.b und starte danach dbt build.",
    ],
)
def test_steps_follow_each_other_as_they_are_told(read: Any, text: str) -> None:
    assert {(0, 1), (1, 2)} <= read(text).order


def test_a_word_like_then_is_a_stated_order_and_the_mere_sequence_is_not(read: Any) -> None:
    flow = read("Fetch the orders from Stripe. Load them into Postgres. Then run dbt build.").flow
    reasons = {(edge.upstream, edge.downstream): edge.reason for edge in flow.edges}
    assert reasons[0, 1] == "order_of_words"
    assert reasons[1, 2] == "stated"


@pytest.mark.parametrize(
    "text",
    [
        "In parallel, copy MySQL table a.x to S3 and copy Oracle table b.y to S3. When both are done, run dbt build.",
        "Copy the MySQL table a.x to S3. Copy the Oracle table b.y to S3. Both in parallel. Then run dbt build.",
        "Copy MySQL table a.x to S3 and, at the same time, copy Oracle table b.y to S3. After both, run dbt build.",
    ],
)
def test_parallel_steps_have_no_order_and_the_next_step_waits_for_all(read: Any, text: str) -> None:
    order = read(text).order
    assert (0, 1) not in order
    assert {(0, 2), (1, 2)} <= order


def test_a_number_of_parallel_runs_is_a_limit_and_no_order(read: Any) -> None:
    order = read("Copy MySQL table a.b to S3, then run dbt build. At most 2 runs in parallel.").order
    assert (0, 1) in order


def test_before_puts_the_step_in_front_of_what_it_names(read: Any) -> None:
    reading = read(
        "Fetch the orders from Stripe. Load them into Postgres. Before the load, truncate the Postgres table a.b."
    )
    actions = reading.said
    load, truncate = (next(i for i, said in enumerate(actions) if said.startswith(verb)) for verb in ("load", "delete"))
    assert (truncate, load) in reading.order
    assert (load, truncate) not in reading.order


def test_once_another_dag_is_done_waits_for_it_first(read: Any) -> None:
    reading = read("Once the DAG load_orders has finished, run dbt build.")
    assert reading.said[0] == "wait_for airflow"
    assert reading.values(0, "dag_id") == ("load_orders",)
    assert (0, 1) in reading.order


def test_once_a_file_has_arrived_waits_for_it_first(read: Any) -> None:
    reading = read("Once the file s3://in/done.flag has arrived, run dbt build.")
    assert reading.said[0] == "wait_for amazon_s3"
    assert (0, 1) in reading.order


def test_edges_go_forward_and_never_in_circles(read: Any) -> None:
    text = (
        "Before the load check s3://a/b. First fetch c from Stripe, then load it into Postgres, in parallel tell #x, "
        "and when all is done run dbt build before the mail to y@example.com."
    )
    order = read(text).order
    assert all((after, before) not in order for before, after in order)
