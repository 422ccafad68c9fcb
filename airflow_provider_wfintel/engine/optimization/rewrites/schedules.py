"""The schedule of a DAG as its file says it: a cron expression that can be read, and the call where it stands."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, char_column
from airflow_provider_wfintel.engine.optimization.rewrites.text import quoted
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel

__all__ = ["Cron", "cron_of", "set_schedule", "uses_the_interval", "waited_for"]

_PRESETS = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *"}
_CRON = re.compile(r"(\d{1,2}) (\d{1,2}|\*) (\S+) (\S+) (\S+)$")
_INTERVAL = re.compile(
    r"\b(data_interval\w*|logical_date|execution_date|ds|ds_nodash|ts|ts_nodash|prev_\w+|next_\w+|get_current_context|"
    r"AIRFLOW_CTX_\w*DATE\w*|dag_run|kwargs|context)\b"
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression with one minute, and one hour or every hour.

    Attributes:
        minute: of the hour, 0 to 59.
        hour: of the day, 0 to 23; None for every hour.
        days: the last three fields.
    """

    minute: int
    hour: int | None
    days: str

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.minute} {'*' if self.hour is None else self.hour} {self.days}"

    def later(self, minutes: int) -> Cron | None:
        """So many minutes later; None if that would be on another day, or past the hour of an hourly schedule."""
        if self.hour is None:
            return Cron(self.minute + minutes, None, self.days) if self.minute + minutes < 60 else None
        total = 60 * self.hour + self.minute + minutes
        return Cron(total % 60, total // 60, self.days) if total < 24 * 60 else None


def cron_of(dag: DagModel) -> Cron | None:
    """The schedule of a DAG if it is such a cron expression."""
    schedule = dag.settings.get("schedule")
    found = _CRON.match(_PRESETS.get(schedule, schedule).strip()) if isinstance(schedule, str) else None
    if found is None:
        return None
    minute, hour = int(found[1]), None if found[2] == "*" else int(found[2])
    if minute > 59 or (hour or 0) > 23:
        return None
    return Cron(minute, hour, " ".join(found.groups()[2:]))


def set_schedule(draft: Draft, source: str, edits: Edits) -> bool:
    """Note that the DAG gets another schedule (source text); false if its schedule is not a literal of its own call."""
    call = _call(draft.dag)
    if call is None:
        return False
    value = next((item.value for item in call.keywords if item.arg == "schedule"), None)
    if not isinstance(value, ast.Constant) or any(item.arg is None for item in call.keywords):
        return False
    edits.keywords.setdefault(char_column(draft.source, call), {})["schedule"] = source
    return True


def _call(dag: DagModel) -> ast.Call | None:
    """`DAG(…)` or `@dag(…)`."""
    block = dag.build.block
    if isinstance(block, ast.FunctionDef):
        calls = [item for item in block.decorator_list if isinstance(item, ast.Call)]
        return next((item for item in calls if ast.unparse(item.func).rpartition(".")[2] == "dag"), None)
    node = dag.build.site.node
    return node if isinstance(node, ast.Call) else None


def uses_the_interval(draft: Draft) -> str:
    """A word of the file that means the time which a run is for; empty if there is none."""
    sources = (draft.source, *draft.siblings.values())
    found = next((hit for hit in map(_INTERVAL.search, sources) if hit is not None), None)
    return found[0] if found is not None else ""


def waited_for(draft: Draft) -> bool:
    """Whether a sensor of the same file waits for the DAG by its id."""
    word = rf"external_dag_id\s*=\s*{re.escape(quoted(draft.dag_id))}|external_dag_id\s*=\s*'{re.escape(draft.dag_id)}'"
    return re.search(word, draft.source) is not None
