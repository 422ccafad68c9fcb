"""Which file of the worker "it", "the dump" and "the archive" are, step after step: every task names its file."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.archives import file_work
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.dumps import dumped_into, names_a_dump
from airflow_provider_wfintel.engine.generation.planning.local import MADE
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["with_worker_files"]

_FILE_SLOTS = frozenset({"path", "file_name", "folder", "sql_file", "pattern", "key"})
_MEANS_FILE = re.compile(
    r"\b(?:it|that|them|both|(?:the|this|that|its|le|la|el|o|die|den|das)\s+(?:(?:local|compressed|uncompressed|unzipped|zipped|gzipped|resulting|new|packed|decompressed|temporary)\s+)*"
    r"(?:files?|dumps?|backups?|archives?|zips?|tarballs?|csvs?|copy|copies|exports?|results?|datei|fichier|archivo|arquivo))\b",
    re.IGNORECASE,
)


def with_worker_files(desk: Desk, flow: Flow) -> Flow:
    """The flow with the file of the step before in each step that works on it, stores it or removes it."""
    steps = list(flow.steps)
    made: dict[int, str] = {}
    for index in _in_order(flow):
        after = [steps[edge.downstream] for edge in flow.edges if edge.upstream == index]
        step = _downloaded(desk, _with_form(_named(desk, steps[index]), after), after)
        known = [made[up] for up in _before(flow, index) if up in made]
        if known and _lacks_file(step):
            step = _with_path(step, _all_of(known) if step.action == "delete" else known[0])
        elif known and _loads_table(step) and known[0].lower().endswith(".csv"):
            step = _with_path(step, known[0])
        steps[index] = step
        work = file_work(step)
        if work is not None and work.result:
            made[index] = work.result
        elif work is None and (names_a_dump(step) or _downloads(step)):
            made[index] = next(iter(step.values("path")), "")
    return replace(flow, steps=tuple(steps))


def _in_order(flow: Flow) -> list[int]:
    """Steps, each after those before it."""
    done: list[int] = []
    left = list(range(len(flow.steps)))
    ups = {index: {edge.upstream for edge in flow.edges if edge.downstream == index} for index in left}
    while left:
        ready = next((index for index in left if ups[index] <= set(done)), left[0])
        done.append(ready)
        left.remove(ready)
    return done


def _before(flow: Flow, index: int) -> list[int]:
    """The steps before a step, nearest first."""
    found: list[int] = []
    queue = [edge.upstream for edge in flow.edges if edge.downstream == index]
    while queue:
        current = queue.pop(0)
        if current not in found:
            found.append(current)
            queue.extend(edge.upstream for edge in flow.edges if edge.downstream == current)
    return found


def _named(desk: Desk, step: Step) -> Step:
    """A dump without a file gets one, with the day or time of the run in its name."""
    path = dumped_into(step, desk.run_stamp)
    if not path:
        return step
    text = f"The dump of {' '.join(step.words.split())[:80]!r} is the file {path!r} of the worker; the steps after it need the same disk."
    desk.notes.assume("path", text, desk.span(step))
    return _with_path(step, path)


_FORM = re.compile(r"\b(?P<form>csv|json|parquet|xml|txt)s?\b", re.IGNORECASE)


def _with_form(step: Step, after: list[Step]) -> Step:
    """An archive is unpacked for the files that the next step speaks of."""
    work = file_work(step)
    form = next((found for item in after if (found := _FORM.search(item.words))), None)
    if work is None or work.recipe != "unpack_archive" or form is None:
        return step
    return _with_slot(step, "unpacked", f"*.{form.group('form').lower()}")


_WEB_FILE = re.compile(r"(?:https?://[^?#\s]*|/[^?#\s]*)/(?P<name>[\w.-]+\.\w{2,4}(?:\.gz)?)$")


def _web_name(step: Step) -> str:
    """The name of the file that a step downloads from an address."""
    web = [value for name in ("url", "endpoint") for value in step.values(name)]
    named = [match.group("name") for value in web if (match := _WEB_FILE.match(value))]
    plain = step.action == "extract" and step.source in ("http", "webhook") and not step.target and step.foreach is None
    return named[0] if plain and len(named) == 1 else ""


def _downloads(step: Step) -> bool:
    return bool(_web_name(step)) and len(step.values("path")) == 1


def _downloaded(desk: Desk, step: Step, after: list[Step]) -> Step:
    """What is downloaded to be unpacked or checked becomes a file of the worker under its own name."""
    name = _web_name(step)
    if not name or step.values("path") or not any(file_work(item) is not None for item in after):
        return step
    path = f"/tmp/{name}"  # noqa: S108 - a name in the file of a DAG, said as an assumption
    text = f"What {' '.join(step.words.split())[:80]!r} fetches is the file {path!r} of the worker; the steps after it need the same disk."
    desk.notes.assume("path", text, desk.span(step))
    return _with_path(step, path)


def _lacks_file(step: Step) -> bool:
    """Whether a step works on a file that it does not name itself."""
    work = file_work(step)
    if work is not None:
        return not work.path
    if _FILE_SLOTS & {item.slot.name for item in step.slots} or not _MEANS_FILE.search(step.words):
        return False
    if step.action == "delete":
        return not set(step.services) - {"filesystem"}
    stores = is_kind(step.target, "objects") or is_kind(step.target, "files")
    return step.action in ("load", "copy") and stores and step.source in ("", "filesystem")


def _loads_table(step: Step) -> bool:
    """Whether "it" goes into a table of a database."""
    into = step.action in ("load", "copy") and is_kind(step.target, "sql") and step.source in ("", "filesystem")
    named = _FILE_SLOTS & {item.slot.name for item in step.slots}
    return into and bool(step.values("table")) and not named and _MEANS_FILE.search(step.words) is not None


def _all_of(known: list[str]) -> str:
    """One pattern for a file and all that were made of it, where their names begin alike ("a.sql", "a.sql.gz")."""
    first = known[-1]
    others = [path for path in known if path != first]
    return f"{first}*" if others and all(path.startswith(first) for path in others) else known[0]


def _with_path(step: Step, path: str) -> Step:
    return _with_slot(step, "path", path)


def _with_slot(step: Step, name: str, value: str) -> Step:
    span = step.spans[0] if step.spans else Span(0, 0)
    return replace(step, slots=(OwnedSlot(Slot(name, value, span, True, MADE)), *step.slots))
