"""Routes of the first verb: describe a workflow, get a DAG file."""

from __future__ import annotations

import json
import threading
from typing import Annotated

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Query, status

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.automation import (
    GenerateBody,
    GenerationBody,
    IssueBody,
    PatternBody,
    SaveBody,
    SavedBody,
    ServiceBody,
    ServicesBody,
    TemplateBody,
    TemplatesBody,
    TrialBody,
    TryBody,
    ValidateBody,
    ValidationBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import may_save_dag, requires_dag_authoring, visible_to
from airflow_provider_wfintel.app.catalog import (
    ServiceQuery,
    find_services,
    list_examples,
    list_patterns,
    pattern_to_dict,
)
from airflow_provider_wfintel.app.context import deployment_context
from airflow_provider_wfintel.app.generate import GenerateRequest, generation_to_dict, remembered_workflow
from airflow_provider_wfintel.app.opinion import configured_reader
from airflow_provider_wfintel.app.save import SaveRequest, save_workflow
from airflow_provider_wfintel.app.trial import trial_to_dict, try_dags
from airflow_provider_wfintel.app.validate import validate_file
from airflow_provider_wfintel.config import read_settings
from airflow_provider_wfintel.engine.model import SpecEdit

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/automation", tags=["automation"], route_class=WriteRoute)


@router.post("/generate", dependencies=[Depends(requires_dag_authoring), COSTLY])
def generate(body: GenerateBody, user: GetUserDep, session: SessionDep) -> GenerationBody:
    """Read a description, or fill a pattern, and write the DAG file for it. Nothing is stored."""
    request = _request(body, user, session)
    answer = generation_to_dict(remembered_workflow(request), services_folder=request.services_folder)
    return GenerationBody.model_validate(answer)


def _request(body: GenerateBody, user: GetUserDep, session: SessionDep) -> GenerateRequest:
    return GenerateRequest(
        text=body.user_input,
        enhanced_intelligence=body.enhanced_intelligence,
        context_aware=body.context_aware,
        context=deployment_context(session, visible_to(user, session)) if body.context_aware else None,
        services_folder=read_settings().services_folder,
        second_reader=configured_reader() if body.enhanced_intelligence else None,
        pattern=body.pattern,
        values=tuple((name, tuple(item) if isinstance(item, list) else item) for name, item in body.values.items()),
        edits=tuple(SpecEdit(item.what, json.dumps(item.value), item.task_id, item.name) for item in body.edits),
    )


_TRIAL_SECONDS = 30.0
_one_trial = threading.Lock()


@router.post("/try", dependencies=[audited("dag.try"), Depends(requires_dag_authoring), COSTLY])
def try_dag(body: TryBody, user: GetUserDep, session: SessionDep) -> TrialBody:
    """Generate a DAG and run it in a child process, a stand-in for every outside service; where it is allowed."""
    if not read_settings().trial_over_rest:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this deployment does not run generated DAGs over REST")
    generation = remembered_workflow(_request(body, user, session))
    session.rollback()  # no transaction is held while the child runs
    if not _one_trial.acquire(blocking=False):
        raise HTTPException(status.HTTP_409_CONFLICT, "another trial is running")
    try:
        name = generation.spec.dag_id
        found = try_dags({name: generation.source}, seconds=_TRIAL_SECONDS)[name]
    finally:
        _one_trial.release()
    return TrialBody.model_validate(trial_to_dict(found))


@router.post("/save", dependencies=[audited("dag.save"), Depends(requires_dag_authoring), COSTLY, ONCE])
def save(body: SaveBody, user: GetUserDep, session: SessionDep) -> SavedBody:
    """Generate a DAG file and write it into the DAG folder, where the administrator allowed it."""
    settings = read_settings()
    if not settings.save_over_rest or settings.dags_save_folder is None:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this deployment does not save DAG files over REST")
    request = SaveRequest(
        _request(body, user, session),
        folder=settings.dags_save_folder,
        author=str(user.get_id()),
        source_hash=body.source_hash,
        replace=body.replace,
    )
    folder = settings.dags_save_folder
    saved = save_workflow(session, request, may_write=lambda dag_id: may_save_dag(dag_id, folder, user))
    return SavedBody(
        dag_id=saved.dag_id, file_name=saved.path.name, source_hash=saved.source_hash, replaced=saved.replaced
    )


@router.post("/validate", dependencies=[Depends(requires_dag_authoring), COSTLY])
def validate(body: ValidateBody) -> ValidationBody:
    """Check a DAG file by reading it. It is never imported here: the api-server runs no DAG code."""
    report = validate_file(body.source, execute=False)
    return ValidationBody(
        ok=report.ok,
        issues=[
            IssueBody(check=item.check, message=item.message, line=item.line, hint=item.hint) for item in report.issues
        ],
        checks=list(report.checks),
        dag_ids=list(report.dag_ids),
        task_ids=list(report.task_ids),
    )


@router.get("/services")
def services(
    page: Annotated[Page, Depends(paged(50, 200))],
    q: Annotated[str, Query(max_length=200, description="Part of the id, the name or an alias.")] = "",
    category: Annotated[str, Query(max_length=100)] = "",
    with_provider: Annotated[bool | None, Query(description="Only services with, or without, a provider.")] = None,
) -> ServicesBody:
    """List the services that descriptions may name, sorted by id."""
    query = ServiceQuery(text=q, category=category, with_provider=with_provider)
    found = find_services(query, extra_folder=read_settings().services_folder)
    shown, following = page.of(found, lambda item: item.id)
    services = [
        ServiceBody(
            id=item.id,
            name=item.name,
            category=item.category,
            aliases=list(item.aliases),
            provider=item.provider,
            connection_type=item.connection_type,
            default_connection_id=item.default_connection_id,
            note=item.note,
        )
        for item in shown
    ]
    return ServicesBody(
        services=services, total=len(found), limit=page.limit, offset=page.offset, next_cursor=following
    )


@router.get("/templates")
def templates() -> TemplatesBody:
    """List descriptions to start from, and the patterns with their parameters."""
    found = [TemplateBody(id=item.id, title=item.title, text=item.text) for item in list_examples()]
    patterns = [PatternBody.model_validate(pattern_to_dict(item)) for item in list_patterns()]
    return TemplatesBody(templates=found, total=len(found), patterns=patterns)
