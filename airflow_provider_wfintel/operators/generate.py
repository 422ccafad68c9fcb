"""Generate a DAG file inside a task."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.exceptions import GeneratedCodeError, TargetNotWritableError, UserInputError

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.engine.model import Generation

__all__ = ["GenerateDagOperator"]


class GenerateDagOperator(BaseOperator):
    """Read a description in words and write an Airflow DAG file for it.

    The work is done in the task's own process: no server is asked and no database is used. What cannot get better
    by itself (an empty text, a file that is already there) fails the task at once, without retries.

    Args:
        text: the description. Templated.
        output_path: the file to write. A relative path starts at `[wfintel] dags_save_folder`; with that option
            set, no path may lead out of the folder. Empty, or ending with a slash: the file is named after the
            DAG. Templated.
        force: replace an existing file.
        validate: check the file before it is written: syntax, imports, calls, templates, secrets.
        validate_import: also import it in a child process of its own, which needs its providers installed.
        fail_on_questions: fail if the description leaves something open that only a person can say.
    """

    template_fields: Sequence[str] = ("text", "output_path")
    ui_color = "#e4f0e8"

    def __init__(
        self,
        *,
        text: str,
        output_path: str = "",
        force: bool = False,
        validate: bool = True,
        validate_import: bool = False,
        fail_on_questions: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.text = text
        self.output_path = output_path
        self.force = force
        self.validate = validate
        self.validate_import = validate_import
        self.fail_on_questions = fail_on_questions

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Generate, check, write.

        Returns:
            The path, the DAG id, its tasks and schedule, and what a person should know about the file.

        Raises:
            AirflowFailException: the input cannot be worked with; trying again would not help.
            GeneratedCodeError: the generated file did not pass its checks; nothing was written.
        """
        try:
            return self._generate()
        except UserInputError as error:
            hint = f" ({error.hint})" if error.hint else ""
            raise AirflowFailException(f"{error.error_type}: {error.message}{hint}") from error

    def _generate(self) -> dict[str, Any]:
        from airflow_provider_wfintel.app.generate import GenerateRequest, generate_workflow, write_dag_file
        from airflow_provider_wfintel.config import read_settings

        request = GenerateRequest(self.text, services_folder=read_settings().services_folder)
        generation = generate_workflow(request)
        for question in generation.clarifications:
            self.log.warning("open question (%s): %s", question.about, question.text)
        if self.fail_on_questions and generation.clarifications:
            questions = "; ".join(item.text for item in generation.clarifications)
            raise UserInputError(f"the description leaves something open: {questions}", hint="answer it in the text")
        target = _target(self.output_path, generation.spec.dag_id)
        checks = self._check(generation)
        path = write_dag_file(target, generation.source, force=self.force)
        self.log.info("wrote DAG %s with %d tasks to %s", generation.spec.dag_id, len(generation.spec.tasks), path)
        return _summary(path, generation, checks)

    def _check(self, generation: Generation) -> list[str]:
        if not (self.validate or self.validate_import):
            return []
        from airflow_provider_wfintel.app.validate import validate_file

        report = validate_file(generation.source, execute=self.validate_import)
        if not report.ok:
            issues = "; ".join(f"line {item.line}: {item.check}: {item.message}" for item in report.issues[:5])
            raise GeneratedCodeError(
                f"the file for {generation.spec.dag_id!r} did not pass its checks: {issues}",
                hint=next((item.hint for item in report.issues if item.hint), "nothing was written"),
            )
        return list(report.checks)


def _target(output_path: str, dag_id: str) -> Path:
    """The file to write.

    Raises:
        TargetNotWritableError: the path is relative without a folder to start at, or leads out of the folder.
    """
    from airflow_provider_wfintel.config import read_settings

    folder = read_settings().dags_save_folder
    path = Path(output_path)
    if not output_path or output_path.endswith("/"):
        path /= f"{dag_id}.py"
    if folder is None:
        if not path.is_absolute():
            raise TargetNotWritableError(
                f"the path {output_path!r} is relative", hint="give an absolute path, or set [wfintel] dags_save_folder"
            )
        return path
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise TargetNotWritableError(
            f"the path {output_path!r} leads out of [wfintel] dags_save_folder", hint=f"stay inside {str(folder)!r}"
        )
    return target


def _summary(path: Path, generation: Generation, checks: list[str]) -> dict[str, Any]:
    from airflow_provider_wfintel.app.generate import generation_to_dict

    data = generation_to_dict(generation)
    keep = ("services", "assumptions", "clarifications", "warnings", "requirements", "next_runs")
    return {
        "path": str(path),
        "dag_id": generation.spec.dag_id,
        "task_ids": list(generation.spec.task_ids),
        "schedule": generation.spec.schedule.words,
        "checks": checks,
        **{name: data[name] for name in keep},
    }
