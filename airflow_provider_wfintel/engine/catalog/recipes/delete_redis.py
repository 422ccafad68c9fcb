RECIPE = {
    "description": "Delete a Redis key, or all keys that match a pattern.",
    "decorator": "task",
    "actions": ["delete"],
    "services": ["redis"],
    "connections": {"conn_id": "redis_default"},
    "distribution": "apache-airflow-providers-redis",
}


def delete_redis(key: str, conn_id: str = "redis_default") -> int:
    """Delete `key`, which may hold `*`, and return how many keys are gone."""
    from airflow.providers.redis.hooks.redis import RedisHook

    client = RedisHook(redis_conn_id=conn_id).get_conn()
    # A scan does not block the server as KEYS would.
    found = list(client.scan_iter(match=key, count=500)) if "*" in key else [key]
    return sum(client.delete(*found[start : start + 500]) for start in range(0, len(found), 500))
