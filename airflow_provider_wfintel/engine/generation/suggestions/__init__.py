"""Next steps that would make a DAG better, each with the sentence that asks for it."""
