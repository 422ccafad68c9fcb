"""The demo: a work folder, local services, a real Airflow as child processes, three DAGs from three descriptions."""
