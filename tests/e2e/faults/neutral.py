"""Take out of raw logs what belongs to the machine on which they were made."""

from __future__ import annotations

import re
import socket
import sys
import sysconfig
from pathlib import Path

__all__ = ["Neutral"]

ROOT = Path(__file__).resolve().parents[3]
_WORKER = "worker-1"
# Short names are words of their own; only these fields hold them.
_HOST = re.compile(r'((?:\\?")(?:hostname|host_name)(?:\\?"): ?(?:\\?"))[\w.-]+')
_USER = re.compile(r'("unixname": ?")[\w.-]+')


class Neutral:
    """Replaces the paths, host and user of this machine by those of an ordinary deployment."""

    def __init__(self, folder: Path, database: str) -> None:
        pairs = {
            str(folder / "airflow"): "/opt/airflow",
            str(folder / "dags"): "/opt/airflow/dags",
            str(folder / "data"): "/opt/airflow/data",
            str(folder): "/opt/airflow",
            str(ROOT / "tests/e2e/faults/modules"): "/opt/airflow/plugins",
            sysconfig.get_path("purelib"): "/usr/local/lib/python3/site-packages",
            sysconfig.get_path("stdlib"): "/usr/local/lib/python3",
            str(ROOT): "/usr/local/lib/python3/site-packages",
            sys.prefix: "/usr/local",
            sys.base_prefix: "/usr/local",
            database: "shop",
            socket.getfqdn(): _WORKER,
        }
        self._new = {old: new for old, new in pairs.items() if len(old) > len("/usr")}
        self._old = re.compile("|".join(re.escape(old) for old in sorted(self._new, key=len, reverse=True)))

    def __call__(self, text: str) -> str:
        """The text without them."""
        replaced = self._old.sub(lambda found: self._new[found.group()], text)
        return _USER.sub(r"\1airflow", _HOST.sub(rf"\1{_WORKER}", replaced))
