"""Bodies that several routes share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ErrorBody", "StrictBody"]


class StrictBody(BaseModel):
    """A request body: a key that is not known is refused, so that a typing error does not pass silently."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(BaseModel):
    """What is wrong and what to do about it."""

    error: str
    error_type: str
    hint: str
    retryable: bool
