"""Reading a DAG file: its tasks, their order, and what each reads and writes. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild
from airflow_provider_wfintel.engine.optimization.understanding.comments import Comments, read_comments
from airflow_provider_wfintel.engine.optimization.understanding.interpreter import Interpreter
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, FileModel
from airflow_provider_wfintel.engine.optimization.understanding.state import OutOfBudget
from airflow_provider_wfintel.engine.optimization.understanding.tasks import TaskReader
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["read_dag_file"]


def read_dag_file(source: str, siblings: Mapping[str, str] | None = None) -> FileModel:
    """Read a DAG file symbolically.

    Args:
        source: the text of the file.
        siblings: texts of the modules beside it, by module name; calls into them are followed.

    Raises:
        UserInputError: the text is no valid Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise UserInputError(f"the file is no valid Python: {error}", hint="see the line that is named") from error
    comments = read_comments(source)
    interpreter = Interpreter(siblings or {})
    notes: list[str] = []
    try:
        frame = interpreter.run_file(tree)
        variables = frame.variables
    except (OutOfBudget, RecursionError):
        notes.append("the file takes too many steps to follow")
        variables = {}
        for dag in interpreter.dags:
            dag.doubts.append(notes[0])
    top_level = tuple(interpreter.top_level)
    reader = TaskReader(interpreter, comments)
    dags = tuple(_dag(build, reader, comments) for build in interpreter.dags)
    return FileModel(source, tree, dags, variables, top_level, (*interpreter.notes, *notes))


def _dag(build: DagBuild, reader: TaskReader, comments: Comments) -> DagModel:
    by_id = {task.task_id: task for task in build.tasks}
    reader.interpreter.run_task = lambda name: reader.run(by_id[name])[1] if name in by_id else None
    reader.interpreter.pushed.clear()
    tasks = tuple(reader.read(task, position) for position, task in enumerate(build.tasks))
    doubts = list(dict.fromkeys(build.doubts))
    if len({task.task_id for task in tasks}) != len(tasks):
        doubts.append("a task id is used twice")
    keep = set()
    for link in build.links:
        statement = link.site.statement
        if statement is not None and link.how != "xcom":
            last = statement.end_lineno or statement.lineno
            if comments.says_keep(statement.lineno, last):
                keep.add(statement.lineno)
    return DagModel(build.dag_id, tasks, tuple(build.links), tuple(doubts), build, frozenset(keep), build.kwargs)
