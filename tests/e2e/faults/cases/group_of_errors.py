"""Asynchronous tasks fail as a group."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_file_or_partition",),
    "evidence": "No such file or directory",
    "acceptable": ("wait_upstream_data",),
    "harmful": (),
}


@dag(schedule=None)
def group_of_errors():
    @task
    def job():
        import asyncio

        async def read(region):
            with open(f"/nonexistent/{region}.csv") as stream:
                return stream.read()

        async def read_all():
            return await asyncio.gather(*(read(region) for region in ("north", "south")))

        return asyncio.run(read_all())

    job()


group_of_errors()
