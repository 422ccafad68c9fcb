"""Use cases of monitoring, one module for each question."""
