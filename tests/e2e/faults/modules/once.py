"""For faults that pass: each comes about once per deployment."""

from __future__ import annotations

import os

__all__ = ["first_time"]


def first_time(name: str) -> bool:
    """Whether nobody has asked for that name before."""
    try:
        os.close(os.open(os.path.join(os.environ["FAULT_FOLDER"], f"{name}.once"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
