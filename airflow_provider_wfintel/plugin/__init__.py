"""The Airflow plugin: REST app, UI bundles and listener."""
