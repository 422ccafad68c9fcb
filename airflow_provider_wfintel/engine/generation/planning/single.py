"""Steps with one service: an operator of the catalogue, a recipe where rows flow, a hook call, or open code."""

from __future__ import annotations

import json
import re

from airflow_provider_wfintel.engine.catalog import ServiceAction
from airflow_provider_wfintel.engine.catalog.recipe import Recipe
from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice, session_values
from airflow_provider_wfintel.engine.generation.planning.by_recipe import (
    add_issue,
    from_hook,
    from_recipe,
    is_input,
    is_issue,
    slot_of,
)
from airflow_provider_wfintel.engine.generation.planning.choice import (
    Choice,
    actions_of,
    best_action,
    is_kind,
    makes,
    nearby_actions,
    removes,
    unused_values,
)
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.sql import sql_statement
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue, TemplateValue

__all__ = ["single_service"]

# Templates that a request body may hold as they are; any other text in braces is the user's and stays text.
_MACROS = frozenset(
    f"{{{{ {name} }}}}"
    for name in (
        "ds", "ds_nodash", "ts", "ts_nodash", "run_id", "logical_date", "data_interval_start", "data_interval_end",
        "data_interval_start | ds", "data_interval_end | ds",
    )
)  # fmt: skip
_FLOWING = frozenset({"extract", "load", "transform", "query"})
# Where loading means that a ticket is opened.
_TICKETS = frozenset(("jira", "asana", "opsgenie", "pagerduty", "zendesk"))
# Where a query is a job of the service that leaves its result there.
_QUERY_JOBS = frozenset(("amazon_athena",))
_LISTING = re.compile(r"\blist\b|\bfiles?\b|\bkeys?\b|\bobjects?\b", re.IGNORECASE)
_FILES = re.compile(r"\b(?:files?|csvs?|parquet)\b", re.IGNORECASE)


def single_service(desk: Desk, step: Step, task: str, *, fed: bool) -> Draft | None:
    """The task for a step with one service, or None if the step names no service."""
    service = step.target or step.source
    if not service:
        return None
    values = _stated(desk, step, service)
    recipe = _best_recipe(desk, step, service, values, fed=fed) if not session_values(step, service) else None
    choice = None
    weights = desk.weights(service)
    if not _is_library(desk, service):
        choice = best_action(actions_of(desk.catalog, service), step, values, has_upstream=fed, weights=weights)
        if choice is not None and weights.get(choice.record.operator, 0.0) > 0.5:
            desk.notes.take("operator", choice.record.operator, "corrections")
            return from_choice(desk, step, choice, values, task)
    if step.action == "delete" and values.values.get("older_than_days") is not None and not is_kind(service, "sql"):
        # What ignores the age would delete everything.
        choice = choice if choice is not None and "older_than_days" in choice.record.slots else None
    if is_kind(service, "sql") and values.values.get("sql") is None:
        made = choice is not None and makes(choice.record)
        rows = step.action == "load" and not fed and values.get("table") is not None and not step.values("sql_file")
        if rows and not made and _by_sql(service):
            # The hook of BigQuery cannot insert rows the way other databases do.
            inserts = "insert_bigquery_rows" if service == "google_bigquery" else "insert_rows"
            return from_recipe(desk, step, inserts, values, task, service=service)
        named = choice is not None and not choice.missing and removes(choice.record)
        if step.action == "delete" and not named:
            _ask_for_deletion(desk, step, task)
            return _open_code(desk, step, service, task)
    if recipe is not None and (choice is None or _recipe_first(step, recipe, choice, values, fed=fed)):
        return from_recipe(desk, step, recipe.name, values, task, service=service, note=_note(desk, service))
    if choice is not None and _wants_rows(choice) and values.get("rows") is None and _by_sql(service):
        # Airflow does not resolve outputs in the rows of the operator; a function takes them.
        return from_recipe(desk, step, "insert_rows", values, task, service=service)
    # What runs inside a container is the image's business: the operator is right even if much of it is open.
    if choice is not None and (is_kind(service, "containers") or _fits(choice, step)):
        return from_choice(desk, step, choice, values, task)
    return _second_best(desk, step, service, task, values, recipe, choice)


