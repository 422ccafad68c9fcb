RECIPE = {
    "description": "Turn texts into vectors with OpenAI.",
    "decorator": "task",
    "actions": ["transform", "extract"],
    "services": ["openai"],
    "connections": {"conn_id": "openai_default"},
    "distribution": "apache-airflow-providers-openai",
}


def embed_texts(
    texts: list, model: str = "text-embedding-3-small", conn_id: str = "openai_default"
) -> list[dict]:
    """Return `id`, `text` and `vector` for each of `texts` (texts, or records with a `text`)."""
    from airflow.providers.openai.hooks.openai import OpenAIHook

    plain = [item.get("text", "") if isinstance(item, dict) else str(item) for item in texts]
    hook = OpenAIHook(conn_id=conn_id)
    vectors: list[list[float]] = []
    for start in range(0, len(plain), 100):
        found = hook.create_embeddings(plain[start : start + 100], model=model)
        # A batch of one text comes back as one bare vector.
        vectors.extend(found if found and isinstance(found[0], list) else [found])
    ids = [str(item.get("id", n)) if isinstance(item, dict) else str(n) for n, item in enumerate(texts)]
    return [{"id": i, "text": t, "vector": v} for i, t, v in zip(ids, plain, vectors, strict=True)]
