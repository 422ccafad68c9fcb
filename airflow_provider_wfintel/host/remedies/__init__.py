"""Remedies against a running Airflow: its public REST API, called with the rights of whoever asks for the remedy."""
