"""Steps to task drafts: which builder takes which step. The first builder that answers wins."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.address import from_address
from airflow_provider_wfintel.engine.generation.planning.archives import work_on_file
from airflow_provider_wfintel.engine.generation.planning.attached import mail_with_rows, say_attached
from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.by_way import legs
from airflow_provider_wfintel.engine.generation.planning.choice import Choice, best_action, is_kind
from airflow_provider_wfintel.engine.generation.planning.config_file import from_config_file
from airflow_provider_wfintel.engine.generation.planning.dbt import dbt_core
from airflow_provider_wfintel.engine.generation.planning.declared import with_declared_table, with_row_conditions
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, let_through, literal
from airflow_provider_wfintel.engine.generation.planning.dumps import dump_database
from airflow_provider_wfintel.engine.generation.planning.expectations import validated
from airflow_provider_wfintel.engine.generation.planning.exports import (
    add_format,
    file_format,
    for_each_table,
    place_of_file,
    with_file_key,
    with_file_name,
)
from airflow_provider_wfintel.engine.generation.planning.google_jobs import (
    hive_on_dataproc,
    on_dataproc,
    table_of_query,
)
from airflow_provider_wfintel.engine.generation.planning.handed_over import with_handed_over
from airflow_provider_wfintel.engine.generation.planning.lambda_code import deploy_lambda
from airflow_provider_wfintel.engine.generation.planning.local import client_program, delete_files, load_file
from airflow_provider_wfintel.engine.generation.planning.meant import (
    snapshot_is_meant,
    stop_is_meant,
    training_is_meant,
)
from airflow_provider_wfintel.engine.generation.planning.moved import move_local, move_within
from airflow_provider_wfintel.engine.generation.planning.naming import slug, task_name
from airflow_provider_wfintel.engine.generation.planning.partitions import with_partitions
from airflow_provider_wfintel.engine.generation.planning.python_function import python_function
from airflow_provider_wfintel.engine.generation.planning.query_output import with_output_place
from airflow_provider_wfintel.engine.generation.planning.shell import shell_command
from airflow_provider_wfintel.engine.generation.planning.single import single_service
from airflow_provider_wfintel.engine.generation.planning.soql import with_soql
from airflow_provider_wfintel.engine.generation.planning.sql import sql_statement
from airflow_provider_wfintel.engine.generation.planning.table_file import folder_to_store, in_bucket, table_to_file
from airflow_provider_wfintel.engine.generation.planning.table_stage import through_table_stage
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, connection_of, slot_values
from airflow_provider_wfintel.engine.generation.planning.wait_for_file import wait_for_file
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, ParamRef

__all__ = ["build_drafts", "from_previous", "is_enough"]

Builder = Callable[[Desk, Step, str, bool], "tuple[Draft, ...] | None"]
_APPROVE = re.compile(
    r"\b(?:approv\w*|sign[- ]?off|confirm\w*|consent|go[- ]ahead|freigab\w*|freigeb\w*|genehmig\w*|approb\w*|approuv\w*|aprob\w*|aprov\w*)\b|审批|批准",
    re.I,
)
_REPORT = re.compile(r"\.(?:md|txt|csv|json|html)$", re.IGNORECASE)
_PYTHON = re.compile(r"\b(?:python|pandas|polars|notebook|py)\b|\.py\b", re.IGNORECASE)
_FILE_WORDS = re.compile(r"\S*\b(?:csvs?|files?|parquet)\b\S*", re.IGNORECASE)
_LOCAL = re.compile(r"(?:~|\.{1,2})?/(?:\{\{[^{}\n]*\}\}|[^\s{}])*(?:\}\}|[^/\s*?{}])$")
_MAIL = re.compile(r"\b(?:e-?mails?|mails?|courriel|correo|emailing)\b|邮件", re.IGNORECASE)


def _with(step: Step, service: str) -> Step:
    return replace(step, target=service) if not step.services else step


def _approval(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    waits = step.action in ("wait_for", "approve", "check", "notify", "trigger") and _APPROVE.search(step.words)
    if not (step.action == "approve" or (waits and not step.slots)):
        return None
    words = re.sub(r"[\s,;]+(?:and(?:\s+only)?|but)?$", "", " ".join(step.words.split()))
    own = replace(step, action="approve", source="", target="human", tool="", slots=())
    values = SlotValues({"subject": LiteralValue.of(words[:1].upper() + words[1:160])}, {})
    choice = best_action(desk.catalog.actions("human"), own, values, action="approve")
    if choice is None:
        return None
    name = slug(task) if "approv" in task else "approve"
    return (from_choice(desk, own, choice, values, name),)


def _other_dag(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    names = step.values("dag_id") or (step.values("name") if step.target == "airflow" else ())
    if (
        not names
        or step.action not in ("wait_for", "trigger", "notify", "check")
        or any(item not in ("airflow", "airflow_common") for item in step.services)
    ):
        return None
    own = replace(
        step, source="", target="airflow", action="wait_for" if step.action in ("wait_for", "check") else "trigger"
    )
    drafts: list[Draft] = []
    for part in _each_dag(own):
        values = slot_values(part)
        choice = best_action(desk.catalog.actions("airflow"), part, values, action=own.action)
        if choice is None:
            return None
        drafts.append(from_choice(desk, part, choice, values, task if not drafts else task_name(part)))
    return tuple(drafts)


def _each_dag(step: Step) -> tuple[Step, ...]:
    """Of "wait for the DAG a (task x) and the DAG b": the step once for each DAG, with what is said of that one."""
    starts = [place for place, item in enumerate(step.slots) if item.slot.name == "dag_id"]
    if len(starts) < 2 or starts[0] != 0:
        return (step,)
    ends = (*starts[1:], len(step.slots))
    return tuple(replace(step, slots=step.slots[start:end]) for start, end in zip(starts, ends, strict=True))


def _shell(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    if step.action not in (
        "trigger",
        "transform",
        "query",
        "copy",
        "check",
        "load",
        "delete",
        "none",
        "train",
        "extract",
    ):
        return None
    if any(service not in ("bash", "git") for service in step.services) or not (
        step.values("command") or step.values("script") or step.values("file_name") or step.values("path")
    ):
        return None
    command = shell_command(step, desk.text)
    if command is None:
        return None
    own = _with(replace(step, source="", tool=""), "bash")
    values = SlotValues({"command": LiteralValue.of(command)}, {})
    choice = best_action(desk.catalog.actions("bash"), own, values, action="trigger")
    return None if choice is None else (from_choice(desk, replace(own, target="bash"), choice, values, task),)


def _list_files(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    if step.lemma != "list" or step.source not in ("", "filesystem"):
        return None
    values = slot_values(step)
    folder = values.get("folder")
    extension = re.search(r"\b(csv|json|parquet|xml|xlsx|txt|pdf|avro|log)\b", step.words, re.IGNORECASE)
    extra: tuple[Argument, ...] = ()
    if values.get("pattern") is None or values.get("pattern") == folder:
        pattern = f"*.{extension.group(1).lower()}" if extension else "*"
        extra = (literal("pattern", pattern, "implied"),)
    return (
        from_recipe(
            desk, replace(step, source="filesystem"), "list_files", values, task, service="filesystem", extra=extra
        ),
    )


def _report_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    paths = (*step.values("path"), *step.values("file_name"))
    if (
        step.action not in ("load", "transform", "notify", "copy")
        or any(item != "filesystem" for item in step.services)
        or not fed
    ):
        return None
    target = next((path for path in paths if _REPORT.search(path)), None)
    if target is None:
        return None
    values = slot_values(step)
    return (
        from_recipe(
            desk, replace(step, target="filesystem"), "write_report", values, task, extra=(literal("path", target),)
        ),
    )


def _mail(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    if step.services or not (step.values("recipients") or (step.action == "notify" and _MAIL.search(step.words))):
        return None
    if step.action not in ("notify", "load", "trigger", "transform"):
        return None
    own = replace(
        step, action="notify", target="smtp", slots=tuple(replace(item, service="smtp") for item in step.slots)
    )
    return _single(desk, own, task, fed)


def _transfer(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    if step.action == "copy" and bool(step.target) != bool(step.source) and _has_two_places(step):
        one = step.target or step.source
        step = replace(step, source=one, target=one)
    step = _exported(step)
    if not step.source or not step.target or step.tool:
        return None
    step = with_file_key(with_file_name(desk, step))
    values = slot_values(step, step.source, step.target)
    add_format(step, None, values)
    choice = best_action(desk.catalog.transfers(step.source, step.target), step, values, action="copy")
    staged = through_table_stage(desk, step, choice, values, task)
    if staged is not None:
        return (staged,)
    if choice is not None and (is_enough(choice) or _only_places_open(choice, step)):
        return (from_choice(desk, step, choice, values, task),)
    if step.source == step.target:
        return None
    stored = _stored_query(desk, step, task)
    if stored is not None:
        return (stored,)
    read = replace(step, action="extract", target="", slots=_of(step, step.target), lemma="extract")
    # What is written are the rows that were read, whatever file they came from.
    words = _FILE_WORDS.sub(" ", step.words)
    write = replace(step, action="load", source="", slots=_of(step, step.source), lemma="load", words=words)
    if is_kind(step.source, "objects") and file_format(step) in ("parquet", "avro", "orc"):
        text = f"{file_format(step)} files are not read as rows: give the task code that does, or load them with the database."
        desk.notes.warn("format", text, desk.span(step))
    write = _same_table(desk, read, write)
    first = _single(desk, read, task_name(read), fed)
    second = _single(desk, write, task_name(write), True)
    return (*(first or ()), *(second or ()))


def _same_table(desk: Desk, read: Step, write: Step) -> Step:
    """Between databases a table keeps its name unless the words give another one."""
    tables = [item for item in read.slots if item.slot.name == "table"]
    named = any(item.slot.name in ("table", "name", "identifier", "sql", "procedure", "uri") for item in write.slots)
    if named or len(tables) != 1 or not (is_kind(read.source, "sql") and is_kind(write.target, "sql")):
        return write
    name = tables[0].slot.value
    desk.notes.assume("table", f"The table {name!r} keeps its name in the target.", desk.span(write))
    return replace(write, slots=(*write.slots, replace(tables[0], service=write.target)))


def _upload(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """A file of the worker that goes into an object store, under its own name if the words give none."""
    if step.action not in ("load", "copy") or step.source or step.tool or not is_kind(step.target, "objects"):
        return None
    local = next(
        (
            item
            for item in step.slots
            if item.slot.name in ("path", "sql_file", "file_name") and _LOCAL.match(item.slot.value)
        ),
        None,
    )
    if local is None:
        return None
    rest = tuple(item for item in step.slots if item is not local)
    own: tuple[OwnedSlot, ...] = (OwnedSlot(replace(local.slot, name="path"), "filesystem"),)
    if not (step.values("key") or step.values("uri")):
        name = replace(local.slot, name="key", value=local.slot.value.rsplit("/", 1)[-1])
        own = (*own, OwnedSlot(name, step.target))
    return _transfer(desk, replace(step, source="filesystem", slots=(*own, *rest)), task, fed)


_THEM = re.compile(r"\b(?:it|them|these|those)\b", re.IGNORECASE)


def from_previous(desk: Desk, step: Step, previous: Step | None) -> Step:
    """Let a step that stores what the one before it found take it from there, if one task can do that.

    "Wait for the attachment … save it to the bucket": the second step is a transfer from the mailbox.
    """
    if previous is not None and step.action == "load" and previous.action == "extract" and _THEM.search(step.words):
        # "consume messages …, insert them into …": what was read is handed on, not read once more.
        again = step.source and step.source == (previous.source or previous.target) != step.target
        step = (
            replace(step, source="") if again and not any(item.service == step.source for item in step.slots) else step
        )
    if previous is None or step.source or not step.target or step.tool or step.action not in ("load", "copy"):
        return step
    stored = previous.action in ("copy", "load") and is_kind(previous.target, "objects")
    service = previous.target if stored else previous.source or previous.target
    if (
        (previous.action not in ("wait_for", "extract", "check") and not stored)
        or not service
        or is_kind(service, "sql")
        or service in (step.target, "http")
    ):
        return step
    if stored and previous.foreach is not None and len(previous.foreach.items) > 1 and step.foreach is None:
        # Each of the files that were stored is loaded.
        step, previous = replace(step, foreach=previous.foreach), for_each_table(desk, previous)
    kept = place_of_file(desk, previous, step, service)
    told = connection_of(previous, service)
    if told is not None and told.name == "connection" and service in previous.services:
        kept = (*kept, OwnedSlot(told, service))
    own = tuple(replace(item, service=item.service or step.target) for item in step.slots)
    joined = replace(step, source=service, slots=(*kept, *own))
    values = slot_values(joined, service, step.target)
    add_format(joined, previous, values)
    choice = best_action(desk.catalog.transfers(service, step.target), joined, values, action="copy")
    if choice is None or not is_enough(choice):
        return step
    stated = file_format(previous)
    return joined if file_format(joined) or not stated else replace(joined, words=f"{joined.words} as {stated}")


def is_enough(choice: Choice) -> bool:
    """Whether a transfer may have the rest of its values open: one of them, and the stage of a warehouse."""
    return len([name for name in choice.missing if name != "stage"]) <= 1 and "parser" not in choice.missing


def _only_places_open(choice: Choice, step: Step) -> bool:
    """Whether files go into a warehouse by its own transfer, and the words only leave open which ones and where."""
    loads = is_kind(step.source, "objects") and is_kind(step.target, "sql") and choice.record.kind == "transfer"
    return loads and set(choice.missing) <= {"bucket", "key", "prefix", "table", "stage", "format"}


def _exported(step: Step) -> Step:
    """An export goes into the store that it names, whichever of the two the words name first."""
    if not (is_kind(step.source, "objects") and is_kind(step.target, "sql") and _EXPORT.match(step.words)):
        return step
    return replace(step, source=step.target, target=step.source)


_EXPORT = re.compile(
    r"\W*(?:then\W+)?(?:export|unload|dump)\b.*\bto\s+\W*(?:gs|s3|s3a|abfss?|wasbs?)://", re.IGNORECASE
)


def _has_two_places(step: Step) -> bool:
    """Whether one service has two places of one kind ("copy s3://a to s3://b")."""
    names = [
        item.slot.name for item in step.slots if item.slot.name in ("uri", "path", "bucket", "table", "folder", "key")
    ]
    return any(names.count(name) > 1 for name in names)


def _stored_query(desk: Desk, step: Step, task: str) -> Draft | None:
    """A query whose result goes straight to an object store, by the recipe of that store."""
    if not is_kind(step.source, "sql"):
        return None
    for recipe in desk.recipes.for_action(step.target, "copy"):
        names = [item.name for item in recipe.parameters]
        if step.target in recipe.services and "sql_conn_id" in names:
            values = slot_values(step, step.source, step.target)
            statement, note = sql_statement(step)
            if statement is None:
                return None
            values.values["sql"] = LiteralValue.of(statement)
            if note:
                desk.notes.assume("sql", note, desk.span(step))
            return from_recipe(desk, step, recipe.name, values, task, service=step.target)
    return None


def _of(step: Step, other: str) -> tuple[OwnedSlot, ...]:
    return tuple(item for item in step.slots if item.service != other)


_SPARK_HOSTS = frozenset(
    ("amazon_emr", "amazon_emr_serverless", "aws_glue", "google_dataproc", "databricks", "azure_synapse", "livy",
     "alibaba_analyticdb_spark", "yandex_dataproc")
)  # fmt: skip


def _spark_host(step: Step) -> str:
    """The service that runs the Spark job of a step ("… on EMR Serverless"), empty if it is a cluster of one's own."""
    if step.tool != "spark":
        return ""
    if "emr serverless" in step.words.lower():
        return "amazon_emr_serverless"
    named = (step.source, step.target, *(item.service for item in step.slots))
    return next((service for service in named if service in _SPARK_HOSTS), "")


