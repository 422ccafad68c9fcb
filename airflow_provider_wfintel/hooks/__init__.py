"""Hooks for DAG authors: `airflow_provider_wfintel.hooks.wfintel.WfIntelHook`."""
