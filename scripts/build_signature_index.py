"""Make `engine/catalog/data/signature_index.json` anew from the signature records.

    python scripts/build_signature_index.py

The index lets the first diagnosis of a process start in a few milliseconds. A test fails if it is out of date.
"""

from __future__ import annotations

import json

from airflow_provider_wfintel.engine.catalog.failures import INDEX_FILE, index_row, load_contexts, load_signatures
from airflow_provider_wfintel.engine.troubleshooting.matching import build_contexts, build_table


def made_index() -> str:
    """The text of the file."""
    signatures = load_signatures()
    rows = [index_row(signature) for signature in signatures]
    contexts = build_contexts({rule.id: rule.pattern for rule in load_contexts()})
    made = {"signatures": rows, "table": build_table(signatures), "contexts": contexts}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    INDEX_FILE.write_text(made_index() + "\n", encoding="utf-8")
    print(f"{INDEX_FILE.name}: {INDEX_FILE.stat().st_size:,} bytes")
