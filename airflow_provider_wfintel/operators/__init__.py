"""Operators for DAG authors: `generate.GenerateDagOperator` and `diagnose.DiagnoseTaskOperator`."""
