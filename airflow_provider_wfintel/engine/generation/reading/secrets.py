"""Secrets in a description: found and blotted out before anything else is read, so that no later stage sees them."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.model import Span

__all__ = ["find_secrets", "redacted"]

_NAMED = re.compile(
    r"(?:passwords?|passwd|pwd|passphrase|secret(?:[ _-]?key)?|(?:access|auth|api|bearer|refresh)?[ _-]?token|api[ _-]?key|access[ _-]?key|credentials?|"
    r"passwort|kennwort|contraseña|clave|mot de passe|senha|密码)\b[\s\"'`]*(?:is|are|ist|es|est|é|=|:|：|为|是|of)?[\s\"'`]*(?P<v>[^\s,;\"'`)]{6,200})",
    re.IGNORECASE,
)
# Tokens whose own form gives them away.
_FORMED = re.compile(
    r"(?P<v>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{16,}|\bAIza[\w-]{30,}|"
    r"https://hooks\.slack(?:-gov)?\.com/services/[\w/-]+|https://[\w.-]+\.webhook\.office\.com/[^\s,;)\"'`]+|https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[\w/-]+|"
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----)"
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:(?P<v>[^\s@/]{3,})@")
_NAME = re.compile(r"^[A-Za-z_][\w.]*$")


def _looks_secret(value: str) -> bool:
    """Whether a word after "password" is a value and not just the next word: mixed kinds of characters."""
    kinds = sum(bool(re.search(pattern, value)) for pattern in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s.,:;()/_-]"))
    if "{{" in value or value.startswith(("http", "/", "s3:", "gs:")):
        return False
    return (
        kinds >= 3
        or (kinds >= 2 and not _NAME.match(value))
        or (kinds >= 2 and bool(re.search(r"\d", value)) and "_" not in value)
    )


def find_secrets(text: str) -> tuple[Span, ...]:
    """The places of secret values in a text, in its order; the names before them are not part of it."""
    spans = [Span(*match.span("v")) for match in _NAMED.finditer(text) if _looks_secret(match.group("v"))]
    for pattern in (_FORMED, _IN_ADDRESS):
        spans.extend(Span(*match.span("v")) for match in pattern.finditer(text))
    return tuple(sorted(set(spans)))


def redacted(text: str, secrets: tuple[Span, ...]) -> str:
    """The text with every secret replaced by as many asterisks, so that all offsets stay right."""
    letters = list(text)
    for span in secrets:
        letters[span.start : span.end] = "*" * (span.end - span.start)
    return "".join(letters)
