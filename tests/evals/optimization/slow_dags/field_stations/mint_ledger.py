"""Ledger of the mint, from a dict of configs; the stocktaking is an old shell script."""
from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib

JOBS = {
    "ingots": {"steps": ["copy", "clean"], "seconds": {"copy": 6, "clean": 2}},
    "blanks": {"steps": ["copy", "clean", "count"], "seconds": {"copy": 4, "clean": 3, "count": 3}},
    "dies": {"steps": ["copy"], "seconds": {"copy": 5}},
    "medals": {"steps": ["copy", "clean"], "seconds": {"copy": 3, "clean": 5}},
}
STATEMENTS = {
    "clean": "CREATE TABLE clean_{job} AS SELECT DISTINCT * FROM raw_{job}",
    "count": "CREATE TABLE count_{job} AS SELECT COUNT(*) FROM clean_{job}",
}


def run_step(job, step, **_):
    config = JOBS[job]
    seconds = config["seconds"][step]
    if step == "copy":
        etl_lib.extract(job, seconds=seconds)
    else:
        etl_lib.run_sql(STATEMENTS[step].format(job=job), seconds)


def ledger(**context):
    etl_lib.transform("ledger", ["clean_ingots", "count_blanks", "raw_dies"], seconds=context["params"]["pause"])


def gazette():
    etl_lib.transform("gazette", ["clean_medals"], seconds=4)


with DAG("mint_ledger", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, params={"pause": 3}) as dag:
    tasks = {}
    for job, config in JOBS.items():
        for step in config["steps"]:
            tasks[job, step] = PythonOperator(
                task_id=f"{step}_{job}", python_callable=run_step, op_kwargs={"job": job, "step": step}
            )

    *_, before_last, last = tasks.values()
    ordered = list(tasks.values())
    for one, two in zip(ordered[:-1], ordered[1:]):
        one.set_downstream(two)

    stock = BashOperator(task_id="stocktaking", bash_command="sleep 2; echo stock is taken")
    book = PythonOperator(task_id="ledger", python_callable=ledger)
    print_gazette = PythonOperator(task_id="gazette", python_callable=gazette)
    last >> stock >> book >> print_gazette
