"""Every recipe gives a function that passes the checks; broken recipe files are refused."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.catalog.recipe import load_recipes, parse_recipe
from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.generation.render import render_dag
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OperatorRef, SymbolRef, TaskSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import CatalogError

BOOK = load_recipes()
HEAD = 'RECIPE = {"description": "x"}\n\n\n'


def spec_for(name: str) -> WorkflowSpec:
    recipe = BOOK.recipe(name)
    values = {"hook": SymbolRef("airflow.providers.sqlite.hooks.sqlite:SqliteHook"), "method": LiteralValue.of("run")}
    arguments = tuple(Argument(item, values.get(item, LiteralValue.of("x"))) for item in recipe.required_arguments)
    task = TaskSpec("step", "step", "none", OperatorRef("taskflow", recipe.decorator, name), arguments=arguments)
    return WorkflowSpec("dag", tasks=(task,))


@pytest.mark.parametrize("name", BOOK.names)
class TestEveryRecipe:
    def test_gives_a_file_that_passes_the_checks(self, name):
        assert check_source(render_dag(spec_for(name))).issues == ()

    def test_is_made_for_services_and_actions_that_exist(self, name):
        recipe = BOOK.recipe(name)
        assert recipe.actions
        assert all(service in load_catalog() for service in recipe.services)

    def test_has_no_result_that_airflow_would_unfold(self, name):
        assert not BOOK.recipe(name).returns.startswith(("dict", "Mapping"))

    def test_says_what_it_does(self, name):
        recipe = BOOK.recipe(name)
        assert recipe.description.endswith(".")
        assert recipe.body.lstrip().startswith('"""')

    def test_imports_inside_the_function_only(self, name):
        tree = ast.parse((BOOK.folder / f"{name}.py").read_text(encoding="utf-8"))
        assert not [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def test_all_functions_are_stable_under_the_formatter(tmp_path):
    for name in BOOK.names:
        (tmp_path / f"{name}.py").write_text(render_dag(spec_for(name)), encoding="utf-8")
    for arguments in (["format", "--diff", "--line-length", "110"], ["check", "--select", "AIR,F,E9"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_readme_lists_every_recipe_with_its_arguments():
    text = (BOOK.folder / "README.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    for name in BOOK.names:
        assert all(argument in rows[name] for argument in BOOK.recipe(name).argument_names)


def test_recipes_made_for_the_service_come_first():
    found = [recipe.name for recipe in BOOK.for_action("amazon_s3", "load")]
    assert found.index("rows_to_s3") < found.index("insert_rows")
    assert "rows_to_gcs" not in found


def test_an_unknown_recipe_is_refused():
    with pytest.raises(CatalogError, match="no recipe"):
        BOOK.recipe("../recipe")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:", "line 1"),
        (HEAD, "one function"),
        (HEAD + "def f() -> int:\n    return 1\n\n\ndef g() -> int:\n    return 2\n", "one function"),
        ("def f() -> int:\n    return 1\n", "no RECIPE"),
        ("RECIPE = {'description': print()}\n\n\ndef f() -> int:\n    return 1\n", "must be a literal"),
        ("RECIPE = {'decorator': 'task'}\n\n\ndef f() -> int:\n    return 1\n", "description"),
        ("RECIPE = {'description': 'x', 'colour': 1}\n\n\ndef f() -> int:\n    return 1\n", "unknown key 'colour'"),
        (HEAD + "def f(*values) -> int:\n    return 1\n", "plain parameters"),
        (HEAD + "def f() -> int:\n    return P_TABLE\n", "placeholders"),
        (
            'RECIPE = {"description": "x", "connections": {"c": "d"}}\n\n\ndef f() -> int:\n    return 1\n',
            "no parameter",
        ),
    ],
)
def test_broken_recipe_files_are_refused(source, message):
    with pytest.raises(CatalogError, match=message):
        parse_recipe("broken", source)


def test_a_folder_of_your_own(tmp_path: Path):
    (tmp_path / "shout.py").write_text(
        HEAD + 'def shout(text: str, logical_date=None) -> str:\n    """Shout."""\n    return text.upper()\n',
        encoding="utf-8",
    )
    book = load_recipes(tmp_path)
    assert book.names == ("shout",)
    recipe = book.recipe("shout")
    assert recipe.argument_names == ("text",)
    assert recipe.required_arguments == ("text",)
    task = TaskSpec(
        "step",
        "",
        "none",
        OperatorRef("taskflow", "task", "shout"),
        arguments=(Argument("text", LiteralValue.of("a")),),
    )
    assert 'step(text="a")' in render_dag(WorkflowSpec("dag", tasks=(task,)), recipes=book)
