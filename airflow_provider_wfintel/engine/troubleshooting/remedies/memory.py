"""Amounts of memory as Kubernetes writes them. Standard library only."""

from __future__ import annotations

import re

__all__ = ["megabytes"]

_AMOUNT = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(Ki|Mi|Gi|Ti|k|K|M|G|T|)\s*$")
_BYTES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_BYTES |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def megabytes(amount: object) -> int | None:
    """An amount such as `512Mi` or `2G` in mebibytes, rounded down; None if it is none."""
    found = _AMOUNT.match(amount) if isinstance(amount, str) else None
    return int(float(found.group(1)) * _BYTES[found.group(2)] / 2**20) if found else None
