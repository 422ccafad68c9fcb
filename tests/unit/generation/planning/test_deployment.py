"""What the deployment has shapes the DAG, and the answer says what was taken from where."""

from __future__ import annotations

import ast
from typing import Any

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.model import ContextUse, DeploymentContext, HouseStyle, Preference

SQL = "Run `select 1` in Postgres every day at 6."
ORDERS = "Every day at 6 load the file s3://in/orders.csv into the warehouse table raw.orders."


def _warned(answer: Any, about: str) -> list[str]:
    return [item.text for item in answer.warnings if item.about == about]


class TestSchedule:
    def test_without_a_zone_in_the_words_the_deployment_decides(self, plan: Any) -> None:
        answer = plan(SQL, DeploymentContext(timezone="Asia/Tokyo"))
        assert answer.spec.schedule.timezone == "Asia/Tokyo"
        assert ContextUse("timezone", "Asia/Tokyo", "default time zone") in answer.taken
        assert not any(item.about == "timezone" for item in answer.assumptions)

    def test_a_zone_in_the_words_stays(self, plan: Any) -> None:
        answer = plan(
            "Run `select 1` in Postgres every day at 6 Europe/Paris.", DeploymentContext(timezone="Asia/Tokyo")
        )
        assert answer.spec.schedule.timezone == "Europe/Paris"
        assert not answer.taken

    def test_an_asset_that_is_only_named_is_the_one_that_is_known(self, plan: Any) -> None:
        answer = plan(
            "When the asset `orders` is updated, run `select 1` in Postgres.",
            DeploymentContext(assets=("s3://lake/orders", "s3://lake/clicks")),
        )
        assert answer.spec.schedule.assets.uris == ("s3://lake/orders",)

    def test_an_asset_that_nobody_publishes_is_warned_of(self, plan: Any) -> None:
        answer = plan(
            "When the asset `s3://lake/visits` is updated, run `select 1` in Postgres.",
            DeploymentContext(assets=("s3://lake/visit",)),
        )
        (text,) = _warned(answer, "asset")
        assert "Is 's3://lake/visit' meant?" in text


class TestConnections:
    def test_several_that_fit_are_a_question_with_options(self, plan: Any) -> None:
        answer = plan(SQL, DeploymentContext(connections=(("one", "postgres"), ("two", "postgres"))))
        (question,) = [item for item in answer.clarifications if item.about == "connection"]
        assert question.options == ("one", "two")

    def test_a_stated_one_that_does_not_exist_is_warned_of(self, plan: Any) -> None:
        context = DeploymentContext(connections=(("finance_db", "postgres"),))
        answer = plan("Run `select 1` in Postgres with the connection finanz_db every day at 6.", context)
        assert _warned(answer, "connection") == [
            "The connection 'finanz_db' does not exist here. Is 'finance_db' meant?"
        ]

    def test_what_people_chose_before_comes_first(self, plan: Any) -> None:
        context = DeploymentContext(
            connections=(("one", "postgres"), ("two", "postgres")),
            preferences=(Preference("postgres", "query", connection_id="two", weight=0.75),),
        )
        answer = plan(SQL, context)
        assert answer.spec.tasks[0].argument("conn_id").value.value == "two"
        assert ContextUse("connection", "two", "corrections") in answer.taken


class TestPreferences:
    API = "airflow.providers.snowflake.operators.snowflake:SnowflakeSqlApiOperator"
    EXECUTE = "airflow.providers.common.sql.operators.sql:SQLExecuteQueryOperator"

    def test_an_operator_that_people_prefer_is_taken(self, plan: Any) -> None:
        text = "Run `select 1` in Snowflake every day at 6."
        assert plan(text).spec.tasks[0].operator.path == self.EXECUTE
        votes = (
            Preference("snowflake", "trigger", self.API, weight=0.8),
            Preference("snowflake", "trigger", self.EXECUTE, weight=0.2),
        )
        answer = plan(text, DeploymentContext(preferences=votes))
        assert answer.spec.tasks[0].operator.path == self.API
        assert ContextUse("operator", self.API, "corrections") in answer.taken

    def test_votes_on_another_service_do_not_count(self, plan: Any) -> None:
        votes = (Preference("snowflake", "trigger", self.API, weight=0.9),)
        assert plan(SQL, DeploymentContext(preferences=votes)).spec.tasks[0].operator.path == self.EXECUTE


