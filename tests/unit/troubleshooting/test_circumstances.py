"""What was different around a try is told beside the cause, and never changes it."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.model import (
    SettingChange,
    SourceChange,
    TryFacts,
    TypicalDuration,
)
from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.engine.troubleshooting.circumstances import circumstances, first_steps

TRY = {
    "dag_id": "orders",
    "run_id": "r",
    "task_id": "load",
    "state": "failed",
    "start_date": "2031-05-02T09:00:00+00:00",
}


def beside(**values):
    return circumstances(service.facts_to_mapping(TryFacts(**{**TRY, **values})))


def test_an_ordinary_failure_has_none():
    assert beside() == ()
    assert circumstances(None) == ()


def test_a_changed_connection_is_named_with_who_and_when_but_never_its_value():
    change = SettingChange("connection", "shop_db", "patch_connection", "2031-05-02T08:00:00+00:00", "ana")
    assert beside(changes=(change,)) == (
        "Connection shop_db was changed since the last success (patch_connection by ana at 2031-05-02T08:00:00+00:00).",
    )


def test_a_new_version_of_the_dag_is_told_with_its_difference():
    (said,) = beside(source_change=SourceChange(3, 4, diff="-a\n+b"))
    assert "version 3 then, 4 now" in said
    assert said.endswith("-a\n+b")


@pytest.mark.parametrize(
    ("duration", "said"), [(90.0, "took 90 s"), (0.5, "after only 0.5 s"), (12.0, None), (30.0, None)]
)
def test_only_an_unusual_duration_is_worth_a_sentence(duration, said):
    found = beside(duration=duration, typical=TypicalDuration(10.0, 40.0, 9))
    assert (said in found[0]) if said else found == ()


def test_few_successes_are_no_baseline():
    assert beside(duration=90.0, typical=TypicalDuration(10.0, 12.0, 2)) == ()


def test_many_neighbours_are_counted():
    (said,) = beside(siblings=tuple(f"d.t{number}" for number in range(8)))
    assert said.endswith("d.t4 and 3 more.")


def test_what_changed_comes_first_where_the_fix_may_lie_there():
    facts = service.facts_to_mapping(
        TryFacts(
            **TRY,
            changes=(SettingChange("connection", "shop_db", "patch_connection"),),
            source_change=SourceChange(1, 2),
        )
    )
    assert "connection shop_db" in first_steps(facts, "permission")[0]
    assert "changed in the DAG" in first_steps(facts, "code")[0]
    assert first_steps(facts, "data") == ()


def test_the_label_stays_what_the_log_says():
    text = 'psycopg2.errors.UndefinedTable: relation "stage.orders" does not exist'
    facts = TryFacts(
        **TRY,
        siblings=("a.connection_refused", "b.upstream_failed"),
        changes=(SettingChange("pool", "etl", "delete_pool"),),
        components_down=("scheduler", "triggerer"),
        import_error="ModuleNotFoundError: No module named 'shop'",
        dag_stale=True,
    )
    assert service.diagnose(text, facts).label == service.diagnose(text).label == "missing_table_or_column"


def test_secrets_in_circumstances_are_masked():
    facts = TryFacts(**TRY, source_change=SourceChange(1, 2, diff='+conn = "postgresql://shop:Geh31m@db/x"'))
    assert "Geh31m" not in repr(service.diagnose("KeyError: 'a'", facts))


def test_a_try_that_waits_is_told_apart_from_one_that_ran():
    waiting = TryFacts(**{**TRY, "state": "queued", "start_date": None}, queued_seconds=900.0)
    assert service.diagnose("", waiting).label == "executor_failure"
    ran = TryFacts(**TRY, queued_seconds=900.0)
    assert service.diagnose("", ran).label == "unknown"


def test_typed_facts_and_their_json_form_give_the_same_answer():
    facts = TryFacts(
        **{**TRY, "state": "upstream_failed"}, upstream=(("extract", "failed"),), siblings=("orders.extract",)
    )
    assert service.diagnose("", facts) == service.diagnose("", service.facts_to_mapping(facts))
