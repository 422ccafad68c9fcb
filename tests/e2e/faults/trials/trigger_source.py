"""The source of a deferred task is away for a while."""

import os

from airflow.sdk import BaseOperator, dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("wait_for_source", "clear_with_backoff", "wait_for_component"),
    "heal": (12.0, "listen", "1"),
}


@dag(schedule=None)
def trigger_source():
    class Wait(BaseOperator):
        def execute(self, context):
            from fault_triggers import RefusedTrigger

            self.defer(trigger=RefusedTrigger(int(os.environ["FAULT_LATE_PORT"])), method_name="done")

        def done(self, context, event=None):
            return event

    Wait(task_id="job")


trigger_source()
