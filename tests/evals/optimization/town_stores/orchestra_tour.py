"""The orchestra's tour: halls, tickets, travel. Few slots, and the longest job is written last."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain

import etl_lib

CITIES = "bonn ghent lyon turin graz brno lodz turku".split()

with DAG("orchestra_tour", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=3) as dag:
    halls = [
        PythonOperator(task_id=f"hall_{city}", python_callable=etl_lib.extract, op_kwargs=dict(source=f"hall_{city}", seconds=3)) for city in CITIES
    ]
    scores = PythonOperator(task_id="scores", python_callable=etl_lib.extract, op_args=["scores"], op_kwargs={"seconds": 18})
    parts = PythonOperator(task_id="parts", python_callable=etl_lib.transform, op_args=["parts", ["raw_scores"]], op_kwargs={"seconds": 5})
    seats = {
        city: PythonOperator(
            task_id=f"seats_{city}", python_callable=etl_lib.transform, op_args=[f"seats_{city}", [f"raw_hall_{city}"]], op_kwargs={"seconds": 1}
        )
        for city in CITIES
    }
    programme = PythonOperator(
        task_id="programme",
        python_callable=etl_lib.transform,
        op_args=["programme"],
        op_kwargs={"inputs": ["parts"] + ["seats_" + city for city in CITIES], "seconds": 2},
    )
    for city in CITIES:
        chain(halls, seats[city])
    list(seats.values()) >> scores
    chain(scores, parts, programme)
