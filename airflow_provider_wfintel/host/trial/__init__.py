"""Stand-ins for outside services. Loaded only in the child of `host.dag_run`; most of it patches libraries there."""
