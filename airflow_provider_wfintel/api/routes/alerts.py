"""Routes of alerts: what is wrong now, what people do about it, what tasks push, and rules."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Query, Response, status

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.alerts import (
    AcceptedBody,
    AlertBody,
    AlertDetailBody,
    AlertsBody,
    AlertStatus,
    DeliveryBody,
    PushedEventBody,
    RuleBody,
    RulesBody,
    Severity,
    SilenceBody,
    SilenceRequestBody,
    SilencesBody,
    StoredRuleBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.security import may_edit_dag, readable_dags, requires_all_teams
from airflow_provider_wfintel.app import alert_desk
from airflow_provider_wfintel.app.alert_desk import AlertFilter, Seen, Silence, StoredAlert, StoredRule
from airflow_provider_wfintel.engine.model import to_json

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/monitoring", tags=["alerts"], route_class=WriteRoute)

Readable = Annotated[frozenset[str], Depends(readable_dags)]


@router.get("/alerts")
def find(
    session: SessionDep,
    readable: Readable,
    page: Annotated[Page, Depends(paged(50, 500))],
    dag_id: Annotated[str, Query(max_length=250)] = "",
    alert_status: Annotated[list[AlertStatus] | None, Query(alias="status")] = None,
    severity: Annotated[list[Severity] | None, Query()] = None,
    rule: Annotated[str, Query(max_length=250)] = "",
    incident: Annotated[str, Query(max_length=40)] = "",
    since: datetime | None = None,
) -> AlertsBody:
    """List alerts of the DAGs that the caller may read, the newest first; those about no DAG are for everybody."""
    wanted = AlertFilter(
        dag_ids=readable,
        dag_id=dag_id,
        status=tuple(alert_status or ()),
        severity=tuple(severity or ()),
        rule=rule,
        incident=incident,
        since=None if since is None else _aware(since),
    )
    found, total = alert_desk.find_alerts(session, wanted, limit=page.rows, offset=page.offset, after=page.after)
    shown, following = page.cut(found, lambda item: (item.last_seen_at.isoformat(), item.alert_id))
    return AlertsBody(
        alerts=[AlertBody(**_fields(item)) for item in shown],
        total=total,
        limit=page.limit,
        offset=page.offset,
        next_cursor=following,
    )


@router.post("/alerts", dependencies=[audited("alert.push"), ONCE], status_code=status.HTTP_202_ACCEPTED)
def push(body: PushedEventBody, user: GetUserDep, session: SessionDep) -> AcceptedBody:
    """Take in what a callback of a DAG has seen; what the collector sees of the same try makes no second alert."""
    may_edit_dag(body.dag_id, user)
    fields = body.model_dump()
    seen = Seen(**{**fields, "at": _aware(fields["at"]).timestamp()})
    return AcceptedBody(key=alert_desk.push(session, seen, by=user.get_id(), now=_now()).key)


@router.get("/alerts/{alert_id}")
def one(alert_id: str, session: SessionDep, readable: Readable) -> AlertDetailBody:
    """One alert with the messages about it."""
    alert = _alert(session, alert_id, readable)
    sent = [DeliveryBody.model_validate(item, from_attributes=True) for item in _deliveries(session, alert)]
    return AlertDetailBody(**_fields(alert), deliveries=sent)


@router.post(
    "/alerts/{alert_id}/ack", dependencies=[audited("alert.acknowledge"), ONCE], status_code=status.HTTP_202_ACCEPTED
)
def acknowledge(alert_id: str, user: GetUserDep, session: SessionDep, readable: Readable) -> AcceptedBody:
    """Take the incident of an alert on: no repeats and no escalation unless it gets worse."""
    alert = _mine(session, alert_id, readable, user)
    return AcceptedBody(key=alert_desk.acknowledge(session, alert, by=user.get_id(), now=_now()).key)


@router.post(
    "/alerts/{alert_id}/resolve", dependencies=[audited("alert.resolve"), ONCE], status_code=status.HTTP_202_ACCEPTED
)
def resolve(alert_id: str, user: GetUserDep, session: SessionDep, readable: Readable) -> AcceptedBody:
    """Say that the incident of an alert is over; what fails after that is a new one."""
    alert = _mine(session, alert_id, readable, user)
    return AcceptedBody(key=alert_desk.resolve(session, alert, by=user.get_id(), now=_now()).key)


@router.post(
    "/alerts/{alert_id}/silence", dependencies=[audited("alert.silence"), ONCE], status_code=status.HTTP_202_ACCEPTED
)
def silence(
    alert_id: str, body: SilenceRequestBody, user: GetUserDep, session: SessionDep, readable: Readable
) -> SilenceBody:
    """Let nobody hear of it for some time."""
    alert = _alert(session, alert_id, readable)
    _may_edit(alert, user)
    item = alert_desk.silence(
        session,
        alert,
        by=user.get_id(),
        now=_now(),
        seconds=60 * body.minutes,
        whole_dag=body.whole_dag,
        comment=body.comment,
    )
    return _silence(item)


@router.get("/silences")
def silences(session: SessionDep, readable: Readable, page: Annotated[Page, Depends(paged(500, 1000))]) -> SilencesBody:
    """The silences that hold for DAGs that the caller may read."""
    found = [item for item in alert_desk.silences(session) if alert_desk.dag_of_silence(item) in readable | {""}]
    found.sort(key=lambda item: item.silence_id)
    shown, following = page.of(found, lambda item: item.silence_id)
    return SilencesBody(silences=[_silence(item) for item in shown], next_cursor=following)


@router.delete(
    "/silences/{silence_id}", dependencies=[audited("alert.end_silence"), ONCE], status_code=status.HTTP_202_ACCEPTED
)
def end_silence(silence_id: str, user: GetUserDep, session: SessionDep, readable: Readable) -> AcceptedBody:
    """End a silence before its time."""
    for item in alert_desk.silences(session):
        dag_id = alert_desk.dag_of_silence(item)
        if item.silence_id == silence_id and dag_id in readable | {""}:
            if dag_id:
                may_edit_dag(dag_id, user)
            else:
                requires_all_teams(user)
            alert_desk.end_silence(session, silence_id, dag_id=dag_id, by=user.get_id(), now=_now())
            return AcceptedBody(key=silence_id)
    raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such silence")


@router.get("/alert-rules", dependencies=[Depends(requires_all_teams)])
def rules(session: SessionDep, page: Annotated[Page, Depends(paged(500, 1000))]) -> RulesBody:
    """The stored rules."""
    found = sorted(alert_desk.rules(session), key=lambda item: str(item.rule["id"]))
    shown, following = page.of(found, lambda item: str(item.rule["id"]))
    return RulesBody(rules=[_rule(item) for item in shown], next_cursor=following)


@router.post(
    "/alert-rules",
    dependencies=[audited("alert_rule.make"), Depends(requires_all_teams), ONCE],
    status_code=status.HTTP_201_CREATED,
)
def make_rule(body: RuleBody, user: GetUserDep, session: SessionDep) -> StoredRuleBody:
    """Store a new rule. One with the id of a built-in rule changes the fields that it names."""
    stored = StoredRule(body.rule, tuple(body.receivers), user.get_id())
    return _rule(alert_desk.keep_rule(session, stored, now=_now(), new=True))


@router.get("/alert-rules/schema")
def rule_schema() -> dict[str, Any]:
    """The JSON Schema of a rule."""
    return alert_desk.rule_schema()


@router.put("/alert-rules/{rule_id}", dependencies=[audited("alert_rule.change"), Depends(requires_all_teams), ONCE])
def change_rule(rule_id: str, body: RuleBody, user: GetUserDep, session: SessionDep) -> StoredRuleBody:
    """Put a rule in the place of the one with this id, or store it if there is none."""
    stored = StoredRule({**body.rule, "id": rule_id}, tuple(body.receivers), user.get_id())
    return _rule(alert_desk.keep_rule(session, stored, now=_now(), new=False))


@router.delete(
    "/alert-rules/{rule_id}",
    dependencies=[audited("alert_rule.drop"), Depends(requires_all_teams), ONCE],
    status_code=status.HTTP_204_NO_CONTENT,
)
def drop_rule(rule_id: str, session: SessionDep) -> Response:
    """Delete a stored rule."""
    if not alert_desk.drop_rule(session, rule_id):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such rule")
    return Response(status_code=status.HTTP_204_NO_CONTENT)


def _alert(session: SessionDep, alert_id: str, readable: frozenset[str]) -> StoredAlert:
    alert = alert_desk.one_alert(session, alert_id)
    # Whether it exists is not told to who may not read its DAG.
    if alert is None or alert.dag_id not in readable | {""}:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such alert")
    return alert


def _mine(session: SessionDep, alert_id: str, readable: frozenset[str], user: GetUserDep) -> StoredAlert:
    """An alert of which all that is one incident with it is the caller's to act on."""
    alert = _alert(session, alert_id, readable)
    _may_edit(alert, user)
    for dag_id in sorted(alert_desk.dags_of(session, alert) - {alert.dag_id}):
        may_edit_dag(dag_id, user)
    return alert


