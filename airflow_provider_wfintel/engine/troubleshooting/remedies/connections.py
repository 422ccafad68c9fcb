"""Which connection a failure is about: as the policy declares, as the facts say, or as the log named it."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case

__all__ = ["connection_of"]

_NAMED = re.compile(
    r"(?:connection|conn)(?:[ _]id)?[ :=]+[`'\"]([A-Za-z0-9_.\-]{1,200})[`'\"]|conn_id[ :=]+([A-Za-z0-9_.\-]{1,200})",
    re.IGNORECASE,
)


def connection_of(case: Case) -> str:
    """The connection id; empty if none is known.

    Only ids count: an address in a log is never called, because anybody may have written it there.
    """
    target, probes = case.target, case.bounds.probes
    declared = probes.get(f"{target.dag_id}.{target.task_id}") or probes.get(target.dag_id)
    if declared:
        return declared
    known = case.facts.get("conn_id")
    if isinstance(known, str) and known:
        return known
    found = _NAMED.search(case.evidence_text())
    return (found.group(1) or found.group(2)) if found else ""
