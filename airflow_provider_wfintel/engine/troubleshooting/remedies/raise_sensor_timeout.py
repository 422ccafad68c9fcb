"""Let a sensor wait longer when what it waits for is late."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.raising import plan_of_value, raised
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import why_no_rerun

__all__ = ["RaiseSensorTimeout"]

_SAID = re.compile(r"exceeds the specified timeout of (\d+(?:\.\d+)?)")


class RaiseSensorTimeout:
    """Raise `timeout` of the sensor by the run-time plan, within the bounds of the policy."""

    name = "raise_sensor_timeout"
    title = "let the sensor wait longer, within bounds"
    serves = ("raise_timeout",)
    changes = "task"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a sensor that gave up, if its limit is known and may grow."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "sensor_timeout":
            return Inapplicable("no sensor gave up")
        was = case.number("sensor_timeout") or self._said(case)
        if not was:
            return Inapplicable("the timeout of the sensor is not known")
        bounds = case.bounds
        value = raised(case, self.name, was, factor=bounds.timeout_factor, most=bounds.timeout_seconds)
        if value is None:
            return Inapplicable("the timeout is at its bound: what is waited for does not come")
        because = f"what the sensor waits for did not come within {was:g} s"
        return plan_of_value(case, self.name, "sensor_timeout_seconds", round(value, 3), was, because=because)

    def _said(self, case: Case) -> float | None:
        """The limit as the sensor itself named it when it gave up."""
        found = _SAID.search(case.evidence_text())
        return float(found.group(1)) if found else None
