RECIPE = {
    "description": "Insert or replace documents in a MongoDB collection.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["mongodb"],
    "connections": {"conn_id": "mongo_default"},
    "distribution": "apache-airflow-providers-mongo",
}


def upsert_mongo(
    rows: list[dict],
    collection: str,
    database: str | None = None,
    conn_id: str = "mongo_default",
    key: str = "_id",
) -> int:
    """Write `rows`, replacing documents with the same `key`, and return how many."""
    from airflow.providers.mongo.hooks.mongo import MongoHook

    if rows is None:
        raise ValueError(f"no rows are given for {collection}: connect the task that has them")
    if not rows:
        return 0
    with MongoHook(mongo_conn_id=conn_id) as hook:
        keyed = [row for row in rows if key in row]
        if keyed:
            filters = [{key: row[key]} for row in keyed]
            hook.replace_many(collection, keyed, filter_docs=filters, mongo_db=database, upsert=True)
        new = [row for row in rows if key not in row]
        if new:
            hook.insert_many(collection, new, mongo_db=database)
    return len(rows)
