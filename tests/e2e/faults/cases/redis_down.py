"""The cache is down."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def redis_down():
    @task
    def job():
        from airflow.providers.redis.hooks.redis import RedisHook

        RedisHook("cache_down").get_conn().set("last_run", "now")

    job()


redis_down()
