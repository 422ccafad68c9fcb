"""What recipes import from providers exists there, and so do the methods of hooks that they call."""

from __future__ import annotations

import ast
import importlib
import importlib.util

import pytest

from airflow_provider_wfintel.engine.catalog.recipe import load_recipes

pytestmark = pytest.mark.integration

BOOK = load_recipes()


def provider_imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("airflow."):
            for alias in node.names:
                yield node.module, alias.name


def is_installed(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def hook_calls(tree, names):
    """`(hook class, method, keyword names)` of calls on a hook, direct or through a variable."""
    variables = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            variables[ast.unparse(node.targets[0])] = node.value.func.id
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name):
                hook = owner.func.id
            else:
                hook = variables.get(ast.unparse(owner), "")
            if hook in names:
                yield hook, node.func.attr


@pytest.mark.parametrize("name", BOOK.names)
def test_the_classes_and_methods_of_a_recipe_exist(name):
    tree = ast.parse((BOOK.folder / f"{name}.py").read_text(encoding="utf-8"))
    imports = list(provider_imports(tree))
    missing = [module for module, _ in imports if not is_installed(module)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed here")
    classes = {item: getattr(importlib.import_module(module), item) for module, item in imports}
    for hook, method in hook_calls(tree, classes):
        assert hasattr(classes[hook], method), f"{hook} has no {method}"
