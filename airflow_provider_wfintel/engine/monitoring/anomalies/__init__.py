"""Streaming detection of unusual runs. See `stream` and, for callers, `engine.monitoring.service`."""
