"""Every error that the package raises on purpose.

WfIntelError
├── UserInputError            what was handed in cannot be worked with; the caller can mend it
│   ├── EmptyInputError       no text at all
│   ├── InputTooLargeError    more text than a description can be
│   ├── NotTextError          bytes that are no text
│   ├── UnknownLanguageError  a script or language that the reader does not know
│   ├── SpecError             a WorkflowSpec that contradicts itself
│   ├── CatalogError          a service record that does not follow the schema
│   ├── CursorError           a cursor of a list that is none, or one of another list
│   ├── AlertSettingsError    a rule, route, receiver or mute time of alerts that cannot be followed
│   ├── RemedyPolicyError     a policy for remedies that cannot be followed
│   ├── TargetExistsError     the file to write is already there
│   └── TargetNotWritableError
└── RunError                  our own work failed on good input
    ├── GeneratedCodeError    a generated file did not pass its checks
    ├── MissingProviderError  a distribution that is needed is not installed
    ├── StoreError            the tables are missing or cannot be reached
    └── RemoteError           an Airflow or a service behind REST answered badly
"""

from __future__ import annotations

__all__ = [
    "AlertSettingsError",
    "CatalogError",
    "CursorError",
    "EmptyInputError",
    "GeneratedCodeError",
    "InputTooLargeError",
    "MissingProviderError",
    "NotEnoughDataError",
    "NotTextError",
    "RemedyPolicyError",
    "RemoteError",
    "RunError",
    "SpecError",
    "StoreError",
    "TargetExistsError",
    "TargetNotWritableError",
    "UnknownLanguageError",
    "UserInputError",
    "WfIntelError",
]


class WfIntelError(Exception):
    """Base of all errors of the package.

    Args:
        message: one sentence that names the thing and says what was expected.
        hint: what to do next, as one sentence; empty if there is nothing to do.
        retryable: whether the same call may succeed later without any change.
    """

    retryable = False

    def __init__(self, message: str, *, hint: str = "", retryable: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if retryable is not None:
            self.retryable = retryable

    @property
    def error_type(self) -> str:
        """The stable name of the error, as REST bodies and JSON lines carry it."""
        return type(self).__name__

    def as_dict(self) -> dict[str, object]:
        """The error as the body that REST and JSON lines use."""
        return {
            "error": self.message,
            "error_type": self.error_type,
            "hint": self.hint,
            "retryable": self.retryable,
        }


class UserInputError(WfIntelError):
    """What was handed in cannot be worked with."""


class EmptyInputError(UserInputError):
    """There is no text to read."""


class InputTooLargeError(UserInputError):
    """The text is longer than a description can be."""


class NotTextError(UserInputError):
    """The input is not readable text."""


class UnknownLanguageError(UserInputError):
    """The text is in a script or language that the reader does not know."""


class SpecError(UserInputError):
    """A WorkflowSpec contradicts itself (unknown task, cycle, duplicate id, ...)."""


class CatalogError(UserInputError):
    """A catalogue record does not follow the schema."""


class CursorError(UserInputError):
    """A cursor that no page of this list has named."""


class AlertSettingsError(UserInputError):
    """A rule, inhibition, receiver, route or mute time of the alerts cannot be followed; the message names it."""


class RemedyPolicyError(UserInputError):
    """The policy for remedies cannot be read or contradicts itself; nothing acts until it is mended."""


class NotEnoughDataError(UserInputError):
    """Too little has been collected yet to answer what was asked."""


class TargetExistsError(UserInputError):
    """The file to write exists and overwriting was not asked for."""


class TargetNotWritableError(UserInputError):
    """The place to write to does not accept a file."""


class RunError(WfIntelError):
    """Our own work failed on good input."""


class GeneratedCodeError(RunError):
    """A generated file did not pass its checks; nothing was written."""


class MissingProviderError(RunError):
    """A distribution that is needed is not installed."""


class StoreError(RunError):
    """The tables are missing or the database cannot be reached."""

    retryable = True


class RemoteError(RunError):
    """A remote Airflow or service answered with an error, or not at all.

    `status` is the HTTP status of the answer; 0 if there was none.
    """

    def __init__(self, message: str, *, hint: str = "", retryable: bool | None = None, status: int = 0) -> None:
        super().__init__(message, hint=hint, retryable=retryable)
        self.status = status
