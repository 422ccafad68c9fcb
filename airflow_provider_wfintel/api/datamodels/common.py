"""Bodies that several routes share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ErrorBody", "ListBody", "StrictBody"]


class StrictBody(BaseModel):
    """A request body: a key that is not known is refused, so that a typing error does not pass silently."""

    model_config = ConfigDict(extra="forbid")


class ListBody(BaseModel):
    """A page of a list in a stable order."""

    next_cursor: str = Field(default="", description="`cursor` of the next page; empty: this is the last.")


class ErrorBody(BaseModel):
    """What is wrong and what to do about it."""

    error: str
    error_type: str
    hint: str
    retryable: bool
