"""The museum's catalogue: photographs, texts and loans of each collection."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain, cross_downstream

import etl_lib

COLLECTIONS = {"coins": (2, 9), "maps": (9, 2), "vases": (4, 7), "prints": (7, 3)}


def _operator(verb, collection, **kwargs):
    return PythonOperator(task_id=f"{verb}_{collection}", **kwargs)


with DAG(
    "museum_catalogue",
    description="Nightly",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
) as dag:
    scans, texts, pages = [], [], []
    for collection, (scan_s, text_s) in COLLECTIONS.items():
        scans.append(_operator("scan", collection, python_callable=etl_lib.produce, op_args=[f"scan_{collection}"], op_kwargs={"took": scan_s}))
        texts.append(
            _operator(
                "describe",
                collection,
                python_callable=etl_lib.produce,
                op_args=(f"text_{collection}", f"scan_{collection}"),
                op_kwargs=dict(took=text_s),
            )
        )
        pages.append(
            _operator(
                "page",
                collection,
                python_callable=etl_lib.produce,
                op_args=[f"page_{collection}", f"scan_{collection}", f"text_{collection}"],
                op_kwargs={"took": 2},
            )
        )
    index = PythonOperator(task_id="index", python_callable=etl_lib.produce, op_args=["index"] + [f"page_{c}" for c in COLLECTIONS])
    cross_downstream(scans, texts)
    cross_downstream(texts, pages)
    chain(pages, index)
