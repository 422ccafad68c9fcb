"""Snapshots are whole DAG files, one per spec, so that they can be read, linted and imported."""

from __future__ import annotations

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class DagFileExtension(SingleFileSnapshotExtension):
    """The ending keeps pytest from collecting the files."""

    _write_mode = WriteMode.TEXT
    file_extension = "py.txt"


@pytest.fixture
def dag_file(snapshot):
    return snapshot.use_extension(DagFileExtension)
