RECIPE = {
    "description": "Store an upstream result under a Redis key.",
    "decorator": "task",
    "actions": ["load"],
    "services": ["redis"],
    "connections": {"conn_id": "redis_default"},
    "distribution": "apache-airflow-providers-redis",
}


def set_redis(
    value: object, key: str, conn_id: str = "redis_default", expire_seconds: int | None = None
) -> str:
    """Store `value` as JSON under `key` and return the key."""
    import json

    from airflow.providers.redis.hooks.redis import RedisHook

    RedisHook(redis_conn_id=conn_id).get_conn().set(key, json.dumps(value, default=str), ex=expire_seconds)
    return key
