"""Operators for DAG authors: `airflow_provider_wfintel.operators.generate.GenerateDagOperator`."""
