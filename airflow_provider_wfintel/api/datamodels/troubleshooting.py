"""Bodies of the troubleshooting routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from airflow_provider_wfintel.api.datamodels.common import StrictBody

__all__ = ["AnalyzeBody", "DiagnosisBody"]


class AnalyzeBody(StrictBody):
    """A log that the caller has, and what else they know of the try."""

    error_logs: str = Field(
        description="Lines of JSON as Airflow 3 writes them, text, or both; empty if there is no log."
    )
    facts: dict[str, Any] | None = Field(
        default=None, description="State, try number, event-log rows and so on; see `wfintel diagnose --facts`."
    )


class DiagnosisBody(BaseModel):
    """The root cause with its evidence. Secrets are masked."""

    label: str = Field(description="Class of the root cause, or `unknown`.")
    ranked: list[str] = Field(description="Classes, best first.")
    probabilities: list[float] = Field(description="Probability of each class in `ranked`.")
    confidence: float = Field(ge=0.0, le=1.0)
    group: str
    evidence: list[str] = Field(description="Lines of the log that prove it.")
    transient: Literal["transient", "permanent", "unknown"]
    action: str
    remedies: list[str] = Field(description="What may be done for this class, by name; nothing is done here.")
    explanation: str
    steps: list[str] = Field(description="What a person should do.")
    fix_location: str
    signatures: list[str] = Field(description="Signatures that were found.")
    circumstances: list[str] = Field(description="What was different around the try; it proves nothing by itself.")
