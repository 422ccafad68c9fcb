"""Use case: a generated DAG file is put into the DAG folder.

Only what this server generates itself is ever written: the caller hands in words, never code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.generate import GenerateRequest, remembered_workflow, write_dag_file
from airflow_provider_wfintel.app.validate import validate_file
from airflow_provider_wfintel.engine.model import canonical_json, to_json
from airflow_provider_wfintel.exceptions import GeneratedCodeError, TargetExistsError, UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["SaveRequest", "Saved", "save_workflow"]


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """What to save, and for whom.

    Attributes:
        generate: the words, as they were handed to `generate`.
        folder: the DAG folder that the administrator opened for this.
        author: who saves.
        source_hash: SHA-256 of the source that the author saw; empty: no matter which.
        replace: whether an earlier file of ours for the same DAG may be replaced.
    """

    generate: GenerateRequest
    folder: Path
    author: str
    source_hash: str = ""
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written where."""

    dag_id: str
    path: Path
    source_hash: str
    replaced: bool


def save_workflow(session: Session, request: SaveRequest, *, may_write: Callable[[str], None]) -> Saved:
    """Generate the DAG, check it and write its file; the file is there exactly if the row about it is.

    Args:
        session: a session on the metadata database; the caller commits.
        request: what to save.
        may_write: called with the DAG id before anything is written; raises if the author may not.

    Raises:
        UserInputError: the text cannot be worked with, or gives another file than the author saw.
        GeneratedCodeError: the file did not pass its checks.
        TargetExistsError: there is such a file, and it is not ours, or was edited since, or may not be replaced.
        TargetNotWritableError: the folder does not take the file.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.workflows import SavedWorkflow, Workflows

    generation = remembered_workflow(request.generate)
    spec, source = generation.spec, generation.source
    may_write(spec.dag_id)
    digest = _hash(source)
    if request.source_hash and request.source_hash != digest:
        raise UserInputError(
            "the description gives another file than the one that was seen",
            hint="what this deployment has, or the version of the provider, has changed: look at the file again",
        )
    _require_sound(source, spec.dag_id)
    path = request.folder / f"{spec.dag_id}.py"
    workflows = Workflows(session)
    known = workflows.of(spec.dag_id)
    ours = known is not None and known.file_path == str(path) and path.is_file() and _of_file(path) == known.file_hash
    if ours and _of_file(path) == digest:
        return Saved(spec.dag_id, path, digest, replaced=False)  # asked for twice: there is nothing left to do
    if path.exists() and not (ours and request.replace):
        raise TargetExistsError(
            f"there is a file {path.name!r} in the DAG folder" + ("" if ours else " that is not as it was saved here"),
            hint="ask for it to be replaced" if ours else "download the new file and merge the two by hand",
        )
    data = to_json(spec)
    fingerprint = _hash(canonical_json(data))
    workflows.keep(
        SavedWorkflow(
            dag_id=spec.dag_id,
            request_text=generation.text,
            spec=data,
            fingerprint=fingerprint,
            file_path=str(path),
            file_hash=digest,
            created_by=request.author,
            description=spec.description,
        )
    )
    write_dag_file(path, source, force=ours)
    return Saved(spec.dag_id, path, digest, replaced=ours)


def _require_sound(source: str, dag_id: str) -> None:
    report = validate_file(source, execute=False)
    if not report.ok:
        issues = "; ".join(f"line {item.line}: {item.check}: {item.message}" for item in report.issues[:5])
        raise GeneratedCodeError(
            f"the file for {dag_id!r} did not pass its checks: {issues}", hint="nothing was written"
        )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _of_file(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
