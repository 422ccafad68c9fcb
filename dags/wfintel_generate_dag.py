"""A DAG that writes DAGs: start it by hand, say in the form what you need, and look at what it assumed."""

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_wfintel.operators.generate import GenerateDagOperator

with DAG(
    dag_id="wfintel_generate_dag",
    description="Write a DAG file for a description",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule=None,
    catchup=False,
    tags=["wfintel"],
    params={
        "description": Param(
            "Every day at 6:00 UTC run the shell command `date`.",
            type="string",
            minLength=10,
            description="What the new DAG should do, in words",
            format="multiline",
        ),
    },
    doc_md=__doc__,
):
    # The file goes to the folder of [wfintel] dags_save_folder, under the name of the new DAG.
    GenerateDagOperator(task_id="write_dag_file", text="{{ params.description }}")
