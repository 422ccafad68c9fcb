"""The child of `dag_structure`: run as a script, never imported by the package.

Arguments: the file for the result, the DAG files.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def structure(path: str, name: str) -> dict[str, Any]:
    """Import one file and note its DAGs."""
    from airflow.sdk import DAG
    from airflow.sdk.definitions._internal.contextmanager import DagContext

    DagContext.current_autoregister_module_name = name
    try:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            return {"dags": {}, "error": "the file cannot be loaded"}
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found = {item.dag_id: item for item in vars(module).values() if isinstance(item, DAG)}
        for item in [dag for dag, owner in DagContext.autoregistered_dags if owner is module]:
            found[item.dag_id] = item
        for dag in found.values():
            dag.check_cycle()
    except Exception:  # whatever a DAG file raises is the finding
        return {"dags": {}, "error": traceback.format_exc(limit=-3)[-500:]}
    return {
        "dags": {
            dag.dag_id: {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks} for dag in found.values()
        },
        "error": "",
    }


def main(arguments: list[str]) -> int:
    """Write the result as JSON."""
    result, *paths = arguments
    sys.path[:] = [part for part in sys.path if part != str(Path(__file__).resolve().parent)]
    logging.disable(logging.CRITICAL)
    found = [structure(path, f"unusual_prefix_{number}") for number, path in enumerate(paths)]
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)
