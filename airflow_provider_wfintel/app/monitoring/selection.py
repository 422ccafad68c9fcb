"""Use case: which DAGs somebody means, and whether enough is known of them to say anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from airflow_provider_wfintel.exceptions import NotEnoughDataError, UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["choose_dags", "require_collected", "require_learned", "runs_to_come"]

_SHOWN = 10
_COLLECT = "let the collector look (`airflow wfintel monitor --once`); `airflow wfintel doctor` says whether it works"


def choose_dags(
    session: Session, *, dag_id: str = "", tag: str = "", owner: str = "", team: str = ""
) -> frozenset[str] | None:
    """The DAGs that fit all that is given; None, for all, if nothing is given.

    Args:
        session: a session on the metadata database.
        dag_id: this DAG, also if Airflow knows it no more but runs of it were collected.
        tag: DAGs with this tag.
        owner: DAGs of this owner.
        team: DAGs of this team.

    Raises:
        UserInputError: there is no such DAG, tag, owner or team, or no DAG that fits all of them.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.dag_facts import read_dags
    from airflow_provider_wfintel.store.health import require_tables

    require_tables(session)
    if not (dag_id or tag or owner or team):
        return None
    dags = read_dags(session)
    found = {dag_id} if dag_id else set(dags)
    if dag_id and dag_id not in dags and not _was_collected(session, dag_id):
        raise _unknown("DAG", dag_id, dags)
    for kind, wanted, names in (
        ("tag", tag, {name: item.tags for name, item in dags.items()}),
        ("owner", owner, {name: item.owners for name, item in dags.items()}),
        ("team", team, {name: (item.team,) if item.team else () for name, item in dags.items()}),
    ):
        if not wanted:
            continue
        having = {name for name, of in names.items() if wanted in of}
        if not having:
            raise _unknown(kind, wanted, {one for of in names.values() for one in of})
        found &= having
    if not found:
        raise UserInputError("no DAG fits all that was asked for", hint="leave one of the conditions out")
    return frozenset(found)


def require_collected(session: Session) -> None:
    """Do nothing if the collector has ever written a run or a try.

    Raises:
        NotEnoughDataError: it has not.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.executions import Executions

    if not Executions(session).last_batch():
        raise NotEnoughDataError("not enough data: no run has been collected yet", hint=_COLLECT)


def require_learned(session: Session, dag_ids: Collection[str] | None) -> None:
    """Do nothing if the collector has learned from a run of one of these DAGs.

    Raises:
        NotEnoughDataError: it has not.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    if not DagStates(session).scores(dag_ids):
        of = "" if dag_ids is None else f" of {_some(dag_ids)}"
        raise NotEnoughDataError(f"not enough data: no run{of} that is over has been collected yet", hint=_COLLECT)


def runs_to_come(session: Session, dag_ids: Collection[str] | None) -> Mapping[str, int]:
    """DAGs with too few runs to call one of them unusual, with how many more that takes at least.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.engine.monitoring.service import RunStream
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    rows = DagStates(session).health(dag_ids)
    needed = {row.dag_id: RunStream.runs_needed(row.runs) for row in rows}
    return {dag_id: more for dag_id, more in sorted(needed.items()) if more}


def _was_collected(session: Session, dag_id: str) -> bool:
    from airflow_provider_wfintel.store.repositories.executions import Executions

    return bool(Executions(session).history(dag_id, last=1).runs)


def _unknown(kind: str, wanted: str, known: Iterable[str]) -> UserInputError:
    names = sorted(set(known))
    near = get_close_matches(wanted, names, n=3, cutoff=0.6)
    hint = f"did you mean {_some(near)}?" if near else f"there are: {_some(names)}" if names else f"there is no {kind}"
    text = f"Airflow knows no DAG {wanted!r}" if kind == "DAG" else f"no DAG has the {kind} {wanted!r}"
    return UserInputError(text, hint=hint)


def _some(names: Collection[str]) -> str:
    shown = sorted(names)[:_SHOWN]
    more = len(names) - len(shown)
    return ", ".join(repr(name) for name in shown) + (f" and {more} more" if more else "")
