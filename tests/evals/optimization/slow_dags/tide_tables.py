"""Tide tables of six ports, one port after the other, because the first version had only one."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

PORTS = ["bergen", "cadiz", "dover", "esbjerg", "faro", "gdansk"]
SECONDS = dict(zip(PORTS, [6, 3, 8, 4, 5, 7]))

dag = DAG("tide_tables", schedule=None, start_date=datetime(2026, 1, 1), catchup=False)

start = EmptyOperator(task_id="start", dag=dag)
last = start
for port in PORTS:
    gauge = PythonOperator(
        task_id=f"read_gauge_{port}",
        python_callable=etl_lib.receive,
        op_kwargs={"source": f"gauge_{port}", "wait": SECONDS[port]},
        dag=dag,
    )
    table = PythonOperator(
        task_id=f"tide_table_{port}",
        python_callable=etl_lib.derive,
        op_kwargs=dict(name=f"tides_{port}", takes=[f"in_gauge_{port}"], wait=2),
        dag=dag,
    )
    last.set_downstream(gauge)
    gauge.set_downstream(table)
    last = table

almanac = PythonOperator(
    task_id="almanac",
    python_callable=etl_lib.derive,
    op_args=["almanac", [f"tides_{port}" for port in PORTS]],
    op_kwargs={"wait": 4},
    dag=dag,
)
end = EmptyOperator(task_id="end", dag=dag)
last >> almanac >> end
