"""Templates in the user's words: dates and ids of the run are filled in, anything else in braces stays text."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.planning.live import is_live
from airflow_provider_wfintel.engine.generation.service import generate


def warnings(text):
    return [item.text for item in generate(text).warnings if item.about == "template"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ds }}",
        "clicks-{{ ds_nodash }}",
        "{{ logical_date.strftime('%Y/%m') }}/{{ data_interval_end | ds }}",
        "{{ macros.ds_add(ds, -7) }}",
    ],
)
def test_dates_and_ids_of_the_run_are_live(text):
    assert is_live(text)


@pytest.mark.parametrize(
    "text",
    [
        "no braces",
        "{{ var.value.token }}",
        "{{ conn.shop.password }}",
        "{% for x in y %}{{ ds }}{% endfor %}",
        "{{ ds }} {{",
        "{{ ds.__class__ }}",
        "{{ macros.os.system('x') }}",
        "{{.Names}}",
    ],
)
def test_everything_else_is_text(text):
    assert not is_live(text)


def test_a_date_inside_a_longer_statement_is_filled_in():
    source = generate("Daily run `SELECT id FROM visits WHERE day = '{{ ds }}'` in Postgres.").source
    assert "WHERE day = '{{ ds }}'\"" in source
    assert "raw" not in source


def test_a_date_inside_an_address_is_filled_in_and_the_address_is_whole():
    source = generate("Every day post the state to https://api.example.com/days/{{ ds }}/state.").source
    assert '"/days/{{ ds }}/state"' in source


@pytest.mark.parametrize("topic", ['topic "visits-{{ ds }}"', "topic visits-{{ ds }}"])
def test_a_date_inside_a_name_is_filled_in_for_a_taskflow_function(topic):
    assert 'topic="visits-{{ ds }}"' in generate(f"Every day read the Kafka {topic}.").source


def test_braces_of_other_programs_stay_as_they_are_beside_a_date():
    source = generate("Daily run `report.sh --day {{ ds }} --format {{.Names}}`.").source
    assert '"report.sh --day {{ ds }} --format {% raw %}{{.Names}}{% endraw %}"' in source


def test_secrets_of_airflow_are_not_filled_in_and_that_is_said():
    text = "Daily run `report.sh --token {{ var.value.report_token }}`."
    assert "{% raw %}report.sh --token {{ var.value.report_token }}{% endraw %}" in generate(text).source
    assert any("only dates and ids of the run" in item for item in warnings(text))


def test_a_variable_that_airflow_3_lacks_is_replaced_with_a_warning():
    text = "Daily run `report.sh {{ next_ds }} {{ yesterday_ds }}`."
    assert '"report.sh {{ data_interval_end | ds }} {{ macros.ds_add(ds, -1) }}"' in generate(text).source
    assert len(warnings(text)) == 2


def test_a_date_in_a_run_that_may_have_none_is_a_warning():
    text = "When the asset s3://lake/visits.csv is updated, run `report.sh {{ ds }}`."
    assert any("dag_run.run_after" in item for item in warnings(text))
    assert warnings("Every day run `report.sh {{ ds }}`.") == []


def test_what_the_product_writes_itself_needs_no_logical_date():
    started_by_an_asset = generate(
        "When the asset s3://lake/visits.csv is updated, query `SELECT 1` in Postgres, "
        "store the result in the S3 bucket out and send a Slack message to #ops."
    ).source
    assert "{{ ds }}" not in started_by_an_asset
    assert "run {{ run_id }}" in started_by_an_asset
