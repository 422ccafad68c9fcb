"""A cache that is down is passed over; a bad value ends the task."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("type_conversion_error",),
    "evidence": "invalid literal for int()",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def handled_before():
    @task
    def job():
        import logging

        from airflow.providers.redis.hooks.redis import RedisHook

        log = logging.getLogger(__name__)
        try:
            RedisHook("cache_down").get_conn().get("rates")
        except OSError:
            log.exception("no cache, reading the table instead")
        except Exception:
            log.exception("the cache cannot be used, reading the table instead")
        return [int(value) for value in ("5", "7", "12 pcs")]

    job()


handled_before()
