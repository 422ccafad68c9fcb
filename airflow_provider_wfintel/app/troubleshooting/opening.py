"""Open a session: identify the try, read its log and facts, diagnose. Nothing is changed in Airflow."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model.codec import to_json
from airflow_provider_wfintel.exceptions import RemoteError, UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.troubleshooting.place import Place
    from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Target
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord

__all__ = ["GOOD_STATES", "log_of", "open_session"]

log = logging.getLogger(__name__)

_NOT_KEPT = frozenset({"source", "source_change"})
"""Who may see a session need not be allowed to read code."""
GOOD_STATES = frozenset({"success", "skipped"})


def open_session(
    session: Session,
    place: Place,
    *,
    dag_id: str,
    run_id: str,
    task_id: str,
    map_index: int = -1,
    error_logs: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> SessionRecord:
    """The session of the task instance's present try, with its diagnosis. A second call gives the same session.

    Args:
        session: a session on the metadata database; committed here.
        place: the deployment.
        dag_id: the DAG.
        run_id: the run.
        task_id: the task.
        map_index: the copy of a mapped task; -1: it is not mapped.
        error_logs: the log, if the caller has it; None: it is read.
        facts: what the caller knows beside the log; it wins over what is read.

    Raises:
        UserInputError: the try did not fail.
        RemoteError: Airflow does not answer, or the caller may not see the task instance.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.engine.troubleshooting import service
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord, TroubleshootingSessions

    target, found = place.find(dag_id, run_id, task_id, map_index)
    sessions = TroubleshootingSessions(session)
    known = sessions.of_try(target.try_id)
    if known is not None:
        return known
    session.rollback()  # no transaction is held while Airflow is asked
    if found.get("state") in GOOD_STATES:
        raise UserInputError(
            f"{dag_id}.{task_id} in run {run_id} is {found.get('state')}", hint="only tries that failed are looked into"
        )
    around = {**place.situation(target, found), **(facts or {})}
    text = log_of(place, target) if error_logs is None else error_logs
    diagnosis = service.diagnose(text, around)
    record = sessions.open(
        SessionRecord(
            session_id="",
            try_id=target.try_id,
            dag_id=dag_id,
            run_id=run_id,
            task_id=task_id,
            map_index=map_index,
            try_number=target.try_number,
            phase="diagnosis",
            status="in_progress",
            label=diagnosis.label,
            confidence=diagnosis.confidence,
            transient=diagnosis.transient,
            ranked=tuple(cause.label for cause in diagnosis.ranked),
            evidence=tuple(item.text for item in diagnosis.evidence),
            explanation=diagnosis.explanation,
            diagnosis=to_json(diagnosis),
            facts=_masked({name: value for name, value in around.items() if name not in _NOT_KEPT}),
        )
    )
    session.commit()
    return record


def log_of(place: Place, target: Target) -> str:
    """The log of a try; empty if there is none.

    Raises:
        RemoteError: the caller may not read it.
    """
    try:
        return place.log(target)
    except RemoteError as error:
        if error.status in (401, 403):
            raise
        log.info("no log of %s (%s); the facts alone are diagnosed", target.task_id, error.message)
        return ""


def _masked(value: Any) -> Any:
    """The value with secrets masked in all of its texts."""
    from airflow_provider_wfintel.engine.troubleshooting.service import redact

    if isinstance(value, str):
        return redact(value, ())
    if isinstance(value, Mapping):
        return {str(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else str(value)