class TestWarehouse:
    def test_the_only_one_of_the_deployment_is_meant(self, plan: Any) -> None:
        answer = plan(ORDERS, DeploymentContext(connections=(("dwh", "snowflake"), ("app", "postgres"))))
        assert "snowflake" in answer.spec.tasks[-1].services
        assert ContextUse("warehouse", "snowflake", "connection dwh") in answer.taken

    def test_a_database_that_is_called_one_counts(self, plan: Any) -> None:
        answer = plan(ORDERS, DeploymentContext(connections=(("dwh_main", "postgres"), ("app", "postgres"))))
        assert "postgres" in answer.spec.tasks[-1].services

    def test_the_one_that_the_words_name_comes_first(self, plan: Any) -> None:
        text = (
            "Every day at 6 copy public.orders from Postgres to the Redshift table raw.orders, "
            "then run `analyze raw.orders` in the warehouse."
        )
        answer = plan(text, DeploymentContext(connections=(("dwh", "snowflake"),)))
        assert "amazon_redshift" in answer.spec.tasks[-1].services

    def test_of_two_none_is_guessed(self, plan: Any) -> None:
        context = DeploymentContext(connections=(("dwh", "snowflake"), ("bq", "gcpbigquery")))
        services = {name for task in plan(ORDERS, context).spec.tasks for name in task.services}
        assert not services & {"snowflake", "google_bigquery"}


class TestNames:
    def test_other_dags_pools_and_providers_that_are_not_there(self, plan: Any) -> None:
        context = DeploymentContext(
            pools=(("etl", 4),), dag_ids=("daily_load",), providers=("apache-airflow-providers-standard",)
        )
        answer = plan(
            "Every day at 6 run `select 1` in Postgres in the pool etl_big, then trigger the DAG dayly_load.", context
        )
        assert "'etl_big'" in _warned(answer, "pool")[0]
        assert _warned(answer, "dag_id") == ["The DAG 'dayly_load' does not exist here. Is 'daily_load' meant?"]
        assert "apache-airflow-providers-common-sql" in _warned(answer, "providers")[0]

    def test_a_dag_id_that_is_taken_gets_a_number_and_a_warning(self, plan: Any) -> None:
        taken = plan(SQL).spec.dag_id
        answer = plan(SQL, DeploymentContext(dag_ids=(taken,)))
        assert answer.spec.dag_id == f"{taken}_2"
        assert taken in _warned(answer, "dag_id")[0]


class TestStyle:
    STYLE = HouseStyle(
        dags=9, owner="data-eng", tags=("sales",), retries=2, retry_delay_seconds=300.0, prefix="dwh_", decorated=True
    )

    def test_the_file_looks_like_those_of_the_house(self, plan: Any) -> None:
        answer = plan(SQL, DeploymentContext(style=self.STYLE))
        assert answer.spec.dag_id.startswith("dwh_")
        assert (answer.spec.owner, answer.spec.retry.retries, answer.spec.retry.delay_seconds) == ("data-eng", 2, 300.0)
        assert "sales" in answer.spec.tags
        assert {"owner", "tag", "retries", "dag_id", "layout"} <= {item.about for item in answer.taken}

    def test_a_decorated_file_passes_all_checks(self, plan: Any) -> None:
        source = plan(SQL, DeploymentContext(style=self.STYLE)).source
        tree = ast.parse(source)
        assert any(isinstance(node, ast.FunctionDef) and node.name.startswith("dwh_") for node in tree.body)
        assert check_source(source).ok

    def test_what_the_words_say_comes_first(self, plan: Any) -> None:
        answer = plan(
            "DAG id: nightly_check. Run `select 1` in Postgres every day at 6. Retry 5 times, one minute apart.",
            DeploymentContext(style=self.STYLE),
        )
        assert answer.spec.dag_id == "nightly_check"
        assert answer.spec.retry.retries == 5