def _may_edit(alert: StoredAlert, user: GetUserDep) -> None:
    if alert.dag_id:
        may_edit_dag(alert.dag_id, user)
    else:
        requires_all_teams(user)


def _deliveries(session: SessionDep, alert: StoredAlert) -> tuple[alert_desk.Delivery, ...]:
    return alert_desk.alert_deliveries(session, alert)


def _fields(alert: StoredAlert) -> dict[str, Any]:
    body = alert.body
    receivers = [name for item in body.get("incidents", ()) for name in item["receivers"]]
    plain = {name: getattr(alert, name) for name in AlertBody.model_fields if hasattr(alert, name)}
    return {
        **plain,
        **{name: body[name] for name in ("message", "cause", "value", "follows_from", "tags", "owners", "told")},
        "conn_id": body.get("conn_id", ""),
        "receivers": list(dict.fromkeys(receivers)),
    }


def _silence(item: Silence) -> SilenceBody:
    return SilenceBody(
        silence_id=item.silence_id,
        dag_id=alert_desk.dag_of_silence(item),
        match=to_json(item.match),
        starts_at=datetime.fromtimestamp(item.starts, tz=timezone.utc),
        ends_at=datetime.fromtimestamp(item.ends, tz=timezone.utc),
        by=item.by,
        comment=item.comment,
    )


def _rule(item: StoredRule) -> StoredRuleBody:
    return StoredRuleBody(
        rule=dict(item.rule), receivers=list(item.receivers), created_by=item.created_by, updated_at=item.updated_at
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment


def _now() -> datetime:
    return datetime.now(timezone.utc)
