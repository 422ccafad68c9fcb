"""List the services that the catalogue knows."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.inputs import add_catalog_argument, catalog_folder
from airflow_provider_wfintel.cli.outputs import dump_json
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.catalog import Service

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "services"
HELP = "list the services that the catalogue knows"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("query", nargs="?", default="", metavar="WORD", help="only services whose id or names hold it")
    parser.add_argument("--category", default="", help="only services of this category")
    add_catalog_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from airflow_provider_wfintel.engine.catalog import load_catalog

    catalog = load_catalog(catalog_folder(args))
    categories = sorted({item.category for item in catalog.services})
    if args.category and args.category not in categories:
        raise UserInputError(f"no category {args.category!r}", hint=f"categories: {', '.join(categories)}")
    word = args.query.casefold()
    found = [
        item
        for item in catalog.services
        if (not args.category or item.category == args.category)
        and (not word or any(word in name.casefold() for name in (item.id, item.name, *item.aliases)))
    ]
    if args.json:
        for item in found:
            print(dump_json(_as_dict(item)))
        return 0
    for item in found:
        print(f"{item.id:<34} {item.name:<38} {item.provider or 'no provider of its own: over HTTP'}")
    print(f"{len(found)} of {len(catalog.services)} services", file=sys.stderr)
    return 0


def _as_dict(item: Service) -> dict[str, object]:
    return {
        "id": item.id,
        "name": item.name,
        "category": item.category,
        "aliases": list(item.aliases),
        "provider": item.provider,
        "connection_type": item.connection_type,
        "default_connection_id": item.default_connection_id,
        "note": item.note,
    }
