"""Entries of Airflow's event log that tell of changed settings: which they are and what they name."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["CHANGES", "change_name"]

CHANGES = {
    **dict.fromkeys(("post_connection", "patch_connection", "delete_connection", "bulk_connections"), "connection"),
    **dict.fromkeys(("cli_connections_add", "cli_connections_delete", "cli_connections_import"), "connection"),
    **dict.fromkeys(("post_variable", "patch_variable", "delete_variable", "bulk_variables"), "variable"),
    **dict.fromkeys(("cli_variables_set", "cli_variables_delete", "cli_variables_import"), "variable"),
    **dict.fromkeys(("post_pool", "patch_pool", "delete_pool", "bulk_pools"), "pool"),
    **dict.fromkeys(("cli_pool_set", "cli_pool_delete", "cli_pool_import"), "pool"),
}
"""Kind of setting by name of the event."""

_NAMES = {
    "connection": ("connection_id", "conn_id"),
    "variable": ("variable_key", "key"),
    "pool": ("pool_name", "pool", "name"),
}


def change_name(kind: str, extra: str | None) -> str:
    """The id or key of what was changed; empty if the row does not tell, as for bulk requests."""
    try:
        data: Any = json.loads(extra or "{}")
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    return next((str(data[key]) for key in _NAMES[kind] if data.get(key)), "")
