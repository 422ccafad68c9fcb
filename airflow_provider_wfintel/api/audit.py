"""A row in Airflow's audit log for every call that changes something: who asked for what, allowed or not.

The row is written before the route does anything, as Airflow does for its own routes. It names things (DAG, alert,
rule, remedy ...) and never holds texts: descriptions, logs and sources may be long, and may hold secrets.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, Request, params

__all__ = ["EVENTS", "audited"]

EVENTS: dict[str, str] = {
    "dag.try": "a generated DAG was to be run with stand-ins",
    "dag.save": "a generated DAG file was to be written",
    "feedback.keep": "an opinion, with its corrections",
    "alert.push": "a callback told what it saw",
    "alert.acknowledge": "an incident was taken on",
    "alert.resolve": "an incident was said to be over",
    "alert.silence": "messages were to stop for a time",
    "alert.end_silence": "a silence was to end",
    "alert_rule.make": "a rule was to be stored",
    "alert_rule.change": "a rule was to be changed",
    "alert_rule.drop": "a rule was to be deleted",
    "monitoring.refit": "forecasts, health or the calibration were to be learned anew",
    "optimization.analyze": "a DAG was analyzed; the plan is kept for those who may edit it",
    "optimization.apply": "a plan was to be applied, withdrawn or rejected",
    "services.keep": "a worker told how services are",
    "session.open": "a failed try was diagnosed",
    "session.resolve": "a remedy was to be carried out, or tried without effect",
    "session.verify": "what came of a remedy was looked at",
    "session.undo": "what remedies had set was to be taken back",
    "session.close": "a session was ended by a person",
}
"""What is recorded, as `wfintel.NAME`."""

_NAMED = (
    "run_id", "task_id", "map_index", "try_number", "mode", "remedy", "status", "action", "optimization_id", "strategy",
    "minutes", "whole_dag", "kind", "verdict", "subject", "subject_id", "replace", "source_hash", "dag_ids",
    "calibration",
)  # fmt: skip
_MOST_LETTERS, _MOST_ITEMS = 250, 20


def audited(name: str) -> params.Depends:
    """A dependency that records a call as `wfintel.NAME`."""
    event = f"wfintel.{name}"
    assert name in EVENTS, name  # noqa: S101 - a slip of ours, found when the module is imported

    def record(
        request: Request, body: Annotated[dict[str, Any], Depends(_body_of)], user: GetUserDep, session: SessionDep
    ) -> None:
        from airflow.models.log import Log

        rule = body.get("rule")
        named = {key: _short(body[key]) for key in _NAMED if key in body}
        if isinstance(rule, dict):
            named["rule"] = _short(rule.get("id"))
        row = Log(
            event=event,
            task_instance=None,
            owner=str(user.get_name()),
            owner_display_name=str(user.get_name()),
            extra=json.dumps({**named, **request.path_params, "method": request.method}),
            dag_id=_name(body.get("dag_id")),
            run_id=_name(body.get("run_id")),
            task_id=_name(body.get("task_id")),
        )
        session.add(row)
        # At once, so that it stays whatever comes of the call.
        session.commit()

    return params.Depends(record)


async def _body_of(request: Request) -> dict[str, Any]:
    """The body if it is a JSON object; what is wrong with another is for the route to say."""
    if "application/json" not in request.headers.get("content-type", ""):
        return {}
    try:
        body = await request.json()
    except ValueError:  # no JSON, or no UTF-8
        return {}
    return body if isinstance(body, dict) else {}


def _name(value: Any) -> str | None:
    return _short(value) or None if isinstance(value, str) else None


def _short(value: Any) -> Any:
    """A name, number or list of names; nothing else, and nothing long."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        # Half a character of UTF-16 cannot be stored; the route refuses it.
        return value[:_MOST_LETTERS].encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_short(item) for item in value[:_MOST_ITEMS] if isinstance(item, str)]
    return None
