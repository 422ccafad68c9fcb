"""The content of files that a trial makes up, by the endings of their names: also archives and checksums."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile

__all__ = ["PACKED", "SAMPLES", "TABLE", "sample_of"]

PACKED = (".zip", ".tar", ".tgz", ".gz")
"""Endings of files that are packed: a text in their place could not be unpacked."""
TABLE = "id,name,amount\n1,sample 1,10.5\n2,sample 2,21.0\n"
SAMPLES = {
    ".json": '[{"id": 1, "name": "sample 1", "amount": 10.5}]',
    ".jsonl": '{"id": 1, "name": "sample 1", "amount": 10.5}\n',
    ".ndjson": '{"id": 1, "name": "sample 1", "amount": 10.5}\n',
    ".sql": "SELECT 1",
    ".txt": "sample\n",
    ".xml": "<rows><row id='1'/></rows>",
}
"""The content of a file that is made up, by its ending; a CSV table for all others."""

_SUMS = {".md5": "md5", ".sha1": "sha1", ".sha256": "sha256", ".sha512": "sha512"}


def sample_of(name: str) -> bytes:
    """What a file of this name holds: text, or an archive of such files; a checksum is that of the file beside it."""
    lower = name.lower()
    for ending, algorithm in _SUMS.items():
        if lower.endswith(ending):
            return f"{hashlib.new(algorithm, sample_of(name[: -len(ending)])).hexdigest()}  {name}\n".encode()
    if lower.endswith(".zip"):
        return _zipped()
    if lower.endswith((".tar", ".tar.gz", ".tgz")):
        return _packed(compressed=not lower.endswith(".tar"))
    if lower.endswith(".gz"):
        # Without the time of day, so that the checksum stays.
        return gzip.compress(sample_of(name[:-3]), mtime=0)
    dot = lower.rfind(".")
    return SAMPLES.get(lower[dot:] if dot >= 0 else "", TABLE).encode()


def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("sample_1.csv"), TABLE)
    return made.getvalue()


def _packed(*, compressed: bool) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("sample_1.csv")
        entry.size = len(TABLE)
        archive.addfile(entry, io.BytesIO(TABLE.encode()))
    return gzip.compress(made.getvalue(), mtime=0) if compressed else made.getvalue()
