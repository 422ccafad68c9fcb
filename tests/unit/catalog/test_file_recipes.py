"""Recipes for files of the worker, run on real files: what they write, what they refuse."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import runpy
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_wfintel.engine.catalog.recipe import load_recipes

FOLDER = load_recipes().folder


def recipe(name: str) -> Callable[..., Any]:
    """The function of a recipe."""
    return runpy.run_path(str(FOLDER / f"{name}.py"))[name]


def _zip(path: Path, names: dict[str, str]) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return str(path)


def _tar(path: Path, name: str, text: bytes = b"x") -> str:
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return str(path)


def test_a_zip_archive_is_unpacked_and_only_matching_files_are_returned(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"in/b.csv": "1", "a.csv": "2", "note.txt": "3"})
    found = recipe("unpack_archive")(path, str(tmp_path / "out"), "*.csv")
    assert found == [str(tmp_path / "out" / "a.csv"), str(tmp_path / "out" / "in" / "b.csv")]
    assert (tmp_path / "out" / "note.txt").read_text() == "3"


def test_a_tar_archive_is_unpacked_beside_itself_if_no_folder_is_given(tmp_path: Path) -> None:
    assert recipe("unpack_archive")(_tar(tmp_path / "a.tar.gz", "a.csv")) == [str(tmp_path / "a.csv")]


def test_a_zip_entry_that_leaves_the_folder_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.csv": "1", "../../evil.txt": "x"})
    with pytest.raises(ValueError, match="outside of its folder"):
        recipe("unpack_archive")(path, str(tmp_path / "deep" / "out"))
    assert not list((tmp_path / "deep" / "out").iterdir())


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt"])
def test_a_tar_entry_never_lands_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    target = tmp_path / "deep" / "out"
    with contextlib.suppress(tarfile.TarError):
        recipe("unpack_archive")(_tar(tmp_path / "a.tar.gz", name), str(target))
    assert not (tmp_path / "deep" / "evil.txt").exists()
    assert not Path("/etc/evil.txt").exists()


def test_a_file_is_compressed_and_uncompressed_to_what_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    packed = recipe("gzip_file")(str(tmp_path / "a.csv"))
    assert packed == str(tmp_path / "a.csv.gz")
    with gzip.open(packed, "rt") as file:
        assert file.read() == "id\n1\n"
    assert recipe("gunzip_file")(packed, str(tmp_path / "b" / "a.csv")) == str(tmp_path / "b" / "a.csv")
    assert (tmp_path / "b" / "a.csv").read_text() == "id\n1\n"
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_without_gz_in_its_name_needs_another_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.gz"):
        recipe("gunzip_file")(str(tmp_path / "a.csv"))


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tgz"])
def test_a_folder_is_packed_so_that_it_can_be_unpacked(tmp_path: Path, ending: str) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.csv").write_text("1")
    path = recipe("pack_archive")(str(tmp_path / "in"), str(tmp_path / f"a{ending}"))
    found = recipe("unpack_archive")(path, str(tmp_path / "out"))
    assert found == [str(tmp_path / "out" / "in" / "deep" / "a.csv")]


def test_nothing_is_packed_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing to pack"):
        recipe("pack_archive")(str(tmp_path / "none"))


def test_a_checksum_that_was_written_is_verified_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    told = recipe("write_checksum")(str(path))
    assert Path(told).read_text() == f"{hashlib.sha256(b'abc').hexdigest()}  a.bin\n"
    assert recipe("verify_checksum")(str(path)) == str(path)
    assert recipe("verify_checksum")(str(path), expected=hashlib.md5(b"abc").hexdigest(), algorithm="md5")  # noqa: S324 - what users verify
    path.write_bytes(b"xyz")
    with pytest.raises(ValueError, match="sha256 checksum"):
        recipe("verify_checksum")(str(path))


def test_a_name_without_a_folder_stays_in_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    assert recipe("rename_file")(str(tmp_path / "a.csv"), "b.csv") == str(tmp_path / "b.csv")
    assert not (tmp_path / "a.csv").exists()


def test_a_file_is_renamed_into_another_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    assert recipe("rename_file")(str(tmp_path / "a.csv"), str(tmp_path / "x" / "b.csv"))
    assert [path.name for path in sorted(tmp_path.rglob("*")) if path.is_file()] == ["b.csv"]


def test_each_file_gets_the_arguments_of_its_transfer() -> None:
    assert recipe("file_arguments")(["/in/a.csv", "/in/b.csv"], "sftp_path", "s3_key", "x/") == [
        {"sftp_path": "/in/a.csv", "s3_key": "x/a.csv"},
        {"sftp_path": "/in/b.csv", "s3_key": "x/b.csv"},
    ]


def test_files_that_would_overwrite_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.csv"):
        recipe("file_arguments")(["/in/a.csv", "/out/a.csv"], "sftp_path", "s3_key")
