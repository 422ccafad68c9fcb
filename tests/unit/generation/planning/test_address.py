"""An address that is loaded into a table or a store is read first, though no service is named for it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.service import generate


def test_an_address_that_is_loaded_into_a_table_is_fetched_first() -> None:
    spec = generate("Hourly load the JSON from https://api.plum.example/users.json into the DynamoDB table users.").spec
    assert [task.services[0] for task in spec.tasks] == ["http", "amazon_dynamodb"]
    assert spec.tasks[1].operator.recipe == "put_dynamodb_items"
    assert [(edge.upstream, edge.downstream) for edge in spec.dependencies] == [
        (spec.tasks[0].task_id, spec.tasks[1].task_id)
    ]


def test_documents_of_elasticsearch_are_read_over_the_host_of_the_connection() -> None:
    answer = generate("Hourly query the Elasticsearch index app-logs (connection es_logs).")
    assert answer.spec.tasks[0].operator.recipe == "search_elasticsearch"
    assert not answer.spec.params
    assert "es_logs" in answer.source