def _stated(desk: Desk, step: Step, service: str) -> SlotValues:
    """What the words state of a step with one service, with what they imply of statement, body and message."""
    values = slot_values(step)
    _add_sql(desk, step, service, values)
    _add_body(values)
    _add_method(step, service, values)
    if step.action == "notify" or (step.action == "load" and service in _TICKETS):
        _add_message(desk, step, values)
    if service == "github" and is_issue(step):
        add_issue(step, values)
    _say_host(desk, step, service, values)
    return values


def _ask_for_deletion(desk: Desk, step: Step, task: str) -> None:
    what = " ".join(step.words.split())[:100]
    text = f"Which SQL statement carries out {what!r}? Nothing is deleted until it is given."
    desk.notes.ask("sql", text, span=desk.span(step), task_id=task)


def _fits(choice: Choice, step: Step) -> bool:
    """Whether an operator may have the rest of its values open."""
    service = choice.record.service
    tells = service in _TICKETS or (step.action == "notify" and is_kind(service, "people"))
    settings = step.action in ("train", "load", "trigger") and choice.missing == ("config",)
    return len(choice.missing) <= 2 and (tells or settings or not (choice.missing and choice.unused))


def _second_best(
    desk: Desk, step: Step, service: str, task: str, values: SlotValues, recipe: Recipe | None, choice: Choice | None
) -> Draft:
    """A hook's method, a recipe or an operator that leaves much open; else code to fill in."""
    hook = _hook_action(desk, step, service)
    if hook is not None and step.action == "delete" and _NARROWED.search(step.words):
        # The method would take its default, which is everything.
        hook = None
    if hook is not None and not unused_values(hook, step, values.filled(hook.slots)):
        return from_hook(desk, step, hook, values, task, service)
    if recipe is not None:
        return from_recipe(desk, step, recipe.name, values, task, service=service, note=_note(desk, service))
    if choice is not None and not choice.unused:
        return from_choice(desk, step, choice, values, task)
    return _open_code(desk, step, service, task)


_NARROWED = re.compile(
    r"\b(?:where|whose|which|that\s+(?:are|have|were)|older|newer|before|after|since|with(?:out)?|only|except|if|unless|expired|stale|old|duplicate\w*)\b",
    re.IGNORECASE,
)


def _say_host(desk: Desk, step: Step, service: str, values: SlotValues) -> None:
    """The address in the words is the host of a connection: say which one must have it."""
    url = values.values.get("url")
    if isinstance(url, LiteralValue) and service in ("http", "webhook"):
        host = "/".join(str(url.value).split("/")[:3])
        connection, _ = desk.connection(step, service)
        desk.notes.assume("connection", f"The connection {connection!r} has the host {host}.", desk.span(step))


def _add_sql(desk: Desk, step: Step, service: str, values: SlotValues) -> None:
    """Give a SQL step its statement or statements, if the words state or fully imply them."""
    if not is_kind(service, "sql"):
        return
    several = [text for text in step.values("sql") if re.search(r"\s", text.strip())]
    if len(several) > 1 and step.action in ("query", "trigger", "transform", "load", "delete", "none"):
        # A job of BigQuery takes one text: a script.
        script = ";\n".join(text.rstrip("; \n") for text in several)
        values.values["sql"] = LiteralValue.of(script if service == "google_bigquery" else several)
    if values.values.get("sql") is not None:
        return
    statement, note = sql_statement(step)
    if statement is not None:
        values.values["sql"] = LiteralValue.of(statement)
        if note:
            desk.notes.assume("sql", note, desk.span(step))


def _add_body(values: SlotValues) -> None:
    """A stated JSON body is the payload; in it only known macros stay live."""
    body = values.values.get("body")
    if not isinstance(body, LiteralValue):
        return
    try:
        data = json.loads(body.value)
    except (TypeError, ValueError):
        data = body.value
    values.values["payload"] = LiteralValue.of(_with_macros(data))


