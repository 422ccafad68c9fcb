"""The pure engines: no Airflow, no database, no web. They run in any Python."""
