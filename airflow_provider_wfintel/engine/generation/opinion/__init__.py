"""A second opinion: somebody else's reading of the same text as a `WorkflowSpec`, and where the two readings differ."""
