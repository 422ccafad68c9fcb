"""Reading: text → entities → clauses → steps, each a frozen value with the words behind it."""