def _tool(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """Of "Replicate Stripe into Redshift through Fivetran": the tool does all of it."""
    if not step.tool:
        return None
    own = replace(
        step,
        action="trigger" if step.action in ("copy", "load", "extract", "transform", "none") else step.action,
        source="",
        target=_spark_host(step) or step.tool,
        tool="",
    )
    return _single(desk, own, task, fed)


def _by_way(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """Of "from Postgres into BigQuery via the bucket …": out of the one into a file, and from there into the other."""
    both = legs(desk, step)
    if both is None:
        return None
    first, second = (_transfer(desk, leg, task_name(leg), fed) for leg in both)
    if not first or not second:
        return None
    return (*first, *(_same_bucket(desk, first[0], draft) for draft in second))


def _same_bucket(desk: Desk, first: Draft, draft: Draft) -> Draft:
    """What is asked about the place between two copies is asked once."""
    asked = {
        item.value.name.rpartition("_")[2]: item.value
        for item in first.task.arguments
        if isinstance(item.value, ParamRef)
    }
    arguments = []
    for item in draft.task.arguments:
        known = asked.get(item.value.name.rpartition("_")[2]) if isinstance(item.value, ParamRef) else None
        if known is not None and known.name.endswith("_bucket") and isinstance(item.value, ParamRef):
            desk.forget(item.value)
            item = replace(item, value=known)
        arguments.append(item)
    return replace(draft, task=replace(draft.task, arguments=tuple(arguments)))


def _single(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    draft = single_service(desk, step, task, fed=fed)
    return None if draft is None else (draft,)


def _statement(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:
    """SQL without a database: the words give the statement or a table, the connection is open."""
    if step.services or not (
        step.values("sql")
        or step.values("procedure")
        or (step.action in ("query", "delete", "check") and step.values("table"))
    ):
        return None
    own = _with(step, "sql")
    desk.notes.ask(
        "connection",
        f"Which database connection runs {' '.join(step.words.split())[:100]!r}?",
        span=desk.span(step),
        task_id=task,
    )
    return _single(desk, own, task, fed)


def _python(desk: Desk, step: Step, task: str) -> tuple[Draft, ...]:
    """Anything else: a step whose code only its author knows."""
    values = slot_values(step)
    words = " ".join(step.words.split())[:100]
    if not step.services and step.action in ("extract", "load", "copy") and not _PYTHON.search(step.words):
        side = "source" if step.action == "extract" else "target"
        text = f"Which {side} and which connection are meant in {words!r}?"
        if any("and which connection are meant" in item.text for item in desk.notes.questions):
            # A text that tells of many such things is a description: one question, then warnings.
            desk.notes.warn("code", f"{text} The task fails until its code is filled in.", desk.span(step))
        else:
            desk.notes.ask(side, text, span=desk.span(step), task_id=task)
    else:
        text = f"{words!r} names work whose code is not known: the task fails until it is filled in."
        desk.notes.warn("code", text, desk.span(step))
    return (let_through(from_recipe(desk, step, "python_step", values, task, service="python")),)


_BUILDERS: tuple[Builder, ...] = (
    _approval, _other_dag, validated, python_function, dbt_core, client_program, dump_database, delete_files, table_to_file, load_file, move_local, work_on_file, folder_to_store, table_of_query, hive_on_dataproc, deploy_lambda, move_within, mail_with_rows, _by_way, _tool, wait_for_file, _list_files, _report_file, _mail, _shell, _upload, _transfer, from_config_file, _single, _statement,
)  # fmt: skip


def _tells(step: Step) -> bool:
    """Whether what is written is a message to people or subscribers."""
    told = is_kind(step.target, "people") or step.target == "amazon_sns"
    return told and not step.source and re.search(r"\bmessage\b", step.words, re.IGNORECASE) is not None


def build_drafts(desk: Desk, step: Step, *, fed: bool) -> tuple[Draft, ...]:
    """The task or tasks for one step. `fed`: an earlier task hands something on."""
    task = slug(step.name) or task_name(step)
    step = from_address(in_bucket(desk, on_dataproc(with_output_place(step))))
    step = with_soql(desk, with_row_conditions(desk, with_declared_table(desk, step)))
    if snapshot_is_meant(step):
        step = replace(step, action="trigger", lemma="create")
    elif stop_is_meant(step):
        step = replace(step, action="trigger", lemma="stop")
    elif training_is_meant(step):
        step = replace(step, action="train")
    elif step.action == "load" and step.lemma in ("write", "put") and _tells(step):
        step = replace(step, action="notify")
    for builder in _BUILDERS:
        drafts = builder(desk, step, task, fed)
        if drafts:
            return say_attached(desk, step, with_partitions(desk, step, with_handed_over(desk, step, drafts)))
    return _python(desk, step, task)
