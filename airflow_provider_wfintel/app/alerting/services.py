"""How the services behind connections are, told to the alerts of the DAGs that name the connections.

One thing is told for each such DAG, so that its owners hear of it and nobody else: the cause they share makes one
incident, and one message, of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.alerting.say import tell
from airflow_provider_wfintel.engine.model import ServiceCheck
from airflow_provider_wfintel.engine.monitoring.service import DagLabels, Seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["tell_services"]

_BY = "services"
_MOST_DAGS = 50
"""Of more DAGs that name a connection, the first by id stand for all."""
_TELL_BACK = timedelta(hours=1)
_ILL = {"refused": "refuses the login or answers with an error", "unreachable": "does not answer"}
_MISSING = "is not defined"


def tell_services(session: Session, checks: Sequence[ServiceCheck], *, now: datetime) -> int:
    """Tell the alerts of looks of the last hour; returns how many things were told. The caller commits.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.airflow_dags import labels_of
    from airflow_provider_wfintel.host.connections_in_use import connections_in_use

    told = [
        item
        for item in checks
        if item.state != "unknown" and datetime.fromisoformat(item.checked_at) >= now - _TELL_BACK
    ]
    if not told:
        return 0
    used = connections_in_use(session)
    dags = {name for item in told for name in used.get(item.conn_id, ())[:_MOST_DAGS]}
    labels = labels_of(session, dags)
    return len(tell(session, _seen(told, used, labels), by=_BY, now=now))


def _seen(
    checks: Sequence[ServiceCheck], used: Mapping[str, Sequence[str]], labels: Mapping[str, DagLabels]
) -> Iterator[Seen]:
    for item in checks:
        for dag_id in used.get(item.conn_id, ())[:_MOST_DAGS]:
            known = labels.get(dag_id, DagLabels())
            well = item.state == "ok"
            what = _MISSING if item.state == "missing" else f"{_ILL.get(item.state, 'is not well')}"
            yield Seen(
                kind="service.well" if well else "service.ill",
                at=datetime.fromisoformat(item.checked_at).timestamp(),
                dag_id=dag_id,
                # Each connection of a DAG is a thing of its own; there is no run that it belongs to.
                conn_id=item.conn_id,
                event_id=f"{item.conn_id} {item.checked_at}",
                # Not the words of the look: they may name an address, and those who read the DAG may not read that.
                message="" if well else f"the service behind the connection {item.conn_id} {what}",
                severity="info" if well else "warning",
                cause="" if well else f"service {item.conn_id}",
                shared=not well,
                tags=known.tags,
                owners=known.owners,
                team=known.team,
                upstream_dags=known.upstream_dags,
            )
