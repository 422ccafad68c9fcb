"""A corpus of faults provoked in a tool itself: provoked one after the other, diagnosed, shown, written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

__all__ = ["collect"]


class Fault(Protocol):
    """What every fault has: its name, the classes that are true, and words of its output."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def evidence(self) -> str: ...


F = TypeVar("F", bound=Fault)


def collect(faults: Sequence[F], provoked: Callable[[F], tuple[int, str]], only: str, target: Path | None) -> int:
    """Provoke faults, diagnose them, print what was found and write those that came about; 1 if one did not."""
    from airflow_provider_wfintel.engine.troubleshooting import service

    items, missed = [], []
    for fault in faults:
        if only not in fault.name:
            continue
        status, text = provoked(fault)
        found = service.diagnose(text)
        came = status != 0 and fault.evidence.lower() in text.lower()
        mark = "" if found.label == fault.labels[0] else "~" if found.label in fault.labels else "WRONG"
        said = "" if came else "NOT PROVOKED "
        print(f"{fault.name:<24} {said}{found.label:<26} {found.confidence:.2f} {mark}", flush=True)
        if not came:
            missed.append(fault.name)
            print(text[-1500:], file=sys.stderr)
            continue
        items.append({"id": fault.name, "labels": list(fault.labels), "evidence": fault.evidence, "log": text})
        if target:  # as they come: a tool that hangs must not cost the others
            lines = [json.dumps(item, ensure_ascii=False, sort_keys=True) for item in items]
            target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(items)} faults came about, {len(missed)} did not: {', '.join(missed) or '-'}")
    return 1 if missed else 0
