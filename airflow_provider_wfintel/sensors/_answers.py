"""A sensor that asks the api-server, as one that pokes or through the triggerer."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import conf
from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout, AirflowSkipException

from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.triggers.answers import AnswerTrigger

__all__ = ["AnswerSensor"]


class AnswerSensor(BaseSensorOperator):
    """What these sensors share: asking over REST, as a sensor that pokes or through the triggerer."""

    template_fields: Sequence[str] = ("wfintel_conn_id",)
    ui_color = "#e4f2e8"
    hook_class: type[WfIntelHook] = WfIntelHook

    def __init__(
        self,
        *,
        wfintel_conn_id: str = "wfintel_default",
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.wfintel_conn_id = wfintel_conn_id
        self.deferrable = deferrable

    @abstractmethod
    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask once: whether it is good, and the answer in words."""

    @abstractmethod
    def trigger(self, common: dict[str, Any]) -> AnswerTrigger:
        """The trigger that asks the same."""

    def poke(self, context: Context) -> bool:  # noqa: ARG002 - Airflow's signature
        """Ask once.

        Raises:
            RemoteError: the server does not answer, or the user may not read the DAG.
        """
        hook = self.hook_class(self.wfintel_conn_id)
        try:
            good, words = self.answer(hook)
        finally:
            hook.close()
        self.log.info("%s", words)
        return good

    def execute(self, context: Context) -> Any:
        """Wait, in the triggerer if `deferrable`.

        Raises:
            RemoteError: see `poke`.
        """
        if not self.deferrable:
            return super().execute(context)
        if self.poke(context):
            return None
        common = {
            "wfintel_conn_id": self.wfintel_conn_id,
            "poke_interval": float(self.poke_interval),
            "end_at": time.time() + float(self.timeout),
        }
        # The trigger ends by itself in time; Airflow's limit is the net below it.
        limit = timedelta(seconds=float(self.timeout) + float(self.poke_interval) + 60.0)
        return self.defer(trigger=self.trigger(common), method_name="execute_complete", timeout=limit)

    def execute_complete(self, context: Context, event: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Go on after the trigger.

        Raises:
            AirflowSensorTimeout: the time was over.
            AirflowSkipException: the time was over, with `soft_fail`.
            AirflowFailException: the server failed again and again.
        """
        found = event or {"state": "error", "message": "the trigger said nothing"}
        if found["state"] == "good":
            self.log.info("%s", found["message"])
            return
        if found["state"] != "timeout":
            raise AirflowFailException(str(found["message"]))
        if self.soft_fail:
            raise AirflowSkipException(str(found["message"]))
        raise AirflowSensorTimeout(str(found["message"]))
