"""Write the table of recipes in `engine/catalog/recipes/README.md` anew from the recipe files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from airflow_provider_wfintel.engine.catalog.recipe import Recipe, load_recipes

HEAD = "| recipe | decorator | arguments (*optional*) | does |\n|---|---|---|---|\n"


def row(recipe: Recipe) -> str:
    """One line of the table."""
    required = {item.name for item in recipe.parameters if item.required}
    given = {name for name, _ in recipe.defaults}
    fixed = {argument for _, argument in recipe.placeholders} - given
    names = []
    for name in recipe.argument_names:
        optional = name not in required and name not in fixed
        names.append(f"*{name}*" if optional else f"`{name}`")
    return f"| `{recipe.name}` | `{recipe.decorator}` | {', '.join(dict.fromkeys(names))} | {recipe.description} |\n"


def main() -> int:
    """Write the table, or with `--check` only tell whether it would change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    book = load_recipes()
    path = Path(book.folder) / "README.md"
    text = path.read_text("utf-8")
    start = text.index("| recipe |")
    new = text[:start] + HEAD + "".join(row(book.recipe(name)) for name in book.names)
    if new == text:
        return 0
    if args.check:
        print(f"{path} is not up to date: run python scripts/list_recipes.py")
        return 1
    path.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
