"""Patterns: a template with values becomes a description and a DAG; a DAG is recognised as a pattern."""
