RECIPE = {
    "description": "Write vectors to a Qdrant collection.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["qdrant"],
    "connections": {"conn_id": "qdrant_default"},
    "distribution": "apache-airflow-providers-qdrant",
}


def upsert_qdrant(rows: list[dict], collection: str, conn_id: str = "qdrant_default") -> int:
    """Write records with `id`, `vector` and further fields as payload, and return how many."""
    from uuid import NAMESPACE_URL, uuid5

    from airflow.providers.qdrant.hooks.qdrant import QdrantHook

    if rows is None:
        raise ValueError(f"no rows are given for {collection}: connect the task that has them")
    # Qdrant wants UUIDs; the same id always gives the same one, so a second run replaces.
    ids = [str(uuid5(NAMESPACE_URL, f"{collection}/{row['id']}")) for row in rows]
    payloads = [{key: value for key, value in row.items() if key != "vector"} for row in rows]
    client = QdrantHook(conn_id=conn_id).get_conn()
    client.upload_collection(collection, vectors=[row["vector"] for row in rows], ids=ids, payload=payloads)
    return len(rows)
