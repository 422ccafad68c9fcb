RECIPE = {
    "description": "Write records and their vectors to a Weaviate collection.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["weaviate"],
    "connections": {"conn_id": "weaviate_default"},
    "distribution": "apache-airflow-providers-weaviate",
}


def upsert_weaviate(rows: list[dict], collection: str, conn_id: str = "weaviate_default") -> int:
    """Write `rows`, their `vector` as the vector and the other fields as properties, and return how many."""
    from airflow.providers.weaviate.hooks.weaviate import WeaviateHook

    if rows is None:
        raise ValueError(f"no rows are given for {collection}: connect the task that has them")
    # `id` must be a UUID in Weaviate; an id of our own is an ordinary property.
    data = [{("source_id" if key == "id" else key): value for key, value in row.items()} for row in rows]
    WeaviateHook(conn_id=conn_id).batch_data(collection, data, vector_col="vector")
    return len(data)
