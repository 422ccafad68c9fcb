"""Retry policy (AIP-105): run again what would pass, at once give up what would not, leave the rest to the task."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_provider_wfintel.engine.model import Diagnosis

__all__ = ["DiagnosisRetryPolicy"]

log = logging.getLogger(__name__)

_PATIENCE = {"rate_limited": 2.0, "quota_exceeded": 4.0, "too_many_connections": 2.0, "upstream_service_error": 2.0}
"""Factors on the delay for causes that need longer than a dropped connection."""
_REASON_LETTERS = 240
_RETRYING = frozenset({"retry_backoff", "clear_rerun", "wait_upstream_data", "rerun_upstream", "resubmit_job"})


class DiagnosisRetryPolicy(RetryPolicy):
    """Decides on the live exception, in the task process, without a database, network or log.

    A cause that would probably pass is retried with exponential back-off; one that would not, and for which no kind of
    rerun helps, fails at once instead of using up its retries. Below the wanted confidence, and where the cause tells
    neither, the task's own settings apply. Whatever goes wrong here, the task's own settings apply too.

    Args:
        retry_confidence: the lowest confidence on which to set the delay of a retry, which does little harm if wrong.
        fail_confidence: the lowest confidence on which to give up before the retries are used up.
        fail_permanent: whether to give up at once on permanent causes.
        base_delay: seconds before the second try.
        max_delay: the longest pause, in seconds.
    """

    def __init__(
        self,
        *,
        retry_confidence: float = 0.7,
        fail_confidence: float = 0.95,
        fail_permanent: bool = True,
        base_delay: float = 30.0,
        max_delay: float = 900.0,
    ) -> None:
        self.retry_confidence = retry_confidence
        self.fail_confidence = fail_confidence
        self.fail_permanent = fail_permanent
        self.base_delay = base_delay
        self.max_delay = max_delay

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,  # noqa: ARG002 - Airflow itself stops at the last try
        context: Context | None = None,  # noqa: ARG002 - the exception says enough
    ) -> RetryDecision:
        """Decide for one failed try. Never raises."""
        try:
            from airflow_provider_wfintel.engine.troubleshooting.service import diagnose_exception

            return self._decide(diagnose_exception(exception), try_number)
        except Exception:  # a retry decision must not hide the failure that it is about
            log.warning("the failure could not be diagnosed; the task's own retry settings apply", exc_info=True)
            return RetryDecision.default()

    def _decide(self, diagnosis: Diagnosis, try_number: int) -> RetryDecision:
        if diagnosis.transient and diagnosis.confidence >= self.retry_confidence:
            return RetryDecision.retry(self._delay(diagnosis.label, try_number), _reason(diagnosis))
        hopeless = diagnosis.transient is False and not _RETRYING.intersection(diagnosis.remedies)
        if hopeless and self.fail_permanent and diagnosis.confidence >= self.fail_confidence:
            return RetryDecision.fail(_reason(diagnosis))
        return RetryDecision.default()

    def _delay(self, label: str, try_number: int) -> timedelta:
        seconds = self.base_delay * _PATIENCE.get(label, 1.0) * 2.0 ** min(20, max(0, try_number - 1))
        return timedelta(seconds=min(self.max_delay, seconds))

    def serialize(self) -> dict[str, Any]:
        """The settings, as the serialized DAG holds them."""
        return {
            "retry_confidence": self.retry_confidence,
            "fail_confidence": self.fail_confidence,
            "fail_permanent": self.fail_permanent,
            "base_delay": self.base_delay,
            "max_delay": self.max_delay,
        }

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> DiagnosisRetryPolicy:
        """The policy with these settings."""
        return cls(**data)


def _reason(diagnosis: Diagnosis) -> str:
    """What is stored with the try: the class, how sure, and the words that tell (secrets are masked already)."""
    said = f": {' '.join(diagnosis.evidence[0].text.split())}" if diagnosis.evidence else ""
    return f"{diagnosis.label} ({diagnosis.confidence:.0%}){said}"[:_REASON_LETTERS]
