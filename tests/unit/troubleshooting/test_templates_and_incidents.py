"""Templates say what two messages have in common; incidents say which failures belong together."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.engine.troubleshooting.templates import TemplateMiner, fingerprint

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DATABASE_DOWN = 'psycopg2.OperationalError: connection to server at "10.0.0.{}", port 5432 failed: Connection refused'


def failure(dag, task, minutes, text="", facts=None, upstream=(), run="r1"):
    return service.FailedTry(
        dag, run, task, START + timedelta(minutes=minutes), service.diagnose(text, facts), upstream=tuple(upstream)
    )


def test_messages_that_differ_in_values_share_a_template():
    miner = TemplateMiner()
    first = miner.add("loaded a batch of alpha into orders in 3 s")
    assert miner.add("loaded a batch of beta into orders in 19 s") == first
    assert miner.add("could not open the partner archive at all today") != first
    assert miner.template(first) == "loaded a batch of <*> into orders in <*> s"
    assert miner.counts[first] == 2


@settings(deadline=None)
@given(st.lists(st.text("abc 123", min_size=1, max_size=30), min_size=1, max_size=30))
def test_every_message_is_counted_once_and_repeats_join_their_template(messages):
    miner = TemplateMiner()
    numbers = [miner.add(message) for message in messages]
    assert sum(miner.counts.values()) == len(messages)
    assert all(miner.add(message) in set(numbers) | {max(numbers) + 1} for message in messages[:1])


def test_a_fingerprint_leaves_out_addresses_numbers_and_names():
    assert fingerprint(DATABASE_DOWN.format(7)) == fingerprint(DATABASE_DOWN.format(9))
    assert fingerprint("a b") != fingerprint("a c")


def test_one_database_down_is_one_incident_over_many_dags():
    (incident,) = service.group_incidents(
        [failure("orders", "load", 0, DATABASE_DOWN.format(1)), failure("stock", "load", 4, DATABASE_DOWN.format(1))]
    )
    assert incident.dag_ids == ("orders", "stock")
    assert incident.first.dag_id == "orders"


def test_names_without_quotes_do_not_split_an_incident():
    gone = "org.postgresql.util.PSQLException: Connection to host {} refused by the server: Connection refused"
    (incident,) = service.group_incidents(
        [failure("a", "t", 0, gone.format("alpha")), failure("b", "t", 1, gone.format("beta"))]
    )
    assert incident.dag_ids == ("a", "b")


def test_two_bugs_in_two_dags_are_two_incidents():
    found = service.group_incidents(
        [failure("orders", "load", 0, "KeyError: 'x'"), failure("stock", "load", 1, "KeyError: 'x'")]
    )
    assert len(found) == 2


def test_what_failed_because_of_an_upstream_task_joins_its_incident():
    gone = {"state": "upstream_failed"}
    (incident,) = service.group_incidents(
        [
            failure("orders", "report", 1, facts=gone, upstream=["publish"]),
            failure("orders", "publish", 1, facts=gone, upstream=["load"]),
            failure("orders", "load", 0, "KeyError: 'x'"),
        ]
    )
    assert incident.first.task_id == "load"
    assert {item.task_id for item in incident.cascade} == {"publish", "report"}
    assert len(incident.members) == 3


def test_an_upstream_failure_that_was_not_seen_is_an_incident_of_its_own():
    (incident,) = service.group_incidents(
        [failure("orders", "publish", 0, facts={"state": "upstream_failed"}, upstream=["load"])]
    )
    assert incident.label == "upstream_failed"


def test_the_same_cause_after_a_quiet_time_is_a_recurrence():
    found = service.group_incidents(
        [failure("orders", "load", 0, "KeyError: 'x'"), failure("orders", "load", 600, "KeyError: 'x'", run="r2")]
    )
    assert [incident.recurrence for incident in found] == [0, 1]


@settings(deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_the_input_does_not_matter(order):
    failures = [failure("orders", f"t{number}", number, DATABASE_DOWN.format(number)) for number in range(5)]
    assert service.group_incidents([failures[number] for number in order]) == service.group_incidents(failures)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 300)), max_size=12))
def test_every_failure_belongs_to_exactly_one_incident(rows):
    failures = [
        failure(dag, task, minute, "KeyError: 'x'", run=str(number)) for number, (dag, task, minute) in enumerate(rows)
    ]
    members = [item for incident in service.group_incidents(failures) for item in incident.members]
    assert sorted(item.run_id for item in members) == sorted(item.run_id for item in failures)
