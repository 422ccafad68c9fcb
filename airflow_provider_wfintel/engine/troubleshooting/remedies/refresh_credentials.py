"""Run the task in a new process, which gets a new token."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of, why_no_rerun

__all__ = ["RefreshCredentials"]


class RefreshCredentials:
    """A token that expired while the task ran: the next try reads the connection anew and gets another."""

    name = "refresh_credentials"
    title = "run again with fresh credentials"
    serves = ("refresh_credentials",)
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a token that expired, once: a second time in a row it is the connection that holds an old one."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "expired_token":
            return Inapplicable("no token expired; a wrong password does not get right by itself")
        if case.diagnosis.transient is False:
            return Inapplicable("the credential itself has expired: a person has to renew it")
        run = case.target.run_id
        if any(item.remedy == self.name and item.run_id == run and item.status == "failed" for item in case.past):
            return Inapplicable("a new process did not help: the connection itself holds an expired credential")
        return RemedyPlan(
            self.name,
            (clear_of(case),),
            because="a new try reads the connection anew and gets a new token",
            not_before=backoff_until(case),
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
