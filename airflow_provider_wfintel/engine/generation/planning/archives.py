"""Files of the worker that are unpacked, packed, compressed, renamed or compared with their checksum."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument

__all__ = ["FileWork", "file_work", "work_on_file"]

_LEAD = r"\W*(?:(?:then|and|finally|afterwards|first|next)\W+)*"
_UNPACKS = re.compile(
    rf"{_LEAD}(?:un(?:zip|tar|pack|compress)\w*|gunzip\w*|decompress\w*|inflat\w*|untar\w*|extract\w*\s+(?:the\s+|its\s+)?(?:archive|zip|tarball|zip\s+file)\b|"
    r"entpack\w*|décompress\w*|descomprim\w*|descompact\w*)",
    re.IGNORECASE,
)
_PACKS = re.compile(
    rf"{_LEAD}(?:gzip|zip|tar|compress|pack)(?:s|es|ped|ed|ping|ing)?\b|{_LEAD}(?:komprimier\w*|compresser?\b|comprim\w+|compact(?:ar|e)\b)",
    re.IGNORECASE,
)
_CHECKSUM = re.compile(
    r"\b(?:check-?\s?sums?|sha-?\s?(?:1|224|256|384|512)\w*|md5\w*|hash(?:es|sum)?|prüfsummen?)\b", re.IGNORECASE
)
_ALGORITHM = re.compile(r"\b(?P<a>sha-?(?:1|224|256|384|512)|md5)(?:sums?)?\b", re.IGNORECASE)
_WRITES = re.compile(
    rf"{_LEAD}(?:write|comput|calculat|creat|generat|sav|stor|produc|berechn|calcul)\w*", re.IGNORECASE
)
_VERIFIES = re.compile(
    r"\b(?:verif\w*|check\w*|validat\w*|compar\w*|prüf\w*|vérifi\w*|comprob\w*|test\w*|mak\w+\s+sure|ensur\w*)\b",
    re.IGNORECASE,
)
_RENAMES = re.compile(rf"{_LEAD}(?:renam\w*|umbenenn\w*|renomm\w*|renombr\w*|renome\w*)", re.IGNORECASE)
_HEX = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})(?![0-9a-f])", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.\w{2,3}|tbz2?)$", re.IGNORECASE)
_A_FILE = re.compile(r"\b(?:files?|archives?|zips?|dumps?|downloads?|backups?|tarballs?|it|its)\b", re.IGNORECASE)
_SUM_FILE = re.compile(r"\.(?:sha\d+|md5|sum|checksum)\w*$|sums?$", re.IGNORECASE)
_TAG = re.compile(r"\{\{[\w. |]*\}\}")
_WHERE = ("path", "folder", "file_name", "sql_file", "pattern")


@dataclass(frozen=True, slots=True)
class FileWork:
    """What is done with a file of the worker.

    Attributes:
        recipe: what does it.
        path: the file, empty if the words only say "it".
        target: the stated file or folder that it becomes, empty if none is stated.
        settings: further arguments of the recipe.
    """

    recipe: str
    path: str = ""
    target: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def result(self) -> str:
        """The file that is there afterwards, empty if its name is not known."""
        if self.recipe == "verify_checksum":
            return self.path
        if self.recipe == "write_checksum" or not self.path:
            return self.target if self.recipe in ("gzip_file", "gunzip_file", "pack_archive") else ""
        if self.recipe == "gunzip_file":
            return self.target or self.path.removesuffix(".gz")
        if self.recipe == "gzip_file":
            return self.target or f"{self.path}.gz"
        if self.recipe == "pack_archive":
            return self.target or f"{self.path.rstrip('/')}.tar.gz"
        if self.recipe == "rename_file" and self.target:
            return self.target if "/" in self.target else f"{self.path.rpartition('/')[0]}/{self.target}"
        return ""


def file_work(step: Step) -> FileWork | None:
    """What a step does with a file of the worker, or None if it does something else."""
    if set(step.services) - {"filesystem", "bash"} or step.foreach is not None or step.values("command"):
        return None
    paths = [item.slot.value.strip() for item in step.slots if item.slot.name in _WHERE]
    paths = list(dict.fromkeys(_whole([path for path in paths if " " not in _TAG.sub("", path)])))
    if any(".." in path.split("/") or "*" in path for path in paths) or len(paths) > 2:
        return None
    if _CHECKSUM.search(step.words):
        return _checksum(step, paths)
    if _RENAMES.match(step.words):
        return _renamed(step, paths)
    first, second = (*paths, "", "")[:2]
    if _UNPACKS.match(step.words):
        work = _unpacked(step, first, second)
        form = step.values("unpacked") if work.recipe == "unpack_archive" else ()
        return replace(work, settings=(("pattern", form[0]),)) if form else work
    return _packed(step, first, second) if _PACKS.match(step.words) else None


def _whole(paths: list[str]) -> list[str]:
    """Paths without those that are only the last part of another one."""
    return [path for path in paths if not any(other != path and other.endswith(f"/{path}") for other in paths)]


def _checksum(step: Step, paths: list[str]) -> FileWork | None:
    told = _ALGORITHM.search(step.words)
    kind = told.group("a").lower().replace("-", "") if told is not None else ""
    algorithm = (("algorithm", kind),) if kind else ()
    sums = [path for path in paths if _SUM_FILE.search(path)]
    files = [path for path in paths if path not in sums]
    if len(files) > 1 or len(sums) > 1:
        return None
    path, where = (*files, "")[0], (*sums, "")[0]
    if not (path or where or _A_FILE.search(step.words)):
        return None  # "reconcile the checksums" of two tables
    if _WRITES.match(step.words):
        return FileWork("write_checksum", path, where, algorithm)
    if not (step.action == "check" or _VERIFIES.search(step.words)):
        return None
    expected = _HEX.search(step.words)
    told_sum = (("expected", expected.group()),) if expected is not None else ()
    return FileWork("verify_checksum", path, where, (*told_sum, *algorithm))


def _renamed(step: Step, paths: list[str]) -> FileWork | None:
    names = [item.slot.value for item in step.slots if item.slot.name in ("name", "identifier")]
    if len(paths) == 2:
        return FileWork("rename_file", paths[0], paths[1])
    target = next(iter([*names, *paths]), "")
    return FileWork("rename_file", paths[0] if names and paths else "", target) if target else None


def _unpacked(step: Step, first: str, second: str) -> FileWork:
    single = first.lower().endswith(".gz") and not _ARCHIVE.search(first)
    named = re.match(rf"{_LEAD}gunzip", step.words, re.IGNORECASE) is not None
    if single or (named and not _ARCHIVE.search(first)):
        path, target = (first, second) if single or not first else ("", first)
        return FileWork("gunzip_file", path, _in_folder(target, path.removesuffix(".gz")))
    if first and not second and "." not in first.rsplit("/", 1)[-1]:
        return FileWork("unpack_archive", "", first)  # "unzip it into /data/in"
    return FileWork("unpack_archive", first, second)


def _in_folder(target: str, name: str) -> str:
    """The file `name` in a folder; what is no folder stays."""
    if not target.endswith("/"):
        return target
    return f"{target}{name.rsplit('/', 1)[-1]}" if name else ""


def _packed(step: Step, first: str, second: str) -> FileWork:
    if first and not second and _ARCHIVE.search(first) and not _OUT_OF.search(step.words):
        first, second = "", first  # "zip it to /out/a.zip"
    squeezed = re.search(r"\b(?:gzip\w*|compress\w*|komprimier\w*)\b", step.words, re.IGNORECASE) is not None
    is_folder = first.endswith("/") or (bool(first) and "." not in first.rsplit("/", 1)[-1].strip("."))
    packs = re.match(rf"{_LEAD}(?:zip|tar|pack)", step.words, re.IGNORECASE) is not None
    if _ARCHIVE.search(second) or packs or is_folder:
        ending = ".zip" if re.match(rf"{_LEAD}zip", step.words, re.IGNORECASE) else ".tar.gz"
        made = second or (f"{first.rstrip('/')}{ending}" if first else "")
        return FileWork("pack_archive", first, made)
    return FileWork("gzip_file" if squeezed or not second else "pack_archive", first, second)


_OUT_OF = re.compile(r"\b(?:of|from|contents?)\b", re.IGNORECASE)
_TARGET = {"unpack_archive": "folder", "verify_checksum": "checksum_path", "write_checksum": "checksum_path"}


def work_on_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """The task of a step that works on a file of the worker; without a path it takes that of an upstream task."""
    work = file_work(step)
    if work is None or not (work.path or fed):
        return None
    extra: list[Argument] = [literal("path", work.path)] if work.path else []
    if work.target:
        extra.append(literal(_TARGET.get(work.recipe, "target_path"), work.target))
    extra.extend(literal(name, value) for name, value in work.settings)
    if work.recipe == "verify_checksum" and work.path and not work.target and "expected" not in dict(work.settings):
        algorithm = dict(work.settings).get("algorithm", "sha256")
        text = f"The checksum of {work.path!r} stands in the file {f'{work.path}.{algorithm}'!r}."
        desk.notes.assume("checksum", text, desk.span(step))
    values = SlotValues({}, {})
    return (from_recipe(desk, step, work.recipe, values, task, service="filesystem", extra=tuple(extra)),)
