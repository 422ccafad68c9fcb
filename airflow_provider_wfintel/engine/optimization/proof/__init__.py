"""Proof that an order is needed, or that it is not, and that a rewrite keeps what is needed."""
