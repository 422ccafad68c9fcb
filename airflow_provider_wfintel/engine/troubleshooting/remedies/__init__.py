"""Remedies: what can be done about a failed try. One per file, all in `registry.REMEDIES`; a policy says which act."""
