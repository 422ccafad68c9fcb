RECIPE = {
    "description": "Index records in Elasticsearch.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["elasticsearch"],
    "connections": {"conn_id": "elasticsearch_default"},
    "distribution": "apache-airflow-providers-elasticsearch",
}


def index_documents(
    rows: list[dict], index: str, conn_id: str = "elasticsearch_default", id_key: str = ""
) -> int:
    """Index `rows`, overwriting documents whose `id_key` is known, and return how many."""
    from airflow.providers.elasticsearch.hooks.elasticsearch import ElasticsearchPythonHook
    from airflow.sdk import BaseHook

    connection = BaseHook.get_connection(conn_id)
    address = f"{connection.schema or 'http'}://{connection.host}:{connection.port or 9200}"
    login = {"basic_auth": (connection.login, connection.password)} if connection.login else {}
    client = ElasticsearchPythonHook(hosts=[address], es_conn_args=login).get_conn  # a property
    operations: list[dict] = []
    for row in rows:
        target = {"_index": index, **({"_id": row[id_key]} if id_key and id_key in row else {})}
        operations += [{"index": target}, row]
    if operations and client.bulk(operations=operations)["errors"]:
        raise RuntimeError(f"Elasticsearch refused some of {len(rows)} documents for {index}")
    return len(rows)
