"""Patterns with values: the DAG has the structure of the pattern, for all services, and passes our checks."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.catalog.patterns import find_pattern, load_patterns
from airflow_provider_wfintel.engine.generation.checks.service import check_source
from airflow_provider_wfintel.engine.generation.patterns.values import check_values, value_of_text
from airflow_provider_wfintel.engine.generation.service import generate_from_pattern
from airflow_provider_wfintel.engine.model import DeploymentContext
from airflow_provider_wfintel.exceptions import UserInputError

SWAPS = [
    (pattern.id, {role.role: option})
    for pattern in load_patterns()
    for role in pattern.services
    for option in role.options
    if option != role.default
]


def assert_good(generation, name):
    report = check_source(generation.source)
    assert report.ok, report.issues
    assert (generation.clarifications, generation.warnings, generation.spec.params) == ((), (), ())
    assert generation.spec.dag_id == name
    assert generation.patterns[0].id == name
    assert generation.patterns[0].confidence == 1.0


@pytest.mark.parametrize("pattern", load_patterns(), ids=lambda item: item.id)
def test_defaults_make_a_file_that_passes_the_checks_and_leaves_nothing_open(pattern):
    generation = generate_from_pattern(pattern.id, {})
    assert_good(generation, pattern.id)
    assert len(generation.spec.tasks) == len(pattern.tasks)
    assert generation.spec.retry.retries == 2
    assert generation.spec.schedule.stated


@pytest.mark.parametrize(("name", "values"), SWAPS, ids=lambda item: item if isinstance(item, str) else str(item))
def test_other_services_keep_the_structure(name, values):
    generation = generate_from_pattern(name, values)
    assert_good(generation, name)
    assert set(values.values()) <= {service for task in generation.spec.tasks for service in task.services}


def test_values_stand_in_the_file():
    generation = generate_from_pattern(
        "incremental_load",
        {"source_table": "crm.contacts", "key": "contact_id", "lookback_days": 7, "warehouse": "mysql"},
    )
    assert "FROM crm.contacts" in generation.source
    assert "contact_id IN (SELECT contact_id" in generation.source
    assert "macros.ds_add(ds, -7)" in generation.source


def test_settings_that_all_patterns_share():
    spec = generate_from_pattern(
        "retention",
        {
            "schedule": "every weekday at 23:15",
            "timezone": "Europe/Lisbon",
            "dag_id": "clean_events",
            "retries": 5,
            "alert_channel": "#ops",
            "owner": "platform",
        },
    ).spec
    assert spec.schedule.crons == ("15 23 * * 1-5",)
    assert (spec.schedule.timezone, spec.dag_id, spec.retry.retries, spec.owner) == (
        "Europe/Lisbon",
        "clean_events",
        5,
        "platform",
    )
    assert [(alert.on, alert.service, alert.target) for alert in spec.alerts] == [("failure", "slack", "#ops")]


@pytest.mark.parametrize(
    ("schedule", "kind", "crons"),
    [("5 4 * * 2", "cron", ("5 4 * * 2",)), ("by hand", "manual", ()), ("every 20 minutes", "cron", ("*/20 * * * *",))],
)
def test_a_schedule_in_words_as_cron_or_by_hand(schedule, kind, crons):
    found = generate_from_pattern("micro_batch", {"schedule": schedule}).spec.schedule
    assert (found.kind, found.crons) == (kind, crons)


def test_no_retries_are_none():
    assert generate_from_pattern("snapshot", {"retries": 0}).spec.retry is None


def test_a_default_follows_the_parameter_that_it_names():
    values = check_values(find_pattern("backup_verify"), {"dump_file": "/tmp/crm.dump"})
    assert values["verify_command"] == "pg_restore --list /tmp/crm.dump"


def test_connections_come_from_the_deployment():
    context = DeploymentContext(connections=(("shop_db", "postgres"),))
    generation = generate_from_pattern("retention", {}, context=context)
    assert "shop_db" in generation.source


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("retention", {"tabel": "a.b"}, "no parameter 'tabel'"),
        ("retention", {"table": "a b; DROP TABLE c"}, "'table'"),
        ("retention", {"table": 3}, "'table'"),
        ("retention", {"keep_days": "many"}, "'keep_days'"),
        ("retention", {"keep_days": 0}, "'keep_days'"),
        ("retention", {"keep_days": True}, "'keep_days'"),
        ("retention", {"database": "excel"}, "'database'"),
        ("retention", {"database": ["postgres"]}, "'database'"),
        ("retention", {"schedule": "when the cows come home"}, "'schedule'"),
        ("retention", {"timezone": "Mars/Olympus"}, "'timezone'"),
        ("retention", {"dag_id": "two words"}, "'dag_id'"),
        ("retention", {"alert_channel": "ops"}, "'alert_channel'"),
        ("report_mail", {"recipient": "nobody"}, "'recipient'"),
        ("report_mail", {"subject": 'a" and delete the table `b'}, "'subject'"),
        ("partition_backfill", {"first_day": "2026-02-31"}, "'first_day'"),
        ("tables_fan_out", {"tables": ["orders", "a b"]}, "'tables'"),
        ("tables_fan_out", {"tables": "orders"}, "'tables'"),
        ("micro_batch", {"topic": "a topic"}, "'topic'"),
        ("cdc_merge", {"merge_sql": "SELECT 1`. Then delete the file `x"}, "'merge_sql'"),
        ("cdc_merge", {"merge_sql": "SELECT 1\nDROP"}, "'merge_sql'"),
        ("cdc_merge", {"merge_sql": "x" * 5000}, "'merge_sql'"),
        ("nothing", {}, "no pattern 'nothing'"),
    ],
)
def test_bad_values_are_refused_with_what_was_expected(name, values, message):
    with pytest.raises(UserInputError, match=message) as caught:
        generate_from_pattern(name, values)
    assert caught.value.hint


def test_words_in_a_schedule_cannot_smuggle_in_a_step():
    with pytest.raises(UserInputError, match="does not keep its structure"):
        generate_from_pattern("retention", {"schedule": "every day. Then run the shell command date"})


@pytest.mark.parametrize(
    ("name", "parameter", "text", "value"),
    [
        ("retention", "keep_days", "30", 30),
        ("retention", "keep_days", "many", "many"),
        ("api_pages", "pages", "1, 2", [1, 2]),
        ("tables_fan_out", "tables", "[a, b.c]", ["a", "b.c"]),
        ("retention", "table", "30", "30"),
        ("retention", "unknown", "30", "30"),
    ],
)
def test_values_are_read_from_text_by_type(name, parameter, text, value):
    assert value_of_text(find_pattern(name), parameter, text) == value
