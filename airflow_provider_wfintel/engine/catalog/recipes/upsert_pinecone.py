RECIPE = {
    "description": "Write vectors to a Pinecone index.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["pinecone"],
    "connections": {"conn_id": "pinecone_default"},
    "distribution": "apache-airflow-providers-pinecone",
}


def upsert_pinecone(
    rows: list[dict], index: str, namespace: str = "", conn_id: str = "pinecone_default"
) -> int:
    """Write records with `id`, `vector` and further fields as metadata, and return how many."""
    from airflow.providers.pinecone.hooks.pinecone import PineconeHook

    vectors = [
        {
            "id": str(row["id"]),
            "values": row["vector"],
            "metadata": {k: v for k, v in row.items() if k != "vector"},
        }
        for row in rows
    ]
    PineconeHook(conn_id=conn_id).upsert(
        index_name=index, vectors=vectors, namespace=namespace, batch_size=100
    )
    return len(vectors)
