"""Changes of source text that a failure asks for. Each takes source and evidence and gives the new source, or None."""
