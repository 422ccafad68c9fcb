"""Rewrites of a DAG file, one per module."""
