"""Time stamp, level and logger at the start of a line, as Airflow 2 and 3, Python, Java, Go and Celery write them."""

from __future__ import annotations

import re

__all__ = ["LEVELS", "split_prefix"]

LEVELS = {
    "trace": "debug", "debug": "debug", "fine": "debug", "info": "info", "notice": "info", "information": "info",
    "warn": "warning", "warning": "warning", "error": "error", "err": "error", "severe": "error", "exception": "error",
    "critical": "critical", "fatal": "critical", "panic": "critical", "alert": "critical", "emergency": "critical",
}  # fmt: skip
_LEVEL = r"(?P<level>(?i:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|CRITICAL|FATAL|PANIC))"
_TIME = r"(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/]\d\d[-/]\d\d(?:\d\d)?|\d\d:\d\d:\d\d)[T ,]{0,2}(?:\d\d:\d\d(?::\d\d)?)?(?:[.,]\d+)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # [2024-01-01, 10:00:00 UTC] {taskinstance.py:1234} ERROR - text   |  [2024-01-01T…] ERROR - text
        rf"^\[{_TIME}\]\s*(?:\{{(?P<logger>[^}}\n]*)\}}\s*)?{_LEVEL}\s*[-:]?\s*(?P<message>.*)$",
        rf"^\[{_TIME}: {_LEVEL}/(?P<logger>[\w.:-]+)\]\s*(?P<message>.*)$",
        rf"^{_TIME}\s*\[{_LEVEL}\s*\]\s*(?P<message>.*)$",
        rf"^{_TIME}\s+(?:\[[^\]\n]*\]\s+)?\[?{_LEVEL}\]?\s*(?:\[?(?P<logger>[\w.$-]+(?:\[\d+\])?)\]?\s*:|-|:)?\s*(?P<message>.*)$",
        rf"^{_TIME}\s+-\s+(?P<logger>[\w.]+)\s+-\s+{_LEVEL}\s+-\s+(?P<message>.*)$",
        rf"^{_LEVEL}(?:\s*-\s*|:\s*|\s+\[(?P<logger>[\w.]+)\]\s*)(?P<message>.*)$",
        rf"^\[{_LEVEL}\]\s*(?:\[(?P<logger>[\w.]+)\])?[:-]?\s*(?P<message>.*)$",
        rf"^(?:time|ts)=\S+ .*?\b(?:log_)?level={_LEVEL}\s+(?P<message>.*)$",
    )
)
_GLOG = re.compile(r"^(?P<level>[IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ (?P<logger>[\w.]+:\d+)\] (?P<message>.*)$")
_GLOG_LEVELS = {"I": "info", "W": "warning", "E": "error", "F": "critical"}
_STARTS = frozenset("[0123456789TDINWESCFPtsl")


def split_prefix(line: str) -> tuple[str, str, str]:
    """Level, logger and message of a line; level and logger are empty if the line has no such start."""
    if line[0] not in _STARTS:
        return "", "", line
    for form in _FORMS:
        found = form.match(line)
        if found:
            groups = found.groupdict()
            return LEVELS.get(groups["level"].lower(), "info"), groups.get("logger") or "", groups["message"]
    found = _GLOG.match(line)
    if found:
        return _GLOG_LEVELS[found["level"]], found["logger"], found["message"]
    return "", "", line
