"""Writes the OpenAPI schema: `python -m airflow_provider_wfintel.api.export [FILE]` (standard output without)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow_provider_wfintel.api.app import create_app

__all__ = ["openapi_text"]


def openapi_text() -> str:
    """The schema as stable JSON text."""
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(openapi_text(), encoding="utf-8")
    else:
        sys.stdout.write(openapi_text())
