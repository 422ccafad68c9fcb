"""Understanding a DAG file: tasks, order, reads and writes. Nothing of the file is executed."""
