from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

ESTATES = {"hillside": (5, 2), "river": (3, 4), "old_wall": (3, 2), "chapel": (2, 3), "terrace": (4, 2), "north": (3, 2)}


def estate(name, weigh, press):
    etl_lib.extract(f"grapes_{name}", seconds=weigh)
    etl_lib.run_sql(f"CREATE TABLE must_{name} AS SELECT * FROM raw_grapes_{name}", seconds=press)


def red():
    etl_lib.run_sql("CREATE TABLE blend_hillside_chapel AS SELECT * FROM must_hillside JOIN must_chapel USING (vintage)", seconds=4)
    etl_lib.transform("reserve", ["blend_hillside_chapel"], seconds=2)


with DAG("vineyard_press_expert", schedule=None, start_date=datetime(2025, 9, 1), catchup=False) as dag:
    made = {name: PythonOperator(task_id=name, python_callable=estate, op_args=[name, *times]) for name, times in ESTATES.items()}
    blend_red = PythonOperator(task_id="blend_red", python_callable=red)
    white = PythonOperator(task_id="blend_white", python_callable=etl_lib.run_sql, op_args=["CREATE TABLE blend_river_north AS SELECT * FROM must_river JOIN must_north USING (vintage)", 3])
    [made["hillside"], made["chapel"]] >> blend_red
    [made["river"], made["north"]] >> white
