"""Insurance claims: one pipeline per line of business, made from a configuration."""
from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain

import etl_lib

CONFIG = {
    "motor": {"source": "polaris", "extract": 6, "transform": 3, "load": 2},
    "home": {"source": "polaris", "extract": 4, "transform": 4, "load": 2},
    "travel": {"source": "globe", "extract": 3, "transform": 2, "load": 1},
    "health": {"source": "asclepius", "extract": 7, "transform": 5, "load": 3},
    "marine": {"source": "poseidon", "extract": 2, "transform": 2, "load": 1},
}


def extract(line, conf):
    etl_lib.produce(f"{conf['source']}_{line}", took=conf["extract"])


def transform(line, conf):
    etl_lib.produce(f"claims_{line}", f"{conf['source']}_{line}", took=conf["transform"])


def load(line, conf):
    sql = f"""
        -- newest state of each claim
        INSERT INTO dwh_{line}
        SELECT claim_id, MAX(state)
        FROM claims_{line}
        GROUP BY claim_id
    """
    etl_lib.Warehouse().run(sql, took=conf["load"])


def make_pipeline(line, conf):
    """Three tasks for a line of business."""
    steps = []
    for function in (extract, transform, load):
        steps.append(
            PythonOperator(
                task_id=f"{function.__name__}_{line}",
                python_callable=function,
                op_kwargs={"line": line, "conf": conf},
            )
        )
    return steps


with DAG(dag_id="claims_factory", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, default_args={"owner": "actuary"}) as dag:
    begin = EmptyOperator(task_id="begin")
    end = EmptyOperator(task_id="end")
    pipelines = [make_pipeline(line, conf) for line, conf in CONFIG.items()]
    flat = [step for pipeline in pipelines for step in pipeline]
    reserve = PythonOperator(
        task_id="reserve",
        python_callable=etl_lib.produce,
        op_args=["reserves", "dwh_motor", "dwh_home", "dwh_health"],
        op_kwargs={"took": 5},
    )
    chain(begin, *flat, reserve, end)
