RECIPE = {
    "description": "Read documents from an Elasticsearch index, over the host of a connection.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["elasticsearch"],
    "connections": {"conn_id": "elasticsearch_default"},
    "distribution": "apache-airflow-providers-elasticsearch",
}


def search_elasticsearch(
    index: str, filter: dict | None = None, conn_id: str = "elasticsearch_default", limit: int = 10000
) -> list[dict]:
    """Return the documents that match the query `filter`, all without one; more than `limit` is an error."""
    from airflow.providers.elasticsearch.hooks.elasticsearch import ElasticsearchPythonHook
    from airflow.sdk import BaseHook

    # The hook takes addresses only: they stand in the connection, with the login.
    connection = BaseHook.get_connection(conn_id)
    host = connection.host or ""
    if "://" not in host:
        host = f"{connection.schema or 'http'}://{host}:{connection.port or 9200}"
    login = {"basic_auth": (connection.login, connection.password)} if connection.login else {}
    hook = ElasticsearchPythonHook(hosts=[host], es_conn_args=login)
    found = hook.search(
        {"query": filter or {"match_all": {}}, "size": limit, "track_total_hits": True}, index=index
    )
    total = found["total"]["value"]
    if total > limit:
        raise ValueError(f"{total} documents of {index} match, more than {limit}: narrow the query")
    return [hit["_source"] for hit in found["hits"]]
