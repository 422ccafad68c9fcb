"""Use cases: one module per verb, wiring the engines to store and host."""
