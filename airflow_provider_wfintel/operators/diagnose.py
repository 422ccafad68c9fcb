"""Diagnose a failed try inside a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from airflow.sdk import Context

__all__ = ["DiagnoseTaskOperator"]


class DiagnoseTaskOperator(BaseOperator):
    """Say why a try of a task failed: read its log and the facts beside it over REST, and name the root cause.

    Nothing is changed in Airflow. The result is what `wfintel diagnose --json` prints; secrets are masked.

    Args:
        dag_id_of_try: the DAG of the try. Templated, as are all that follow.
        run_id: its run.
        task_id_of_try: its task.
        try_number: which try, counted from 1; a number or a template.
        map_index: which copy of a mapped task; -1 for a task that is not mapped.
        wfintel_conn_id: connection of type `wfintel` whose user may read task logs and audit logs.
    """

    template_fields: Sequence[str] = (
        "dag_id_of_try",
        "run_id",
        "task_id_of_try",
        "try_number",
        "map_index",
        "wfintel_conn_id",
    )
    ui_color = "#f2e4e4"

    def __init__(
        self,
        *,
        dag_id_of_try: str,
        run_id: str,
        task_id_of_try: str,
        try_number: int | str = 1,
        map_index: int | str = -1,
        wfintel_conn_id: str = "wfintel_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.dag_id_of_try = dag_id_of_try
        self.run_id = run_id
        self.task_id_of_try = task_id_of_try
        self.try_number = try_number
        self.map_index = map_index
        self.wfintel_conn_id = wfintel_conn_id

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Read and diagnose.

        Raises:
            AirflowFailException: a number is none; trying again would not help.
            RemoteError: the server does not answer, or the user may not read; retried as the task says.
        """
        from airflow_provider_wfintel.app.diagnose import diagnosis_to_dict
        from airflow_provider_wfintel.hooks.task_log import TaskLogHook, TryKey

        try:
            key = TryKey(
                self.dag_id_of_try,
                self.run_id,
                self.task_id_of_try,
                _number("try_number", self.try_number),
                _number("map_index", self.map_index),
            )
        except UserInputError as error:
            raise AirflowFailException(f"{error.message} ({error.hint})") from error
        found = diagnosis_to_dict(TaskLogHook(self.wfintel_conn_id).diagnose(key))
        self.log.info("%s (%.0f %%): %s", found["label"], 100 * found["confidence"], found["explanation"])
        for line in found["evidence"]:
            self.log.info("evidence: %s", line)
        return found


def _number(name: str, value: int | str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise UserInputError(f"{name} is {value!r}, not a number", hint="check the template that gives it") from error
