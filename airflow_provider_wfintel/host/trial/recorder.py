"""What the stand-ins write down, with secrets blanked out, and the client object that accepts every call."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["ClientStandIn", "Recorder", "summary"]

_SHOWN = 300
_SECRET = re.compile(r"(?i)pass(word|wd)?$|secret|token|api_?key|authorization|credential|private_key|signature")
_IN_TEXT = re.compile(
    r"(?i)(\"?(?:password|passwd|secret|token|api[_-]?key|authorization|access[_-]key)\"?\s*[:=]\s*\"?)[^\s\"',&}]+"
)


def summary(value: Any, *, shown: int = _SHOWN) -> str:
    """The value as one short line; values under names of secrets are blanked out."""
    text = " ".join(_plain(value).split())
    text = _IN_TEXT.sub(r"\1***", text)
    return text if len(text) <= shown else text[: shown - 1] + "…"


def _plain(value: Any, depth: int = 0) -> str:
    if isinstance(value, bytes | bytearray):
        try:
            return bytes(value[:2000]).decode("utf-8")
        except UnicodeDecodeError:
            return f"{len(value)} bytes"
    if isinstance(value, str):
        return value
    if depth > 4:
        return "…"
    if isinstance(value, Mapping):
        parts = (f"{k}: {'***' if _SECRET.search(str(k)) else _plain(v, depth + 1)}" for k, v in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list | tuple):
        more = f", … {len(value)} in all" if len(value) > 5 else ""
        return "[" + ", ".join(_plain(item, depth + 1) for item in value[:5]) + more + "]"
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))[:1000]


class Recorder:
    """The calls of the task that runs now."""

    def __init__(self, answers: str = "rows") -> None:
        self.answers = answers
        self.conn_type = ""
        """The type of a connection whose hook does not tell it, as the operator that runs knows it."""
        self.calls: list[dict[str, str]] = []
        self.levels: set[str] = set()

    @property
    def has_rows(self) -> bool:
        """Whether the stand-ins have data to give."""
        return self.answers == "rows"

    def start(self) -> None:
        """Forget the task before."""
        self.calls, self.levels = [], set()

    def add(self, level: str, service: str, verb: str, target: Any = "", payload: Any = "") -> None:
        """Write down one call."""
        self.levels.add(level)
        if len(self.calls) < 200:
            self.calls.append(
                {"service": service, "verb": verb, "target": summary(target, shown=200), "payload": summary(payload)}
            )

    @property
    def level(self) -> str:
        """The weakest level at which the task was recorded."""
        return next((name for name in ("operator", "client", "wire") if name in self.levels), "local")


class ClientStandIn:
    """Stands for the client object of a library: accepts every call, writes it down and answers another one.

    With `spec`, the class of the real client, a method that it does not have and arguments that it does not take are
    errors, as they would be with the real one.
    """

    def __init__(
        self, recorder: Recorder, service: str, path: str = "", *, spec: type | None = None, answers: Any = None
    ) -> None:
        self.__dict__["_own"] = (recorder, service, path, spec, answers or {})

    def __getattr__(self, name: str) -> Any:
        recorder, service, path, spec, answers = self.__dict__["_own"]
        if name.startswith("__"):
            raise AttributeError(name)
        member = None
        if spec is not None:
            if not hasattr(spec, name) and name not in getattr(spec, "__annotations__", {}):
                raise AttributeError(f"{spec.__name__} has no attribute {name!r}")
            member = inspect.getattr_static(spec, name, None)
        checked = member if inspect.isfunction(member) else None
        return _Member(recorder, service, f"{path}.{name}".lstrip("."), checked, answers)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        recorder, service, path, _, answers = self.__dict__["_own"]
        recorder.add("client", service, path or "call", args[0] if args else "", {**kwargs} or list(args[1:]))
        answer = answers.get(path)
        if answer is not None:
            return answer(*args, **kwargs) if callable(answer) else answer
        return ClientStandIn(recorder, service, f"{path}()", answers=answers)

    def __enter__(self) -> ClientStandIn:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        recorder, service, path, _, answers = self.__dict__["_own"]
        return ClientStandIn(recorder, service, f"{path}[{key}]", answers=answers)

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __str__(self) -> str:
        return f"<answer of {self.__dict__['_own'][1]}>"

    __repr__ = __str__

    def __int__(self) -> int:
        return 1


class _Member(ClientStandIn):
    """An attribute of a client: a method to call, or a value with attributes of its own."""

    def __init__(
        self, recorder: Recorder, service: str, path: str, checked: Callable[..., Any] | None, answers: Any
    ) -> None:
        super().__init__(recorder, service, path, answers=answers)
        self.__dict__["_checked"] = checked

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        checked = self.__dict__["_checked"]
        if checked is not None:
            inspect.signature(checked).bind(None, *args, **kwargs)
        return super().__call__(*args, **kwargs)
