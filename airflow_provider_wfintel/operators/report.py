"""Write the performance report inside a task."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from airflow.sdk import Context

__all__ = ["PerformanceReportOperator"]

_FORMATS = ("markdown", "html", "json")


class PerformanceReportOperator(BaseOperator):
    """Get the performance report of this deployment (or of one DAG) over REST: as XCom and, if wanted, as a file.

    The XCom is the text (Markdown, HTML) or the object (JSON), so that the next task can send it.

    Args:
        days: how far back.
        format: `markdown`, `html` or `json`.
        watched_dag_id: only this DAG; empty: all that the connection's user may read. Templated.
        team: only DAGs of this team, where Airflow has teams. Templated.
        output_path: absolute path of the file to write; its folder must exist. Templated. Empty: no file.
        wfintel_conn_id: connection of type `wfintel`. Templated.
    """

    template_fields: Sequence[str] = ("watched_dag_id", "team", "output_path", "wfintel_conn_id")
    ui_color = "#e4e8f2"

    def __init__(
        self,
        *,
        days: float = 7.0,
        format: str = "markdown",
        watched_dag_id: str = "",
        team: str = "",
        output_path: str = "",
        wfintel_conn_id: str = "wfintel_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if format not in _FORMATS:
            raise ValueError(f"format is {format!r}; give one of {', '.join(_FORMATS)}")
        self.days = days
        self.format = format
        self.watched_dag_id = watched_dag_id
        self.team = team
        self.output_path = output_path
        self.wfintel_conn_id = wfintel_conn_id

    def execute(self, context: Context) -> Any:  # noqa: ARG002 - Airflow's signature
        """Get and write the report.

        Raises:
            AirflowFailException: the path is not absolute or has no folder; trying again would not help.
            RemoteError: the server does not answer, or the user may not read; retried as the task says.
        """
        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        path = self._path()
        data = WfIntelHook(self.wfintel_conn_id).report(days=self.days, dag_id=self.watched_dag_id, team=self.team)
        found = data if self.format == "json" else _rendered(data, self.format)
        if path is not None:
            text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False) + "\n"
            partial = path.with_name(f".{path.name}.partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
            self.log.info("the report is in %s", path)
        return found

    def _path(self) -> Path | None:
        if not self.output_path:
            return None
        path = Path(self.output_path)
        if not path.is_absolute() or not path.parent.is_dir():
            raise AirflowFailException(f"output_path is {self.output_path!r}: give an absolute path in a folder")
        return path


def _rendered(data: dict[str, Any], format: str) -> str:
    from airflow_provider_wfintel.engine.model import from_json
    from airflow_provider_wfintel.engine.monitoring.service import PerformanceReport, as_html, as_markdown

    report = from_json(PerformanceReport, data)
    return as_html(report) if format == "html" else as_markdown(report)
