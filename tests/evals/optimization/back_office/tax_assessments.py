"""Tax assessments: SQL with Jinja, names handed on by XCom."""
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

from etl_lib import Source, execute

OFFICES = ["n1", "n2", "s1", "s2", "w1"]
LOAD = "INSERT INTO assess_{office} SELECT * FROM {{{{ ti.xcom_pull(task_ids='pull_{office}') }}}} /* {{{{ ds }}}} */"


def pull(office):
    return Source("fin", 4).pull(office)


def merge(**context):
    names = ["assess_" + office for office in context["params"]["offices"]]
    execute("CREATE TABLE assessments AS SELECT * FROM " + " JOIN ".join(names), 4)


with DAG(
    "tax_assessments",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
    dagrun_timeout=timedelta(hours=2),
    default_args={"owner": "revenue", "depends_on_past": False, "email_on_failure": False},
) as dag:
    done = []
    for office in OFFICES:
        get = PythonOperator(task_id=f"pull_{office}", python_callable=pull, op_args=[office])
        put = PythonOperator(task_id=f"assess_{office}", python_callable=execute, op_args=[LOAD.format(office=office), 3])
        get >> put
        if done:
            done[-1] >> get
        done.append(put)
    merged = PythonOperator(task_id="merge", python_callable=merge, params={"offices": OFFICES})
    dunning = PythonOperator(
        task_id="dunning",
        python_callable=execute,
        op_kwargs={"sql": "INSERT INTO dunning SELECT * FROM assess_n1 UNION ALL SELECT * FROM assess_s1", "took": 5},
    )
    done[-1] >> merged >> dunning
