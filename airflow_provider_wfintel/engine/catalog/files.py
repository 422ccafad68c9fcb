"""Where the data of the catalogue are, and how one of its files is read. Light: a retry decision needs no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["DATA_FOLDER", "read_data"]

DATA_FOLDER = Path(__file__).parent / "data"


def read_data(path: Path) -> Any:
    """The JSON or YAML content of a file.

    Raises:
        CatalogError: the file cannot be read or is not valid.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text)
        import yaml

        return yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"{path}: cannot be read ({error})", hint="check the path and its encoding") from error
    except ValueError as error:
        raise CatalogError(f"{path}: no valid JSON ({error})", hint="check the file with a JSON linter") from error
    except Exception as error:
        if type(error).__module__.startswith("yaml"):
            raise CatalogError(f"{path}: no valid YAML ({error})", hint="check the indentation") from error
        raise
