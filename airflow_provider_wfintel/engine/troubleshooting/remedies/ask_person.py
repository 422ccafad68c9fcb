"""Ask a person, by Airflow's human-in-the-loop approval or over REST, which remedy to carry out."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import AskPerson
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["AskForApproval", "question_about"]


class AskForApproval:
    """Does nothing itself: the session waits for an answer, which carries the name of the remedy."""

    name = "ask_person"
    title = "ask a person"
    serves = ()
    changes = "nothing"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a case for which remedies are at hand that the policy lets no machine choose."""
        options = case.facts.get("open_options")
        if not isinstance(options, list | tuple) or not options:
            return Inapplicable("there is nothing to choose from")
        return question_about(case, tuple(str(item) for item in options))


def question_about(case: Case, options: tuple[str, ...]) -> RemedyPlan:
    """The question which of some remedies to carry out."""
    target = case.target
    question = f"{target.dag_id}.{target.task_id} failed ({case.diagnosis.label}). Which remedy?"
    return RemedyPlan(
        AskForApproval.name, (AskPerson(question, options),), because="the policy asks first", success="person"
    )
