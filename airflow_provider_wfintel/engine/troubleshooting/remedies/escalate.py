"""Hand the case to a person, with everything attached."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import TellPerson
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, RemedyPlan

__all__ = ["Escalate"]

_MOST_FACTS = ("state", "operator", "pool", "queue", "hostname", "duration", "execution_timeout", "upstream")


class Escalate:
    """Always fits; the only remedy for what no machine may touch."""

    name = "escalate"
    title = "tell a person, with everything attached"
    serves = ()
    changes = "nothing"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan:
        """What the person gets: cause, evidence, steps, facts, and what was tried before."""
        target, diagnosis = case.target, case.diagnosis
        lines = [
            f"{target.dag_id}.{target.task_id}, run {target.run_id}, try {target.try_number}",
            f"cause: {diagnosis.label} ({diagnosis.confidence:.0%}), {diagnosis.explanation}",
        ]
        lines += [f"evidence: {item.text}" for item in diagnosis.evidence]
        lines += [f"{number}. {step}" for number, step in enumerate(diagnosis.steps, start=1)]
        lines += [f"{name}: {case.facts[name]}" for name in _MOST_FACTS if case.facts.get(name) not in (None, "", {})]
        lines += [
            f"tried: {item.remedy} at {item.at.isoformat(timespec='seconds')}: {item.status}" for item in case.past
        ]
        title = f"{target.dag_id}.{target.task_id} failed: {diagnosis.label}"
        return RemedyPlan(
            self.name,
            (TellPerson(title, "\n".join(lines)),),
            because="a person has to look at it",
            success="person",
        )
