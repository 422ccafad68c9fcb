"""The policy of this deployment, read anew when its file has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Policy

__all__ = ["current_policy"]

_read: dict[str, tuple[tuple[int, int], Policy]] = {}


def current_policy(path: Path | None) -> Policy:
    """The policy of the configured file; without one, everything is only suggested.

    Raises:
        RemedyPolicyError: the file is configured and cannot be read, or is no policy. Nothing may act then.
    """
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Policy
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import read_policy

    if path is None:
        return Policy()
    try:
        status = path.stat()
    except OSError:
        return read_policy(path)  # says what is wrong
    stamp = (status.st_mtime_ns, status.st_size)
    known = _read.get(str(path))
    if known is None or known[0] != stamp:
        known = _read[str(path)] = (stamp, read_policy(path))
    return known[1]
