RECIPE = {
    "description": "Read documents from a MongoDB collection.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["mongodb"],
    "connections": {"conn_id": "mongo_default"},
    "distribution": "apache-airflow-providers-mongo",
}


def find_mongo(
    collection: str,
    database: str | None = None,
    query: dict | None = None,
    conn_id: str = "mongo_default",
    limit: int = 10000,
) -> list[dict]:
    """Return the documents that match `query`; more than `limit` is an error: results travel as XCom."""
    import json

    from airflow.providers.mongo.hooks.mongo import MongoHook

    with MongoHook(mongo_conn_id=conn_id) as hook:
        found = list(hook.find(collection, query or {}, mongo_db=database).limit(limit + 1))
    if len(found) > limit:
        raise ValueError(f"more than {limit} documents in {collection}: narrow the query")
    # XCom holds JSON: object ids and dates become text.
    return json.loads(json.dumps(found, default=str))
