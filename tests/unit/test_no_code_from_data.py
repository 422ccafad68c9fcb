"""Nothing that is stored or sent becomes code: no pickle, no `eval`, no unsafe YAML, no archives unpacked to disk."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import airflow_provider_wfintel

PACKAGE = Path(airflow_provider_wfintel.__file__).parent
# Recipes are bodies of generated tasks: the generator reads them as text.
FILES = [path for path in PACKAGE.rglob("*.py") if "recipes" not in path.parts]
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "tarfile"}
CALLS = {
    "eval",
    "exec",
    "yaml.load",
    "yaml.unsafe_load",
    "yaml.full_load",
    "os.system",
    "os.popen",
    "numpy.load",
    "np.load",
}
# Children that run a DAG file execute it, which is what they are for.
RUN_FILES = {"host/dag_import_child.py", "host/dag_run_child.py", "host/dag_structure_child.py"}
# Stand-ins of a trial pack made-up archives and lead the real module into their folder; they unpack nothing.
PACKING = {"host/trial/samples.py", "host/trial/files.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    if place in RUN_FILES:
        return
    banned = MODULES - {"tarfile"} if place in PACKING else MODULES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {item.name.split(".")[0] for item in node.names} & banned, f"{place}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in banned, f"{place}:{node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("extract", "extractall") or place not in PACKING, f"{place}:{node.lineno}"
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in CALLS, f"{place}:{node.lineno}"
            shells = [item.value for item in node.keywords if item.arg == "shell"]
            assert not any(getattr(value, "value", None) is True for value in shells), f"{place}:{node.lineno}"