_CALLING = re.compile(
    r"^(?:call|hit|ping|request|poll|visit|open|query|get|aufrufen|ruf\w*|appel\w*|llam\w*|cham\w*)\b", re.IGNORECASE
)
_SENDING = re.compile(
    r"\b(?:post\w*|send\w*|submit\w*|push\w*|upload\w*|creat\w*|webhook\w*|put|patch|trigger\w*|notif\w*|payload|body|with data|"
    r"send\w*|schick\w*|envoy\w*|envi\w*)\b",
    re.IGNORECASE,
)


def _add_method(step: Step, service: str, values: SlotValues) -> None:
    """Calling an address reads it, unless the words send something."""
    calls = service == "http" and _CALLING.match(step.lemma) is not None
    if calls and not (
        _SENDING.search(_without_values(step)) or values.values.get("body") or values.values.get("method")
    ):
        values.values["method"] = LiteralValue.of("GET")


def _without_values(step: Step) -> str:
    """The words of a step without the literals in them, which may hold any word."""
    words = step.words
    for item in step.slots:
        words = words.replace(item.slot.value, " ")
    return words


def _with_macros(data: object) -> object:
    if isinstance(data, dict):
        return {key: _with_macros(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_macros(value) for value in data]
    if isinstance(data, str) and re.sub(r"\s+", " ", data.strip()) in _MACROS:
        return {"__template__": data.strip()}
    return data


_TITLED = re.compile(
    r"\b(?:titled|entitled|with\s+the\s+(?:title|subject|summary)|(?:title|subject|summary)[:=]?)\s+[`'\"](?P<title>[^`'\"\n]+)[`'\"]",
    re.IGNORECASE,
)


def _add_message(desk: Desk, step: Step, values: SlotValues) -> None:
    """The words in quotes where no verb of sending names them; where there are none, which DAG, which run."""
    quoted = [item.slot.value for item in step.slots if item.slot.kind == "quoted" and item.slot.name == "name"]
    titled = _TITLED.search(step.words)
    if titled is not None and titled.group("title") in quoted:
        for name in ("subject", "summary"):
            values.values.setdefault(name, LiteralValue.of(titled.group("title")))
    elif len(quoted) == 1:
        values.values.setdefault("message", LiteralValue.of(quoted[0]))
    if not any(values.get(name) is not None for name in ("message", "body", "text")):
        failed = step.trigger_rule == "one_failed"
        what = "a task failed in run {{ run_id }}" if failed else "run {{ run_id }} has come this far"
        values.values["message"] = TemplateValue(f"{{{{ dag.dag_id }}}}: {what}")
        desk.notes.assume(
            "message",
            f"The message of {' '.join(step.words.split())[:80]!r} names the DAG and the run.",
            desk.span(step),
        )
    values.values.setdefault("subject", TemplateValue("{{ dag.dag_id }}: {{ run_id }}"))
    values.values.setdefault("summary", TemplateValue("{{ dag.dag_id }}: {{ run_id }}"))


def _best_recipe(desk: Desk, step: Step, service: str, values: SlotValues, *, fed: bool) -> Recipe | None:
    """The recipe that fits a step best: made for the service (or SQL, or HTTP), its parameters filled."""
    family = _family(desk, service)
    best: tuple[float, Recipe] | None = None
    for action in nearby_actions(step.action)[: 1 if step.action == "delete" else 2]:
        names = (service,) if family == "own" else (family, service)
        for recipe in (item for name in names for item in desk.recipes.for_action(name, action)):
            score = _recipe_score(step, recipe, values, service, family, fed=fed, by_http=_by_http(desk, service))
            if score is None:
                continue
            score -= 2.0 * (action != step.action)
            if best is None or score > best[0]:
                best = (score, recipe)
    return best[1] if best is not None else None


def _wants_rows(choice: Choice) -> bool:
    return choice.record.operator.endswith(":SQLInsertRowsOperator")


def _by_sql(service: str) -> bool:
    """Whether the hook of a service runs SQL by itself: the recipes ask it to."""
    return is_kind(service, "sql") and service not in _NO_SQL_HOOK


def _by_http(desk: Desk, service: str) -> bool:
    """Whether the connection of a service is one that the HTTP hook can use."""
    return service not in desk.catalog or desk.catalog.service(service).connection_type in ("http", "")


def _family(desk: Desk, service: str) -> str:
    record = desk.catalog.service(service) if service in desk.catalog else None
    if service == "webhook" or (record is not None and not record.provider and record.connection_type == "http"):
        return "http"
    return "own"


_JSON_ANSWERS = frozenset({"http_get_json", "fetch_json_url"})
_NO_JSON = re.compile(r"\.(?:csv|tsv|txt|xml|zip|gz|parquet|xlsx|pdf)$", re.IGNORECASE)
_PUBLIC = frozenset({"fetch_json_url", "download_url", "post_json_url"})
# Databases of Google whose connection is that of the cloud, not of the database.
_NO_SQL_HOOK = frozenset({"google_alloydb", "google_cloud_sql"})
_SQL_RECIPES = frozenset(
    {"query_rows", "query_value", "count_rows", "insert_rows", "load_csv_file", "load_rows_create_table"}
)


def _recipe_score(
    step: Step, recipe: Recipe, values: SlotValues, service: str, family: str, *, fed: bool, by_http: bool
) -> float | None:
    """How well a recipe fits; None if it does not belong to the service or lacks what it needs."""
    stated = values.get("sql") or values.get("sql_file")
    if recipe.name == "count_rows" and isinstance(stated, LiteralValue) and " WHERE " in str(stated.value):
        return None  # It counts all rows, not those that the statement wants.
    from_file = isinstance(stated, LiteralValue) and str(stated.value).endswith(".sql")
    if from_file and ("sql" in recipe.argument_names or is_kind(service, "sql")):
        return None  # Only operators read statements from files; the statement is the work, whatever rows there are.
    if recipe.name == "load_rows_create_table" and "key_columns" in values.values:
        return None  # It only appends.
    sql = _by_sql(service) and recipe.name in _SQL_RECIPES
    own = (
        service in recipe.services
        or family in recipe.services
        or (recipe.name == "send_message" and is_kind(service, "people") and by_http)
    )
    if not (sql or own):
        return None
    if (recipe.name == "load_rows_create_table" and not own) or (
        recipe.name == "create_github_issue" and not is_issue(step)
    ):
        return None
    if recipe.name == "count_rows" and step.lemma == "list":
        return None
    if recipe.name in _PUBLIC and (
        values.values.get("url") is None or any(item.slot.name == "connection" for item in step.slots)
    ):
        return None
    if _is_of_another_form(recipe, values):
        return None
    if recipe.name in ("http_download", "download_url") and values.get("path") in (
        None,
        values.get("endpoint"),
        values.get("url"),
    ):
        return None
    inputs = [
        item for item in recipe.parameters if is_input(recipe.name, item.name) and values.values.get(item.name) is None
    ]
    needed = [
        item.name
        for item in recipe.parameters
        if item.required and item not in inputs and not _is_connection(item.name) and item.name != "purpose"
    ]
    missing = [name for name in needed if values.get(slot_of(name)) is None]
    takes = any(item.required for item in inputs)
    open_endpoint = missing == ["endpoint"] and recipe.name == "http_get_json" and step.action in ("extract", "query")
    if missing and not open_endpoint and not (missing == ["key"] and takes):
        return None
    if takes and not fed:
        return None
    score = 2.0 * len(needed) + (3.0 if takes and fed else 0.0) + (2.0 if service in recipe.services else 0.0)
    score += _recipe_hints(step, recipe, values)
    return score


def _is_of_another_form(recipe: Recipe, values: SlotValues) -> bool:
    """Whether a recipe would read what is no JSON as JSON, or list one file as a folder."""
    if recipe.name in _JSON_ANSWERS and _NO_JSON.search(str(getattr(values.get("endpoint"), "value", ""))):
        return True
    folder = str(getattr(values.get("folder"), "value", ""))
    return recipe.name.startswith("list_") and re.search(r"\.\w{2,8}$", folder) is not None


def _is_connection(name: str) -> bool:
    return name == "conn_id" or name.endswith("_conn_id")


def _recipe_hints(step: Step, recipe: Recipe, values: SlotValues) -> float:
    score = 0.0
    lists = recipe.name.startswith("list_")
    if lists:
        score += (
            4.0
            if step.lemma == "list"
            or (step.foreach is None and _LISTING.search(step.words) and values.values.get("file_name") is None)
            else -4.0
        )
    if recipe.name == "load_csv_file":
        listed = step.foreach is not None and not (step.foreach.goes_on and not _FILES.search(step.foreach.noun))
        score += 3.0 if listed or _FILES.search(step.words) else -4.0
    if recipe.name == "count_rows":
        score += 6.0 if step.lemma == "count" else -8.0
    if recipe.name == "send_message":
        score -= 3.0
    if recipe.name == "send_teams_message":
        # What an upstream task gives goes below the message, not into the body as it is.
        score += 4.0
    if recipe.name == "http_call":
        # Its answer is a text or an object, not records.
        score -= 2.0 if step.action == "extract" else 0.0
    if recipe.name == "query_value":
        score -= 3.0
    if recipe.name in _PUBLIC:
        # Connections by id are the rule; a bare public address is the exception.
        score -= 1.0
    return score


def _recipe_first(step: Step, recipe: Recipe, choice: Choice, values: SlotValues, *, fed: bool) -> bool:
    """Whether the recipe is the better answer than the operator."""
    takes = any(is_input(recipe.name, item.name) and item.required for item in recipe.parameters)
    if (
        takes
        and (fed or values.get("payload") is not None)
        and step.action in ("load", "copy", "transform", "notify", "trigger", "query")
    ):
        return step.action in ("load", "copy", "transform") or bool(choice.missing) or values.get("payload") is not None
    if choice.missing or (
        recipe.name in ("send_message", "send_teams_message")
        and choice.record.operator.endswith((":HttpOperator", ":MSGraphAsyncOperator"))
    ):
        return True
    if step.action == "query" and choice.record.service in _QUERY_JOBS:
        return False
    gives_rows = step.action == "extract" or (
        step.action == "query" and step.lemma in ("query", "select", "count", "read", "get")
    )
    # A sensor waits for a message and hands nothing on.
    waits = choice.record.kind == "sensor" and step.action != "extract"
    return gives_rows and not waits and step.action in _FLOWING


def _hook_action(desk: Desk, step: Step, service: str) -> ServiceAction | None:
    nearby = nearby_actions(step.action)
    found = [
        item
        for item in actions_of(desk.catalog, service)
        if item.kind == "hook" and item.action in nearby and item.method
    ]
    return min(found, key=lambda item: nearby.index(item.action)) if found else None


def _is_library(desk: Desk, service: str) -> bool:
    """A service without provider that is not spoken to over HTTP: only code reaches it."""
    record = desk.catalog.service(service) if service in desk.catalog else None
    return record is not None and not record.provider and record.connection_type != "http"


def _note(desk: Desk, service: str) -> str:
    """What a reader must know of a service without a provider: how it is reached, and where."""
    record = desk.catalog.service(service) if service in desk.catalog else None
    if record is None or record.provider or service in ("http", "webhook"):
        return ""
    where = f"Its API is at {record.http_base_url}: the host of the connection." if record.http_base_url else ""
    return " ".join(part for part in (record.note, where) if part)


def _open_code(desk: Desk, step: Step, service: str, task: str) -> Draft:
    record = desk.catalog.service(service) if service in desk.catalog else None
    name = record.name if record is not None else service
    desk.notes.warn(
        "operator",
        f"No operator is known for {step.action!r} with {name}; the task fails until its code is filled in.",
        desk.span(step),
    )
    return from_recipe(desk, step, "python_step", SlotValues({}, {}), task, service=service)
