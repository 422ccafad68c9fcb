"""Pilot bills of every harbour, through a pool that was made for the old server."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

HARBOURS = ["aarhus", "bilbao", "calais", "dublin", "emden", "fowey", "genoa", "hull"]

with DAG("pilotage", schedule=None, start_date=datetime(2026, 1, 1), catchup=False) as dag:
    # The pool billing had one slot for the old server. The new one takes at most 4 sessions.
    bills = [
        PythonOperator(
            task_id=f"bill_{harbour}",
            python_callable=etl_lib.receive,
            op_args=[f"pilots_{harbour}"],
            op_kwargs={"wait": 6},
            pool="billing",
        )
        for harbour in HARBOURS
    ]
    total = PythonOperator(
        task_id="total",
        python_callable=etl_lib.derive,
        op_args=["total", [f"in_pilots_{harbour}" for harbour in HARBOURS]],
        op_kwargs={"wait": 2},
    )
    bills >> total
