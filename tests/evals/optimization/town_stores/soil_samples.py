"""Soil samples: spectra, humus, acidity. Stage after stage, as the laboratory does it."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, cross_downstream

import etl_lib

FIELDS = {
    "a1": {"spectrum": 9, "humus": 2, "acid": 3},
    "a2": {"spectrum": 3, "humus": 8, "acid": 2},
    "b1": {"spectrum": 2, "humus": 3, "acid": 9},
    "b2": {"spectrum": 5, "humus": 5, "acid": 4},
}


class Lab:
    """Makes the tasks of one field."""

    def __init__(self, field, seconds):
        self.field = field
        self.seconds = seconds

    def spectrum(self):
        return PythonOperator(
            task_id=f"{self.field}.spectrum",
            python_callable=etl_lib.extract,
            op_kwargs={"source": f"spectrum_{self.field}", "seconds": self.seconds["spectrum"]},
        )

    def humus(self):
        return PythonOperator(
            task_id=f"{self.field}.humus",
            python_callable=etl_lib.transform,
            op_kwargs=dict(name=f"humus_{self.field}", inputs=[f"raw_spectrum_{self.field}"], seconds=self.seconds["humus"]),
        )

    def acid(self):
        return PythonOperator(
            task_id=f"{self.field}.acid",
            python_callable=etl_lib.transform,
            op_kwargs=dict(name=f"acid_{self.field}", inputs=[f"humus_{self.field}"], seconds=self.seconds["acid"]),
        )


with DAG("soil_samples", schedule=None, start_date=datetime(2025, 1, 1), catchup=False):
    labs = [Lab(field, seconds) for field, seconds in FIELDS.items()]
    spectra = [lab.spectrum() for lab in labs]
    humus = [lab.humus() for lab in labs]
    acids = [lab.acid() for lab in labs]
    cross_downstream(spectra, humus)
    cross_downstream(humus, acids)
    map_ = PythonOperator(
        task_id="soil_map",
        python_callable=etl_lib.transform,
        op_args=["soil_map", [f"acid_{f}" for f in FIELDS]],
        op_kwargs={"seconds": 3},
    )
    acids >> map_
