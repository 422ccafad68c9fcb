"""The generator: a description in words becomes a WorkflowSpec and a DAG file. Front door: `service`."""
